// links: hist.o -lm
/* SPDX-License-Identifier: BSD-2-Clause */
/* The histogram against sorted arrays: every bucket, the promised precision, the ends. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "hist.h"
#include "rng.h"

static struct hist h, g;

static void
buckets_tile_the_range(void **state)
{
	uint64_t next = 0;

	(void)state;
	for (uint32_t i = 0; i < HIST_BUCKETS; i++) {
		struct hist_bin b;
		size_t at = 0;

		hist_reset(&h);
		h.count[i] = 1;
		h.n = 1;
		h.min = 0;
		h.max = UINT32_MAX;
		assert_true(hist_next(&h, &at, &b));
		assert_int_equal(b.lo, next);
		assert_int_equal(hist_index(b.lo), i);
		assert_int_equal(hist_index(b.hi), i);
		assert_true((b.hi - b.lo) / 2.0 <= b.lo / 1000.0);
		assert_false(hist_next(&h, &at, &b));
		next = (uint64_t)b.hi + 1;
	}
	assert_int_equal(next, 1ull << 32);
}

static void
ends_are_exact(void **state)
{
	struct hist_bin b, last = { 0 };
	size_t at = 0;

	(void)state;
	hist_reset(&h);
	hist_add(&h, 100003);
	hist_add(&h, HIST_CLIPPED);
	hist_add_n(&h, 200007, 3);
	hist_add_n(&h, 5, 0);
	assert_true(hist_next(&h, &at, &b));
	assert_int_equal(b.lo, 100003);
	while (hist_next(&h, &at, &b))
		last = b;
	assert_int_equal(last.hi, UINT32_MAX);
	assert_int_equal(hist_count(&h), 5);
	assert_int_equal(h.sum, 100003ull + UINT32_MAX + 3 * 200007ull);
}

static int
ascending(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

static void
percentiles_match_a_sort(void **state)
{
	static const double ps[] = { 0, 0.001, 0.5, 0.9, 0.99, 0.999, 0.9999, 1 };
	static uint32_t v[20000];
	static struct hist_bin bin[20000];
	uint64_t x = 88172645463325252ull;
	size_t n = sizeof(v) / sizeof(v[0]), nbin = 0, at = 0;

	(void)state;
	hist_reset(&h);
	for (size_t i = 0; i < n; i++) {
		x ^= x << 13; x ^= x >> 7; x ^= x << 17;
		v[i] = (uint32_t)(x >> 32) >> (x & 31);
		hist_add(&h, v[i]);
	}
	qsort(v, n, sizeof(v[0]), ascending);
	while (hist_next(&h, &at, &bin[nbin]))
		nbin++;
	for (size_t k = 0; k < sizeof(ps) / sizeof(ps[0]); k++) {
		size_t rank = (size_t)(ps[k] * (double)n + 0.9999);
		double want = v[rank ? rank - 1 : 0], got = hist_percentile(&h, ps[k]);

		assert_true(got >= want * 0.999 && got <= want * 1.001);
		assert_true(got == hist_bins_percentile(bin, nbin, n, ps[k]));
	}
}

/* A clock of steps of 26 ticks stamps ops of `steps` steps: each delta is one of two neighbours on its
 * grid, by the phase it met.  What the median is read as, in steps. */
enum { STEP = 26 };

static double
read_median(double steps, double jitter, uint64_t *rng)
{
	hist_reset(&h);
	for (int i = 0; i < 40000; i++) {
		double noise = 0, phase = (double)(rng_next(rng) >> 11) / (double)(1ull << 53);

		for (int k = 0; k < 12; k++)
			noise += (double)(rng_next(rng) >> 11) / (double)(1ull << 53) - 0.5;
		hist_add(&h, STEP * (uint32_t)(steps * (1 + jitter * noise) + phase));
	}
	return hist_median(&h, STEP) / STEP;
}

/* Ratios of medians on that grid: 1.029 and 1.046 of 12 steps would both read 1, 1.071 and 1.117 both
 * 1.083. */
