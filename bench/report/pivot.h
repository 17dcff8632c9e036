/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pivot.h -- rows to a chart: which panel, which series, where on x.
 *
 * What tells rows apart beside x, series and panel of the head becomes part of
 * them: nothing is merged, and of two rows that agree in everything one is shown.
 */
#ifndef PIVOT_H
#define PIVOT_H

#include "chart.h"

struct entry {
	const struct pick *k;
	const char *panel, *series, *word;	/* word: of x */
	double x;			/* NaN: no number */
};

struct pivot {
	struct arena *mem;
	const struct figure *f;
	const struct picks *all;
	struct figure_names x, series, panel;	/* of the head, and what had to be added */
	size_t n, single;		/* single: series left out, of one place each */
	struct entry *e;		/* in the order of the rows */
	bool words;			/* x are words */
	bool varies;			/* along x */
};

void pivot_make(struct pivot *, struct arena *, const struct figure *, const struct picks *);

/* form.c: fill the chart; c->mem, page and form are set.  No panel: nothing to draw. */
void form_build(struct chart *, struct pivot *, const struct palette *);
/* For its parts: the series of an entry's panel that is called so, NULL: no room; its point at x. */
struct chart_series *form_series(struct chart *, const struct entry *, const char *name);
struct chart_point form_point(const struct pick *, double x);
/* formrows.c */
void form_rows(struct chart *, struct pivot *);
void form_row_axis(struct chart *, const struct figure *);
/* formmatrix.c: the laboratory's verdicts, a row an op and a column what ran beside. */
void form_matrix(struct chart *, struct pivot *);
/* formhist.c */
void form_hist(struct chart *, const struct pivot *);
/* formword.c: title, labels, note, caption. */
void form_words(struct chart *, const struct pivot *);
/* literature.c: published points that agree in stamp, statistic, line and x.  How many were added. */
size_t literature_add(struct chart *, const struct pivot *);

/* The unit of what is shown: "ns", "GB/s", "1/s", "share", "". */
const char *form_unit(const struct figure *);

#endif
