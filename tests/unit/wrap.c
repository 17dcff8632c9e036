// links: wrap.o
/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>
#include "wrap.h"

static void
lines(void **state)
{
	static const struct { const char *text; size_t width; const char *want; } w[] = {
		{ "", 5, "" },
		{ "one", 5, "one" },
		{ "one two", 7, "one two" },
		{ "one two", 6, "one\ntwo" },
		{ "one two three", 8, "one two\nthree" },
		{ "one   two", 4, "one\ntwo" },		/* blanks at an end of line go */
		{ "uncore_imc/event=0xe3/ is", 10, "uncore_imc\n/event=0xe\n3/ is" },
		{ "abc", 1, "a\nb\nc" },
	};

	(void)state;
	for (size_t k = 0; k < sizeof w / sizeof *w; k++) {
		char *got = wrap_text(w[k].text, w[k].width);

		assert_string_equal(got, w[k].want);
		free(got);
	}
}

/* No terminal here: $COLUMNS, and 80 when it says nothing. */
static void
widths(void **state)
{
	static const struct { const char *columns; size_t want; } w[] = {
		{ "132", 132 }, { "20", 60 }, { "0", 80 }, { "-5", 80 }, { "x", 80 }, { NULL, 80 },
	};
	FILE *f = tmpfile();

	(void)state;
	assert_non_null(f);
	for (size_t k = 0; k < sizeof w / sizeof *w; k++) {
		if (w[k].columns)
			setenv("COLUMNS", w[k].columns, 1);
		else
			unsetenv("COLUMNS");
		assert_int_equal(wrap_width(f), w[k].want);
	}
	fclose(f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(lines), cmocka_unit_test(widths) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
