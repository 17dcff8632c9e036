// links: points.o results.o row.o tables.o csv.o flag.o medium.o metric.o durable.o point.o evidence.o why.o keys.o keyval.o rule.o stats.o order.o replace.o text.o -ljansson -lRmath -lm
/* SPDX-License-Identifier: BSD-2-Clause */
/* How far a point has come: what is clean, what is made up for, and in which block. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>
#include "points.h"

static double headline[40];

static struct progress_point
fresh(void)
{
	return (struct progress_point){ .headline = headline };
}

/* A repeat, so many tenths of it lost, in the block that the point needs. */
static uint32_t
take(struct progress_point *p, double v, uint32_t lost, unsigned reruns)
{
	const uint32_t block = p->block;

	progress_take(p, &(struct progress_repeat){ v, block, 1 - lost / 10.0 }, reruns);
	return block;
}

/* What makes up for a repeat is of its block; when no more is left the next block is due. */
static void
blocks(void **state)
{
	static const struct { uint32_t lost, block; } run[] = {
		{ 0, 0 }, { 6, 1 }, { 10, 1 }, { 5, 1 }, { 6, 2 }, { 6, 2 }, { 6, 3 }, { 0, 4 },
	};
	struct progress_point p = fresh();

	(void)state;
	for (size_t k = 0; k < sizeof run / sizeof *run; k++)
		assert_int_equal(take(&p, (double)k, run[k].lost, 3), run[k].block);
	assert_int_equal(p.done, 8);
	assert_int_equal(p.clean, 3);
	assert_int_equal(p.rerun, 3);
	assert_int_equal(p.block, 5);
	/* The clean ones first. */
	assert_true(headline[0] == 0 && headline[1] == 3 && headline[2] == 7);
}

static void
none_on_a_fixed_schedule(void **state)
{
	struct progress_point p = fresh();

	(void)state;
	for (uint32_t k = 0; k < 6; k++)
		assert_int_equal(take(&p, 1, 10, 0), k);
	assert_int_equal(p.clean, 0);
	assert_int_equal(p.rerun, 0);
}

/* Half of its time is enough. */
static void
clean(void **state)
{
	static const struct { double undisturbed; int clean; } is[] = { { 1, 1 }, { 0.5, 1 }, { 0.499, 0 }, { 0, 0 } };

	(void)state;
	for (size_t k = 0; k < sizeof is / sizeof *is; k++) {
		struct progress_point p = fresh();

		progress_take(&p, &(struct progress_repeat){ 1, 0, is[k].undisturbed }, 3);
		assert_int_equal(p.clean, is[k].clean);
	}
}

/* A block that was to be measured again, and was not for the want of time: the journal goes on with
 * the next one. */
static void
given_up(void **state)
{
	struct progress_point p = fresh();

	(void)state;
	take(&p, 1, 10, 3);
	assert_int_equal(p.block, 0);
	progress_take(&p, &(struct progress_repeat){ 1, 1, 1 }, 3);
	assert_int_equal(p.block, 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(blocks), cmocka_unit_test(none_on_a_fixed_schedule), cmocka_unit_test(clean),
		cmocka_unit_test(given_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
