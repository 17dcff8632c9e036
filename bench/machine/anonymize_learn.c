/* SPDX-License-Identifier: BSD-2-Clause */
/* Where the names stand that anonymize.c replaces. */
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/utsname.h>
#include <unistd.h>
#include "anonymize.h"
#include "hardware.h"
#include "rootfs.h"

static void
learn_host(struct anonymizer *a, const char *name)
{
	char part[256];

	snprintf(part, sizeof part, "%s", name ? name : "");
	anonymize_learn(a, "host", part);
	part[strcspn(part, ".")] = 0;
	anonymize_learn(a, "host", part);
}

static void
learn_serials(struct anonymizer *a)
{
	static const char *const file[] = {
		"product_serial", "product_uuid", "board_serial", "chassis_serial", "board_asset_tag", "chassis_asset_tag",
		"product_sku",
	};
	json_t *dimms = hardware_dimms(), *d;
	char line[256];
	size_t k;

	for (k = 0; k < sizeof file / sizeof *file; k++)
		if (rootfs_line(line, sizeof line, "/sys/class/dmi/id/%s", file[k]) == 0)
			anonymize_learn(a, "serial", line);
	json_array_foreach(dimms, k, d)
		anonymize_learn(a, "serial", json_string_value(json_object_get(d, "serial")));
	json_decref(dimms);
}

void
anonymize_learn_machine(struct anonymizer *a)
{
	static const char *const variable[] = { "USER", "LOGNAME", "SUDO_USER", "SLURM_JOB_USER" };
	const struct passwd *pw = getpwuid(geteuid());
	struct utsname u;
	char line[4096];

	if (uname(&u) == 0) {
		learn_host(a, u.nodename);
		anonymize_learn(a, "host", u.domainname);
	}
	for (size_t k = 0; k < sizeof variable / sizeof *variable; k++)
		anonymize_learn(a, "user", getenv(variable[k]));
	if (pw) {
		anonymize_learn(a, "user", pw->pw_name);
		anonymize_learn(a, "path", pw->pw_dir);
	}
	anonymize_learn(a, "path", getenv("HOME"));
	if (getcwd(line, sizeof line))
		anonymize_learn(a, "path", line);
	if (rootfs_line(line, sizeof line, "/etc/machine-id") == 0)
		anonymize_learn(a, "id", line);
	learn_serials(a);
}

static const char *
text_of(const json_t *o, const char *key)
{
	return json_string_value(json_object_get(o, key));
}

void
anonymize_learn_run(struct anonymizer *a, const json_t *run)
{
	const json_t *host = json_object_get(run, "host");
	const char *path;
	json_t *x;
	size_t k;

	learn_host(a, text_of(host, "name"));
	anonymize_learn(a, "id", text_of(host, "boot_id"));
	json_array_foreach(json_object_get(run, "targets"), k, x)
		if ((path = text_of(x, "path")) && path[0] == '/')
			anonymize_learn(a, "path", path);
	/* "/home/x/a.yaml", "-o/scratch/x", "fsdax:/mnt/x" */
	json_array_foreach(json_object_get(run, "argv"), k, x)
		if ((path = json_string_value(x)) && (path = strchr(path, '/')) && strchr(path + 1, '/'))
			anonymize_learn(a, "path", path);
}

/* The text between quotes that follows, on the same line; NULL when it is none. */
static char *
quoted(const char *p)
{
	const char *end;

	p += strcspn(p, "\"\n");
	if (*p != '"')
		return NULL;
	p++;
	end = p + strcspn(p, "\"\n");
	return *end == '"' && end > p ? strndup(p, (size_t)(end - p)) : NULL;
}

static int
is_secret_key(const char *key, size_t n)
{
	static const char *const word[] = { "wwn", "label", "partlabel", "ptuuid", "partuuid", "uuid", "id", "HostName" };

	for (size_t k = 0; k + 6 <= n; k++)
		if (strncasecmp(key + k, "serial", 6) == 0)
			return 1;
	for (size_t k = 0; k < sizeof word / sizeof *word; k++)
		if (strlen(word[k]) == n && strncmp(key, word[k], n) == 0)
			return 1;
	return 0;
}

/* "serial" : "X123",  and  <info name="DMIProductSerial" value="X123"/> */
static void
learn_keys(struct anonymizer *a, const char *text)
{
	const char *p = text;

	while ((p = strchr(p, '"'))) {
		const size_t n = strcspn(++p, "\"\n");
		const char *after = p + n;

		if (*after != '"')
			continue;
		if (is_secret_key(p, n) && (strncmp(++after, " value=", 7) == 0 || after[strspn(after, " ")] == ':')) {
			char *value = quoted(after + 1);

			/* An "id":0 of a list is a number, one of a module a name. */
			if (value && (n != 2 || strchr(value, '-')))
				anonymize_learn(a, "serial", value);
			free(value);
			p = after;
		} else {
			p = after + 1;
		}
	}
}

/* "... - nfs4 server:/export rw,addr=10.0.0.1,clientaddr=10.0.0.2" */
static void
learn_servers(struct anonymizer *a, const char *text)
{
	char name[256];
	size_t n;

	for (const char *p = text; (p = strstr(p, ":/")); p += 2) {
		const char *from = p;

		while (from > text && !strchr(" \n\",=", from[-1]))
			from--;
		n = (size_t)(p - from);
		if (n < 2 || n >= sizeof name || p[2] == '/' || memchr(from, '/', n))
			continue;
		snprintf(name, sizeof name, "%.*s", (int)n, from);
		learn_host(a, name);
	}
	for (const char *p = text; (p = strstr(p, "addr=")); p += n) {
		p += 5;
		n = strcspn(p, ", \n");
		snprintf(name, sizeof name, "%.*s", (int)(n < sizeof name ? n : 0), p);
		anonymize_learn(a, "host", name);
	}
}

void
anonymize_learn_text(struct anonymizer *a, const char *text)
{
	learn_keys(a, text);
	learn_servers(a, text);
}
