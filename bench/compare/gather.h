/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * gather.h -- the numbers of one cell of a projection, one a unit.
 */
#ifndef GATHER_H
#define GATHER_H

#include "projection.h"
#include "readings.h"

enum compare_unit { UNIT_PROCESS, UNIT_RUN, UNIT_HOST };

enum { GATHER_METRICS = HEADLINES };

struct gather {
	struct arena *mem;
	const struct compared_run *source;
	size_t nsource, nmetric;
	const char *metric[GATHER_METRICS + 1];	/* the first nmetric can stand for a point */
	uint32_t every;			/* index of the median that a percentile is held against; 0: no percentile */
	bool rate[GATHER_METRICS];
	struct readings *readings;	/* by source */
	uint32_t *unit;			/* by source: number of its host or run */
	enum compare_unit kind;
	bool disturbed;			/* take the disturbed repeats, too */
	const struct reading **scratch;
	double *x;			/* by the largest point, and by source */
};

struct numbers {
	size_t n;
	double *v;			/* as times: of rates the inverse; > 0 */
	uint32_t *block;		/* ascending: the repeat's, or the unit */
	double median;			/* in the metric's unit */
	uint32_t flags;
};

int  gather_open(struct gather *, struct arena *, const struct compared_run *, size_t nsource, enum compare_unit,
		 const char *metric, char *why, size_t whylen);
void gather_close(struct gather *);

/* Is there a number of this metric for every point of the cell?  As in summary.csv, a percentile
 * that some repeat has too few ops for is none: the others would be a choice of the fast ones. */
bool gather_has(const struct gather *, const struct place *, uint32_t metric);
/* Is it that, somewhere in the cell?  Then how many repeats have it, out of how many. */
bool gather_short(const struct gather *, const struct place *, size_t *have, size_t *of);
/* Of a latency's percentile in first place (the drained median, where no metric is named): is a
 * step of the clock more than this share of it anywhere in the cell, or is it too near the timer's
 * floor? */
bool gather_coarse(struct gather *, const struct place *, double share);
/* For pairs: of each block its last repeat alone, which made up for those before it. */
void gather_blocks(struct numbers *);
/* 0, or -EDOM for a number that is not positive, -ENOMEM. */
int  gather_cell(struct gather *, const struct place *, uint32_t metric, struct numbers *);

#endif
