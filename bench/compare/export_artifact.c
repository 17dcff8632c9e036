/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a paper's artifact needs: the whole results directory as a tar, with hashes.  The same files
 * give the same bytes: sorted, owner 0, mode 644, the files' own times.
 */
#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "env.h"
#include "export.h"
#include "spawn.h"
#include "why.h"

/* A run may be large, and what reads the tar slow. */
#define TOOL_SECONDS 3600

/* Words of a command line: options, then names of files. */
struct argument_words { char **v; size_t n; };

static int
add(struct argument_words *w, const char *word)
{
	char **more = realloc(w->v, (w->n + 2) * sizeof *more);

	if (!more)
		return -ENOMEM;
	w->v = more;
	w->v[w->n] = strdup(word);
	if (!w->v[w->n])
		return -ENOMEM;
	w->v[++w->n] = NULL;
	return 0;
}

static void
drop(struct argument_words *w)
{
	for (size_t k = 0; k < w->n; k++)
		free(w->v[k]);
	free(w->v);
}

static int
by_name(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

/* Regular files but for hidden and unfinished ones, by their paths below the directory. */
static int
add_files(struct argument_words *w, const char *dir)
{
	char *const root[] = { (char *)dir, NULL };
	FTS *fts = fts_open(root, FTS_PHYSICAL | FTS_COMFOLLOW | FTS_NOCHDIR, by_name);
	const size_t len = strlen(dir);
	int rc = fts ? 0 : -errno;
	FTSENT *e;

	while (rc == 0 && (e = fts_read(fts))) {
		const bool hidden = e->fts_level > 0 && e->fts_name[0] == '.';

		if (e->fts_info == FTS_ERR || e->fts_info == FTS_DNR)
			rc = -e->fts_errno;
		else if (e->fts_info == FTS_D && hidden)
			fts_set(fts, e, FTS_SKIP);
		else if (e->fts_info == FTS_F && !hidden &&
			 !(e->fts_namelen > 4 && strcmp(e->fts_name + e->fts_namelen - 4, ".new") == 0))
			rc = add(w, e->fts_path + len + 1);
	}
	if (fts)
		fts_close(fts);
	return rc;
}

static void
readme(const struct run *run, const char *top, FILE *f)
{
	fprintf(f, "%s\n\nResults of daxmark (%s), measured on %s, started %s.\n\n"
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
		version_text);
}

/* It stands in an expression of tar's. */
static const char *
top_of(const struct run *run)
{
	const char *id = run_text(run, "run_id");

	return *id && *id != '.' && id[strspn(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-")] == 0 ?
	       id : "run";
}

/* In the folder dir; 0: here. */
static int
run_tool(struct export *x, char *const argv[], int dir, int out)
{
	const int rc = spawn_run(&(struct spawn){
		.argv = argv, .dir = dir, .out = out, .err = STDERR_FILENO, .seconds = TOOL_SECONDS,
	});

	return rc == 0 ? 0 : why_set(x->why, sizeof x->why, rc < 0 ? -rc : EIO, rc == -ENOENT ?
				     "needs %s, which is not installed" : "%s failed", argv[0]);
}

/* The words of `first`, then those of more, which begin with no option. */
static int
run_on(struct export *x, const char *const first[], const struct argument_words *more, int dir, int out)
{
	struct argument_words w = { 0 };
	int rc = 0;

	for (; rc == 0 && *first; first++)
		rc = add(&w, *first);
	for (size_t k = 0; rc == 0 && k < more->n; k++)
		rc = add(&w, more->v[k]);
	if (rc == 0)
		rc = run_tool(x, w.v, dir, out);
	drop(&w);
	return rc;
}

/* README.txt and SHA256SUMS, as old as the run, into the folder `made`. */
static int
make_files(struct export *x, const struct argument_words *files, int made)
{
	static const char *const sum[] = { "sha256sum", "--", NULL };
	const struct argument_words own = { (char *[]){ "README.txt" }, 1 };
	int text = openat(made, "README.txt", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	int sums = openat(made, "SHA256SUMS", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	FILE *f = text < 0 ? NULL : fdopen(text, "w");
	int rc = f && sums >= 0 ? 0 : -errno;
	struct stat st;

	if (f) {
		readme(x->run, top_of(x->run), f);
		rc = fclose(f) == 0 ? rc : -errno;
	}
	if (rc == 0)
		rc = run_on(x, sum, &own, made, sums);
	if (rc == 0)
		rc = run_on(x, sum, files, x->run->fd, sums);
	if (rc == 0 && fstatat(x->run->fd, "run.json", &st, 0) == 0) {
		const struct timespec when[] = { st.st_mtim, st.st_mtim };

		utimensat(made, "README.txt", when, 0);
		futimens(sums, when);
	}
	if (sums >= 0)
		close(sums);
	return rc;
}

static int
pack(struct export *x, const struct argument_words *files, const char *made, const char *dir, int out)
{
	char top[300];
	const char *const tar[] = {
		"tar", "--create", "--file=-", "--format=ustar", "--owner=0", "--group=0", "--numeric-owner", "--mode=644",
		"--no-recursion", top, "-C", made, "README.txt", "SHA256SUMS", "-C", dir, "--", NULL,
	};

	snprintf(top, sizeof top, "--transform=s,^,%.255s/,", top_of(x->run));
	return run_on(x, tar, files, 0, out);
}

int
export_artifact(struct export *x, FILE *f)
{
	const char *tmp = getenv("TMPDIR");
	struct argument_words files = { 0 };
	char made[4096], *dir = realpath(x->run->dir, NULL);
	int fd = -1, rc = dir ? 0 : -errno;

	snprintf(made, sizeof made, "%.4000s/daxmark-export-XXXXXX", tmp && *tmp ? tmp : "/tmp");
	if (rc == 0 && !mkdtemp(made))
		rc = -errno;
	if (rc < 0) {
		free(dir);
		return rc;
	}
	fd = open(made, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	rc = fd < 0 ? -errno : add_files(&files, dir);
	if (rc == 0)
		rc = make_files(x, &files, fd);
	if (rc == 0 && fflush(f) != 0)
		rc = -errno;
	if (rc == 0)
		rc = pack(x, &files, made, dir, fileno(f));
	if (fd >= 0) {
		unlinkat(fd, "README.txt", 0);
		unlinkat(fd, "SHA256SUMS", 0);
		close(fd);
	}
	rmdir(made);
	drop(&files);
	free(dir);
	return rc;
}
