/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * compareout.h -- a comparison as a table for people, as CSV, as JSON, as a figure.
 */
#ifndef COMPAREOUT_H
#define COMPAREOUT_H

#include <stdio.h>
#include "comparison.h"
#include "envdiff.h"

struct compare_view {
	const struct comparison *c;
	const struct compared_run *source;
	size_t nsource, sides;
	struct envdiff env;
	const char *row;		/* --row, or NULL */
	bool columns;			/* of one run, by --col */
	bool verbose;			/* list all that is left out */
};

void compare_text(const struct compare_view *, FILE *);
void compare_csv(const struct compare_view *, FILE *);
int  compare_json(const struct compare_view *, FILE *);		/* 0 or -errno */

/* forest.dat, forest.vars.gp, and when gnuplot is there forest.svg, .pdf (and .png) into
 * dir, which is made.  0 (also without gnuplot: said on err) or -errno. */
int  compare_figure(const struct compare_view *, const char *dir, bool png, FILE *err);

#endif
