/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * readings.h -- reps.csv of one run, held by point: each repeat's number.
 *
 * What comparisons, exports and collections start from.  Only the metrics that were
 * asked for are kept.
 */
#ifndef READINGS_H
#define READINGS_H

#include "metric.h"
#include "rundir.h"

/* What can stand for a point in tables, best first: as summary_headline chooses, then what
 * imported points may have. */
enum { HEADLINES = 6 };
extern const enum metric_id headline_order[HEADLINES];

struct reading { uint32_t at, rep, block, metric; bool clean; double v; };	/* at: index into run->point */

struct readings {
	const struct run *run;
	size_t n;
	struct reading *v;		/* by point, then metric, then repeat */
	size_t *first;			/* npoint + 1: where each point's begin */
	double *quantum;		/* ns, by point: the clock's step */
};

/* metric: names ended by NULL; a reading's metric is its index there.  reps.csv is made
 * from the journal when it is missing or older.  0 (no reps.csv: no readings); -EINVAL,
 * -errno with why. */
int  readings_load(struct readings *, const struct run *, const char *const *metric, char *why, size_t whylen);
void readings_free(struct readings *);

/* Those of one point and metric: the clean ones, or all where none is clean; all in any case.
 * How many; out has room for readings_most(). */
size_t readings_of(const struct readings *, size_t at, uint32_t metric, const struct reading **out);
size_t readings_all(const struct readings *, size_t at, uint32_t metric, const struct reading **out);
size_t readings_most(const struct readings *);

/* Is this median latency of a point under 10 steps of the clock?  Then its amortised time stands for
 * it, where there is one (METHOD 1). */
bool readings_near_floor(const struct readings *, size_t at, double median_ns);

#endif
