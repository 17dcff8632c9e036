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

enum { CHART_PANELS = 12, CHART_SERIES = 14 };	/* at most; series in one panel */
enum { CHART_NOTES = 3 };			/* lines of the note */

struct chart_point {
	double x, y, lo, hi;		/* lo, hi NaN: no interval */
	double a, b;			/* what chart.a and chart.b name; NaN: none */
	uint32_t n;			/* repeats behind it */
	const char *text;		/* a word beside it, or NULL */
	const char *name;		/* of its row, or NULL */
};

struct chart_series {
	const char *name, *shown;	/* shown: in the key, where the name is too long; or NULL */
	uint32_t panel;
	bool control;
	const char *color;		/* "#0072B2" */
	int point, dash;		/* gnuplot's pt and dt */
	size_t n;
	struct chart_point *p;
};

struct chart_panel {
	const char *title, *subtitle;	/* subtitle: NULL, none */
	const char *shown;		/* the title as it fits */
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
	double foot;			/* inches of the note */
	size_t key_columns, nnote;
	const char *notes[CHART_NOTES];	/* the note in lines that fit the width */
	bool rows;			/* a row a point, x of a point its row; else lines */
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
/* Let a range, NaN while it is empty, hold a point and its interval. */
void chart_widen(double *lo, double *hi, const struct chart_point *);

/* Order the series by panel and by name given first in `run`, give them colours and
 * shapes: a kernel looks alike in every figure of a run. */
void chart_style(struct chart *);
/* Lay out panels in a grid, with key and note below; fills width, height and the panels.
 * After the note is set. */
void chart_layout(struct chart *);

/* chartrows.c: panels below each other, a row a point, row 1 on top. */
/* A row's word at the left (or in y2ticks, at the right). */
void chart_row_tick(struct chart *, const char **ticks, const char *text, size_t row);
/* Blocks of the data file in the order of the panels, where chart_style is not wanted. */
void chart_row_order(struct chart *);
/* Instead of chart_layout: rows of each panel, characters of the longest word at the left, inches
 * for the words at the right, with a key below or none. */
void chart_row_layout(struct chart *, const size_t *rows, size_t longest, double right, bool key);

/* Break the note into lines for the width and return the inches that the foot takes. */
double chart_foot(struct chart *);
/* At most so many characters, with "…" in the middle where there were more. */
const char *chart_elide(struct chart *, const char *text, size_t most);
/* A panel's title in so many inches: of "name: what it is" the name becomes shorter. */
const char *chart_fit_title(struct chart *, const char *title, double inches);

/* Ticks as gnuplot wants them: decades of ns, with room for so many labels; powers of two of
 * bytes. */
const char *chart_ns_ticks(struct chart *, double lo, double hi, int most);
const char *chart_size_ticks(struct chart *, double lo, double hi);
const char *chart_bandwidth_ticks(struct chart *, double lo, double hi);	/* decades of GB/s */
const char *chart_share_ticks(struct chart *, double lo);	/* 100 % down to lo */

/* Media, each once: "medium optane", "medium optane; not persistent memory: dram, disk". */
struct chart_media { const char *real, *other; };
void chart_medium(struct chart *, struct chart_media *, enum medium);
const char *chart_media(struct chart *, const struct chart_media *);
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
