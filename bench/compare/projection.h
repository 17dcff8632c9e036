/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * projection.h -- the points of one or more runs as a table: which belong in one row,
 * which in one column.
 *
 * Between runs the column is the side.  Within one run it is the value of `col`, so
 * that kernels, targets or nodes stand beside each other.  A row is what agrees in all
 * other axes that every side states and that differ anywhere; the target by its role.
 * Knows nothing of what was measured.
 */
#ifndef PROJECTION_H
#define PROJECTION_H

#include "arena.h"
#include "filter.h"
#include "rundir.h"

struct compared_run { const struct run *run; uint32_t side; };

struct projection_spec {
	const char *row;		/* A,B: these columns of points.csv make a row; NULL: as above */
	const char *col;		/* A,B: their values are the columns; NULL: the sides are */
	const char *base;		/* the column that comes first; NULL: the first that is met */
	const char *const *match;	/* each X=Y,...: role Y of the other sides is role X of the first */
	size_t nmatch;
	const struct filter *filter;	/* or NULL */
};

struct place { uint32_t source; const struct run_point *point; struct place *next; };

struct projected {
	const char *const *value;	/* by axis of the projection */
	struct place **cell;		/* by column; NULL: no such point there */
	const bool *differs;		/* by axis: among the rows of its kernel there are several values */
};

struct projection {
	struct arena *mem;
	const struct compared_run *source;
	size_t nsource, naxis, ncolumn, nrow, twice;	/* twice: points that repeat another, left out */
	const char **axis;		/* names */
	bool *varies;			/* the axis has more than one value among the rows */
	struct shared { size_t head, tail; } *shared;	/* by axis: bytes, of whole words, that all its values begin and
					 * end with */
	const char **column;		/* labels; in order, base first */
	struct projected *row;
	const char *unstated;		/* "gap, line": axes that not every side states; or "" */
};

/* 0; -EINVAL with why: an unknown name, or two points in one place.  sides: 1 or more. */
int projection_make(struct projection *, struct arena *, const struct compared_run *, size_t nsource,
		    size_t sides, const struct projection_spec *, char *why, size_t whylen);

/* Is there such a column?  For filter_parse; arg: struct projection_names. */
struct projection_names { const struct compared_run *source; size_t n; };
bool projection_knows(void *arg, const char *name);

#endif
