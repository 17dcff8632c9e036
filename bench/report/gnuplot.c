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
copy(struct gnuplot *g, int dirfd, const char *file)
{
	char path[4300], buf[4096];
	struct replace out;
	FILE *in;
	size_t n;
	int err;

	snprintf(path, sizeof(path), "%s/%s", g->scripts, file);
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

/* What gnuplot is about to write must not go to where somebody's link leads. */
static void
make_room(int dirfd, const char *name)
{
	static const char *const ends[] = { "svg", "pdf", "png" };
	char file[128];

	for (size_t k = 0; k < sizeof ends / sizeof *ends; k++) {
		snprintf(file, sizeof file, "%s.%s", name, ends[k]);
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
		snprintf(g->why, sizeof g->why, "gnuplot hung on plots/%s and was killed: %s", script, told);
	else if (rc == -EINTR)
		snprintf(g->why, sizeof g->why, "gnuplot was stopped: %s", told);
	else if (g->absent)
		snprintf(g->why, sizeof g->why, "gnuplot cannot be run (%s): %s", strerror(-rc), told);
	else
		snprintf(g->why, sizeof g->why, "gnuplot failed on plots/%s; its words are in plots/" LOG, script);
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
gnuplot_draw(struct gnuplot *g, int dirfd, const char *name)
{
	char script[128];
	int err;

	if (!g->looked) {
		g->looked = true;
		g->no_scripts = find_scripts(g) < 0 || copy(g, dirfd, "common.gp") < 0;
	}
	if (g->no_scripts)
		return -ENOENT;
	snprintf(script, sizeof(script), "%s.gp", name);
	err = copy(g, dirfd, script);
	if (err < 0)
		return err;
	return g->absent ? -ENOENT : run(g, dirfd, name, script);
}
