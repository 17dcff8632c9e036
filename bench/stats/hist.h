/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * hist.h -- how often each latency occurred, in ticks.
 *
 * Log-linear buckets: exact below 1024 ticks, then 512 buckets for every
 * doubling.  A value stands for itself to 1 part in 1000 (three significant
 * digits), counts merge exactly.  A fixed array, no allocation; knows no time
 * unit and no file.
 */
#ifndef HIST_H
#define HIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HIST_SUB_BITS 9
#define HIST_SUB      (1u << HIST_SUB_BITS)
#define HIST_BUCKETS  (2 * HIST_SUB + (31 - HIST_SUB_BITS) * HIST_SUB)
#define HIST_CLIPPED  UINT32_MAX	/* this value and above it: saturated */

struct hist {
	uint64_t n, sum;		/* ops; their ticks, exact */
	uint32_t min, max;		/* exact; undefined while n is 0 */
	uint32_t count[HIST_BUCKETS];	/* saturates at UINT32_MAX; n goes on */
};

/* One non-empty bucket: values lo..hi, both included.  Those at the two ends are
 * cut to min and max, so that a file of bins keeps them. */
struct hist_bin { uint32_t lo, hi; uint64_t count; };

static inline uint32_t
hist_index(uint32_t v)
{
	uint32_t shift;

	if (v < 2 * HIST_SUB)
		return v;
	shift = 31 - HIST_SUB_BITS - (uint32_t)__builtin_clz(v);
	return (shift << HIST_SUB_BITS) + (v >> shift);
}

static inline void
hist_add_n(struct hist *h, uint32_t v, uint32_t n)
{
	uint32_t *c = &h->count[hist_index(v)];

	if (n == 0)
		return;
	if (__builtin_add_overflow(*c, n, c))
		*c = UINT32_MAX;
	h->n += n;
	h->sum += (uint64_t)v * n;
	if (v < h->min)
		h->min = v;
	if (v > h->max)
		h->max = v;
}

static inline void
hist_add(struct hist *h, uint32_t v)
{
	hist_add_n(h, v, 1);
}

static inline uint64_t
hist_count(const struct hist *h)
{
	return h->n;
}

void hist_reset(struct hist *);
void hist_merge(struct hist *to, const struct hist *from);

/* Walk the non-empty buckets upwards: start with *at = 0; false at the end. */
bool hist_next(const struct hist *, size_t *at, struct hist_bin *);

/* Is the p-quantile of n ops worth printing: at least 100 of them lie above it? */
bool hist_supports(uint64_t n, double p);

/* The value of rank ceil(p n) (p = 0.5: the lower median), as the middle of its
 * bucket, p in [0, 1].  0 for no ops. */
double hist_percentile(const struct hist *, double p);
/* The same from bins in ascending order; total is the sum of their counts. */
double hist_bins_percentile(const struct hist_bin *, size_t n, uint64_t total, double p);

/*
 * The grouped median: values that a clock rounded to steps of `quantum` ticks (0: of one) lie anywhere
 * within half a step of what it said, evenly.  Half of them below a point inside the group that holds
 * the middle: so medians 3 % apart read 3 % apart where a step is 8 % of them.  Within 1 % of a value
 * of ten steps and more; 0 for no ops.
 */
double hist_median(const struct hist *, double quantum);
double hist_bins_median(const struct hist_bin *, size_t n, uint64_t total, double quantum);

#endif
