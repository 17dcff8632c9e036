// links: sentences.o medium.o durable.o human.o arena.o -lm
/* SPDX-License-Identifier: BSD-2-Clause */
/* What the report begins with: what a ladder says in words, and what it must not say. */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>
#include "sentences.h"

enum { MANY = 12 };

static struct arena mem;
static struct run_point point[MANY];
static struct sum sum[MANY];
static struct rung rung[MANY];
static struct ladder l;

static int
setup(void **state)
{
	(void)state;
	memset(point, 0, sizeof point);
	memset(sum, 0, sizeof sum);
	memset(rung, 0, sizeof rung);
	l = (struct ladder){ .size = 4096, .rung = rung };
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	arena_free(&mem);
	return 0;
}

/* A latency with an interval of 5 % to both sides. */
static struct run_point *
add(const char *kernel, const char *target, enum medium medium, enum durable_class d, double ns)
{
	const size_t i = l.n++;

	point[i] = (struct run_point){ .kernel = kernel, .target = target, .medium = medium, .durable = d, .size = 4096,
				       .threads = 1, .unit = 1 };
	sum[i] = (struct sum){ .metric = metric_latency(STAMP_DRAINED, LATENCY_P50),
			       .v = { .est = ns, .lo = 0.95 * ns, .hi = 1.05 * ns, .has = true } };
	rung[i] = (struct rung){ .p = &point[i], .sum = &sum[i] };
	strcpy(rung[i].label, kernel);
	return &point[i];
}

static void
says(size_t i, const char *want)
{
	size_t n;
	const char *const *s = sentences_make(&l, &mem, &n);

	assert_true(i < n);
	assert_string_equal(s[i], want);
}

static void
cheapest_and_dearest(void **state)
{
	static const char pm[] = "pm0", file[] = "file";

	(void)state;
	add("store", pm, MEDIUM_OPTANE, DURABLE_NO, 100);
	add("clwb", pm, MEDIUM_OPTANE, DURABLE_YES, 600);
	add("ntstore", pm, MEDIUM_OPTANE, DURABLE_YES, 700);
	add("msync", pm, MEDIUM_OPTANE, DURABLE_YES, 1.74e6);
	add("clwb", file, MEDIUM_DISK, DURABLE_NO, 500);
	add("msync", file, MEDIUM_DISK, DURABLE_YES, 2e6);
	says(0, "4 KiB made durable on pm0: clwb 600 [570, 630] ns (the cheapest), msync 1.74 [1.65, 1.83] ms; "
		"2,900 times as long. Not durable: store.");
	says(1, "4 KiB made durable on file, if it were pmem (it is disk): msync 2.00 [1.90, 2.10] ms. Not durable: clwb.");
}

static void
nothing_is_durable(void **state)
{
	(void)state;
	add("store", "pm0", MEDIUM_OPTANE, DURABLE_NO, 100);
	add("clwb", "pm0", MEDIUM_OPTANE, DURABLE_METADATA_UNSAFE, 600);
	add("drain", "pm0", MEDIUM_OPTANE, DURABLE_EADR_ONLY, 700);
	says(0, "4 KiB made durable on pm0: nothing that was measured does it. Not durable: store. Data durable, metadata "
		"not: clwb. Durable with eADR alone: drain.");
}

static void
unknown_stays_unknown(void **state)
{
	(void)state;
	add("clwb", "x", MEDIUM_UNKNOWN, DURABLE_UNKNOWN, 100);
	says(0, "4 KiB made durable on x, if it is pmem (nobody said): nothing that was measured is known to do it. "
		"Not known whether durable: clwb.");
}

static void
differences_that_are_none(void **state)
{
	(void)state;
	add("clwb", "pm0", MEDIUM_OPTANE, DURABLE_YES, 600);
	add("ntstore", "pm0", MEDIUM_OPTANE, DURABLE_YES, 630);
	says(0, "4 KiB made durable on pm0: clwb 600 [570, 630] ns, ntstore 630 [598, 662] ns; too close to tell apart.");
	sum[1].v = (struct interval){ .est = 1500 };
	says(0, "4 KiB made durable on pm0: clwb 600 [570, 630] ns, ntstore 1.50 [-] µs; 2.5 times as long (too few repeats "
		"for an interval).");
}

/* Controls, other sizes, more threads, units of many ops, amortised times beside latencies. */
static void
unlike_is_not_compared(void **state)
{
	size_t n;

	(void)state;
	add("floor", "pm0", MEDIUM_OPTANE, DURABLE_YES, 1)->control = true;
	add("small", "pm0", MEDIUM_OPTANE, DURABLE_YES, 2)->size = 64;
	add("many", "pm0", MEDIUM_OPTANE, DURABLE_YES, 3)->threads = 4;
	add("unit", "pm0", MEDIUM_OPTANE, DURABLE_YES, 4)->unit = 16;
	sentences_make(&l, &mem, &n);
	assert_int_equal(n, 0);
	add("amortised", "pm0", MEDIUM_OPTANE, DURABLE_YES, 5);
	sum[4].metric = METRIC_TIME;
	says(0, "4 KiB made durable on pm0: amortised 5.00 [4.75, 5.25] ns amortised.");
	add("clwb", "pm0", MEDIUM_OPTANE, DURABLE_YES, 600);
	says(0, "4 KiB made durable on pm0: clwb 600 [570, 630] ns.");
}

static void
long_lists_are_cut(void **state)
{
	static const char *const name[] = { "a", "b", "c", "d", "e", "f", "g" };

	(void)state;
	for (size_t i = 0; i < 7; i++)
		add(name[i], "pm0", MEDIUM_OPTANE, DURABLE_NO, 100);
	says(0, "4 KiB made durable on pm0: nothing that was measured does it. Not durable: a, b, c, d, e and 2 more.");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(cheapest_and_dearest, setup),
		cmocka_unit_test_setup(nothing_is_durable, setup),
		cmocka_unit_test_setup(unknown_stays_unknown, setup),
		cmocka_unit_test_setup(differences_that_are_none, setup),
		cmocka_unit_test_setup(unlike_is_not_compared, setup),
		cmocka_unit_test_setup(long_lists_are_cut, setup),
	};

	if (setjmp(mem.oom))
		return 1;
	return cmocka_run_group_tests(tests, NULL, teardown);
}
