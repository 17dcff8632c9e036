// links: compare.o stats.o ranktest.o outlier.o -lRmath -lm
/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Verdicts: by hand, by their properties, and by simulation on residuals of real runs
 * (METHOD 4: coverage, power, false verdicts).  SIM_DRAWS=10000: the long form of `make soak`.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compare.h"
#include "outlier.h"

static void
near(double a, double b, double by)
{
	if (!(fabs(a - b) <= by)) {
		print_error("%.17g is not %.17g\n", a, b);
		fail();
	}
}

static const double ten[] = { 100, 101, 99, 100.5, 99.5, 100.2, 99.8, 100.1, 99.9, 100.3 };

static struct contest
against(const double *base, const double *cand, size_t n, bool paired)
{
	return (struct contest){ .base = base, .cand = cand, .nbase = n, .ncand = n, .paired = paired };
}

static void
scaled(double *out, double by)
{
	for (size_t i = 0; i < 10; i++)
		out[i] = by * ten[(i * 7 + 3) % 10];
}

static void
four_verdicts(void **state)
{
	double slow[10], fast[10], alike[10], wide[10];
	struct contest c[4];

	(void)state;
	scaled(slow, 1.3);
	scaled(fast, 0.8);
	scaled(alike, 1.01);
	scaled(wide, 1.08);
	for (size_t i = 0; i < 10; i += 2)
		wide[i] *= 0.8;
	for (int paired = 0; paired < 2; paired++) {
		c[0] = against(ten, slow, 10, paired);
		c[1] = against(ten, fast, 10, paired);
		c[2] = against(ten, alike, 10, paired);
		c[3] = against(ten, wide, 10, paired);
		assert_int_equal(compare_judge(c, 4, 0.05), 0);
		assert_int_equal(c[0].verdict, OUTCOME_SLOWER);
		assert_int_equal(c[1].verdict, OUTCOME_FASTER);
		assert_int_equal(c[2].verdict, OUTCOME_SAME);
		assert_int_equal(c[3].verdict, OUTCOME_UNCLEAR);
		near(c[0].ratio.est, 1.3, 0.01);
		near(c[1].ratio.est, 0.8, 0.01);
		assert_true(c[0].ratio.lo < 1.3 && 1.3 < c[0].ratio.hi);
		assert_true(c[3].needs > 10);
	}
}

/* An effect that is certain but small is the same; with a smaller margin it is slower. */
static void
margin_decides(void **state)
{
	double more[10];
	struct contest c;

	(void)state;
	scaled(more, 1.03);
	c = against(ten, more, 10, false);
	assert_int_equal(compare_judge(&c, 1, 0.05), 0);
	assert_int_equal(c.verdict, OUTCOME_SAME);
	assert_true(c.holm < 0.05);
	assert_int_equal(compare_judge(&c, 1, 0.01), 0);
	assert_int_equal(c.verdict, OUTCOME_SLOWER);
}

static void
once_measured(void **state)
{
	const double a = 219.3, b = 546.8;
	struct contest c[2] = { against(&a, &b, 1, false), { .base = ten, .cand = &b, .nbase = 10, .ncand = 1 } };

	(void)state;
	assert_int_equal(compare_judge(c, 2, 0.05), 0);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(c[i].verdict, OUTCOME_SINGLE);
		assert_false(c[i].ratio.has);
		assert_true(isnan(c[i].p));
	}
	near(c[0].ratio.est, 2.4934, 0.001);
}

static void
what_few_can_carry(void **state)
{
	(void)state;
	near(compare_least_p(false, 6, 6), 2 / 924.0, 1e-12);
	near(compare_least_p(true, 6, 6), 2 / 64.0, 1e-12);
	near(compare_least_p(false, 10, 10), 2 / 184756.0, 1e-12);
	near(compare_least_p(false, 1, 10), 2 / 11.0, 1e-12);
	assert_int_equal(compare_carries(false, 6, 6), 23);
	assert_int_equal(compare_carries(true, 6, 6), 1);
	assert_int_equal(compare_carries(false, 3, 3), 0);
	assert_int_equal(compare_units_for(false, 23), 6);
	assert_int_equal(compare_units_for(false, 24), 7);
	assert_int_equal(compare_units_for(true, 1), 6);
	assert_int_equal(compare_units_for(true, 2), 7);
}

