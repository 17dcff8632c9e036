/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * figure.h -- the figures of a run, drawn by gnuplot.
 *
 * One table.  A figure picks its points out of the summary into a chart; the
 * chart's numbers and words go to RUN/plots beside a copy of the script that
 * draws them, so that `gnuplot NAME.gp` there draws it again anywhere.
 */
#ifndef FIGURE_H
#define FIGURE_H

#include "chart.h"
#include "summary.h"

struct figure {
	const char *name, *title, *doc;
	/* Fill the chart; no panel in it: nothing to draw.  0 or -errno. */
	int (*build)(struct chart *, const struct summary *);
};
extern const struct figure figures[];	/* ended by name NULL */

int figure_ladder(struct chart *, const struct summary *);
int figure_latency_size(struct chart *, const struct summary *);
int figure_bandwidth_size(struct chart *, const struct summary *);
int figure_bandwidth_threads(struct chart *, const struct summary *);
int figure_ccdf(struct chart *, const struct summary *);
int figure_sector_raw(struct chart *, const struct summary *);
int figure_timer_floor(struct chart *, const struct summary *);

/* What became of each figure, in the order of the table. */
struct drawn {
	const struct figure *figure;
	char *caption;			/* NULL: no data for it */
	bool svg;			/* plots/NAME.svg is there and belongs to the data */
};

/*
 * Draw all, or the one named `only`, into run->dir/plots (the data of all are written).
 * out: one entry a figure, *n of them; free with figures_free.  What could not be drawn
 * is said once, on err.
 * 0 (also without gnuplot: the data are written); -ENOENT: no figure of that name;
 * -errno: plots/ cannot be written.
 */
int  figures_draw(const struct summary *, const char *only, FILE *err, struct drawn **out, size_t *n);
void figures_free(struct drawn *, size_t n);

#endif
