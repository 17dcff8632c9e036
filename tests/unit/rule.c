// links: rule.o stats.o order.o -lRmath -lm
/* SPDX-License-Identifier: BSD-2-Clause */
/* What stands for a point, and what counts: said once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "rule.h"

#define P50   (1u << metric_latency(STAMP_DRAINED, LATENCY_P50))
#define ISSUE (1u << metric_latency(STAMP_ISSUE, LATENCY_P50))
#define TIME  (1u << METRIC_TIME)

static void
headlines(void **state)
{
	(void)state;
	assert_int_equal(headline_of(P50 | ISSUE | TIME, false), metric_latency(STAMP_DRAINED, LATENCY_P50));
	assert_int_equal(headline_of(P50 | ISSUE | TIME, true), METRIC_TIME);
	assert_int_equal(headline_of(P50 | ISSUE, true), metric_latency(STAMP_DRAINED, LATENCY_P50));
	assert_int_equal(headline_of(ISSUE | TIME, false), METRIC_TIME);
	assert_int_equal(headline_of(ISSUE, false), metric_latency(STAMP_ISSUE, LATENCY_P50));
	assert_int_equal(headline_of(1u << METRIC_BANDWIDTH, false), METRIC_BANDWIDTH);
	assert_int_equal(headline_of(1u << METRIC_RATE | 1u << METRIC_FLOOR, false), METRICS);
	assert_int_equal(headline_of(0, true), METRICS);
}

static void
floors(void **state)
{
	(void)state;
	assert_true(near_floor(99.9, 10));
	assert_false(near_floor(100, 10));
	assert_false(near_floor(5, 0));
}

/* The undisturbed stretches where there are any. */
static void
amortised(void **state)
{
	(void)state;
	assert_true(op_ticks(100, 300, 50, 100) == 2);
	assert_true(op_ticks(100, 300, 0, 0) == 3);
}

static void
clean(void **state)
{
	(void)state;
	assert_true(repeat_clean(1) && repeat_clean(0.5));
	assert_false(repeat_clean(0.49) || repeat_clean(0));
	assert_true(repeat_untainted(5, 0) && repeat_untainted(5, 1) && repeat_untainted(0, 0));
	assert_false(repeat_untainted(5, 2) || repeat_untainted(1, 1));
	assert_int_equal(repeats_used(5, 12), 12);
	assert_int_equal(repeats_used(6, 12), 6);
	assert_int_equal(repeats_used(0, 0), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(headlines), cmocka_unit_test(floors), cmocka_unit_test(amortised), cmocka_unit_test(clean),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
