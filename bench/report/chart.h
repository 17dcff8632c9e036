/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * chart.h -- a figure before it is drawn: panels, series, points, ranges, words.
 *
 * What a figure shows is decided in fig_*.c, how it looks in plots/NAME.gp; a
 * chart is what passes between them, written as NAME.dat (the numbers) and
 * NAME.vars.gp (everything else).  Memory is an arena's.
 */
#ifndef CHART_H
#define CHART_H

#include <stdbool.h>
#include <stdint.h>
#include "arena.h"
#include "rundir.h"

#define CHART_NOTE 0.31		/* inches for the note */
enum { CHART_PANELS = 12, CHART_SERIES = 14 };	/* at most; series in one panel */

struct chart_point {
	double x, y, lo, hi;		/* lo, hi NaN: no interval */
	double a, b;			/* what chart.a and chart.b name; NaN: none */
	uint32_t n;			/* repeats behind it */
	const char *text;		/* a label, or NULL */
};

struct chart_series {
	const char *name;
	uint32_t panel;
	bool control;
	const char *color;		/* "#0072B2" */
	int point, dash;		/* gnuplot's pt and dt */
	size_t n;
	struct chart_point *p;
};

struct chart_panel {
	const char *title;
	size_t first, last;		/* its series */
	double left, right, top, bottom;	/* shares of the figure */
	const char *yticks, *y2ticks;	/* "label" at, ...; NULL: gnuplot's own, none */
	const char *ylabel;		/* NULL: the chart's */
	double ymin, ymax;		/* both 0: the chart's */
	bool linear;			/* y axis: not logarithmic */
};

struct chart {
	struct arena *mem;
	const struct run *run;
	const char *title, *xlabel, *ylabel;
	const char *note;		/* small, in the figure */
	const char *caption;		/* beside it in the report */
	const char *a, *b;		/* names of the columns a and b, or NULL */
	const char *xticks;		/* "label" at, ... */
	double xmin, xmax, ymin, ymax;	/* NaN: gnuplot's choice */
	double line;			/* a level to mark (the timer's floor); NaN: none */
	double width, height, key;	/* inches; height of the key's strip */
	size_t npanel, nseries, dropped;	/* dropped: series that found no room */
	struct chart_panel panel[CHART_PANELS];
	struct chart_series *series;
	/* For the caption: what the points had. */
	uint32_t n_least, n_most;
	size_t missing;			/* points without an interval */
	size_t nused;
	const struct run_point **used;
};

/* The panel of this title, made when there is none; -1: no room. */
int chart_panel(struct chart *, const char *title);
/* The series of this name in a panel, made when there is none; NULL: no room. */
struct chart_series *chart_series(struct chart *, uint32_t panel, const char *name, bool control);
void chart_add(struct chart *, struct chart_series *, struct chart_point);

/* Order the series by panel and by name given first in `run`, give them colours and
 * shapes: a kernel looks alike in every figure of a run. */
void chart_style(struct chart *);
/* The i-th colour and shape, for series that are no kernels; after chart_style. */
void chart_look(struct chart_series *, size_t i);
/* Lay out panels in a grid, with the key below; fills width, height and the panels. */
void chart_layout(struct chart *);

/* Ticks as gnuplot wants them: decades of ns; powers of two of bytes. */
const char *chart_ns_ticks(struct chart *, double lo, double hi);
const char *chart_size_ticks(struct chart *, double lo, double hi);
const char *chart_bandwidth_ticks(struct chart *, double lo, double hi);	/* decades of GB/s */
const char *chart_share_ticks(struct chart *, double lo);	/* 100 % down to lo */

/* "ram: dram, not persistent memory" for a panel of one target. */
const char *chart_target_title(struct chart *, const struct run_point *);
/* "n = 6 processes a point", of all points added. */
const char *chart_n(struct chart *);
/* "gap drained, line cold": the values of these columns (ended by NULL) that the points of
 * chart_use have, where they have any. */
void chart_use(struct chart *, const struct run_point *);
const char *chart_says(struct chart *, const char *const *columns);

/* Write NAME.dat and NAME.vars.gp into dirfd.  0 or -errno. */
int chart_write(const struct chart *, const char *name, int dirfd);

#endif
