/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The rank tests of stats.h.  With ties the mid-ranks that were seen are permuted:
 * ranks are doubled, so that they are whole numbers, and the number of ways to
 * reach each sum is counted.
 */
#include "stats.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#define MATHLIB_STANDALONE
#include <Rmath.h>

/* Values in all; beyond, the normal approximation is as good and the tables get large. */
enum { EXACT_SIGNED = 400, EXACT_SUM = STATS_EXACT_SUM };

struct item { double v; unsigned rank2; bool x; };	/* rank2: twice the mid-rank */

static int
by_value(const void *a, const void *b)
{
	const struct item *p = a, *q = b;

	return (p->v > q->v) - (p->v < q->v);
}

/* Sort and give mid-ranks; returns the tie term sum(t^3 - t). */
static double
give_ranks(struct item *it, size_t n, bool *ties)
{
	double term = 0;

	qsort(it, n, sizeof(*it), by_value);
	*ties = false;
	for (size_t i = 0, j; i < n; i = j) {
		double t;

		for (j = i + 1; j < n && it[j].v == it[i].v; j++)
			*ties = true;
		for (size_t k = i; k < j; k++)
			it[k].rank2 = (unsigned)(i + j + 1);
		t = (double)(j - i);
		term += t * t * t - t;
	}
	return term;
}

/* p of a whole-number statistic s2 (doubled) from how likely each sum is. */
static void
from_table(const double *prob, size_t max2, size_t s2, struct test *t)
{
	double below = 0, above = 0;

	for (size_t s = 0; s <= s2; s++)
		below += prob[s];
	for (size_t s = s2; s <= max2; s++)
		above += prob[s];
	t->p_less = fmin(1, below);
	t->p_greater = fmin(1, above);
}

static void
from_normal(double mean, double var, struct test *t)
{
	double d = t->statistic - mean, sd = sqrt(var);

	t->exact = false;
	t->p_less = sd > 0 ? pnorm5((d + 0.5) / sd, 0, 1, 1, 0) : 1;
	t->p_greater = sd > 0 ? pnorm5((d - 0.5) / sd, 0, 1, 0, 0) : 1;
}

/* Each rank is in the sum or not, with probability 1/2. */
static int
signed_table(const struct item *it, size_t n, size_t s2, struct test *t)
{
	size_t max2 = n * (n + 1), top = 0;
	double *prob = calloc(max2 + 1, sizeof(*prob));

	if (prob == NULL)
		return -ENOMEM;
	prob[0] = 1;
	for (size_t i = 0; i < n; i++) {
		size_t r = it[i].rank2;

		top += r;
		for (size_t s = top + 1; s-- > 0;)
			prob[s] = (prob[s] + (s >= r ? prob[s - r] : 0)) / 2;
	}
	from_table(prob, max2, s2, t);
	free(prob);
	return 0;
}

int
stats_signed_rank(const double *d, size_t n, struct test *t)
{
	struct item *it = calloc(n ? n : 1, sizeof(*it));
	double term, m;
	size_t s2 = 0;
	int err = 0;

	*t = (struct test){ .p = 1, .p_less = 1, .p_greater = 1, .exact = true };
	if (it == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++)
		if (d[i] != 0)
			it[t->n++] = (struct item){ .v = fabs(d[i]), .x = d[i] > 0 };
	term = give_ranks(it, t->n, &t->ties);
	for (size_t i = 0; i < t->n; i++)
		s2 += it[i].x ? it[i].rank2 : 0;
	t->statistic = (double)s2 / 2;
	m = (double)t->n;
	if (t->n > EXACT_SIGNED) {
		from_normal(m * (m + 1) / 4, m * (m + 1) * (2 * m + 1) / 24 - term / 48, t);
	} else if (t->ties) {
		err = signed_table(it, t->n, s2, t);
	} else if (t->n > 0) {
		t->p_less = psignrank(t->statistic, m, 1, 0);
		t->p_greater = psignrank(t->statistic - 1, m, 0, 0);
	}
	t->p = fmin(1, 2 * fmin(t->p_less, t->p_greater));
	free(it);
	return err;
}

/* prob[k][s]: the first items give k ranks of sum s to x; each choice of nx of n alike. */
static int
sum_table(const struct item *it, size_t n, size_t nx, size_t s2, struct test *t)
{
	size_t max2 = n * (n + 1), w = max2 + 1;
	double *prob = calloc((nx + 1) * w, sizeof(*prob)), total;

	if (prob == NULL)
		return -ENOMEM;
	prob[0] = 1;
	for (size_t i = 0; i < n; i++) {
		size_t r = it[i].rank2;

		for (size_t k = i + 1 < nx ? i + 1 : nx; k > 0; k--)
			for (size_t s = r; s <= max2; s++)
				prob[k * w + s] += prob[(k - 1) * w + s - r];
		/* Kept in range: only the quotients matter. */
		if (i % 64 == 63)
			for (size_t j = 0; j < (nx + 1) * w; j++)
				prob[j] *= 0x1p-64;
	}
	total = 0;
	for (size_t s = 0; s <= max2; s++)
		total += prob[nx * w + s];
	for (size_t s = 0; s <= max2; s++)
		prob[nx * w + s] /= total;
	from_table(prob + nx * w, max2, s2, t);
	free(prob);
	return 0;
}

int
stats_rank_sum(const double *x, size_t nx, const double *y, size_t ny, struct test *t)
{
	size_t n = nx + ny, s2 = 0;
	struct item *it = calloc(n ? n : 1, sizeof(*it));
	double a = (double)nx, b = (double)ny, N = a + b, term;
	int err = 0;

	*t = (struct test){ .n = n, .p = 1, .p_less = 1, .p_greater = 1, .exact = true };
	if (it == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++)
		it[i] = (struct item){ .v = i < nx ? x[i] : y[i - nx], .x = i < nx };
	term = give_ranks(it, n, &t->ties);
	for (size_t i = 0; i < n; i++)
		s2 += it[i].x ? it[i].rank2 : 0;
	t->statistic = (double)s2 / 2 - a * (a + 1) / 2;
	if (nx == 0 || ny == 0) {
		t->n = 0;
	} else if (n > EXACT_SUM) {
		from_normal(a * b / 2, a * b / 12 * (N + 1 - term / (N * (N - 1))), t);
	} else if (t->ties) {
		err = sum_table(it, n, nx, s2, t);
	} else {
		t->p_less = pwilcox(t->statistic, a, b, 1, 0);
		t->p_greater = pwilcox(t->statistic - 1, a, b, 0, 0);
	}
	t->p = fmin(1, 2 * fmin(t->p_less, t->p_greater));
	free(it);
	return err;
}
