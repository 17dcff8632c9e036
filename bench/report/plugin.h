/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * plugin.h -- a figure: one file plots/NAME.gp, whose head says what it shows.
 *
 *	# The first comment line says what it is for.
 *	#: title   What a fence costs
 *	#: x       fence     log2  "ops per SFENCE"
 *
 * The folder is the registry.  What a head may say stands in one table
 * (figure_keys), which serves the reader, `list figures` and docs/adding-a-figure.md.
 */
#ifndef PLUGIN_H
#define PLUGIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include "arena.h"
#include "filter.h"

struct source;
struct where;
struct diag;

enum figure_form { FORM_LINES, FORM_ROWS, FORM_BARS, FORM_STACK, FORM_CCDF, FORM_STEPS, FORM_HEAT, FORM_MATRIX, FORM_FOREST, FORMS };
/* What a figure is made of: rows of summary.csv; of them one a strategy and target; counts; every
 * op of hist.csv; every repeat of reps.csv; the classes of the laboratory; the rows of `compare`. */
enum figure_data { DATA_SUMMARY, DATA_LADDER, DATA_COUNTERS, DATA_HIST, DATA_REPEATS, DATA_CLASSES, DATA_COMPARE, DATAS };
enum figure_scale { SCALE_AUTO, SCALE_LINEAR, SCALE_LOG, SCALE_LOG2, SCALE_WORDS, SCALES };
enum figure_base { BASE_NONE, BASE_RATIO, BASE_DIFFERENCE, BASE_MEDIAN };
extern const char *const form_name[FORMS], *const data_name[DATAS], *const scale_name[SCALES];

enum { NAMES_MAX = 8 };
struct figure_names { size_t n; const char *name[NAMES_MAX]; };
struct figure_axis { struct figure_names name; enum figure_scale scale; const char *label; };

struct figure {
	const char *name, *file;	/* file: the script; NULL: made for `plot` */
	const char *doc;
	const char *title, *mirrors, *overlay, *level, *where_text, *base_text;
	enum figure_form form;
	enum figure_data data;
	struct figure_axis x, y, z;	/* z: of heat */
	struct figure_names series, panel, vary, stat, config;
	const char *cross[2];		/* series whose crossings are marked; NULL: none */
	const char *at, *at_text;	/* a place of x to mark, and its words */
	enum figure_base base;
	struct filter *where, *baseline;
};

extern const struct figure_key { const char *name, *takes, *doc; } figure_keys[];	/* ended by name NULL */

/* The figures there are, by name. */
struct figures {
	struct arena mem;
	size_t n;
	struct figure *v;
};

/* Read DIR/NAME.gp, all of them, and those of `extra` (or NULL), which stand in for one of the same name.
 * param: is this a kernel's parameter?  NULL: any name is taken for one.  What is wrong in a head is printed to err.  0; -EINVAL; -ENOENT: no such folder; -ENOMEM. */
int  figures_load(struct figures *, const char *dir, const char *extra, bool (*param)(const char *name), FILE *err);
void figures_free(struct figures *);
const struct figure *figures_find(const struct figures *, const char *name);

/* One head, in `src`; memory is the arena's.  What is wrong goes to the diag.  0 or -EINVAL, -ENOMEM. */
int  figure_parse(struct figure *, struct arena *, const struct source *, bool (*param)(const char *name), struct diag *);
/* One line of a head, or an option of `plot` that is called so: `value` stands at `at`. */
void figure_set(struct figure *, struct arena *, const char *key, const char *value, const struct where *at, bool (*param)(const char *name),
		struct diag *);
/* "latency_drained_p50_ns by size" in words: what it needs.  In the arena. */
const char *figure_needs(const struct figure *, struct arena *);

#endif
