/* SPDX-License-Identifier: BSD-2-Clause */
#include <ctype.h>
#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/utsname.h>
#include <unistd.h>
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
	       strspn(name, "0") == n || (strncmp(name, "/dev/", 5) == 0 && strncmp(name, "/dev/disk/", 10) != 0 && strncmp(name, "/dev/mapper/", 12) != 0);
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

/* "/scratch/alice/runs": that, and "/scratch/alice". */
static void
learn_path(struct anonymizer *a, const char *path)
{
	static const char *const common[] = { "/usr/", "/dev/", "/proc/", "/sys/", "/etc/", "/opt/" };
	char part[4096], *slash;

	anonymize_learn(a, "path", path);
	for (size_t k = 0; k < sizeof common / sizeof *common; k++)
		if (strncmp(path, common[k], strlen(common[k])) == 0)
			return;
	snprintf(part, sizeof part, "%s", path);
	while ((slash = strrchr(part, '/')) && slash > part) {
		*slash = 0;
		if (strchr(part + 1, '/'))
			anonymize_learn(a, "path", part);
	}
}

/* And its part before the dot. */
static void
learn_host(struct anonymizer *a, const char *name)
{
	char part[256];

	snprintf(part, sizeof part, "%s", name ? name : "");
	anonymize_learn(a, "host", part);
	part[strcspn(part, ".")] = 0;
	anonymize_learn(a, "host", part);
}

/* "server:/export", "//server/share", and the options of such a mount:
 * "addr=10.0.0.1,username=bob". */
static void
learn_mount(struct anonymizer *a, const char *source, const char *options)
{
	static const char *const secret[] = { "addr=", "clientaddr=", "mountaddr=", "username=", "user=", "domain=" };
	const char *end = source ? strstr(source, ":/") : NULL, *at = source ? strchr(source, '@') : NULL;
	char text[1024], *rest = text, *word;

	if (source && strncmp(source, "//", 2) == 0) {
		source += 2;
		end = source + strcspn(source, "/");
	}
	if (end) {
		snprintf(text, sizeof text, "%.*s", (int)(end - source), source);
		learn_host(a, at && at < end ? text + (at + 1 - source) : text);
		if (at && at < end)
			anonymize_learn(a, "user", strtok(text, "@"));
	}
	snprintf(text, sizeof text, "%s", options ? options : "");
	while ((word = strsep(&rest, ",")))
		for (size_t k = 0; k < sizeof secret / sizeof *secret; k++)
			if (strncmp(word, secret[k], strlen(secret[k])) == 0)
				anonymize_learn(a, "id", word + strlen(secret[k]));
}

static void
learn_here(struct anonymizer *a)
{
	static const char *const variable[] = { "USER", "LOGNAME", "SUDO_USER", "SLURM_JOB_USER" };
	const struct passwd *pw = getpwuid(geteuid());
	struct utsname u;
	char line[4096];

	if (uname(&u) == 0)
		learn_host(a, u.nodename);
	for (size_t k = 0; k < sizeof variable / sizeof *variable; k++)
		anonymize_learn(a, "user", getenv(variable[k]));
	if (pw) {
		anonymize_learn(a, "user", pw->pw_name);
		anonymize_learn(a, "path", pw->pw_dir);
	}
	anonymize_learn(a, "path", getenv("HOME"));
	if (getcwd(line, sizeof line))
		learn_path(a, line);
}

static const char *
text_of(const json_t *o, const char *key)
{
	return json_string_value(json_object_get(o, key));
}

/* -t /home/alice/project makes a target called project: part of a path in somebody's home. */
static int
is_named_after(const char *name, const char *path)
{
	const char *const homes[] = { "/home/", "/Users/", "/root/", getenv("HOME") };
	const char *last = strrchr(path, '/') + 1;

	if (!name || strcmp(name, last) != 0)
		return 0;
	for (size_t k = 0; k < sizeof homes / sizeof *homes; k++)
		if (homes[k] && homes[k][1] && strncmp(path, homes[k], strlen(homes[k])) == 0)
			return 1;
	return 0;
}

/* "/home/alice/...": she may be another than who measures. */
static void
learn_home(struct anonymizer *a, const char *path)
{
	static const char *const above[] = { "/home/", "/Users/", "/run/media/", "/media/" };

	for (size_t k = 0; k < sizeof above / sizeof *above; k++)
		if (strncmp(path, above[k], strlen(above[k])) == 0) {
			char name[256];

			path += strlen(above[k]);
			snprintf(name, sizeof name, "%.*s", (int)strcspn(path, "/"), path);
			anonymize_learn(a, "user", name);
		}
}

void
anonymize_learn_run(struct anonymizer *a, const json_t *run)
{
	const json_t *host = json_object_get(run, "host");
	const char *path, *name;
	char to[32];
	json_t *x;
	size_t k;

	learn_here(a);
	learn_host(a, text_of(host, "name"));
	anonymize_learn(a, "id", text_of(host, "boot_id"));
	json_array_foreach(json_object_get(run, "targets"), k, x) {
		learn_mount(a, text_of(x, "device"), text_of(x, "options"));
		path = text_of(x, "path");
		name = text_of(x, "name");
		if (!path || path[0] != '/')
			continue;
		learn_path(a, path);
		learn_home(a, path);
		snprintf(to, sizeof to, "target-%zu", k + 1);
		if (is_named_after(name, path) && !generic("target", name))
			add_name(a, name, to);
	}
	/* "/home/x/a.yaml", "-o/scratch/x", "fsdax:/mnt/x" */
	json_array_foreach(json_object_get(run, "argv"), k, x)
		if ((path = json_string_value(x)) && (path = strchr(path, '/')) && strchr(path + 1, '/')) {
			learn_path(a, path);
			learn_home(a, path);
		}
}

static int
in_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* Of a uuid, a container, a machine: hexadecimal digits, 32 at least, with - and _ between: its
 * length. */
static size_t
identifier(const char *p)
{
	size_t n = 0, digits = 0;

	for (; isxdigit((unsigned char)p[n]) || ((p[n] == '-' || p[n] == '_') && isxdigit((unsigned char)p[n + 1])); n++)
		digits += p[n] != '-' && p[n] != '_';
	return digits >= 32 ? n : 0;
}

static void
put_identifier(const struct anonymizer *a, const char *p, size_t n, FILE *out)
{
	char low[256];

	n = n < sizeof low ? n : sizeof low;
	for (size_t k = 0; k < n; k++)
		low[k] = (char)tolower((unsigned char)p[k]);
	fprintf(out, "id-%08x", (unsigned)siphash(a->key, low, n));
}

static const struct name *
known(const struct anonymizer *a, const char *text, const char *p)
{
	for (size_t k = 0; k < a->n; k++) {
		const struct name *n = &a->v[k];

		if (strncmp(p, n->from, n->len) == 0 && !(in_word(n->from[0]) && p > text && in_word(p[-1])) &&
		    !(in_word(p[n->len]) && in_word(n->from[n->len - 1])))
			return n;
	}
	return NULL;
}

char *
anonymize_text(const struct anonymizer *a, const char *text)
{
	char *result = NULL;
	size_t len;
	FILE *out = open_memstream(&result, &len);

	for (const char *p = text; out && *p;) {
		const struct name *n = known(a, text, p);
		const size_t id = !n && (p == text || !isxdigit((unsigned char)p[-1])) ? identifier(p) : 0;

		if (n)
			fputs(n->to, out);
		else if (id)
			put_identifier(a, p, id, out);
		else
			putc(*p, out);
		p += n ? n->len : id ? id : 1;
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
