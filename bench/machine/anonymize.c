/* SPDX-License-Identifier: BSD-2-Clause */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include "anonymize.h"
#include "rootfs.h"
#include "siphash.h"

struct name { char *from, to[32]; size_t len; };

struct anonymizer {
	uint8_t key[16];
	struct name *v;			/* longest first */
	size_t n;
};

static void
machine_key(uint8_t key[16])
{
	char id[64];

	rootfs_line(id, sizeof id, "/etc/machine-id");
	for (size_t k = 0; k < 16; k++)
		if (strlen(id) < 32 || sscanf(id + 2 * k, "%2hhx", &key[k]) != 1) {
			if (getrandom(key, 16, 0) != 16)
				memset(key, 0xa5, 16);
			return;
		}
}

struct anonymizer *
anonymize_open(const uint8_t *key)
{
	struct anonymizer *a = calloc(1, sizeof *a);

	if (a && key)
		memcpy(a->key, key, sizeof a->key);
	else if (a)
		machine_key(a->key);
	return a;
}

void
anonymize_close(struct anonymizer *a)
{
	for (size_t k = 0; a && k < a->n; k++)
		free(a->v[k].from);
	if (a)
		free(a->v);
	free(a);
}

/* Names that everybody's machine has. */
static int
generic(const char *kind, const char *name)
{
	static const char *const word[] = {
		"root", "localhost", "localhost.localdomain", "none", "None", "unknown", "Unknown", "N/A", "Not Specified",
		"Not Provided", "To Be Filled By O.E.M.", "Default string", "System Serial Number", "0123456789", "00000000",
		"null", "true", "false", "auto", "dram", "EFI", "boot", "data", "home", "swap",
		"/", "/root", "/tmp", "/var/tmp", "/mnt", "/home", "/usr", "/usr/bin", "/bin", "/etc", "/proc", "/sys", "/dev",
	};
	const size_t n = strlen(name);

	for (size_t k = 0; k < sizeof word / sizeof *word; k++)
		if (strcmp(name, word[k]) == 0)
			return 1;
	/* One letter, or a number of one digit, is no name. */
	return n < 2 || (n < 3 && strcmp(kind, "host") != 0 && strcmp(kind, "user") != 0) ||
	       strspn(name, "0") == n || strncmp(name, "/dev/", 5) == 0;
}

static void
add_name(struct anonymizer *a, const char *name, const char *to)
{
	const size_t n = strlen(name);
	struct name *v;
	size_t at = 0;

	for (size_t k = 0; k < a->n; k++)
		if (strcmp(a->v[k].from, name) == 0)
			return;
	v = reallocarray(a->v, a->n + 1, sizeof *v);
	if (!v)
		return;
	a->v = v;
	while (at < a->n && v[at].len >= n)
		at++;
	memmove(v + at + 1, v + at, (a->n - at) * sizeof *v);
	v[at] = (struct name){ .from = strdup(name), .len = n };
	snprintf(v[at].to, sizeof v[at].to, "%s", to);
	if (v[at].from)
		a->n++;
	else
		memmove(v + at, v + at + 1, (a->n - at) * sizeof *v);
}

void
anonymize_learn(struct anonymizer *a, const char *kind, const char *name)
{
	char to[32];

	if (!name || generic(kind, name))
		return;
	snprintf(to, sizeof to, "%s%s-%08x", name[0] == '/' ? "/" : "", kind, (unsigned)siphash(a->key, name, strlen(name)));
	add_name(a, name, to);
}

void
anonymize_learn_target(struct anonymizer *a, const char *name, size_t k)
{
	char to[32];

	snprintf(to, sizeof to, "target-%zu", k);
	if (!generic("target", name))
		add_name(a, name, to);
}

static int
in_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* The length of what stands at p as xx-xx-..., each group of so many hex digits; 0: something else. */
static size_t
hex_groups(const char *p, const unsigned char *group, size_t groups, char between)
{
	size_t n = 0;

	for (size_t g = 0; g < groups; g++) {
		for (unsigned k = 0; k < group[g]; k++)
			if (!isxdigit((unsigned char)p[n++]))
				return 0;
		if (g + 1 < groups && p[n++] != between)
			return 0;
	}
	return in_word(p[n]) || p[n] == between ? 0 : n;
}

