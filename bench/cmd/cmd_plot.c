/* SPDX-License-Identifier: BSD-2-Clause */
/* run-bench plot: any axis of any runs, or a figure of the set. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "commands.h"
#include "diag.h"
#include "figureset.h"
#include "log.h"
#include "runset.h"
#include "text.h"

/* Is this what some run counted? */
static bool
counted(const struct runset *r, const char *name)
{
	for (size_t i = 0; i < r->n; i++)
		for (size_t k = 0; k < r->summary[i].nother; k++)
			if (strcmp(r->summary[i].other[k], name) == 0)
				return true;
	return false;
}

/* The options are lines of a head. */
static int
from_options(struct figure *f, struct arena *mem, const struct cli *cli, const struct runset *runs)
{
	const char *y = cli->plot.y ? cli->plot.y : "headline", *where = cli->plot.where;
	const bool count = counted(runs, y);
	const struct { const char *key, *value; } head[] = {
		{ "form", cli->plot.form }, { "x", cli->plot.x }, { "z", cli->plot.z }, { "y", count ? "count" : y },
		{ "series", cli->plot.series }, { "panel", cli->plot.panel }, { "stat", cli->plot.stat },
		{ "baseline", cli->plot.baseline },
		{ "where", !count ? where : where ? arena_printf(mem, "event=\"%s\" && (%s)", y, where) : arena_printf(mem, "event=\"%s\"", y) },
	};
	struct diag d = { 0 };

	*f = (struct figure){ .data = count ? DATA_COUNTERS : strcmp(y, "share") == 0 ? DATA_HIST : DATA_SUMMARY };
	for (size_t i = 0; i < sizeof head / sizeof *head; i++) {
		struct source *src = arena_alloc(mem, 1, sizeof *src);

		if (!head[i].value)
			continue;
		*src = (struct source){ arena_printf(mem, "--%s", head[i].key), head[i].value, strlen(head[i].value), false };
		figure_set(f, mem, head[i].key, head[i].value, &(struct where){ src, 0, src->len }, figureset_param, &d);
	}
	diag_print(&d, stderr);
	if (d.n)
		return -EINVAL;
	if (count)
		f->y.label = arena_printf(mem, "%s per op", y);
	f->name = arena_printf(mem, "%s-by-%s", count ? "count" : f->form == FORM_HEAT ? f->z.name.name[0] : f->y.name.name[0],
			       f->x.name.name[0]);
	f->title = cli->plot.title ? cli->plot.title : arena_printf(mem, "%s by %s", y, f->x.name.name[0]);
	return 0;
}

static int
choose(struct figure *f, struct arena *mem, const struct cli *cli, const struct figures *all, const struct runset *runs)
{
	const struct figure *found;
	struct guess g;

	if (!cli->plot.figure)
		return from_options(f, mem, cli, runs);
	found = figures_find(all, cli->plot.figure);
	if (!found) {
		guess_start(&g, cli->plot.figure);
		for (size_t i = 0; i < all->n; i++)
			guess_try(&g, all->v[i].name);
		warn("--figure %s: no such figure; %s%s", cli->plot.figure, g.best ? "did you mean " : "run-bench list figures shows them",
		     g.best ? g.best : "");
		return -EINVAL;
	}
	if (found->data == DATA_COMPARE) {
		warn("--figure %s: run-bench compare A B -o DIR draws it", found->name);
		return -EINVAL;
	}
	*f = *found;
	return 0;
}

static int
open_folder(const char *dir)
{
	int fd;

	if (mkdir(dir, 0777) < 0 && errno != EEXIST)
		return -errno;
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

/* The files that came of it, on stdout. */
static int
draw(const struct cli *cli, const struct drawing *d, const struct figure *f, struct arena *mem)
{
	static const char *const ends[] = { ".svg", ".pdf", ".png", "-latex.tex", ".dat" };
	struct gnuplot g = { .shown = d->shown };
	struct drawn out;
	char why[512] = "", file[160];
	int rc = draw_one(d, f, true, &g, &out, why, sizeof why);

	if (rc < 0) {
		if (*why)
			warn("%s", why);
		else
			fail_at(-rc, "%s:", cli->runs.dir);
		return EXIT_POINT_FAILED;
	}
	if (*g.why)
		warn("%s", g.why);
	if (!out.caption) {
		warn("no row has what this figure needs: %s", figure_needs(f, mem));
		return EXIT_NOTHING_RAN;
	}
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		snprintf(file, sizeof file, "%s%s", f->name, ends[i]);
		if (faccessat(d->dirfd, file, R_OK, 0) == 0)
			printf("%s/%s\n", cli->runs.dir, file);
	}
	free(out.caption);
	return EXIT_OK;
}

static int
plot(struct cli *cli, struct figures *all, struct runset *runs)
{
	struct drawing d = { .figures = all, .input = runs->input, .ninput = runs->n, .shown = "", .always = true };
	struct figure f = { 0 };
	int code;

	if (setjmp(all->mem.oom))
		return EXIT_POINT_FAILED;
	if (figureset_page(&d.page, cli) < 0 || choose(&f, &all->mem, cli, all, runs) < 0)
		return EXIT_USAGE;
	d.dirfd = open_folder(cli->runs.dir);
	if (d.dirfd < 0) {
		fail_at(-d.dirfd, "%s:", cli->runs.dir);
		return EXIT_USAGE;
	}
	code = draw(cli, &d, &f, &all->mem);
	close(d.dirfd);
	if (!cli->plot.figure) {
		filter_free(f.where);
		filter_free(f.baseline);
	}
	return code;
}

int
cmd_plot(struct cli *cli)
{
	struct figures all = { 0 };
	struct runset runs;
	int code = EXIT_USAGE;

	if (cli->narg == 0 || (!cli->plot.figure && !cli->plot.x)) {
		warn("plot wants a results directory, and --x AXIS (with --y METRIC) or --figure NAME");
		return EXIT_USAGE;
	}
	if (!cli->runs.dir)
		cli->runs.dir = "plot";
	if (figureset_open(&all, cli) == 0) {
		if (runset_open(&runs, cli) == 0)
			code = plot(cli, &all, &runs);
		runset_close(&runs);
	}
	figures_free(&all);
	return code;
}