/* At 23 rows six repeats a side can still be told apart, at 24 none. */
static void
holm_at_its_edge(void **state)
{
	double slow[6], same[6];
	struct contest c[24];

	(void)state;
	for (size_t i = 0; i < 6; i++) {
		slow[i] = 2 * ten[i];
		same[i] = ten[(i + 1) % 6];
	}
	for (size_t n = 23; n <= 24; n++) {
		for (size_t i = 0; i < n; i++)
			c[i] = against(ten, i ? same : slow, 6, false);
		assert_int_equal(compare_judge(c, n, 0.05), 0);
		assert_int_equal(c[0].verdict, n == 23 ? OUTCOME_SLOWER : OUTCOME_UNCLEAR);
	}
	assert_true(c[0].needs >= 7);
}

static void
swapping_sides(void **state)
{
	double other[10];
	struct contest a, b;

	(void)state;
	scaled(other, 1.2);
	a = against(ten, other, 10, false);
	b = against(other, ten, 10, false);
	assert_int_equal(compare_judge(&a, 1, 0.05), 0);
	assert_int_equal(compare_judge(&b, 1, 0.05), 0);
	near(a.ratio.est * b.ratio.est, 1, 1e-12);
	near(a.ratio.lo * b.ratio.hi, 1, 1e-12);
	near(a.p, b.p, 1e-12);
	assert_int_equal(a.verdict, OUTCOME_SLOWER);
	assert_int_equal(b.verdict, OUTCOME_FASTER);
}

static void
not_positive(void **state)
{
	double zero[10] = { 0 };
	struct contest c = against(ten, zero, 10, false);

	(void)state;
	assert_int_equal(compare_judge(&c, 1, 0.05), -EDOM);
	assert_int_equal(compare_judge(NULL, 0, 0.05), 0);
}

static void
modified_z(void **state)
{
	/* By hand: median 6.27, MAD 0.02. */
	static const double x[] = { 6.25, 6.27, 6.28, 6.34, 68.7, 6.24, 6.27 }, flat[] = { 5, 5, 5, 5, 6 };
	double z[7], m;

	(void)state;
	assert_int_equal(outlier_z(x, 7, z, &m), 0);
	near(m, 6.27, 1e-12);
	near(z[4], 0.6745 * 62.43 / 0.02, 1e-6);
	near(z[1], 0, 1e-12);
	/* MAD 0: the mean absolute deviation 0.2 stands in. */
	assert_int_equal(outlier_z(flat, 5, z, &m), 0);
	near(z[4], 1 / (1.253314 * 0.2), 1e-9);
	near(z[0], 0, 0);
}

/* Simulation. */
static const double residual[] = {
#include "residuals.inc"
};
enum { RESIDUALS = sizeof residual / sizeof residual[0] };

static uint64_t seed = 0x9e3779b97f4a7c15;

static size_t
pick(size_t n)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (size_t)((seed * 0x2545f4914f6cdd1du >> 33) % n);
}

static double
spread(void)
{
	double sum = 0, square = 0;

	for (size_t i = 0; i < RESIDUALS; i++) {
		sum += residual[i];
		square += residual[i] * residual[i];
	}
	return sqrt(square / RESIDUALS - sum / RESIDUALS * (sum / RESIDUALS));
}

/* n times around `level`, their noise that of real repeats, of standard deviation cv (0: as it was). */
static void
draw(double *x, size_t n, double level, double cv)
{
	double scale = cv > 0 ? cv / spread() : 1;

	for (size_t i = 0; i < n; i++)
		x[i] = level * exp(scale * residual[pick(RESIDUALS)]);
}

static size_t
draws(void)
{
	const char *s = getenv("SIM_DRAWS");

	return s ? strtoul(s, NULL, 10) : 600;
}

static void
told(const char *what, double share)
{
	print_message("# %s: %.4f\n", what, share);
}

