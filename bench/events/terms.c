/* SPDX-License-Identifier: BSD-2-Clause */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "nearest.h"
#include "terms.h"
#include "why.h"

struct terms {
	const struct sysdir *pmu;
	struct event *e;
	uint64_t *config;		/* three */
	char *why;
	size_t len;
};

/* "config:0-7,32-35": put value into these bits, lowest first.  -ERANGE when it does not fit. */
static int
put_field(uint64_t *config, const char *format, uint64_t value)
{
	const char *p = strchr(format, ':');
	const size_t n = p ? (size_t)(p - format) : 0;
	const int word = n == 6 ? 0 : n == 7 && format[6] >= '1' && format[6] <= '2' ? format[6] - '0' : -1;
	char *end;

	if (word < 0 || strncmp(format, "config", 6) != 0)
		return -EINVAL;
	do {
		const unsigned long lo = strtoul(p + 1, &end, 10);
		const unsigned long hi = *end == '-' ? strtoul(end + 1, &end, 10) : lo;
		const unsigned long width = hi - lo + 1;
		uint64_t mask;

		if (end == p + 1 || hi < lo || hi > 63)
			return -EINVAL;
		mask = width == 64 ? UINT64_MAX : (UINT64_C(1) << width) - 1;
		config[word] = (config[word] & ~(mask << lo)) | (value & mask) << lo;
		value = width == 64 ? 0 : value >> width;
		p = end;
	} while (*p == ',');
	return *p ? -EINVAL : value ? -ERANGE : 0;
}

static int
unknown_term(const struct terms *t, const char *term)
{
	struct nearest near;
	struct sysdir d;

	nearest_start(&near, term);
	if (sysfs_below(&d, t->pmu, "format") == 0)
		sysfs_each(&d, nearest_entry, &near);
	if (sysfs_below(&d, t->pmu, "events") == 0)
		sysfs_each(&d, nearest_entry, &near);
	return why_set(t->why, t->len, ENOENT, "PMU %s has no field or event '%s'%s%s%s", sysfs_name(t->pmu), term,
		       near.best[0] ? "; did you mean '" : "", near.best, near.best[0] ? "'?" : "");
}

static int
number(const char *s, uint64_t *v)
{
	char *end;

	errno = 0;
	*v = strtoull(s, &end, 0);
	return !isdigit((unsigned char)s[0]) || *end || errno ? -EINVAL : 0;
}

static int set_terms(const struct terms *, const char *terms, bool named);

/* NAME of events/: its terms, scale and unit. */
static int
set_named(const struct terms *t, const char *name)
{
	char attr[NAME_MAX + 16], terms[256], text[64], *end;

	snprintf(attr, sizeof attr, "events/%.200s", name);
	if (sysfs_text(t->pmu, attr, terms, sizeof terms) < 0)
		return unknown_term(t, name);
	snprintf(attr, sizeof attr, "events/%.200s.unit", name);
	if (sysfs_text(t->pmu, attr, text, sizeof text) == 0)
		snprintf(t->e->unit, sizeof t->e->unit, "%.*s", (int)sizeof t->e->unit - 1, text);
	snprintf(attr, sizeof attr, "events/%.200s.scale", name);
	if (sysfs_text(t->pmu, attr, text, sizeof text) == 0) {
		t->e->scale = strtod(text, &end);
		if (end == text || *end || !(t->e->scale > 0))
			return why_set(t->why, t->len, EINVAL, "PMU %s: the scale of '%s' is '%s'", sysfs_name(t->pmu),
				       name, text);
	}
	return set_terms(t, terms, true);
}

/* FIELD=NUMBER, FIELD (=1) or the name of an event.  named: within one, where no other may stand. */
static int
set_term(const struct terms *t, char *term, bool named)
{
	static const char *const word[] = { "config", "config1", "config2" };
	char *value = strchr(term, '='), format[128], attr[NAME_MAX + 8];
	uint64_t v = 1;
	int rc;

	if (value)
		*value++ = 0;
	if (!term[0] || term[0] == '.' || strchr(term, '/') || (value && number(value, &v) < 0))
		return why_set(t->why, t->len, EINVAL, "'%s': a term is FIELD=NUMBER or a name, not '%s%s%s'",
			       t->e->text, term, value ? "=" : "", value ? value : "");
	for (int i = 0; i < 3 && value; i++)
		if (strcmp(term, word[i]) == 0) {
			t->config[i] |= v;
			return 0;
		}
	snprintf(attr, sizeof attr, "format/%.200s", term);
	if (sysfs_text(t->pmu, attr, format, sizeof format) < 0)
		return value || named ? unknown_term(t, term) : set_named(t, term);
	rc = put_field(t->config, format, v);
	if (rc == 0)
		return 0;
	return why_set(t->why, t->len, -rc, "PMU %s: %s=%s does not go into '%s'", sysfs_name(t->pmu), term,
		       value ? value : "1", format);
}

static int
set_terms(const struct terms *t, const char *terms, bool named)
{
	char copy[256], *save = NULL;
	int rc = 0;

	if (strlen(terms) >= sizeof copy)
		return why_set(t->why, t->len, EINVAL, "'%s': its terms are too long", t->e->text);
	strcpy(copy, terms);
	for (char *term = strtok_r(copy, ",", &save); term && rc == 0; term = strtok_r(NULL, ",", &save))
		rc = set_term(t, term, named);
	return rc;
}

int
terms_parse(const struct sysdir *pmu, const char *terms, struct event *e, uint64_t config[3], char *why, size_t len)
{
	const struct terms t = { pmu, e, config, why, len };

	return set_terms(&t, terms, false);
}
