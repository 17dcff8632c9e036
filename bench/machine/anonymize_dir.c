/* SPDX-License-Identifier: BSD-2-Clause */
/* A results directory, or a copy of one, rewritten. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "anonymize.h"
#include "replace.h"
#include "spawn.h"

enum { HELPER_S = 600 };		/* copying may take that long */

/* Tables of numbers need no look; these have names in them. */
static const char *const with_names[] = {
	"run.json", "config.yaml", "config.resolved.json", "points.csv", "repeats.csv", "summary.csv", "checks.csv",
	"log.txt", NULL,
};

static char *
read_at(int dir, const char *name)
{
	int fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	FILE *f = fd >= 0 ? fdopen(fd, "r") : NULL;
	char *text = NULL, buf[16384];
	size_t len, n;
	FILE *out = f ? open_memstream(&text, &len) : NULL;

	while (out && (n = fread(buf, 1, sizeof buf, f)) > 0)
		fwrite(buf, 1, n, out);
	if (out)
		fclose(out);
	if (f)
		fclose(f);
	return text;
}

static int
write_at(int dir, const char *name, const char *text)
{
	struct replace out;
	int rc = text ? replace_open(&out, dir, name) : -ENOMEM;

	return rc ? rc : replace_close(&out, fputs(text, out.file) < 0 ? -EIO : 0);
}

/* Keys of JSON stay. */
static int
rewrite_json(const struct anonymizer *a, int dir, const char *name, json_t *v)
{
	int rc = anonymize_json(a, v);
	char *text;

	json_object_del(json_object_get(v, "host"), "cmdline");
	text = rc == 0 ? json_dumps(v, JSON_INDENT(2)) : NULL;
	if (rc == 0)
		rc = write_at(dir, name, text);
	free(text);
	return rc;
}

/* The heads of tables stay: a host may be called "bench". */
static int
rewrite(const struct anonymizer *a, int dir, const char *name)
{
	char *text = read_at(dir, name), *rest, *all = NULL;
	const size_t n = strlen(name), head = text && strcmp(name + n - 4, ".csv") == 0 ? strcspn(text, "\n") : 0;
	json_t *v = text && strcmp(name + n - 5, ".json") == 0 ? json_loads(text, 0, NULL) : NULL;
	int rc = 0;

	if (v) {
		rc = rewrite_json(a, dir, name, v);
	} else if (text) {
		rest = anonymize_text(a, text + head);
		if (rest && asprintf(&all, "%.*s%s", (int)head, text, rest) < 0)
			all = NULL;
		rc = write_at(dir, name, all);
		free(rest);
		free(all);
	}
	json_decref(v);
	free(text);
	return rc;
}

static void
learn(struct anonymizer *a, int dir)
{
	char *text = read_at(dir, "run.json");
	json_t *run = text ? json_loads(text, 0, NULL) : NULL;

	anonymize_learn_run(a, run);
	json_decref(run);
	free(text);
}

static int
run_in(int dir, char *const argv[])
{
	const int rc = spawn_run(&(struct spawn){ .argv = argv, .dir = dir, .err = STDERR_FILENO, .seconds = HELPER_S });

	return rc > 0 ? -EIO : rc;
}

static bool
leads_to(const char *path, int fd)
{
	struct stat named, held;

	return lstat(path, &named) == 0 && fstat(fd, &held) == 0 && named.st_dev == held.st_dev &&
	       named.st_ino == held.st_ino;
}

/* Its name has the host's in it; PARENT/latest goes with it. */
static int
rename_dir(const struct anonymizer *a, int fd, const char *dir, char *to, size_t len)
{
	const char *slash = strrchr(dir, '/'), *base = slash ? slash + 1 : dir;
	char *name = anonymize_text(a, base), latest[PATH_MAX], was[NAME_MAX + 1] = "";
	const int parent = (int)(base - dir);
	int rc = !name ? -ENOMEM : leads_to(dir, fd) ? 0 : -ESTALE;

	if (rc == 0 && (size_t)snprintf(to, len, "%.*s%s", parent, dir, name) >= len)
		rc = -ENAMETOOLONG;
	if (rc == 0 && strcmp(dir, to) != 0) {
		rc = rename(dir, to) == 0 ? 0 : -errno;
		snprintf(latest, sizeof latest, "%.*slatest", parent, dir);
		if (rc == 0 && readlink(latest, was, NAME_MAX) > 0 && strcmp(was, base) == 0 && unlink(latest) == 0)
			rc = symlink(name, latest) == 0 ? 0 : -errno;
	}
	free(name);
	return rc;
}

int
anonymize_dir(int dirfd, const char *dir, char *to, size_t len)
{
	struct anonymizer *a = anonymize_open(NULL);
	int rc = a ? 0 : -ENOMEM;

	if (rc == 0) {
		learn(a, dirfd);
		rc = run_in(dirfd, (char *const[]){ "rm", "-rf", "env", "plots", "report.html", NULL });
	}
	for (const char *const *f = with_names; rc == 0 && *f; f++)
		rc = rewrite(a, dirfd, *f);
	if (rc == 0)
		rc = rename_dir(a, dirfd, dir, to, len);
	anonymize_close(a);
	return rc;
}

void
anonymize_drop(const char *copy)
{
	char path[4400];

	snprintf(path, sizeof path, "%.*s", (int)(strrchr(copy, '/') - copy), copy);
	run_in(0, (char *const[]){ "rm", "-rf", "--", path, NULL });
}

int
anonymize_copy(const char *dir, char *to, size_t len)
{
	const char *tmp = getenv("TMPDIR");
	char parent[4096], copy[4400], *real = realpath(dir, NULL);
	int fd, rc = real ? 0 : -errno;

	snprintf(parent, sizeof parent, "%.4000s/daxmark-export-XXXXXX", tmp && *tmp ? tmp : "/tmp");
	if (rc == 0 && !mkdtemp(parent))
		rc = -errno;
	if (rc == 0) {
		snprintf(copy, sizeof copy, "%s/%.255s", parent, strrchr(real, '/') + 1);
		rc = run_in(0, (char *const[]){ "cp", "-RP", "--", real, copy, NULL });
		fd = rc == 0 ? open(copy, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
		if (rc == 0)
			rc = fd < 0 ? -errno : anonymize_dir(fd, copy, to, len);
		if (fd >= 0)
			close(fd);
		if (rc < 0)
			anonymize_drop(copy);
	}
	free(real);
	return rc;
}
