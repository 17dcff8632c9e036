/* SPDX-License-Identifier: BSD-2-Clause */
/* The order statistics of stats.h: no distribution and so no libRmath. */
#include "stats.h"

#include <math.h>
#include <stdlib.h>

static int
ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

void
stats_sort(double *x, size_t n)
{
	if (n > 0)
		qsort(x, n, sizeof(*x), ascending);
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
