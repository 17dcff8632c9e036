// links: modes.o -lm
/* SPDX-License-Identifier: BSD-2-Clause */
/* How often one peak is called two, and two are found: by simulation. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <math.h>
#include "modes.h"
#include "rng.h"

enum { DRAWS = 10000 };
static uint64_t state = 7;
static const double residual[] = {
#include "residuals.inc"
};

static double
uniform(void)
{
	state = rng_mix(state + 0x9e3779b97f4a7c15u);
	return ((double)(state >> 11) + 0.5) / 0x1p53;
}

static double
normal(void)
{
	return sqrt(-2 * log(uniform())) * cos(2 * M_PI * uniform());
}

static double
exponential(void)
{
	return -log(uniform());
}

static double
laplace(void)
{
	return exponential() * (uniform() < 0.5 ? -1 : 1);
}

static double
lognormal(void)
{
	return exp(0.5 * normal());
}

static double
student3(void)
{
	double a = normal(), b = normal(), c = normal();

	return normal() / sqrt((a * a + b * b + c * c) / 3);
}

static double
triangle(void)
{
	return uniform() + uniform();
}

/* Two modes, ten of their standard deviations apart, each as likely as the other. */
static double
two_modes(void)
{
	return normal() + (uniform() < 0.5 ? 10 : 0);
}

static int
ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* The share of samples of n values that are called two. */
static double
called_two(double (*draw)(void), size_t n, double at)
{
	double x[64];
	size_t two = 0;

	for (int k = 0; k < DRAWS; k++) {
		for (size_t i = 0; i < n; i++)
			x[i] = at + draw();
		qsort(x, n, sizeof *x, ascending);
		two += modes_two(x, n, 0);
	}
	return (double)two / DRAWS;
}

static void
one_peak(void **unused)
{
	static const struct { const char *name; double (*draw)(void); } peak[] = {
		{ "flat", uniform }, { "normal", normal }, { "exponential", exponential }, { "Laplace", laplace },
		{ "log-normal", lognormal }, { "Student t, 3 degrees", student3 }, { "triangle", triangle },
	};
	static const size_t n[] = { 6, 10, 13, 20, 30 };

	(void)unused;
	for (size_t k = 0; k < sizeof peak / sizeof *peak; k++)
		for (size_t i = 0; i < sizeof n / sizeof *n; i++) {
			double rate = called_two(peak[k].draw, n[i], 1);

			/* Four standard deviations of the simulation itself. */
			if (rate > MODES_ALARM + 0.009)
				fail_msg("%s, n=%zu: %.4f", peak[k].name, n[i], rate);
		}
}

/* Repeats of real runs on a busy machine: each shuffled over all points. */
static double
residual_draw(void)
{
	return exp(residual[(size_t)(uniform() * (sizeof residual / sizeof *residual))]);
}

static void
real_residuals(void **unused)
{
	(void)unused;
	assert_true(called_two(residual_draw, 6, 0) < MODES_ALARM);
	assert_true(called_two(residual_draw, 10, 0) < MODES_ALARM);
	assert_true(called_two(residual_draw, 30, 0) < MODES_ALARM);
}

static void
two_peaks(void **unused)
{
	(void)unused;
	assert_true(called_two(two_modes, 10, 20) > 0.7);
	assert_true(called_two(two_modes, 20, 20) > 0.9);
}

static void
by_hand(void **unused)
{
	static const double two[] = { 100, 101, 102, 103, 104, 160, 161, 162, 163, 164 };
	static const double tail[] = { 100, 101, 102, 103, 104, 105, 106, 107, 160, 161 };
	static const double near[] = { 1000, 1000, 1000, 1000, 1000, 1040, 1040, 1040, 1040, 1040 };
	static const double steps[] = { 40, 40, 40, 40, 40, 50, 50, 50, 50, 50 };
	static const double same[] = { 5, 5, 5, 5, 5, 5 };

	(void)unused;
	assert_true(modes_two(two, 10, 0));
	assert_true(modes_two(two, 10, 10));
	assert_false(modes_two(two, 10, 28));	/* 56 are two steps of 28 */
	assert_false(modes_two(tail, 10, 0));	/* two of ten are outliers, no group */
	assert_false(modes_two(near, 10, 0));	/* 4 % */
	assert_true(modes_two(steps, 10, 0));
	assert_false(modes_two(steps, 10, 10));	/* the clock's rounding */
	assert_false(modes_two(same, 6, 0));
	assert_true(modes_two(two + 2, 6, 0));
	assert_false(modes_two(two + 2, 5, 0));
	assert_false(modes_two(two, 0, 0));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(by_hand),
		cmocka_unit_test(one_peak),
		cmocka_unit_test(two_peaks),
		cmocka_unit_test(real_residuals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
