/* SPDX-License-Identifier: BSD-2-Clause */
#include "gnuplot.h"
#include "datadir.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "replace.h"
#include "spawn.h"

#define LOG "gnuplot.log"
/* For one figure: half a second is long. */
#define DRAW_SECONDS 60

static int
find_scripts(struct gnuplot *g)
{
	char path[4200];

	snprintf(g->scripts, sizeof(g->scripts), "%s/plots", data_dir());
	snprintf(path, sizeof(path), "%s/common.gp", g->scripts);
	if (access(path, R_OK) == 0)
		return 0;
	snprintf(g->why, sizeof(g->why), "figures are not drawn: no %.4000s", path);
	return -ENOENT;
}

static int
copy(struct gnuplot *g, int dirfd, const char *path, const char *file)
{
	char buf[4096];
	struct replace out;
	FILE *in;
	size_t n;
	int err;

	in = fopen(path, "re");
	err = in ? replace_open(&out, dirfd, file) : -errno;
	if (err == 0) {
		while ((n = fread(buf, 1, sizeof(buf), in)) > 0)
			fwrite(buf, 1, n, out.file);
		err = replace_close(&out, ferror(in) ? -EIO : 0);
	}
	if (in)
		fclose(in);
	if (err < 0)
		snprintf(g->why, sizeof(g->why), "%.4200s: %s", path, strerror(-err));
	return err;
}

/* One of the scripts that all figures have. */
static int
copy_ours(struct gnuplot *g, int dirfd, const char *file)
{
	char path[4300];

	snprintf(path, sizeof(path), "%s/%s", g->scripts, file);
	return copy(g, dirfd, path, file);
}

/* The script of a figure that no file says how to draw: its form does. */
static int
make(int dirfd, const struct figure *f, const char *file)
{
	struct replace out;
	int err = replace_open(&out, dirfd, file);

	if (err < 0)
		return err;
	fprintf(out.file, "# Made by run-bench plot.\nload '%s.vars.gp'\nload 'form-%s.gp'\n", f->name,
		form_name[f->form]);
	return replace_close(&out, 0);
}

/* What gnuplot is about to write must not go to where somebody's link leads. */
static void
make_room(int dirfd, const char *name)
{
	static const char *const ends[] = { ".svg", ".pdf", ".png", "-latex.tex", "-latex.pdf" };
	char file[128];

	for (size_t k = 0; k < sizeof ends / sizeof *ends; k++) {
		snprintf(file, sizeof file, "%s%s", name, ends[k]);
		unlinkat(dirfd, file, 0);
	}
	unlinkat(dirfd, LOG, 0);
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
	/* In one time zone: a PDF has the hour it was drawn in (pdf.h). */
	struct spawn plot = {
		.argv = (char *const[]){ "gnuplot", (char *)script, NULL }, .env = "TZ=UTC0",
		.dir = dirfd, .seconds = DRAW_SECONDS,
	};
	int rc;

	make_room(dirfd, name);
	plot.out = plot.err = openat(dirfd, LOG, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (plot.out < 0)
		return -errno;
	rc = spawn_run(&plot);
	close(plot.out);
	if (rc == 0)
		unlinkat(dirfd, LOG, 0);
	return rc == 0 ? 0 : failed(g, rc, script);
}

int
gnuplot_draw(struct gnuplot *g, int dirfd, const struct figure *f)
{
	char script[128], form[32];
	int err;

	if (!g->looked) {
		g->looked = true;
		g->no_scripts = find_scripts(g) < 0 || copy_ours(g, dirfd, "common.gp") < 0;
	}
	if (g->no_scripts)
		return -ENOENT;
	snprintf(form, sizeof(form), "form-%s.gp", form_name[f->form]);
	if (!g->form[f->form] && (err = copy_ours(g, dirfd, form)) < 0)
		return err;
	g->form[f->form] = true;
	snprintf(script, sizeof(script), "%s.gp", f->name);
	err = f->file ? copy(g, dirfd, f->file, script) : make(dirfd, f, script);
	if (err < 0)
		return err;
	return g->absent ? -ENOENT : run(g, dirfd, f->name, script);
}
