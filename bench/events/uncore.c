/* SPDX-License-Identifier: BSD-2-Clause */
#include <ctype.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "sysfs.h"
#include "uncore.h"
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

/* FIELD=NUMBER, FIELD (=1) or the name of an event.  named: within one, where no other may stand.
 * */
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

/* Into config[]; scale and unit of the event come with a name of events/.  Returns as
 * event_parse() does. */
static int
terms_parse(const struct sysdir *pmu, const char *terms, struct event *e, uint64_t config[3], char *why, size_t len)
{
	const struct terms t = { pmu, e, config, why, len };

	return set_terms(&t, terms, false);
}

#define DEVICES "bus/event_source/devices"

struct resolver {
	struct event *e;
	const char *pmu;		/* as asked */
	const char *terms;
	uint64_t config[3];		/* of the first instance; the others must agree */
	uint32_t found;
	struct nearest near;
	int rc;
	char *why;
	size_t len;
};

const char *
cpulist_next(const char *list, int *lo, int *hi)
{
	char *end;
	unsigned long a, b;

	if (!isdigit((unsigned char)list[0]))
		return list;
	a = b = strtoul(list, &end, 10);
	if (*end == '-')
		b = strtoul(end + 1, &end, 10);
	if ((*end && *end != ',') || b < a || b > 65535)
		return list;
	*lo = (int)a;
	*hi = (int)b;
	return *end ? end + 1 : NULL;
}

/* One place for each CPU of the mask. */
static int
add_places(struct resolver *r, uint32_t type, const char *mask)
{
	int lo, hi;

	for (const char *p = mask, *next; p; p = next) {
		next = cpulist_next(p, &lo, &hi);
		if (next == p)
			return why_set(r->why, r->len, EINVAL, "'%s': its cpumask is '%s'", r->e->text, mask);
		for (int cpu = lo; cpu <= hi; cpu++) {
			if (r->e->nplace == EVENT_PLACES_MAX)
				return why_set(r->why, r->len, E2BIG, "'%s' is on more than %d counters",
					       r->e->text, EVENT_PLACES_MAX);
			r->e->place[r->e->nplace++] = (struct event_place){ type, cpu };
		}
	}
	return 0;
}

/* uncore_imc is uncore_imc_0 and so on; a pattern is what it matches. */
static bool
instance_of(const char *pmu, const char *dir)
{
	const size_t n = strlen(pmu);

	if (strpbrk(pmu, "*?["))
		return fnmatch(pmu, dir, 0) == 0;
	if (strncmp(pmu, dir, n) != 0)
		return false;
	return !dir[n] || (dir[n] == '_' && dir[n + 1] && strspn(dir + n + 1, "0123456789") == strlen(dir + n + 1));
}

static int
add_instance(const struct sysdir *devices, const char *name, void *arg)
{
	struct resolver *r = arg;
	uint64_t config[3] = { 0 };
	struct sysdir pmu;
	char cpus[256];
	int64_t type;

	if (!instance_of(r->pmu, name))
		return nearest_entry(devices, name, &r->near);
	if (sysfs_below(&pmu, devices, name) < 0 || (type = sysfs_number(&pmu, "type", -1)) < 0)
		return r->rc = why_set(r->why, r->len, ENODEV, "PMU %s has no type", name);
	r->rc = terms_parse(&pmu, r->terms, r->e, config, r->why, r->len);
	if (r->rc < 0)
		return r->rc;
	if (r->found++ == 0) {
		memcpy(r->config, config, sizeof config);
		r->e->type = (uint32_t)type;
	} else if (memcmp(r->config, config, sizeof config) != 0) {
		return r->rc = why_set(r->why, r->len, ENOTUNIQ, "'%s': %s and others of that name encode it "
				       "differently: name one", r->e->text, name);
	}
	if (sysfs_text(&pmu, "cpumask", cpus, sizeof cpus) == 0)
		return r->rc = add_places(r, (uint32_t)type, cpus);
	if (r->found > 1)
		return r->rc = why_set(r->why, r->len, ENOTUNIQ, "'%s': %u PMUs are called so: name one", r->e->text,
				       r->found);
	return 0;
}

