/* SPDX-License-Identifier: BSD-2-Clause */
/* Intervals of medians and Holm; order statistics are in order.c, Hodges-Lehmann is in shift.c,
 * the rank tests are in ranktest.c. */
#include "stats.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MATHLIB_STANDALONE
#include <Rmath.h>

/* Largest k so that P(X < k) <= tail for X ~ Binomial(n, 1/2): R's quantile is the
 * least k with P(X <= k) >= tail, and one more where the two sides are equal. */
static size_t
tail_rank(size_t n, double tail)
{
	double k = qbinom(tail, (double)n, 0.5, 1, 0);

	return (size_t)k + (pbinom(k, (double)n, 0.5, 1, 0) <= tail);
}

bool
stats_median_ranks(size_t n, double conf, struct ranks *r)
{
	size_t k = n ? tail_rank(n, (1 - conf) / 2) : 0;

	if (k == 0 || 2 * k > n)
		return false;
	*r = (struct ranks){ .lo = k, .hi = n + 1 - k,
			     .level = 1 - 2 * pbinom((double)k - 1, (double)n, 0.5, 1, 0) };
	return true;
}

size_t
stats_median_bound(size_t n, double conf)
{
	size_t k = n ? tail_rank(n, 1 - conf) : 0;

	return k ? n + 1 - k : 0;
}

size_t
stats_median_needs(double conf)
{
	size_t n = 1;

	for (struct ranks r; n < 64 && !stats_median_ranks(n, conf, &r);)
		n++;
	return n;
}

static const struct interval none = { .est = NAN, .lo = NAN, .hi = NAN };

int
stats_median(const double *x, size_t n, double conf, struct interval *out)
{
	double *s = malloc((n ? n : 1) * sizeof(*s));
	struct ranks r;

	*out = none;
	if (s == NULL)
		return -ENOMEM;
	if (n > 0)
		memcpy(s, x, n * sizeof(*s));
	stats_sort(s, n);
	out->est = stats_sorted_median(s, n);
	if (stats_median_ranks(n, conf, &r)) {
		out->lo = s[r.lo - 1];
		out->hi = s[r.hi - 1];
		out->level = r.level;
		out->has = true;
	}
	free(s);
	return 0;
}

struct ranked { double p; size_t at; };

static int
by_p(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;

	return (x->p > y->p) - (x->p < y->p);
}

int
stats_holm(double *p, size_t n)
{
	struct ranked *r = malloc((n ? n : 1) * sizeof(*r));
	double least = 0;

	if (r == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++)
		r[i] = (struct ranked){ p[i], i };
	qsort(r, n, sizeof(*r), by_p);
	for (size_t i = 0; i < n; i++) {
		double adjusted = fmin(1, r[i].p * (double)(n - i));

		least = fmax(least, adjusted);
		p[r[i].at] = least;
	}
	free(r);
	return 0;
}