/* The interval of the median, of both ratios: 0.93 to 0.99 of those of nominal 0.95 hold the truth. */
static void
coverage(void **state)
{
	size_t n = draws(), median = 0, two = 0, paired = 0;

	(void)state;
	for (size_t i = 0; i < n; i++) {
		double x[10], y[10];
		struct interval v;

		draw(x, 10, 100, 0);
		draw(y, 10, 100, 0);
		assert_int_equal(stats_median(x, 10, 0.95, &v), 0);
		median += v.lo <= 100 && 100 <= v.hi;
		assert_int_equal(stats_ratio_two(x, 10, y, 10, 0.95, &v), 0);
		two += v.lo <= 1 && 1 <= v.hi;
		assert_int_equal(stats_ratio_paired(x, y, 10, 0.95, &v), 0);
		paired += v.lo <= 1 && 1 <= v.hi;
	}
	told("median, coverage at 0.95", (double)median / (double)n);
	told("ratio of two runs, coverage at 0.95", (double)two / (double)n);
	told("ratio in pairs, coverage at 0.95", (double)paired / (double)n);
	assert_in_range(median, n * 0.93, n * 0.99);
	assert_in_range(two, n * 0.93, n * 0.99);
	assert_in_range(paired, n * 0.93, n * 0.99);
}

enum { ROWS = 20 };

/* One table whose first row has the effect; the verdict on it. */
static enum outcome
table(double effect, double cv, double margin, size_t rows, size_t *false_rows)
{
	double base[ROWS][10], cand[ROWS][10];
	struct contest c[ROWS];

	for (size_t i = 0; i < rows; i++) {
		draw(base[i], 10, 100, cv);
		draw(cand[i], 10, i ? 100 : 100 * effect, cv);
		c[i] = against(base[i], cand[i], 10, false);
	}
	assert_int_equal(compare_judge(c, rows, margin), 0);
	*false_rows = 0;
	for (size_t i = effect == 1 ? 0 : 1; i < rows; i++)
		*false_rows += c[i].verdict == OUTCOME_FASTER || c[i].verdict == OUTCOME_SLOWER;
	return c[0].verdict;
}

static void
power(void **state)
{
	size_t n = draws() / 2, big = 0, small = 0, among = 0, wrong = 0, f;

	(void)state;
	for (size_t i = 0; i < n; i++) {
		enum outcome v = table(1.20, 0.02, 0.05, ROWS, &f);

		big += v == OUTCOME_SLOWER;
		wrong += v == OUTCOME_FASTER;
		v = table(1.05, 0.02, 0.02, 1, &f);
		small += v == OUTCOME_SLOWER;
		wrong += v == OUTCOME_FASTER;
		v = table(1.05, 0.02, 0.02, ROWS, &f);
		among += v == OUTCOME_SLOWER;
		wrong += v == OUTCOME_FASTER;
	}
	told("20 % slower at CV 2 %, margin 5 %: found", (double)big / (double)n);
	told("5 % slower at CV 2 %, margin 2 %: found", (double)small / (double)n);
	told("the same in a table of 20", (double)among / (double)n);
	assert_int_equal(big, n);
	assert_true(small >= n * 0.95);
	assert_int_equal(wrong, 0);
}

static void
false_alarms(void **state)
{
	size_t n = draws() / 2, quiet = 0, noisy = 0, f;

	(void)state;
	for (size_t i = 0; i < n; i++) {
		table(1, 0.02, 0, ROWS, &f);
		quiet += f > 0;
		table(1, 0, 0.05, ROWS, &f);
		noisy += f > 0;
	}
	told("tables of 20 with a false verdict, CV 2 %, no margin", (double)quiet / (double)n);
	told("tables of 20 with a false verdict, noise as recorded", (double)noisy / (double)n);
	/* Three standard deviations of what so many draws can show. */
	assert_true(quiet <= n * 0.05 + 3 * sqrt(n * 0.05 * 0.95));
	assert_true(noisy <= n * 0.05 + 3 * sqrt(n * 0.05 * 0.95));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(four_verdicts),
		cmocka_unit_test(margin_decides),
		cmocka_unit_test(once_measured),
		cmocka_unit_test(what_few_can_carry),
		cmocka_unit_test(holm_at_its_edge),
		cmocka_unit_test(swapping_sides),
		cmocka_unit_test(not_positive),
		cmocka_unit_test(modified_z),
		cmocka_unit_test(coverage),
		cmocka_unit_test(power),
		cmocka_unit_test(false_alarms),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
