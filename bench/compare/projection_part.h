/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * projection_part.h -- what projection.c (the axes) and projection_rows.c (the rows) share.
 */
#ifndef PROJECTION_PART_H
#define PROJECTION_PART_H

#include "projection.h"

struct project_axis {
	const char *name, *first;	/* first: a value that is not empty */
	int *at;			/* column by source; -1: none */
	bool *stated;			/* by side: some point has a value */
	bool role, row, col, many;	/* many: at least two values that are not empty */
	bool full;			/* one that tells points of a run apart */
};
struct match { const char *first, *other; };

struct project {
	struct arena *mem;
	const struct compared_run *source;
	size_t nsource, sides, naxis, nmatch;
	struct project_axis *axis;
	struct match *match;
	bool **keep;			/* by source and point */
	const char *unstated;
	bool by_side;
	char *why;
	size_t whylen;
};

struct project_axis *project_axis(struct project *, const char *name);	/* NULL: in no source */
const char *project_value(const struct project *, const struct project_axis *, size_t source, const struct run_point *);
int project_rows(struct projection *, struct project *, const char *base);

#endif
