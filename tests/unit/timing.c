// links: timing.o topo.o clock.o -ljansson -lhwloc -lpthread -lm
/* SPDX-License-Identifier: BSD-2-Clause */
/* Offsets between clocks, from exchanges made up for a known offset, and from this machine. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>
#include "timing.h"

/* The other clock is `offset` ticks ahead; the ways there and back take 100 to 999 ticks. */
static void
made_up(void **state)
{
	static const int64_t offsets[] = { 0, 40, -40, 5000, -5000, 123456789, -123456789 };

	(void)state;
	for (size_t i = 0; i < sizeof offsets / sizeof *offsets; i++) {
		struct offset o;
		uint64_t now = 1000000000, x = 7;

		offset_start(&o);
		for (int k = 0; k < 1000; k++) {
			uint64_t there, back;

			x = x * 6364136223846793005u + 1442695040888963407u;
			there = 100 + (x >> 33) % 900;
			x = x * 6364136223846793005u + 1442695040888963407u;
			back = 100 + (x >> 33) % 900;
			offset_narrow(&o, now, now + there + (uint64_t)offsets[i], now + there + back, 0.5);
			now += 10000;
		}
		assert_true(o.low_ns <= 0.5 * (double)offsets[i] && o.high_ns >= 0.5 * (double)offsets[i]);
		assert_true(o.high_ns - o.low_ns < 0.5 * 300);
	}
}

static void
verdicts(void **state)
{
	struct skew s = { .pairs = 1, .low_ns = -5000, .high_ns = 5000 };

	(void)state;
	assert_false(timing_skewed(&s));	/* wide, but not certain */
	s = (struct skew){ .pairs = 1, .low_ns = 1001, .high_ns = 1100 };
	assert_true(timing_skewed(&s));
	s = (struct skew){ .pairs = 1, .low_ns = -1100, .high_ns = -1001 };
	assert_true(timing_skewed(&s));
	s.pairs = 0;
	assert_false(timing_skewed(&s));
}

static void
here(void **state)
{
	struct topo *topo = NULL;
	struct timer clock;
	struct timing t;
	json_t *o;

	(void)state;
	assert_int_equal(topo_load_cpus(&topo), 0);
	timer_begin(&clock);
	timer_end(&clock);
	timing_measure(&t, &clock, topo, 100);
	assert_true(t.quantum >= 1 && t.floor[0] > 0 && t.floor[1] >= t.floor[0] / 2);
	assert_true(t.skew.pairs <= t.skew.planned);
	if (t.skew.pairs)
		assert_true(t.skew.low_ns <= t.skew.high_ns && isfinite(t.skew.high_ns));
	o = timing_json(&t);
	assert_true(json_number_value(json_object_get(o, "hz")) == clock.hz);
	json_decref(o);
	topo_free(topo);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(made_up), cmocka_unit_test(verdicts), cmocka_unit_test(here) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
