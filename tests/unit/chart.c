// links: chart.o chartrows.o chartword.o chartfile.o replace.o rundir.o medium.o durable.o metric.o flag.o csv.o human.o arena.o text.o why.o utf8.o -ljansson -lm
/* SPDX-License-Identifier: BSD-2-Clause */
/* The words of a chart: what is too long is shortened, ticks keep to one unit, media are named once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "chart.h"

static struct arena mem;
static struct chart c = { .mem = &mem };

static int
teardown(void **state)
{
	(void)state;
	arena_free(&mem);
	return 0;
}

static void
elided(void **state)
{
	(void)state;
	assert_string_equal(chart_elide(&c, "clwb", 4), "clwb");
	assert_string_equal(chart_elide(&c, "abcdefgh", 5), "ab…gh");
	/* Characters, not bytes; none is cut. */
	assert_string_equal(chart_elide(&c, "µµµ", 3), "µµµ");
	assert_string_equal(chart_elide(&c, "µaµbµcµ", 5), "µa…cµ");
}

static void
titles(void **state)
{
	const char *long_one = "a-name-of-some-length.with.parts: dram, not persistent memory";

	(void)state;
	assert_string_equal(chart_fit_title(&c, "ram: dram", 3), "ram: dram");
	/* What it is stays; the name gives way. */
	assert_string_equal(chart_fit_title(&c, long_one, 2.7), "a-name-o…h.parts: dram, not persistent memory");
	assert_string_equal(chart_fit_title(&c, long_one, 0.5), "a-na…rts: dram, not persistent memory");
}

static void
notes(void **state)
{
	(void)state;
	c.width = 1.2;		/* 21 characters */
	c.note = "twenty characters on a line, a whole hundred\u00a0% of them";
	assert_true(chart_foot(&c) > 0.4);
	assert_int_equal(c.nnote, 3);
	assert_string_equal(c.notes[0], "twenty characters on");
	assert_string_equal(c.notes[1], "a line, a whole");
	assert_string_equal(c.notes[2], "hundred\u00a0% of them");
	c.note = NULL;
	chart_foot(&c);
	assert_int_equal(c.nnote, 0);
}

static void
ticks(void **state)
{
	(void)state;
	assert_string_equal(chart_share_ticks(&c, 5e-6),
			    "\"100 %%\" 1, \"10 %%\" 0.1, \"1 %%\" 0.01, \"0.1 %%\" 0.001, \"0.01 %%\" 0.0001, "
			    "\"0.001 %%\" 1e-05");
	/* However narrow, more than one label. */
	assert_string_equal(chart_ns_ticks(&c, 110, 215, 8), "\"150 ns\" 150, \"200 ns\" 200");
	assert_non_null(strstr(chart_ns_ticks(&c, 10, 1e9, 10), "\"1 ms\" 1e+06"));
	assert_null(strstr(chart_ns_ticks(&c, 10, 1e9, 5), "\"1 µs\""));
}

static void
media(void **state)
{
	struct chart_media m = { 0 };

	(void)state;
	assert_string_equal(chart_media(&c, &m), "medium unknown");
	chart_medium(&c, &m, MEDIUM_CXL_PMEM);
	chart_medium(&c, &m, MEDIUM_PMEM);
	chart_medium(&c, &m, MEDIUM_CXL_PMEM);
	assert_string_equal(chart_media(&c, &m), "medium cxl-pmem, pmem");
	chart_medium(&c, &m, MEDIUM_LOOP);
	assert_string_equal(chart_media(&c, &m), "medium cxl-pmem, pmem; not persistent memory: loop");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(elided), cmocka_unit_test(titles), cmocka_unit_test(notes),
		cmocka_unit_test(ticks), cmocka_unit_test(media),
	};

	return cmocka_run_group_tests(tests, NULL, teardown);
}
