/* SPDX-License-Identifier: BSD-2-Clause */
/* Medians, Hodges-Lehmann and Holm; the rank tests are in ranktest.c. */
#include "stats.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MATHLIB_STANDALONE
#include <Rmath.h>

static int
ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void
sort(double *x, size_t n)
{
	qsort(x, n, sizeof(*x), ascending);
}

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

double
stats_sorted_median(const double *x, size_t n)
{
	if (n == 0)
		return NAN;
	return n & 1 ? x[n / 2] : (x[n / 2 - 1] + x[n / 2]) / 2;
}

double
stats_sorted_quantile(const double *x, size_t n, double p)
{
	double at = p * (double)(n - 1);
	size_t i = n ? (size_t)at : 0;

	if (n == 0)
		return NAN;
	return i + 1 < n ? x[i] + (at - (double)i) * (x[i + 1] - x[i]) : x[n - 1];
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
	sort(s, n);
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

/* The estimate and, with rank k of each end, the interval from sorted averages. */
static void
shift(double *s, size_t n, size_t k, double level, struct interval *out)
{
	sort(s, n);
	*out = none;
	out->est = stats_sorted_median(s, n);
	if (k == 0 || 2 * k > n)
		return;
	out->lo = s[k - 1];
	out->hi = s[n - k];
	out->level = level;
	out->has = true;
}

int
stats_hl_paired(const double *d, size_t n, double conf, struct interval *out)
{
	size_t m = n * (n + 1) / 2, k = 0, at = 0;
	double *walsh = malloc((m ? m : 1) * sizeof(*walsh)), tail = (1 - conf) / 2, q;

	*out = none;
	if (walsh == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++)
		for (size_t j = i; j < n; j++)
			walsh[at++] = (d[i] + d[j]) / 2;
	if (n > 0) {
		q = qsignrank(tail, (double)n, 1, 0);
		k = (size_t)q + (psignrank(q, (double)n, 1, 0) <= tail);
	}
	shift(walsh, m, k, k ? 1 - 2 * psignrank((double)k - 1, (double)n, 1, 0) : 0, out);
	signrank_free();
	free(walsh);
	return 0;
}

/* Which of the sorted differences bounds the shift; level: the confidence of both. */
static size_t
sum_rank(double a, double b, double tail, double *level)
{
	double q, k;

	if (a + b > STATS_EXACT_SUM) {
		double sd = sqrt(a * b * (a + b + 1) / 12);

		k = floor(a * b / 2 + qnorm5(tail, 0, 1, 1, 0) * sd);
		*level = 1 - 2 * pnorm5((k - a * b / 2) / sd, 0, 1, 1, 0);
		return k > 0 ? (size_t)k : 0;
	}
	q = qwilcox(tail, a, b, 1, 0);
	k = q + (pwilcox(q, a, b, 1, 0) <= tail);
	*level = 1 - 2 * pwilcox(k - 1, a, b, 1, 0);
	wilcox_free();
	return (size_t)k;
}

int
stats_hl_two(const double *x, size_t nx, const double *y, size_t ny, double conf,
	     struct interval *out)
{
	size_t m = nx * ny, k = 0, at = 0;
	double *diff = malloc((m ? m : 1) * sizeof(*diff)), level = 0;

	*out = none;
	if (diff == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < nx; i++)
		for (size_t j = 0; j < ny; j++)
			diff[at++] = x[i] - y[j];
	if (m > 0)
		k = sum_rank((double)nx, (double)ny, (1 - conf) / 2, &level);
	shift(diff, m, k, level, out);
	free(diff);
	return 0;
}

static void
exponentiate(struct interval *i)
{
	i->est = exp(i->est);
	i->lo = exp(i->lo);
	i->hi = exp(i->hi);
}

static double *
logs(const double *x, size_t n, int *err)
{
	double *l = malloc((n ? n : 1) * sizeof(*l));

	if (l == NULL)
		*err = -ENOMEM;
	for (size_t i = 0; i < n && l; i++) {
		if (!(x[i] > 0))
			*err = -EDOM;
		l[i] = log(x[i] > 0 ? x[i] : 1);
	}
	return l;
}

int
stats_ratio_paired(const double *x, const double *y, size_t n, double conf, struct interval *out)
{
	int err = 0;
	double *lx = logs(x, n, &err), *ly = logs(y, n, &err);

	*out = none;
	if (err == 0) {
		for (size_t i = 0; i < n; i++)
			lx[i] -= ly[i];
		err = stats_hl_paired(lx, n, conf, out);
		exponentiate(out);
	}
	free(lx);
	free(ly);
	return err;
}

int
stats_ratio_two(const double *x, size_t nx, const double *y, size_t ny, double conf,
		struct interval *out)
{
	int err = 0;
	double *lx = logs(x, nx, &err), *ly = logs(y, ny, &err);

	*out = none;
	if (err == 0) {
		err = stats_hl_two(lx, nx, ly, ny, conf, out);
		exponentiate(out);
	}
	free(lx);
	free(ly);
	return err;
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
