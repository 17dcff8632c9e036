/* SPDX-License-Identifier: BSD-2-Clause */
#include "gnuplot.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "datadir.h"
#include "replace.h"
#include "spawn.h"

#define LOG "gnuplot.log"
/* For one figure: half a second is long. */
#define DRAW_SECONDS 60

/* The script at path, or `made` where it is NULL. */
static int
put_script(struct gnuplot *g, int dirfd, const char *file, const char *path, const char *made)
{
	FILE *in = path ? fopen(path, "re") : NULL;
	int err = path && !in ? -errno : 0;
	struct replace out;
	char buf[4096];
	size_t n;

	if (err == 0 && (err = replace_open(&out, dirfd, file)) == 0) {
		while (in && (n = fread(buf, 1, sizeof buf, in)) > 0)
			fwrite(buf, 1, n, out.file);
		fputs(in ? "" : made, out.file);
		err = replace_close(&out, in && ferror(in) ? -EIO : 0);
	}
	if (in)
		fclose(in);
	if (err < 0)
		snprintf(g->why, sizeof g->why, "%.4200s: %s", path ? path : file, strerror(-err));
	return err;
}

/* One of the scripts that all figures have, once. */
static int
put_ours(struct gnuplot *g, int dirfd, const char *file, bool *have)
{
	char path[4300];

	snprintf(path, sizeof path, "%s/plots/%s", data_dir(), file);
	if (!*have && access(path, R_OK) < 0) {
		snprintf(g->why, sizeof g->why, "figures are not drawn: no %.4000s", path);
		return -ENOENT;
	}
	if (!*have && put_script(g, dirfd, file, path, NULL) < 0)
		return -ENOENT;
	*have = true;
	return 0;
}

static const char *const ends[] = { ".svg", ".png", "-latex.tex", ".pdf", "-latex.pdf" };
enum { ENDS = sizeof ends / sizeof *ends, PDFS = 3 };	/* the first that is a PDF */

/* What gnuplot is about to write must not go to where somebody's link leads. */
static void
make_room(int dirfd, const char *name)
{
	char file[128];

	for (size_t k = 0; k < ENDS; k++) {
		snprintf(file, sizeof file, "%s%s", name, ends[k]);
		unlinkat(dirfd, file, 0);
	}
	unlinkat(dirfd, LOG, 0);
}

/* cairo puts the hour into a PDF and knows no SOURCE_DATE_EPOCH: that of the run takes its place, so that
 * the same run gives the same bytes.  A run that does not say gets the epoch's. */
static void
date_pdf(int dirfd, const char *file, const char *started)
{
	static const char key[] = "/CreationDate (D:";
	struct tm when = { .tm_year = 70, .tm_mday = 1 };
	int fd = openat(dirfd, file, O_RDWR | O_NOFOLLOW | O_CLOEXEC);
	char date[15], *text = MAP_FAILED, *at;
	struct stat st;

	if (fd < 0)
		return;
	if (fstat(fd, &st) == 0 && st.st_size > 0)
		text = mmap(NULL, (size_t)st.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	if (text == MAP_FAILED)
		return;
	strptime(started ? started : "", "%Y-%m-%dT%H:%M:%S", &when);
	strftime(date, sizeof date, "%Y%m%d%H%M%S", &when);
	at = memmem(text, (size_t)st.st_size, key, strlen(key));
	if (at && (size_t)(text + st.st_size - at) > sizeof key + sizeof date)
		memcpy(at + strlen(key), date, strlen(date));
	munmap(text, (size_t)st.st_size);
}

static int
failed(struct gnuplot *g, int rc, const char *script)
{
	static const char told[] = "figures are not drawn; `run-bench report DIR` draws them where gnuplot is";

	g->absent = rc < 0 && rc != -ECHILD;
	if (rc == -ETIMEDOUT)
		snprintf(g->why, sizeof g->why, "gnuplot hung on %s%s and was killed: %s", g->shown, script, told);
	else if (rc == -EINTR)
		snprintf(g->why, sizeof g->why, "gnuplot was stopped: %s", told);
	else if (g->absent)
		snprintf(g->why, sizeof g->why, "gnuplot cannot be run (%s): %s", strerror(-rc), told);
	else
		snprintf(g->why, sizeof g->why, "gnuplot failed on %s%s; its words are in %s" LOG, g->shown, script, g->shown);
	return g->absent ? rc : -EIO;
}

static int
run(struct gnuplot *g, int dirfd, const char *name, const char *script)
{
	/* In one time zone: date_pdf leaves the zone as it is. */
	struct spawn plot = {
		.argv = (char *const[]){ "gnuplot", (char *)script, NULL }, .env = "TZ=UTC0",
		.dir = dirfd, .seconds = DRAW_SECONDS,
	};
	char file[128];
	int rc;

	make_room(dirfd, name);
	plot.out = plot.err = openat(dirfd, LOG, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (plot.out < 0)
		return -errno;
	rc = spawn_run(&plot);
	close(plot.out);
	if (rc != 0)
		return failed(g, rc, script);
	unlinkat(dirfd, LOG, 0);
	for (size_t k = PDFS; k < ENDS; k++) {
		snprintf(file, sizeof file, "%s%s", name, ends[k]);
		date_pdf(dirfd, file, g->date);
	}
	return 0;
}

int
gnuplot_draw(struct gnuplot *g, int dirfd, const struct figure *f)
{
	char script[128], form[32], made[256];
	int err;

	if (g->absent)
		return -ENOENT;
	snprintf(script, sizeof script, "%s.gp", f->name);
	snprintf(form, sizeof form, "form-%s.gp", form_name[f->form]);
	snprintf(made, sizeof made, "# Made by run-bench plot.\nload '%s.vars.gp'\nload '%s'\n", f->name, form);
	err = put_ours(g, dirfd, "common.gp", &g->common);
	if (err == 0)
		err = put_ours(g, dirfd, form, &g->form[f->form]);
	if (err == 0)
		err = put_script(g, dirfd, script, f->file, made);
	g->absent |= err < 0 && !g->common;
	return err < 0 ? err : run(g, dirfd, f->name, script);
}
