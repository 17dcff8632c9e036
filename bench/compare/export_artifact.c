/* SPDX-License-Identifier: BSD-2-Clause */
/* What a paper's artifact needs: the whole results directory as a tar, with hashes. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "env.h"
#include "export.h"
#include "tar.h"

struct names { char **v; size_t n; };

static int
add(struct names *l, const char *folder, const char *name)
{
	char **more = realloc(l->v, (l->n + 1) * sizeof *more);

	if (more == NULL)
		return -ENOMEM;
	l->v = more;
	if (asprintf(&l->v[l->n], "%s%s%s", folder, *folder ? "/" : "", name) < 0)
		return -ENOMEM;
	l->n++;
	return 0;
}

static bool
wanted(const char *name)
{
	size_t n = strlen(name);

	return name[0] != '.' && !(n > 4 && strcmp(name + n - 4, ".new") == 0);
}

static int
walk(struct names *l, int dirfd, const char *folder, int depth)
{
	int fd = openat(dirfd, *folder ? folder : ".", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC), err = 0;
	DIR *d = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *e;

	if (d == NULL)
		return -errno;
	while (err == 0 && (e = readdir(d))) {
		struct stat st;

		if (!wanted(e->d_name) || fstatat(fd, e->d_name, &st, AT_SYMLINK_NOFOLLOW) < 0)
			continue;
		if (S_ISREG(st.st_mode)) {
			err = add(l, folder, e->d_name);
		} else if (S_ISDIR(st.st_mode) && depth < 4) {
			char path[256];

			if ((size_t)snprintf(path, sizeof path, "%s%s%s", folder, *folder ? "/" : "", e->d_name) >=
			    sizeof path)
				err = -ENAMETOOLONG;
			else
				err = walk(l, dirfd, path, depth + 1);
		}
	}
	closedir(d);
	return err;
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static char *
readme(const struct run *run, const char *top)
{
	char *text = NULL;

	if (asprintf(&text, "%s\n\nResults of daxmark (%s), measured on %s, started %s.\n\n"
		"run.json             what was asked for, on which machine, by which tool\n"
		"config.yaml          the experiment; run-bench config.yaml measures it again\n"
		"points.csv reps.csv summary.csv\n"
		"                     the points, one number a repeat, medians with intervals\n"
		"samples.csv hist.csv counters.csv repeats.csv\n"
		"                     what was measured\n"
		"plots/               gnuplot NAME.gp in there draws NAME.svg and NAME.pdf again\n"
		"env/                 the environment as the system tells it\n"
		"SHA256SUMS           sha256sum -c SHA256SUMS\n\n"
		"run-bench report .   summarises and draws all again\n"
		"Written by %s.\n",
		top, run_text(run, "tool.version"), run_text(run, "host.name"), run_text(run, "started"),
		version_text) < 0)
		return NULL;
	return text;
}

int
export_artifact(struct export *x, FILE *f)
{
	const struct run *run = x->run;
	const char *top = *run_text(run, "run_id") ? run_text(run, "run_id") : "run";
	struct names l = { 0 };
	char *text = readme(run, top);
	struct stat st = { 0 };
	struct tar t;
	int err = text ? tar_open(&t, f, top) : -ENOMEM;

	if (err < 0) {
		free(text);
		return err;
	}
	fstatat(run->fd, "run.json", &st, 0);
	err = walk(&l, run->fd, "", 0);
	if (l.n > 0)
		qsort(l.v, l.n, sizeof *l.v, by_name);
	if (err == 0)
		err = tar_text(&t, "README.txt", text, st.st_mtime);
	for (size_t i = 0; i < l.n; i++) {
		if (err == 0)
			err = tar_file(&t, run->fd, l.v[i]);
		free(l.v[i]);
	}
	err = tar_close(&t, err, st.st_mtime);
	free(l.v);
	free(text);
	return err;
}