static void
medians_between_steps(void **state)
{
	static const double ratio[] = { 1.029, 1.046, 1.071, 1.117 }, jitters[] = { 0, 0.005, 0.02, 0.1 };
	uint64_t rng = 1;

	(void)state;
	for (double base = 10; base < 14; base += 0.25)
		for (size_t j = 0; j < 4; j++) {
			const double one = read_median(base, jitters[j], &rng);

			if (fabs(one / base - 1) > 0.012)
				fail_msg("%.2f steps, jitter %.3f: %.3f", base, jitters[j], one);
			for (size_t k = 0; k < 4; k++) {
				const double two = read_median(base * ratio[k], jitters[j], &rng) / one;

				if (fabs(two / ratio[k] - 1) > 0.018 || (base == 12 && fabs(two / ratio[k] - 1) > 0.012))
					fail_msg("%.2f steps, jitter %.3f: ratio %.3f reads %.3f", base, jitters[j], ratio[k], two);
			}
		}
}

/* Where values are finer than buckets, and without a grid, it is the median there always was. */
static void
medians_without_steps(void **state)
{
	static struct hist_bin bin[64];
	size_t n = 0, at = 0;

	(void)state;
	hist_reset(&h);
	assert_true(hist_median(&h, 0) == 0);
	for (uint32_t v = 100; v < 301; v++)
		hist_add(&h, v);
	assert_true(hist_median(&h, 0) == 200);
	assert_true(hist_median(&h, 1) == 200);
	hist_reset(&h);
	hist_add_n(&h, 1000, 10);
	hist_add_n(&h, 500000, 11);
	hist_add(&h, 3000000);
	while (hist_next(&h, &at, &bin[n]))
		n++;
	assert_in_range((uint64_t)hist_median(&h, 26), 499500, 500500);
	assert_true(hist_median(&h, 26) == hist_bins_median(bin, n, hist_count(&h), 26));
	assert_true(hist_bins_median(bin, 0, 0, 26) == 0);
}

static void
merging_is_adding(void **state)
{
	static struct hist both;

	(void)state;
	hist_reset(&h); hist_reset(&g); hist_reset(&both);
	for (uint32_t i = 0; i < 3000; i++) {
		hist_add(i & 1 ? &h : &g, i * i);
		hist_add(&both, i * i);
	}
	hist_merge(&h, &g);
	assert_memory_equal(&h, &both, sizeof(h));
	hist_reset(&g);
	hist_merge(&h, &g);
	assert_memory_equal(&h, &both, sizeof(h));
}

static void
saturates_and_is_empty(void **state)
{
	struct hist_bin b;
	size_t at = 0;

	(void)state;
	hist_reset(&h);
	assert_false(hist_next(&h, &at, &b));
	assert_true(hist_percentile(&h, 0.5) == 0);
	assert_true(hist_bins_percentile(&b, 0, 0, 0.5) == 0);
	hist_add_n(&h, 7, UINT32_MAX);
	hist_add_n(&h, 7, 10);
	assert_int_equal(h.count[7], UINT32_MAX);
	assert_int_equal(hist_count(&h), UINT32_MAX + 10ull);
	assert_true(hist_percentile(&h, 1) == 7);
}

static void
tail_rule(void **state)
{
	(void)state;
	assert_true(hist_supports(200, 0.5));
	assert_false(hist_supports(199, 0.5));
	assert_true(hist_supports(10000000, 0.99999));
	assert_false(hist_supports(9900000, 0.99999));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(buckets_tile_the_range),
		cmocka_unit_test(ends_are_exact),
		cmocka_unit_test(percentiles_match_a_sort),
		cmocka_unit_test(medians_between_steps),
		cmocka_unit_test(medians_without_steps), cmocka_unit_test(merging_is_adding),
		cmocka_unit_test(saturates_and_is_empty),
		cmocka_unit_test(tail_rule),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
