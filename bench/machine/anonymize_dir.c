/* SPDX-License-Identifier: BSD-2-Clause */
/* A results directory, rewritten. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "anonymize.h"
#include "replace.h"

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
ends(const char *name, const char *with)
{
	const size_t n = strlen(name), w = strlen(with);

	return n > w && strcmp(name + n - w, with) == 0;
}

/* Keys of JSON and the heads of tables stay: a host may be called "bench". */
static char *
clean_text(const struct anonymizer *a, const char *name, const char *text)
{
	const size_t head = ends(name, ".csv") ? strcspn(text, "\n") : 0;
	char *rest, *all = NULL;

	if (ends(name, ".json"))
		return anonymize_values(a, text);
	rest = anonymize_text(a, text + head);
	if (rest && asprintf(&all, "%.*s%s", (int)head, text, rest) < 0)
		all = NULL;
	free(rest);
	return all;
}

static int
rewrite(const struct anonymizer *a, int dir, const char *name)
{
	char *text = read_at(dir, name), *clean = text ? clean_text(a, name, text) : NULL;
	struct replace out;
	int rc = text && !clean ? -ENOMEM : 0;

	if (clean && strcmp(text, clean) != 0) {
		rc = replace_open(&out, dir, name);
		if (rc == 0)
			rc = replace_close(&out, fputs(clean, out.file) < 0 ? -EIO : 0);
	}
	free(clean);
	free(text);
	return rc;
}

/* What tools print of a machine names too much to search it for names. */
static int
remove_env(int dir)
{
	int fd = openat(dir, "env", O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW), rc = 0;
	DIR *env = fd >= 0 ? fdopendir(fd) : NULL;
	struct dirent *e;

	if (!env)
		return fd < 0 && errno == ENOENT ? 0 : -errno;
	while (rc == 0 && (e = readdir(env)))
		if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0 && unlinkat(fd, e->d_name, 0) != 0)
			rc = -errno;
	closedir(env);
	return rc == 0 && unlinkat(dir, "env", AT_REMOVEDIR) != 0 ? -errno : rc;
}

static void
learn_all(struct anonymizer *a, int dir)
{
	char *text = read_at(dir, "run.json");
	json_t *run = text ? json_loads(text, 0, NULL) : NULL;

	anonymize_learn_machine(a);
	anonymize_learn_run(a, run);
	if (text)
		anonymize_learn_text(a, text);
	json_decref(run);
	free(text);
}

/* Its name has the host's in it; PARENT/latest goes with it. */
static int
rename_dir(const struct anonymizer *a, const char *dir, char *to, size_t len)
{
	const char *slash = strrchr(dir, '/'), *base = slash ? slash + 1 : dir;
	char *name = anonymize_text(a, base), latest[PATH_MAX], was[NAME_MAX + 1] = "";
	const int parent = (int)(base - dir);
	int rc = name ? 0 : -ENOMEM;

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
anonymize_dir(const char *dir, char *to, size_t len)
{
	struct anonymizer *a = anonymize_open(NULL);
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC), rc = fd < 0 ? -errno : a ? 0 : -ENOMEM;

	if (rc == 0) {
		learn_all(a, fd);
		rc = remove_env(fd);
	}
	for (const char *const *f = with_names; rc == 0 && *f; f++)
		rc = rewrite(a, fd, *f);
	if (rc == 0)
		rc = rename_dir(a, dir, to, len);
	if (fd >= 0)
		close(fd);
	anonymize_close(a);
	return rc;
}