/* u or k behind the last slash. */
static int
modify(struct event *e, const char *mod)
{
	e->no_kernel = strcmp(mod, "u") == 0;
	e->no_user = strcmp(mod, "k") == 0;
	return !mod[0] || e->no_kernel || e->no_user ? 0 : -EINVAL;
}

static int
by_place(const void *a, const void *b)
{
	const struct event_place *x = a, *y = b;

	return x->type != y->type ? (x->type > y->type) - (x->type < y->type) : (x->cpu > y->cpu) - (x->cpu < y->cpu);
}

/* Whatever order the directory had: equal machines give equal events. */
static int
settle(struct resolver *r)
{
	struct event *e = r->e;

	if (!r->found)
		return why_set(r->why, r->len, ENODEV, "this machine has no PMU '%s'%s%s%s", r->pmu, r->near.best[0] ?
			       "; did you mean '" : " (run-bench list events shows those it has)", r->near.best,
			       r->near.best[0] ? "'?" : "");
	e->kind = EVENT_PMU;
	memcpy(e->config, r->config, sizeof e->config);
	if (e->nplace) {
		if (e->no_kernel || e->no_user)
			return why_set(r->why, r->len, EINVAL, "'%s': an uncore counter cannot tell user from kernel",
				       e->text);
		e->scope = SCOPE_SYSTEM;
		qsort(e->place, e->nplace, sizeof *e->place, by_place);
		e->type = e->place[0].type;
	}
	return 0;
}

int
uncore_parse(struct event *e, const char *spec, char *why, size_t len)
{
	struct resolver r = { .e = e, .why = why, .len = len };
	char copy[EVENT_TEXT_MAX];
	char *terms, *end;
	struct sysdir devices;

	snprintf(copy, sizeof copy, "%s", spec);
	terms = strchr(copy, '/');
	end = strrchr(copy, '/');
	if (!terms || terms == copy || end <= terms + 1)
		return why_set(why, len, EINVAL, "'%s': an event of a PMU is PMU/TERMS/", spec);
	*terms++ = 0;
	*end++ = 0;
	if (modify(e, end) < 0)
		return why_set(why, len, EINVAL, "'%s': behind the last slash may stand u, k or @system", spec);
	if (sysfs_dir(&devices, DEVICES) < 0)
		return why_set(why, len, ENODEV, "this kernel has no perf events (no /sys/" DEVICES ")");
	r.pmu = copy;
	r.terms = terms;
	nearest_start(&r.near, copy);
	sysfs_each(&devices, add_instance, &r);
	return r.rc < 0 ? r.rc : settle(&r);
}

int
uncore_type(const char *pmu)
{
	struct sysdir d;

	return sysfs_dir(&d, DEVICES "/%s", pmu) < 0 ? -ENODEV : (int)sysfs_number(&d, "type", -ENODEV);
}

struct by_type { uint32_t type; char *buf; size_t len; };

static int
is_type(const struct sysdir *devices, const char *name, void *arg)
{
	const struct by_type *n = arg;
	struct sysdir pmu;

	if (sysfs_below(&pmu, devices, name) < 0 || sysfs_number(&pmu, "type", -1) != n->type)
		return 0;
	snprintf(n->buf, n->len, "%s", name);
	return 1;
}

const char *
uncore_name(uint32_t type, char *buf, size_t len)
{
	struct by_type n = { type, buf, len };
	struct sysdir d;

	buf[0] = 0;
	if (sysfs_dir(&d, DEVICES) == 0)
		sysfs_each(&d, is_type, &n);
	return buf;
}

int
uncore_socket(int cpu)
{
	struct sysdir d;

	return sysfs_dir(&d, "devices/system/cpu/cpu%d/topology", cpu) < 0 ? -1 :
	       (int)sysfs_number(&d, "physical_package_id", -1);
}
