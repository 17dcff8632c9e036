/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * summary.h -- reps.csv to one row per point and metric: median, exact interval, flags.
 *
 * A pure function of the files of a run; the same files give the same bytes.
 */
#ifndef SUMMARY_H
#define SUMMARY_H

#include <stdio.h>
#include "metric.h"
#include "rundir.h"
#include "stats.h"

/* Over the clean repeats where they are enough for an interval, else over all; counts
 * over all counting repeats. */
struct sum {
	uint32_t at;			/* index into run->point */
	uint32_t metric;		/* enum metric_id, or METRICS + index into other */
	uint32_t n, clean, total;	/* repeats used, clean, measured */
	uint32_t flags;			/* 1 << enum summary_flag */
	struct interval v;		/* at 95 % */
};

struct summary {
	const struct run *run;
	size_t n, nother;
	struct sum *row;		/* by point, then metric */
	size_t *first;			/* npoint + 1: where each point's rows begin */
	char **other;			/* names of other metrics: counts, and what this program does not know */
	char **unit;			/* theirs; NULL: not known.  What has one is a count (counted.h) */
};

bool   summary_counted(const struct summary *, const struct sum *);	/* is it a count? */

/* From reps.csv, or the journal where that is newer (readings.h); writes nothing.  0 (neither: no rows);
 * -EINVAL, -errno with why. */
int  summary_make(struct summary *, const struct run *, char *why, size_t whylen);
/* Write summary.csv into the run's directory, or to a stream.  0 or -errno. */
int  summary_write(const struct summary *);
int  summary_print(const struct summary *, FILE *);
void summary_free(struct summary *);

/* The row, or NULL. */
/* What an amortised headline is the mean of: "98 % of 201 ns", the share of its windows' time that
 * was kept of that whole mean; "" where nothing was told apart, or another metric is the headline. */
enum { SUMMARY_KEPT = 32 };
const char *summary_kept(const struct summary *, const struct sum *headline, const struct run_point *,
			 char buf[SUMMARY_KEPT]);

const struct sum *summary_find(const struct summary *, const struct run_point *, enum metric_id);

/* What stands for a point in tables (rule.h), of what has the unit ns.  NULL: nothing was
 * measured. */
const struct sum *summary_headline(const struct summary *, const struct run_point *);

#endif
