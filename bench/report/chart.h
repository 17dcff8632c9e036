/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * chart.h -- a figure before it is drawn: panels, series, points, ranges, words.
 *
 * What a figure shows pivot.c decides, how it looks plots/form-*.gp; a chart is
 * what passes between them, written as NAME.dat (the numbers) and NAME.vars.gp
 * (everything else).  Memory is an arena's.
 */
#ifndef CHART_H
#define CHART_H

#include <stdbool.h>
#include <stdint.h>
#include "arena.h"
#include "palette.h"
#include "pick.h"
#include "plugin.h"

enum { CHART_PANELS = 16, CHART_SERIES = 14 };	/* at most; series in one panel */
enum { CHART_NAMES = 48 };			/* of series, in the key; of one column half */
enum { CHART_LINES = 12 };			/* of title and note together */
enum { CHART_RINGS = 24 };

/* How the page wants it: of the command line. */
struct chart_page {
	double width;			/* inches; 0: what suits the figure */
	const char *font;		/* NULL: a sans serif */
	const char *formats;		/* "svg pdf"; NULL: that */
	bool bare;			/* no title, no note */
	bool literature;
};

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
	bool control, published;
	const char *kernel;		/* whose look it has, or NULL */
	struct palette_look look;
	size_t n;
	struct chart_point *p;
};

struct chart_panel {
	const char *title, *subtitle;	/* subtitle: NULL, none */
	const char *shown;		/* the title as it fits */
	size_t first, last;		/* its series */
	size_t rows, apart;		/* rows; a line behind so many of them, 0: none */
	double left, right, top, bottom;	/* shares of the figure */
	const char *yticks, *y2ticks;	/* "label" at, ...; NULL: gnuplot's own, none */
	double ymin, ymax;
	bool linear;			/* y axis: not logarithmic */
};

struct chart_lines { size_t n; const char *line[CHART_LINES]; };

struct chart {
	struct arena *mem;
	struct chart_page page;
	enum figure_form form;
	const char *title, *xlabel, *ylabel;
	const char *xname, *yname;	/* columns of the data file */
	const char *note;		/* small, in the figure */
	const char *caption;		/* beside it in the report */
	const char *a, *b;		/* names of the columns a and b, or NULL */
	const char *xticks;		/* "label" at, ... */
	enum figure_scale xscale;
	double xmin, xmax, ymin, ymax;	/* NaN: nothing yet */
	double level, xlevel;		/* dotted lines at this y, this x; NaN: none */
	const char *xlevel_text;
	double box;			/* half the width of a bar */
	bool slanted;			/* words below bars that do not fit level */
	double width, height, key, foot, head;	/* inches; strips of key, note, title */
	size_t key_columns;
	struct chart_lines titles, notes;
	size_t npanel, nseries, nname;	/* nname: different names of series */
	size_t nleft;			/* series, rows or places of x that found no room */
	struct { const char *panel, *name; } *left;
	size_t longest, xlongest;	/* letters of the longest word at the left of rows, below columns */
	double right;			/* inches for the words at the right of rows */
	struct chart_panel panel[CHART_PANELS];
	struct chart_series *series;
	size_t nring;			/* where lines cross */
	struct { uint32_t panel; double x, y; } ring[CHART_RINGS];
	uint32_t n_least, n_most;
};

/* One column of a paper? */
static inline bool chart_narrow(const struct chart *c) { return c->page.width > 0 && c->page.width < 5; }
/* The panel of this title, made when there is none; -1: no room. */
int chart_panel(struct chart *, const char *title);
/* The series of this name in a panel, made when there is none; NULL: no room. */
struct chart_series *chart_series(struct chart *, uint32_t panel, const char *name, bool control);
void chart_leave(struct chart *, const char *panel, const char *name);	/* it found no room */
void chart_add(struct chart *, struct chart_series *, struct chart_point);
/* Let a range, NaN while it is empty, hold a point and its interval. */
void chart_widen(double *lo, double *hi, const struct chart_point *);
/* Order the series by panel; panels learn theirs, those without one are left out. */
void chart_order(struct chart *);
/* Give the series their looks: a strategy's from the palette, the variants of one told apart. */
void chart_style(struct chart *, const struct palette *);

/* chartlay.c: where everything stands; after title and note are set. */
void chart_layout(struct chart *);		/* panels in a grid */
void chart_row_layout(struct chart *);		/* panels of rows below each other */
/* How many inches one of so many panels has for its x axis. */
double chart_span(const struct chart *);
/* A row's word at the left (or in y2ticks, at the right). */
void chart_row_tick(struct chart *, const char **ticks, const char *text, size_t row);

/* chartword.c.  At most so many characters, with "…" in the middle where there were more. */
const char *chart_elide(struct chart *, const char *text, size_t most);
/* A panel's title in so many characters: of "name: what it is" the name becomes shorter. */
const char *chart_fit_title(struct chart *, const char *title, size_t most);
size_t chart_letters(const char *);		/* characters, not bytes */
/* Break a text into lines of so many characters, at most so many lines. */
void chart_wrap(struct chart *, struct chart_lines *, const char *text, size_t fits, size_t most);
/* Ticks as gnuplot wants them, at most so many labels. */
const char *chart_ticks(struct chart *, const char *unit, enum figure_scale, double lo, double hi, int most);
/* A value of a field as people say it: "4 KiB", "2 threads", "fence=16", "random". */
const char *chart_say(struct arena *, const char *field, const char *value);
const char *chart_target_title(struct arena *, const struct run_point *);	/* "ram: dram, not persistent memory" */
const char *chart_n(struct chart *);		/* "n = 6 processes a point" */
/* Media, each once: "medium optane", "medium optane; not persistent memory: dram, disk". */
struct chart_media { const char *real, *other; };
void chart_medium(struct arena *, struct chart_media *, enum medium);
const char *chart_media(struct arena *, const struct chart_media *);

/* Write NAME.dat and NAME.vars.gp (and NAME.tex.gp for LaTeX) into dirfd.  0 or -errno. */
int chart_write(const struct chart *, const char *name, int dirfd);

#endif
