/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rule.h -- what a run, its summary, its exports and its comparisons must say alike.
 *
 * Pure.  METHOD 1: which number stands for a point.  METHOD 3: which repeats count.
 */
#ifndef RULE_H
#define RULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "metric.h"

#define CONFIDENCE 0.95			/* of every interval that is shown */

/* What can stand for a point, best first. */
enum { HEADLINES = 6 };
extern const enum metric_id headline_order[HEADLINES];

/* Is this median latency under so many steps of the clock, that the count of ops says more? */
enum { NEAR_FLOOR_QUANTA = 10 };
bool near_floor(double median, double quantum);		/* of one unit */
/* Is that so, or is a step more than this share of it?  Then no difference of that size shows, and
 * no verdict rests on it. */
#define COARSE_SHARE 0.05		/* what a summary calls coarse_clock; compare asks with its margin */
bool coarse_clock(double median, double quantum, double share);

/* The first of headline_order among `has` (mask of 1 << metric_id); near: for the drained median,
 * near to the floor, the amortised time, where that is there.  METRICS: nothing stands for it. */
enum metric_id headline_of(uint32_t has, bool near);

/* Time of an op in a throughput window: the mean over the stretches in which nobody took the CPU,
 * or over the whole window where there are none or that is not known (kept_ops 0). */
double op_ticks(uint64_t ops, uint64_t ticks, uint64_t kept_ops, uint64_t kept_ticks);

/* At least half of its time was undisturbed (a share). */
bool repeat_clean(double undisturbed);
/* The same for a run that does not say that: fewer than two disturbed windows, and not all of
 * them. */
bool repeat_untainted(uint64_t windows, uint64_t tainted);
/* How many of `total` repeats are used: the clean ones where they are enough for an interval, or
 * all. */
size_t repeats_used(size_t clean, size_t total);

#endif
