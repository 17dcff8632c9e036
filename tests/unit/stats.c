// links: stats.o shift.o ranktest.o order.o -lRmath -lm
/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The statistics against published worked examples and against brute force.
 *
 * HW: M. Hollander, D. A. Wolfe, Nonparametric Statistical Methods, 1973 (the data of
 * both examples are also those of R's help page of wilcox.test).
 * LB: J.-Y. Le Boudec, Performance Evaluation of Computer and Communication Systems,
 * EPFL Press 2010, table of the intervals of the median for small n.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <errno.h>
#include <math.h>
#include "stats.h"

#define N(a) (sizeof(a) / sizeof((a)[0]))

static void
near(double got, double want, double eps)
{
	if (!(fabs(got - want) <= eps))
		fail_msg("%.10g is not %.10g", got, want);
}

static void
median_ranks(void **state)
{
	/* LB: n, j, k, level */
	static const struct { size_t n, lo, hi; double level; } want[] = {
		{ 6, 1, 6, 0.969 }, { 7, 1, 7, 0.984 }, { 8, 1, 8, 0.992 }, { 9, 2, 8, 0.961 },
		{ 10, 2, 9, 0.979 }, { 11, 2, 10, 0.988 }, { 12, 3, 10, 0.961 },
		{ 13, 3, 11, 0.978 }, { 15, 4, 12, 0.965 }, { 20, 6, 15, 0.959 },
		{ 25, 8, 18, 0.957 }, { 30, 10, 21, 0.957 },
	};
	struct ranks r;

	(void)state;
	for (size_t i = 0; i < N(want); i++) {
		assert_true(stats_median_ranks(want[i].n, 0.95, &r));
		assert_int_equal(r.lo, want[i].lo);
		assert_int_equal(r.hi, want[i].hi);
		near(r.level, want[i].level, 0.0006);
	}
	for (size_t n = 0; n < 6; n++)
		assert_false(stats_median_ranks(n, 0.95, &r));
	assert_true(stats_median_ranks(5, 0.9, &r));
	assert_true(stats_median_ranks(5, 0.9375, &r));	/* exactly 1 - 2/32 */
	assert_int_equal(stats_median_needs(0.95), 6);
	assert_int_equal(stats_median_needs(0.90), 5);
	assert_int_equal(stats_median_needs(0.99), 8);
	assert_int_equal(stats_median_bound(5, 0.95), 5);	/* 1 - 1/32 */
	assert_int_equal(stats_median_bound(4, 0.95), 0);
	assert_int_equal(stats_median_bound(10, 0.95), 9);	/* 1 - 11/1024 */
}

static void
median_and_quantiles(void **state)
{
	static const double x[] = { 5, 1, 4, 2, 3, 10, 7, 8, 6, 9 };
	static const double s[] = { 1, 2, 3, 4 };
	struct interval i;

	(void)state;
	assert_int_equal(stats_median(x, 10, 0.95, &i), 0);
	near(i.est, 5.5, 0);
	near(i.lo, 2, 0);
	near(i.hi, 9, 0);
	assert_true(i.has);
	assert_int_equal(stats_median(x, 5, 0.95, &i), 0);
	near(i.est, 3, 0);
	assert_false(i.has);
	assert_true(isnan(i.lo) && isnan(i.hi));
	assert_int_equal(stats_median(x, 0, 0.95, &i), 0);
	assert_true(isnan(i.est));
	near(stats_sorted_quantile(s, 4, 0.25), 1.75, 1e-12);	/* R: quantile(1:4, .25) */
	near(stats_sorted_quantile(s, 4, 1), 4, 0);
}

/* HW p. 29: the Hamilton depression scale of nine patients, at two visits. */
static const double visit1[] = { 1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30 };
static const double visit2[] = { 0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29 };
/* HW p. 69: permeability of human chorioamnion at term and at 12 to 26 weeks. */
static const double term[] = { 0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46 };
static const double early[] = { 1.15, 0.88, 0.90, 0.74, 1.21 };

static void
hollander_wolfe_paired(void **state)
{
	double d[9];
	struct test t;
	struct interval i;

	(void)state;
	for (size_t k = 0; k < 9; k++)
		d[k] = visit1[k] - visit2[k];
	assert_int_equal(stats_signed_rank(d, 9, &t), 0);
	near(t.statistic, 40, 0);		/* R's help page: V = 40, p = 0.01953 */
	near(t.p_greater, 0.01953125, 1e-9);
	near(t.p, 0.0390625, 1e-9);
	assert_true(t.exact && !t.ties && t.n == 9);
	assert_int_equal(stats_hl_paired(d, 9, 0.95, &i), 0);
	near(i.est, 0.46, 1e-9);		/* HW: 0.46, (0.010, 0.786) at 96.1 % */
	near(i.lo, 0.010, 1e-9);
	near(i.hi, 0.786, 1e-9);
	near(i.level, 0.961, 0.0005);
}

static void
hollander_wolfe_two(void **state)
{
	struct test t;
	struct interval i;

	(void)state;
	assert_int_equal(stats_rank_sum(term, 10, early, 5, &t), 0);
	near(t.statistic, 35, 0);		/* R's help page: W = 35, p = 0.1272 */
	near(t.p_greater, 0.1272, 0.00005);
	near(t.p, 0.2544, 0.0001);
	assert_true(t.exact && !t.ties);
	assert_int_equal(stats_hl_two(term, 10, early, 5, 0.95, &i), 0);
	near(i.est, 0.305, 1e-9);		/* HW: 0.305, (-0.15, 0.76) */
	near(i.lo, -0.15, 1e-9);
	near(i.hi, 0.76, 1e-9);
}

static void
too_few_for_an_interval(void **state)
{
	static const double d[] = { 1, 2, 3, 4, 5, 6 };
	struct interval i;

	(void)state;
	assert_int_equal(stats_hl_paired(d, 5, 0.95, &i), 0);
	assert_false(i.has);
	near(i.est, 3, 0);
	assert_int_equal(stats_hl_paired(d, 6, 0.95, &i), 0);
	assert_true(i.has);
	near(i.lo, 1, 0);
	near(i.hi, 6, 0);
	assert_int_equal(stats_hl_two(d, 3, d, 3, 0.95, &i), 0);
	assert_false(i.has);
	assert_int_equal(stats_hl_two(d, 0, d, 3, 0.95, &i), 0);
	assert_true(isnan(i.est) && !i.has);
}

/* All 2^n signs of the mid-ranks, as the definition says. */
static void
brute_signed(const double *d, size_t n, struct test *t)
{
	double rank[16], all = 0, less = 0, greater = 0, v = 0;

	for (size_t i = 0; i < n; i++) {
		rank[i] = 0.5;
		for (size_t j = 0; j < n; j++)
			rank[i] += (fabs(d[j]) < fabs(d[i])) + 0.5 * (fabs(d[j]) == fabs(d[i]));
		v += d[i] > 0 ? rank[i] : 0;
	}
	for (unsigned m = 0; m < 1u << n; m++) {
		double s = 0;

		for (size_t i = 0; i < n; i++)
			s += m >> i & 1 ? rank[i] : 0;
		all++;
		less += s <= v;
		greater += s >= v;
	}
	*t = (struct test){ .statistic = v, .p_less = less / all, .p_greater = greater / all };
}

/* All choices of nx values out of n. */
static void
brute_sum(const double *v, size_t n, size_t nx, struct test *t)
{
	double rank[16], all = 0, less = 0, greater = 0, w = 0;

	for (size_t i = 0; i < n; i++) {
		rank[i] = 0.5;
		for (size_t j = 0; j < n; j++)
			rank[i] += (v[j] < v[i]) + 0.5 * (v[j] == v[i]);
		w += i < nx ? rank[i] : 0;
	}
	for (unsigned m = 0; m < 1u << n; m++) {
		double s = 0;

		if ((size_t)__builtin_popcount(m) != nx)
			continue;
		for (size_t i = 0; i < n; i++)
			s += m >> i & 1 ? rank[i] : 0;
		all++;
		less += s <= w;
		greater += s >= w;
	}
	*t = (struct test){ .statistic = w - (double)(nx * (nx + 1)) / 2,
			    .p_less = less / all, .p_greater = greater / all };
}

static uint64_t seed = 20260101;

static double
draw(double scale)
{
	seed ^= seed << 13; seed ^= seed >> 7; seed ^= seed << 17;
	return round(((double)(seed >> 11) * 0x1p-53 - 0.4) * scale);
}

static void
rank_tests_by_brute_force(void **state)
{
	(void)state;
	for (int round = 0; round < 300; round++) {
		double x[12], scale = round % 3 == 0 ? 5 : round % 3 == 1 ? 20 : 1e9;
		size_t n = 1 + (size_t)round % 12, nx = n / 2;
		struct test t, want;

		for (size_t i = 0; i < n; i++)
			do
				x[i] = draw(scale);
			while (x[i] == 0);
		assert_int_equal(stats_signed_rank(x, n, &t), 0);
		brute_signed(x, n, &want);
		near(t.statistic, want.statistic, 0);
		near(t.p_less, want.p_less, 1e-9);
		near(t.p_greater, want.p_greater, 1e-9);
		if (nx == 0)
			continue;
		assert_int_equal(stats_rank_sum(x, nx, x + nx, n - nx, &t), 0);
		brute_sum(x, n, nx, &want);
		near(t.statistic, want.statistic, 0);
		near(t.p_less, want.p_less, 1e-9);
		near(t.p_greater, want.p_greater, 1e-9);
		assert_true(t.exact);
	}
}

static void
degenerate_tests(void **state)
{
	static const double zero[5], same[] = { 7, 7, 7, 7 };
	static double many[300];
	struct test t;

	(void)state;
	assert_int_equal(stats_signed_rank(zero, 5, &t), 0);
	near(t.p, 1, 0);
	assert_int_equal(t.n, 0);
	assert_int_equal(stats_rank_sum(same, 2, same, 4, &t), 0);
	near(t.p, 1, 0);
	assert_int_equal(stats_rank_sum(same, 0, same, 4, &t), 0);
	near(t.p, 1, 0);
	for (size_t i = 0; i < 300; i++)
		many[i] = (double)i;
	assert_int_equal(stats_rank_sum(many, 150, many + 150, 150, &t), 0);
	assert_false(t.exact);
	assert_true(t.p < 1e-40 && t.p_less < 1e-40 && t.p_greater > 0.999);
}

/* The normal approximation agrees with the exact p where both can be had. */
static void
large_samples_join_up(void **state)
{
	double x[61], y[61];
	struct test exact, approx;

	(void)state;
	for (size_t i = 0; i < 61; i++) {
		x[i] = (double)i + 0.3;
		y[i] = (double)i * 1.2 + 0.1 + (double)(i % 7);
	}
	assert_int_equal(stats_rank_sum(x, 60, y, 60, &exact), 0);
	assert_int_equal(stats_rank_sum(x, 61, y, 60, &approx), 0);
	assert_true(exact.exact && !approx.exact);
	near(approx.p, exact.p, 0.02);
}

static void
ratios(void **state)
{
	static const double conf[] = { 0.95, 0.90 };
	double x[8], y[8], bad[] = { 1, 0, 2 };
	struct interval i[2], a[2], b[2];

	(void)state;
	for (size_t k = 0; k < 8; k++) {
		y[k] = 100 + (double)k * (double)k;
		x[k] = 2 * y[k];
	}
	assert_int_equal(stats_ratio_paired(x, y, 8, conf, 2, i), 0);
	for (int k = 0; k < 2; k++) {
		near(i[k].est, 2, 1e-12);
		near(i[k].lo, 2, 1e-12);
		near(i[k].hi, 2, 1e-12);
	}
	assert_int_equal(stats_ratio_two(x, 8, y, 8, conf, 2, a), 0);
	assert_int_equal(stats_ratio_two(y, 8, x, 8, conf, 2, b), 0);
	near(a->est * b->est, 1, 1e-12);
	near(a->lo * b->hi, 1, 1e-12);
	assert_true(a[0].lo < a[1].lo && a[1].hi < a[0].hi && a[1].level >= 0.90 && a[0].level >= 0.95);
	assert_int_equal(stats_ratio_paired(bad, x, 3, conf, 1, i), -EDOM);
	assert_int_equal(stats_ratio_two(x, 8, bad, 3, conf, 1, i), -EDOM);
}

static int
ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* What is picked is what sorting finds: estimate, and ends that are averages or differences of that rank. */
static void
picked_as_sorted(void **state)
{
	(void)state;
	for (int round = 0; round < 400; round++) {
		size_t n = 1 + (size_t)round % 31, m = 1 + (size_t)round % 17, at = 0, lo = 0, hi = 0;
		double x[31], y[31], s[31 * 32], scale = round % 3 == 0 ? 4 : round % 3 == 1 ? 40 : 1e9;
		struct interval i;

		for (size_t k = 0; k < 31; k++) {
			x[k] = draw(scale);
			y[k] = draw(scale);
		}
		for (size_t k = 0; k < n * m; k++)
			s[k] = x[k / m] - y[k % m];
		qsort(s, n * m, sizeof *s, ascending);
		assert_int_equal(stats_hl_two(x, n, y, m, 0.95, &i), 0);
		near(i.est, stats_sorted_median(s, n * m), 0);
		for (size_t k = 0; k < n * m; k++) {
			lo += i.has && s[k] < i.lo;
			hi += i.has && s[k] > i.hi;
		}
		assert_true(!i.has || (s[lo] == i.lo && s[n * m - 1 - hi] == i.hi));
		for (size_t k = 0; k < n; k++)
			for (size_t j = k; j < n; j++)
				s[at++] = (x[k] + x[j]) / 2;
		qsort(s, at, sizeof *s, ascending);
		assert_int_equal(stats_hl_paired(x, n, 0.90, &i), 0);
		near(i.est, stats_sorted_median(s, at), 0);
	}
}

static void
holm(void **state)
{
	/* The worked example of Wikipedia, "Holm-Bonferroni method" (0.01 0.04 0.03 0.005). */
	double p[] = { 0.01, 0.04, 0.03, 0.005 }, one[] = { 0.7 }, big[] = { 0.6, 0.5 };

	(void)state;
	assert_int_equal(stats_holm(p, 4), 0);
	near(p[0], 0.03, 1e-12);
	near(p[1], 0.06, 1e-12);
	near(p[2], 0.06, 1e-12);
	near(p[3], 0.02, 1e-12);
	assert_int_equal(stats_holm(one, 1), 0);
	near(one[0], 0.7, 0);
	assert_int_equal(stats_holm(big, 2), 0);
	near(big[0], 1, 0);
	near(big[1], 1, 0);
	assert_int_equal(stats_holm(NULL, 0), 0);
}

/* METHOD 4: six pairs can carry at most this many rows under Holm. */
static void
least_p(void **state)
{
	static const double d[] = { 1, 2, 3, 4, 5, 6 };
	static const double x[] = { 1, 2, 3, 4, 5, 6 }, y[] = { 11, 12, 13, 14, 15, 16 };
	struct test t;

	(void)state;
	assert_int_equal(stats_signed_rank(d, 6, &t), 0);
	near(t.p, 2 / 64.0, 1e-12);
	assert_int_equal(stats_rank_sum(x, 6, y, 6, &t), 0);
	near(t.p, 2 / 924.0, 1e-12);
	assert_int_equal((int)(0.05 / t.p), 23);
}

/* Nominal 95 % intervals cover at least as often as they say, and not much more. */
static void
coverage(void **state)
{
	int hit_median = 0, hit_hl = 0, rounds = 4000;

	(void)state;
	for (int r = 0; r < rounds; r++) {
		double x[10];
		struct interval i;

		for (size_t k = 0; k < 10; k++) {
			x[k] = 0;
			for (int j = 0; j < 4; j++)
				x[k] += draw(1e9) + 0.4e9 - 0.5e9;
		}
		assert_int_equal(stats_median(x, 10, 0.95, &i), 0);
		hit_median += i.lo <= 0 && 0 <= i.hi;
		assert_int_equal(stats_hl_paired(x, 10, 0.95, &i), 0);
		hit_hl += i.lo <= 0 && 0 <= i.hi;
	}
	assert_in_range(hit_median, rounds * 0.97, rounds * 0.99);
	assert_in_range(hit_hl, rounds * 0.94, rounds * 0.97);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(median_ranks),
		cmocka_unit_test(median_and_quantiles),
		cmocka_unit_test(hollander_wolfe_paired),
		cmocka_unit_test(hollander_wolfe_two),
		cmocka_unit_test(too_few_for_an_interval),
		cmocka_unit_test(rank_tests_by_brute_force),
		cmocka_unit_test(degenerate_tests),
		cmocka_unit_test(large_samples_join_up),
		cmocka_unit_test(ratios),
		cmocka_unit_test(picked_as_sorted),
		cmocka_unit_test(holm),
		cmocka_unit_test(least_p),
		cmocka_unit_test(coverage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
