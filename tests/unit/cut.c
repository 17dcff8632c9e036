// links: cut.o order.o
/* SPDX-License-Identifier: BSD-2-Clause */
/* What of a window counts: late threads, disturbed and stalled stretches, by hand. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <cmocka.h>
#include "cut.h"

/* Ten stretches of ten ops and 100 ticks each, from tick `start`. */
static struct window
even(struct mark *mark, uint64_t start)
{
	for (uint32_t k = 0; k < 10; k++)
		mark[k] = (struct mark){ .i = 50 + 10 * (k + 1), .t = start + 100 * (k + 1) };
	return (struct window){ .first = 50, .i = 150, .start = start, .end = start + 1000, .nmark = 10, .mark = mark };
}

static void
whole(void **state)
{
	struct mark mark[10];
	const struct window w = even(mark, 1000);
	struct cut c;

	(void)state;
	assert_int_equal(window_cut(&w, 1000, 2000, 1, &c), 0);
	assert_true(c.ops == 100 && c.ticks == 1000 && c.kept_ops == 100 && c.kept_ticks == 1000);
	assert_true(c.stretches == 10 && c.disturbed == 0 && c.stalled == 0 && c.lost_ticks == 0);
}

/* One thread began 250 ticks after the other and ended as much later: 700 are in whole chunks of both. */
static void
late_start(void **state)
{
	struct mark a[10], b[10];
	const struct window one = even(a, 1000), two = even(b, 1250);
	struct cut c;

	(void)state;
	assert_int_equal(window_cut(&one, 1250, 2000, 1, &c), 0);
	assert_true(c.ops == 70 && c.ticks == 700);
	assert_int_equal(window_cut(&two, 1250, 2000, 1, &c), 0);
	assert_true(c.ops == 70 && c.ticks == 700);
}

static void
no_overlap(void **state)
{
	struct mark a[10];
	const struct window one = even(a, 1000);
	struct cut c;

	(void)state;
	assert_int_equal(window_cut(&one, 2100, 2000, 1, &c), -ENODATA);
	assert_true(c.ops == 0 && c.ticks == 0);
	/* A unit as long as the common time, and longer, is all there is. */
	assert_int_equal(window_cut(&one, 1110, 1190, 1, &c), 0);
	assert_true(c.ops == 10 && c.stretches == 1);
}

static void
disturbed_and_stalled(void **state)
{
	struct mark mark[10];
	struct window w = even(mark, 1000);
	struct cut c;

	(void)state;
	mark[2].disturbed = 1;
	/* Stretch 5 takes 201 ticks: nobody says why. */
	for (uint32_t k = 5; k < 10; k++)
		mark[k].t += 101;
	w.end += 101;
	assert_int_equal(window_cut(&w, w.start, w.end, 1, &c), 0);
	assert_true(c.ops == 100 && c.ticks == 1101);
	assert_true(c.kept_ops == 90 && c.kept_ticks == 1001);
	assert_true(c.disturbed == 1 && c.stalled == 1 && c.lost_ticks == 301);
	/* Lost time is of the whole window, counts are of the common time. */
	assert_int_equal(window_cut(&w, w.start, 1450, 1, &c), 0);
	assert_true(c.ops == 40 && c.stalled == 0 && c.disturbed == 1 && c.lost_ticks == 301);
}

/* Latencies of the common time alone, in units of four ops. */
static void
latencies(void **state)
{
	struct mark mark[2] = { { .i = 12, .t = 500, .nlat = 3 }, { .i = 20, .t = 900, .nlat = 5, .disturbed = 1 } };
	uint32_t lat[5] = { 1, 2, 3, 40, 50 };
	const struct window w = { .first = 0, .i = 20, .start = 100, .end = 900, .nmark = 2, .nlat = 5, .mark = mark, .lat = lat };
	struct cut c;

	(void)state;
	assert_int_equal(window_cut(&w, 100, 900, 4, &c), 0);
	assert_true(c.ops == 20 && c.ticks == 96 && c.from == 0 && c.to == 5);
	assert_true(c.kept_ops == 12 && c.kept_ticks == 6 && c.lost_ticks == 400 && c.stalled == 0);
	assert_int_equal(window_cut(&w, 500, 900, 4, &c), 0);
	assert_true(c.ops == 8 && c.ticks == 90 && c.from == 3 && c.to == 5);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole), cmocka_unit_test(late_start), cmocka_unit_test(no_overlap),
		cmocka_unit_test(disturbed_and_stalled), cmocka_unit_test(latencies),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
