/* SPDX-License-Identifier: BSD-2-Clause */
/* Where the names stand that anonymize.c replaces. */
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>
#include "anonymize.h"
#include "rootfs.h"

void
anonymize_learn_host(struct anonymizer *a, const char *name)
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
	char line[256];

	for (size_t k = 0; k < sizeof file / sizeof *file; k++)
		if (rootfs_line(line, sizeof line, "/sys/class/dmi/id/%s", file[k]) == 0)
			anonymize_learn(a, "serial", line);
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

void
anonymize_learn_machine(struct anonymizer *a)
{
	static const char *const variable[] = { "USER", "LOGNAME", "SUDO_USER", "SLURM_JOB_USER" };
	const struct passwd *pw = getpwuid(geteuid());
	struct utsname u;
	char line[4096];

	if (uname(&u) == 0) {
		anonymize_learn_host(a, u.nodename);
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
		learn_path(a, line);
	if (rootfs_line(line, sizeof line, "/etc/machine-id") == 0)
		anonymize_learn(a, "id", line);
	learn_serials(a);
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

void
anonymize_learn_run(struct anonymizer *a, const json_t *run)
{
	const json_t *host = json_object_get(run, "host");
	const char *path;
	json_t *x;
	size_t k;

	anonymize_learn_host(a, text_of(host, "name"));
	anonymize_learn(a, "id", text_of(host, "boot_id"));
	json_array_foreach(json_object_get(run, "targets"), k, x)
		if ((path = text_of(x, "path")) && path[0] == '/') {
			learn_path(a, path);
			if (is_named_after(text_of(x, "name"), path))
				anonymize_learn_target(a, text_of(x, "name"), k + 1);
		}
	/* "/home/x/a.yaml", "-o/scratch/x", "fsdax:/mnt/x" */
	json_array_foreach(json_object_get(run, "argv"), k, x)
		if ((path = json_string_value(x)) && (path = strchr(path, '/')) && strchr(path + 1, '/'))
			learn_path(a, path);
}
