/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * draw.h -- figures of one run or several, drawn by gnuplot.
 *
 * A figure's rows go through a pivot into a chart; the chart's numbers and words
 * go into a folder beside a copy of the script that draws them, so that `gnuplot
 * NAME.gp` there draws it again anywhere.
 */
#ifndef DRAW_H
#define DRAW_H

#include "chart.h"
#include "gnuplot.h"

struct drawing {
	const struct figures *figures;
	const struct input *input;
	size_t ninput;
	struct chart_page page;
	int dirfd;			/* where everything goes */
	const char *shown;		/* what messages call it: "plots/" */
	bool always;			/* also what does not vary along its x */
};

/* What became of a figure. */
struct drawn {
	const struct figure *figure;
	char *caption;			/* NULL: no data for it */
	bool svg;			/* NAME.svg is there and belongs to the data */
};

/*
 * Draw all, or the one named `only`; the data of all are written.  out: one entry a figure, *n of
 * them; free with drawn_free.  What could not be drawn is said once, on err.
 * 0 (also without gnuplot: the data are written); -ENOENT: no figure of that name; -errno.
 */
int  draw_figures(const struct drawing *, const char *only, FILE *err, struct drawn **out, size_t *n);
/* One figure.  *caption NULL: no data for it.  0 or -errno; gnuplot->why says what gnuplot lacked. */
int  draw_one(const struct drawing *, const struct figure *, bool draw, struct gnuplot *, struct drawn *, char *why,
	      size_t whylen);
void drawn_free(struct drawn *, size_t n);

#endif
