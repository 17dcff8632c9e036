/* SPDX-License-Identifier: BSD-2-Clause */
/* Hodges-Lehmann shifts and ratios of stats.h: the few order statistics that are needed are
 * picked, not sorted for. */
#include "stats.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#define MATHLIB_STANDALONE
#include <Rmath.h>

static const struct interval none = { .est = NAN, .lo = NAN, .hi = NAN };

/* Put the value of rank k (from 0) at x[k], smaller ones before it, and return it (Hoare's FIND).
 * */
static double
pick(double *x, size_t n, size_t k)
{
	ptrdiff_t lo = 0, hi = (ptrdiff_t)n - 1, at = (ptrdiff_t)k;

	while (lo < hi) {
		const double pivot = x[at];
		ptrdiff_t i = lo, j = hi;

		while (i <= j) {
			while (x[i] < pivot)
				i++;
			while (x[j] > pivot)
				j--;
			if (i <= j) {
				double keep = x[i];

				x[i++] = x[j];
				x[j--] = keep;
			}
		}
		lo = j < at ? i : lo;
		hi = at < i ? j : hi;
	}
	return x[k];
}

static double
picked_median(double *x, size_t n)
{
	double hi = n ? pick(x, n, n / 2) : NAN, lo = hi;

	if (n % 2 == 1 || n == 0)
		return hi;
	for (size_t i = 0; i < n / 2; i++)
		lo = i == 0 || x[i] > lo ? x[i] : lo;
	return (lo + hi) / 2;
}

/* A confidence that is asked for: the rank that bounds it on either side (0: none), and what it
 * is. */
struct bound { size_t k; double level; };

/* The estimate and the intervals from unsorted averages or differences. */
static void
shifts(double *s, size_t n, const struct bound *b, struct interval *out, size_t levels)
{
	double est = picked_median(s, n);

	for (size_t i = 0; i < levels; i++) {
		out[i] = none;
		out[i].est = est;
		if (b[i].k == 0 || 2 * b[i].k > n)
			continue;
		out[i].lo = pick(s, n, b[i].k - 1);
		out[i].hi = pick(s, n, n - b[i].k);
		out[i].level = b[i].level;
		out[i].has = true;
	}
}

static struct bound
signed_bound(double n, double tail)
{
	double k = qsignrank(tail, n, 1, 0);

	k += psignrank(k, n, 1, 0) <= tail;
	return (struct bound){ (size_t)k, k > 0 ? 1 - 2 * psignrank(k - 1, n, 1, 0) : 0 };
}

static int
hl_paired(const double *d, size_t n, const double *conf, size_t levels, struct interval *out)
{
	struct bound b[STATS_LEVELS] = { 0 };
	size_t m = n * (n + 1) / 2, at = 0;
	double *walsh = malloc((m ? m : 1) * sizeof(*walsh));

	if (walsh == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++)
		for (size_t j = i; j < n; j++)
			walsh[at++] = (d[i] + d[j]) / 2;
	for (size_t i = 0; i < levels && n > 0; i++)
		b[i] = signed_bound((double)n, (1 - conf[i]) / 2);
	shifts(walsh, m, b, out, levels);
	free(walsh);
	return 0;
}

/* Which of the ordered differences bounds the shift. */
static struct bound
sum_bound(double a, double b, double tail)
{
	double k;

	if (a + b > STATS_EXACT_SUM) {
		double sd = sqrt(a * b * (a + b + 1) / 12);

		k = floor(a * b / 2 + qnorm5(tail, 0, 1, 1, 0) * sd);
		return (struct bound){ k > 0 ? (size_t)k : 0,
				       1 - 2 * pnorm5((k - a * b / 2) / sd, 0, 1, 1, 0) };
	}
	k = qwilcox(tail, a, b, 1, 0);
	k += pwilcox(k, a, b, 1, 0) <= tail;
	return (struct bound){ (size_t)k, 1 - 2 * pwilcox(k - 1, a, b, 1, 0) };
}

static int
hl_two(const double *x, size_t nx, const double *y, size_t ny, const double *conf, size_t levels,
       struct interval *out)
{
	struct bound b[STATS_LEVELS] = { 0 };
	size_t m = nx * ny, at = 0;
	double *diff = malloc((m ? m : 1) * sizeof(*diff));

	if (diff == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < nx; i++)
		for (size_t j = 0; j < ny; j++)
			diff[at++] = x[i] - y[j];
	for (size_t i = 0; i < levels && m > 0; i++)
		b[i] = sum_bound((double)nx, (double)ny, (1 - conf[i]) / 2);
	shifts(diff, m, b, out, levels);
	free(diff);
	return 0;
}

int
stats_hl_paired(const double *d, size_t n, double conf, struct interval *out)
{
	*out = none;
	return hl_paired(d, n, &conf, 1, out);
}

int
stats_hl_two(const double *x, size_t nx, const double *y, size_t ny, double conf,
	     struct interval *out)
{
	*out = none;
	return hl_two(x, nx, y, ny, &conf, 1, out);
}

static void
exponentiate(struct interval *i, size_t n)
{
	for (; n > 0; n--, i++) {
		i->est = exp(i->est);
		i->lo = exp(i->lo);
		i->hi = exp(i->hi);
	}
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
stats_ratio_paired(const double *x, const double *y, size_t n, const double *conf, size_t levels,
		   struct interval *out)
{
	int err = 0;
	double *lx = logs(x, n, &err), *ly = logs(y, n, &err);

	for (size_t i = 0; i < levels; i++)
		out[i] = none;
	if (err == 0) {
		for (size_t i = 0; i < n; i++)
			lx[i] -= ly[i];
		err = hl_paired(lx, n, conf, levels, out);
		exponentiate(out, levels);
	}
	free(lx);
	free(ly);
	return err;
}

int
stats_ratio_two(const double *x, size_t nx, const double *y, size_t ny, const double *conf, size_t levels,
		struct interval *out)
{
	int err = 0;
	double *lx = logs(x, nx, &err), *ly = logs(y, ny, &err);

	for (size_t i = 0; i < levels; i++)
		out[i] = none;
	if (err == 0) {
		err = hl_two(lx, nx, ly, ny, conf, levels, out);
		exponentiate(out, levels);
	}
	free(lx);
	free(ly);
	return err;
}
