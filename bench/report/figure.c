/* SPDX-License-Identifier: BSD-2-Clause */
#include "figure.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gnuplot.h"
#include "pdf.h"

const struct figure figures[] = {
	{ "ladder", "What each strategy costs, and whether it is durable",
	  "time per op of every strategy side by side, one panel a target, with the durable column",
	  figure_ladder },
	{ "latency-size", "Latency against size",
	  "median drained latency against the size of an op, one line a strategy",
	  figure_latency_size },
	{ "bandwidth-size", "Bandwidth against size",
	  "bytes made durable per second against the size of an op", figure_bandwidth_size },
	{ "bandwidth-threads", "Bandwidth against threads",
	  "bytes made durable per second against the number of threads", figure_bandwidth_threads },
	{ "ccdf", "Latency tails",
	  "share of ops that took at least as long, both axes logarithmic", figure_ccdf },
	{ "sector-raw", "Block devices: BTT, raw, loop",
	  "time of a write to a BTT beside a raw or a loop device", figure_sector_raw },
	{ "timer-floor", "The timer's floor",
	  "the empty op in every process: what no latency can be under", figure_timer_floor },
	{ 0 },
};

static size_t
count(void)
{
	size_t n = 0;

	while (figures[n].name)
		n++;
	return n;
}

/* Build one chart and write its data; the caption stays with `d`. */
static int
write_one(struct drawn *d, const struct summary *s, int plots)
{
	struct arena mem = { 0 };
	struct chart c = { .mem = &mem, .run = s->run, .title = d->figure->title, .line = NAN };
	int err;

	if (setjmp(mem.oom)) {
		arena_free(&mem);
		return -ENOMEM;
	}
	err = d->figure->build(&c, s);
	if (err == 0 && c.npanel > 0) {
		err = chart_write(&c, d->figure->name, plots);
		d->caption = strdup(c.caption ? c.caption : "");
		if (d->caption == NULL)
			err = -ENOMEM;
	}
	arena_free(&mem);
	return err;
}

static int
open_plots(const struct run *run)
{
	int fd;

	if (mkdirat(run->fd, "plots", 0777) < 0 && errno != EEXIST)
		return -errno;
	fd = openat(run->fd, "plots", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

/* Write what gnuplot needs and let it draw; once it proves absent it is not asked again. */
static int
draw_one(struct drawn *d, const struct summary *s, bool draw, int plots, struct gnuplot *g, FILE *err)
{
	int rc = write_one(d, s, plots);
	char svg[128];			/* or the .pdf */

	if (rc < 0 || d->caption == NULL)
		return rc;
	if (!draw) {
		snprintf(svg, sizeof(svg), "%s.svg", d->figure->name);
		d->svg = faccessat(plots, svg, R_OK, 0) == 0;
		return 0;
	}
	rc = gnuplot_draw(g, plots, d->figure->name);
	d->svg = rc == 0;
	snprintf(svg, sizeof(svg), "%s.pdf", d->figure->name);
	if (rc == 0)
		pdf_date(plots, svg, run_text(s->run, "started"));
	if (rc < 0 && *g->why) {
		fprintf(err, "%s\n", g->why);
		g->why[0] = '\0';
	}
	return 0;
}

int
figures_draw(const struct summary *s, const char *only, FILE *err, struct drawn **out, size_t *n)
{
	struct gnuplot g = { 0 };
	struct drawn *d = calloc(count(), sizeof(*d));
	int plots = open_plots(s->run), rc = plots < 0 ? plots : d ? 0 : -ENOMEM;
	char without[256] = "";
	bool found = false;

	*n = 0;
	for (size_t i = 0; rc == 0 && figures[i].name; i++) {
		bool draw = only == NULL || strcmp(only, figures[i].name) == 0;

		found |= draw;
		d[*n].figure = &figures[i];
		rc = draw_one(&d[*n], s, draw, plots, &g, err);
		if (rc == 0 && draw && d[*n].caption == NULL)
			snprintf(without + strlen(without), sizeof(without) - strlen(without), "%s%s",
				 *without ? ", " : "", figures[i].name);
		(*n)++;
	}
	if (*without)
		fprintf(err, "figures without data: %s\n", without);
	if (rc == 0 && !found)
		rc = -ENOENT;
	if (plots >= 0)
		close(plots);
	*out = d;
	return rc;
}

void
figures_free(struct drawn *d, size_t n)
{
	for (size_t i = 0; d && i < n; i++)
		free(d[i].caption);
	free(d);
}
