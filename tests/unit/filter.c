// links: filter.o arena.o diag.o text.o utf8.o
/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "filter.h"

static const char *const point[][2] = {
	{ "kernel", "clwb" }, { "size", "4096" }, { "threads", "2" }, { "target", "pm0" }, { "gap", "" },
	{ "label", "a b" }, { "cpus", "0-3,8" },
};

static bool
known(void *arg, const char *name)
{
	(void)arg;
	for (size_t i = 0; i < sizeof(point) / sizeof(point[0]); i++)
		if (!strcmp(point[i][0], name))
			return true;
	return false;
}

static const char *
get(void *arg, const char *name)
{
	(void)arg;
	for (size_t i = 0; i < sizeof(point) / sizeof(point[0]); i++)
		if (!strcmp(point[i][0], name))
			return point[i][1];
	return NULL;
}

static void
matches(void **state)
{
	static const struct { const char *text; bool match; } cases[] = {
		{ "kernel=clwb", true }, { "kernel==clwb", true }, { "kernel=msync", false },
		{ "kernel=msync,clwb", true }, { "kernel!=msync,clwb", false }, { "kernel!=msync", true },
		{ "size=4K", true }, { "size>=4K", true }, { "size>4K", false }, { "size<1M", true }, { "size<=64", false },
		{ "kernel~cl*", true }, { "kernel~ms*,cl?b", true }, { "kernel~[a-b]*", false },
		{ "!(kernel=clwb)", false }, { "!!kernel=clwb", true }, { "! kernel=clwb || size=4096", true },
		{ "kernel=msync && size=4K || threads=2", true }, { "kernel=msync && (size=4K || threads=2)", false },
		{ " kernel = clwb\t&& size >= 1K && !(target=ram) ", true },
		{ "label='a b'", true }, { "cpus=\"0-3,8\"", true }, { "cpus=0-3,8", false },
		{ "gap=drained", false }, { "gap!=drained", true }, { "gap<1", false }, { "gap=''", true },
		{ "target<pm1", true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct filter *f;

		assert_int_equal(filter_parse(&f, cases[i].text, known, NULL, stderr), 0);
		if (filter_match(f, get, NULL) != cases[i].match)
			fail_msg("%s", cases[i].text);
		filter_free(f);
	}
}

static void
errors(void **state)
{
	static const struct { const char *text, *err; } cases[] = {
		{ "", "--filter:1:1: error: expected a name, such as kernel or size\n" },
		{ "size", "--filter:1:5: error: expected one of = != < <= > >= ~\n  size\n      ^\n" },
		{ "size=", "--filter:1:6: error: expected a value\n  size=\n       ^\n" },
		{ "size=1 size=2", "--filter:1:8: error: expected && or || before this\n  size=1 size=2\n         ^\n" },
		{ "(size=1", "--filter:1:1: error: this '(' is never closed\n  (size=1\n  ^\n" },
		{ "size=1)", "--filter:1:7: error: expected && or || before this\n  size=1)\n        ^\n" },
		{ "sise=1", "--filter:1:1: error: 'sise' is no axis, no parameter, nor bench, role, medium or durable\n"
			    "  sise=1\n  ^~~~\n" },
		{ "size<1,2", "--filter:1:8: error: an order takes one value\n  size<1,2\n         ^\n" },
		{ "label='a", "--filter:1:7: error: this quote is never closed\n  label='a\n        ^\n" },
		{ "size=1 && ", "--filter:1:11: error: expected a name, such as kernel or size\n  size=1 && \n            ^\n" },
		{ "size=1 & size=2", "--filter:1:8: error: expected && or || before this\n  size=1 & size=2\n         ^\n" },
	};
	char deep[200];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct filter *f;
		char *got;
		size_t len;
		FILE *err = open_memstream(&got, &len);

		assert_int_equal(filter_parse(&f, cases[i].text, known, NULL, err), -EINVAL);
		fclose(err);
		assert_null(f);
		assert_string_equal(got, cases[i].err);
		free(got);
	}
	memset(deep, '(', sizeof(deep));
	deep[sizeof(deep) - 1] = 0;
	for (int i = 0; i < 2; i++) {
		struct filter *f;
		FILE *null = fopen("/dev/null", "w");

		assert_int_equal(filter_parse(&f, deep, known, NULL, null), -EINVAL);
		fclose(null);
		memset(deep, '!', sizeof(deep) - 1);
	}
}

static const char *const kernels[] = { "clwb", "msync" };

static const char *
get_of(void *arg, size_t i, const char *name)
{
	(void)arg;
	return strcmp(name, "kernel") == 0 ? kernels[i] : strcmp(name, "size") == 0 ? "4096" : "";
}

/* Which part of an expression holds for nothing. */
static void
culprits(void **state)
{
	static const struct { const char *text, *name, *culprit; } cases[] = {
		{ "kernel=zzz", "kernel", "kernel=zzz" }, { "kernel==z,y", "kernel", "kernel=z,y" },
		{ "kernel=clwb && size>=1G", "size", "size>=1G" }, { "(kernel~z* || size=3) && kernel=clwb", "kernel", "kernel~z*" },
		{ "kernel=clwb && kernel=msync", NULL, "" }, { "!(kernel=clwb,msync)", NULL, "" },
		{ "size!=4K", "size", "size!=4K" }, { "gap=drained", "gap", "gap=drained" }, { "gap<4", "gap", "gap<4" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char text[64] = "";
		const char *name;
		struct filter *f;

		assert_int_equal(filter_parse(&f, cases[i].text, known, NULL, stderr), 0);
		name = filter_culprit(f, 2, get_of, NULL, text, sizeof(text));
		if (!name != !cases[i].name || (name && strcmp(name, cases[i].name)) || strcmp(text, cases[i].culprit))
			fail_msg("%s: %s", cases[i].text, text);
		filter_free(f);
	}
}

static void
note(void *arg, const char *name, const char *value)
{
	char *said = arg;

	sprintf(said + strlen(said), "%s=%s ", name, value);
}

static const char *
value_of(void *arg, size_t i, const char *name)
{
	(void)arg;
	return get_of(NULL, i, name);
}

/* Values that nothing has, wherever they stand. */
static void
in_vain(void **state)
{
	static const struct { const char *text, *said; } cases[] = {
		{ "kernel=clwb,clbw", "kernel=clbw " }, { "kernel=clwb || !(kernel=zz) && size!=4096", "kernel=zz " },
		{ "kernel!=msyn && size=64", "kernel=msyn size=64 " }, { "kernel~z* && size>=1G && size=4K", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char said[128] = "";
		struct filter *f;

		assert_int_equal(filter_parse(&f, cases[i].text, known, NULL, stderr), 0);
		filter_unknown(f, 2, value_of, said, note);
		assert_string_equal(said, cases[i].said);
		said[0] = 0;
		filter_unknown(f, 0, value_of, said, note);
		assert_string_equal(said, "");
		filter_free(f);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(in_vain),  cmocka_unit_test(culprits), cmocka_unit_test(matches), cmocka_unit_test(errors) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
