/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * stats.h -- the statistics of METHOD 4, nothing more: medians with exact
 * intervals, Hodges-Lehmann shifts, exact rank tests, Holm.
 *
 * Pure: arrays in, numbers out.  The distributions are libRmath's (R's
 * standalone library, GPL-2-or-later, which therefore covers the linked binary;
 * this file and all of ours stay BSD-2-Clause).  Nothing else here links it.
 * No input array is changed.  0 or -ENOMEM unless said otherwise.  libRmath keeps its
 * tables (at most 14 MB) for the next call.
 */
#ifndef STATS_H
#define STATS_H

#include <stdbool.h>
#include <stddef.h>

/* An estimate with its interval; `level` is the confidence really reached, at
 * least the one asked for.  n too small: has is false, lo and hi are NaN. */
struct interval { double est, lo, hi, level; bool has; };

/* Ranks (from 1) whose order statistics enclose the median of n with at least `conf`
 * confidence; false when no two do. */
struct ranks { size_t lo, hi; double level; };
bool   stats_median_ranks(size_t n, double conf, struct ranks *);
/* One-sided: the median is at most the value of this rank; 0 when none will do. */
size_t stats_median_bound(size_t n, double conf);
/* The least n that has an interval at all (6 for 0.95, 5 for 0.90). */
size_t stats_median_needs(double conf);

void   stats_sort(double *x, size_t n);					/* ascending, in place */
double stats_sorted_median(const double *sorted, size_t n);		/* NaN for none */
double stats_sorted_quantile(const double *sorted, size_t n, double p);	/* R's type 7 */
int    stats_median(const double *x, size_t n, double conf, struct interval *);

/* Hodges-Lehmann: the median of the Walsh averages of x (one sample, or paired
 * differences), or of all differences x_i - y_j; with the interval of the rank test. */
int stats_hl_paired(const double *diff, size_t n, double conf, struct interval *);
int stats_hl_two(const double *x, size_t nx, const double *y, size_t ny, double conf,
		 struct interval *);
/* The same on a ratio scale: how many times x is y, at up to STATS_LEVELS confidences that one
 * ordering serves.  All values must be > 0, else -EDOM. */
enum { STATS_LEVELS = 2 };
int stats_ratio_paired(const double *x, const double *y, size_t n, const double *conf, size_t levels,
		       struct interval *);
int stats_ratio_two(const double *x, size_t nx, const double *y, size_t ny, const double *conf, size_t levels,
		    struct interval *);

/*
 * Rank tests, two-sided and both one-sided p.  statistic: V (sum of the positive
 * ranks) or U (pairs with x > y, half for equal ones).  Exact without ties by
 * libRmath, with ties by the permutation distribution of the mid-ranks that were
 * seen; above 400 differences or 120 values of two samples by the normal
 * approximation with the tie correction, and exact says so.  Zero differences are
 * dropped and n is what was left; no value left, or one side empty: p = 1.
 */
enum { STATS_EXACT_SUM = 120 };
struct test { double statistic, p, p_less, p_greater; size_t n; bool exact, ties; };
int stats_signed_rank(const double *diff, size_t n, struct test *);
int stats_rank_sum(const double *x, size_t nx, const double *y, size_t ny, struct test *);

/* Holm's step-down: p becomes the adjusted p, order kept. */
int stats_holm(double *p, size_t n);

#endif
