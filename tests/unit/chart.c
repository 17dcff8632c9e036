// links: chart.o chartlay.o chartword.o chartfile.o palette.o replace.o rundir.o medium.o durable.o metric.o flag.o utf8.o csv.o human.o arena.o text.o why.o -ljansson -lm
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
	assert_string_equal(chart_fit_title(&c, "ram: dram", 50), "ram: dram");
	/* What it is stays; the name gives way. */
	assert_string_equal(chart_fit_title(&c, long_one, 45), "a-name-o…h.parts: dram, not persistent memory");
	assert_string_equal(chart_fit_title(&c, long_one, 8), "a-na…rts: dram, not persistent memory");
}

static void
notes(void **state)
{
	struct chart_lines l;

	(void)state;
	chart_wrap(&c, &l, "twenty characters on a line, a whole hundred\u00a0% of them", 21, 5);
	assert_int_equal(l.n, 3);
	assert_string_equal(l.line[0], "twenty characters on");
	assert_string_equal(l.line[1], "a line, a whole");
	assert_string_equal(l.line[2], "hundred\u00a0% of them");
	/* What does not fit is seen to be missing. */
	chart_wrap(&c, &l, "twenty characters on a line, a whole hundred of them", 21, 2);
	assert_int_equal(l.n, 2);
	assert_string_equal(l.line[1], "a line, a whole…");
	chart_wrap(&c, &l, "", 21, 2);
	assert_int_equal(l.n, 0);
}

static void
ticks(void **state)
{
	const char *t;

	(void)state;
	t = chart_ticks(&c, "share", SCALE_LOG, 5e-6, 1, 7);
	assert_non_null(strstr(t, "\"100 %%\" 1"));
	assert_non_null(strstr(t, "\"0.01 %%\" 0.0001"));
	assert_null(strstr(t, "\"1e-"));
	/* However narrow, more than one label; never more than there is room for. */
	t = chart_ticks(&c, "ns", SCALE_LOG, 110, 215, 8);
	assert_non_null(strstr(t, "\"150 ns\" 150"));
	assert_non_null(strstr(t, "\"200 ns\" 200"));
	assert_non_null(strstr(chart_ticks(&c, "ns", SCALE_LOG, 10, 1e9, 10), "\"1 ms\" 1000000"));
	assert_null(strstr(chart_ticks(&c, "ns", SCALE_LOG, 10, 1e9, 5), "\"1 µs\""));
	assert_string_equal(chart_ticks(&c, "bytes", SCALE_LOG2, 64, 256, 8), "\"64\" 64, \"128\" 128, \"256\" 256");
	assert_string_equal(chart_ticks(&c, "bytes", SCALE_LOG2, 512, 2048, 1), "\"512\" 512, \"\" 1024 1, \"\" 2048 1");
	assert_string_equal(chart_ticks(&c, "", SCALE_LINEAR, 0, 10, 5), "\"0\" 0, \"2\" 2, \"4\" 4, \"6\" 6, \"8\" 8, \"10\" 10");
}

/* Of a strategy the look is the palette's, whatever else is in the figure; variants differ in shape. */
static void
looks(void **state)
{
	struct palette pal;
	char why[256] = "";
	struct chart d = { .mem = &mem };

	(void)state;
	assert_int_equal(palette_load(&pal, &mem, "plots", why, sizeof why), 0);
	chart_panel(&d, "a");
	for (int i = 0; i < 3; i++) {
		static const char *const name[] = { "msync", "clwb", "clwb fence=16" };
		struct chart_series *s = chart_series(&d, 0, name[i], false);

		s->kernel = i ? "clwb" : "msync";
		chart_add(&d, s, (struct chart_point){ .x = 1, .y = 1 });
	}
	chart_order(&d);
	chart_style(&d, &pal);
	assert_string_equal(d.series[1].look.color, palette_find(&pal, "clwb", 4)->color);
	assert_int_equal(d.series[1].look.point, palette_find(&pal, "clwb", 4)->point);
	assert_string_equal(d.series[2].look.color, d.series[1].look.color);
	assert_int_not_equal(d.series[2].look.point, d.series[1].look.point);
	assert_string_not_equal(d.series[0].look.color, d.series[1].look.color);
	assert_null(palette_find(&pal, "no-such", 7));
	assert_string_equal(palette_other("hostA").color, palette_other("hostA").color);
}

static void
media(void **state)
{
	struct chart_media m = { 0 };

	(void)state;
	assert_string_equal(chart_media(&mem, &m), "medium unknown");
	chart_medium(&mem, &m, MEDIUM_CXL_PMEM);
	chart_medium(&mem, &m, MEDIUM_PMEM);
	chart_medium(&mem, &m, MEDIUM_CXL_PMEM);
	assert_string_equal(chart_media(&mem, &m), "medium cxl-pmem, pmem");
	chart_medium(&mem, &m, MEDIUM_LOOP);
	assert_string_equal(chart_media(&mem, &m), "medium cxl-pmem, pmem; not persistent memory: loop");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(elided), cmocka_unit_test(titles), cmocka_unit_test(notes),
		cmocka_unit_test(ticks), cmocka_unit_test(looks), cmocka_unit_test(media),
	};

	return cmocka_run_group_tests(tests, NULL, teardown);
}