/* A uuid or MAC address at p: its length. */
static size_t
identifier(const char *p)
{
	static const unsigned char uuid[] = { 8, 4, 4, 4, 12 }, mac[] = { 2, 2, 2, 2, 2, 2 };
	size_t n = hex_groups(p, uuid, sizeof uuid, '-');

	return n ? n : hex_groups(p, mac, sizeof mac, ':');
}

/* The same form with other digits; case does not matter to it. */
static void
disguise(const struct anonymizer *a, const char *p, size_t n, FILE *out)
{
	char low[40], digits[33];
	size_t at = 0;

	for (size_t k = 0; k < n; k++)
		low[k] = (char)tolower((unsigned char)p[k]);
	snprintf(digits, sizeof digits, "%016llx", (unsigned long long)siphash(a->key, low, n));
	low[0] ^= 1;
	snprintf(digits + 16, sizeof digits - 16, "%016llx", (unsigned long long)siphash(a->key, low, n));
	for (size_t k = 0; k < n; k++)
		putc(isxdigit((unsigned char)p[k]) ? digits[at++] : p[k], out);
}

/* To a serial number an underscore is a blank: "nvme-SSD_S4EWNX0R". */
static int
joined(char c, const struct name *n)
{
	return n->len > 5 && strncmp(n->to, "serial", 6) == 0 ? isalnum((unsigned char)c) : in_word(c);
}

static const struct name *
known(const struct anonymizer *a, const char *text, const char *p)
{
	for (size_t k = 0; k < a->n; k++) {
		const struct name *n = &a->v[k];

		if (strncmp(p, n->from, n->len) == 0 && !(in_word(n->from[0]) && p > text && joined(p[-1], n)) &&
		    !(joined(p[n->len], n) && in_word(n->from[n->len - 1])))
			return n;
	}
	return NULL;
}

/* The n bytes at text, which what stands before and behind them bounds. */
static void
put_text(const struct anonymizer *a, const char *text, size_t len, FILE *out)
{
	for (const char *p = text, *end = text + len; p < end;) {
		const int start = p == text || !in_word(p[-1]);
		const struct name *n = known(a, text, p);
		const size_t id = !n && start && isxdigit((unsigned char)*p) ? identifier(p) : 0;

		if (n)
			fputs(n->to, out);
		else if (id)
			disguise(a, p, id, out);
		else
			putc(*p, out);
		p += n ? n->len : id ? id : 1;
	}
}

char *
anonymize_text(const struct anonymizer *a, const char *text)
{
	char *result = NULL;
	size_t len;
	FILE *out = open_memstream(&result, &len);

	if (out)
		put_text(a, text, strlen(text), out);
	if (!out || fclose(out) != 0) {
		free(result);
		return NULL;
	}
	return result;
}

/* The length of a JSON string that begins with the quote at p, both quotes with it. */
static size_t
string_length(const char *p)
{
	size_t n = 1;

	while (p[n] && p[n] != '"')
		n += p[n] == '\\' && p[n + 1] ? 2 : 1;
	return p[n] ? n + 1 : n;
}

char *
anonymize_values(const struct anonymizer *a, const char *json)
{
	char *result = NULL;
	size_t len;
	FILE *out = open_memstream(&result, &len);

	for (const char *p = json; out && *p;) {
		const size_t n = *p == '"' ? string_length(p) : strcspn(p, "\"");
		const char *after = p + n + strspn(p + n, " \t\n");

		if (*p == '"' && *after != ':')
			put_text(a, p, n, out);
		else
			fwrite(p, 1, n, out);
		p += n;
	}
	if (!out || fclose(out) != 0) {
		free(result);
		return NULL;
	}
	return result;
}

int
anonymize_json(const struct anonymizer *a, json_t *v)
{
	const char *key;
	char *text;
	size_t k;
	json_t *x;
	int rc = 0;

	if (json_is_string(v)) {
		text = anonymize_text(a, json_string_value(v));
		rc = text && json_string_set(v, text) == 0 ? 0 : -ENOMEM;
		free(text);
	}
	if (json_is_array(v))
		json_array_foreach(v, k, x)
			rc = rc ? rc : anonymize_json(a, x);
	if (json_is_object(v))
		json_object_foreach(v, key, x)
			rc = rc ? rc : anonymize_json(a, x);
	return rc;
}
