/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * readings.h -- reps.csv of one run, held by point: each repeat's number.
 *
 * What the summary, comparisons, exports and collections start from; nothing else reads reps.csv.
 */
#ifndef READINGS_H
#define READINGS_H

#include "metric.h"
#include "rule.h"
#include "rundir.h"

struct reading { uint32_t at, rep, block, metric; bool clean; double v; };	/* at: index into run->point */

/* What the journal and the plan know of a point. */
struct point_known {
	uint32_t flags;			/* 1 << enum summary_flag: its notes, and those of its repeats */
	double quantum;			/* ns: the clock's step */
};

struct readings {
	const struct run *run;
	size_t n, nmetric;
	char **metric;			/* names, by reading.metric */
	struct reading *v;		/* by point, then metric, then repeat */
	size_t *first;			/* npoint + 1: where each point's begin */
	struct point_known *known;	/* by point */
};

/* metric: names ended by NULL, the only ones that are kept; a reading's metric is its index there.
 * NULL: all, those of metric.h first and by their ids.  Where reps.csv is missing or older than
 * the journal they come from that; nothing is written.  0 (neither: no readings); -EINVAL, -errno
 * with why. */
int  readings_load(struct readings *, const struct run *, const char *const *metric, char *why, size_t whylen);
void readings_free(struct readings *);

/* Those of one point and metric: the repeats that are used (rule.h); all in any case.  How many;
 * out has room for readings_most(). */
size_t readings_of(const struct readings *, size_t at, uint32_t metric, const struct reading **out);
size_t readings_all(const struct readings *, size_t at, uint32_t metric, const struct reading **out);
size_t readings_most(const struct readings *);

#endif
