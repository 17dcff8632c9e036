// links: text.o
/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "text.h"

static void
sizes(void **state)
{
	static const struct { const char *text; int rc; uint64_t num; } cases[] = {
		{ "0", 0, 0 }, { "64", 0, 64 }, { "4K", 0, 4096 }, { "10G", 0, 10737418240 }, { "1T", 0, 1ull << 40 },
		{ "9223372036854775807", 0, INT64_MAX }, { "9223372036854775808", -ERANGE, 0 }, { "8388608T", -ERANGE, 0 },
		{ "99999999999999999999999999K", -ERANGE, 0 },
		{ "", -EINVAL, 0 }, { "K", -EINVAL, 0 }, { "-1", -EINVAL, 0 }, { "+1", -EINVAL, 0 }, { "007", -EINVAL, 0 },
		{ "00", -EINVAL, 0 }, { " 1", -EINVAL, 0 }, { "1 ", -EINVAL, 0 }, { "4k", -EINVAL, 0 }, { "4KB", -EINVAL, 0 },
		{ "1.5K", -EINVAL, 0 }, { "0x10", -EINVAL, 0 }, { "1e3", -EINVAL, 0 }, { "99999999999999999999999999X", -EINVAL, 0 },
	};
	uint64_t num;
	char buf[TEXT_NUM];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(text_size(cases[i].text, &num), cases[i].rc);
		if (!cases[i].rc)
			assert_true(num == cases[i].num);
	}
	assert_string_equal(text_put_size(buf, 0), "0");
	assert_string_equal(text_put_size(buf, 1000), "1000");
	assert_string_equal(text_put_size(buf, 1536), "1536");
	assert_string_equal(text_put_size(buf, 1ull << 40), "1T");
	assert_string_equal(text_put_size(buf, 3ull << 29), "1536M");
}

static void
times(void **state)
{
	uint64_t num;
	char buf[TEXT_NUM];

	(void)state;
	assert_int_equal(text_time("20ms", &num), 0);
	assert_true(num == 20000000);
	assert_int_equal(text_time("0", &num), 0);
	assert_true(num == 0);
	assert_int_equal(text_time("20", &num), -EINVAL);
	assert_int_equal(text_time("1m", &num), -EINVAL);
	assert_int_equal(text_time("0.5s", &num), -EINVAL);
	assert_int_equal(text_time("9999999999999s", &num), -ERANGE);
	assert_string_equal(text_put_time(buf, 20000000), "20ms");
	assert_string_equal(text_put_time(buf, 1500), "1500ns");
	assert_string_equal(text_put_time(buf, 2000000000), "2s");
}

static void
percents(void **state)
{
	uint64_t num;
	char buf[TEXT_NUM];

	(void)state;
	assert_int_equal(text_percent("5", &num), 0);
	assert_true(num == 5000);
	assert_int_equal(text_percent("0.5%", &num), 0);
	assert_true(num == 500);
	assert_int_equal(text_percent("12.125%", &num), 0);
	assert_true(num == 12125);
	assert_int_equal(text_percent("1.2345", &num), -EINVAL);
	assert_int_equal(text_percent("1.", &num), -EINVAL);
	assert_int_equal(text_percent(".5", &num), -EINVAL);
	assert_int_equal(text_percent("5%%", &num), -EINVAL);
	assert_int_equal(text_percent("99999999999999999999", &num), -ERANGE);
	assert_string_equal(text_put_percent(buf, 5000), "5%");
	assert_string_equal(text_put_percent(buf, 500), "0.5%");
	assert_string_equal(text_put_percent(buf, 12125), "12.125%");
	assert_string_equal(text_put_percent(buf, 100000), "100%");
}

static void
lists(void **state)
{
	(void)state;
	assert_int_equal(text_list("0-3,8"), 5);
	assert_int_equal(text_list("7"), 1);
	assert_int_equal(text_list(""), -EINVAL);
	assert_int_equal(text_list("3-1"), -EINVAL);
	assert_int_equal(text_list("1,"), -EINVAL);
	assert_int_equal(text_list("1-"), -EINVAL);
	assert_int_equal(text_list("1, 2"), -EINVAL);
	assert_int_equal(text_list("65536"), -ERANGE);
	assert_int_equal(text_list("0-65535"), -ERANGE);
	assert_int_equal(text_list("0-4095"), 4096);
}

static void
names(void **state)
{
	char long_name[66];

	(void)state;
	memset(long_name, 'a', sizeof(long_name));
	long_name[65] = 0;
	assert_false(text_name_ok(long_name));
	long_name[64] = 0;
	assert_true(text_name_ok(long_name));
	assert_true(text_name_ok("A-z_0.9"));
	assert_false(text_name_ok(""));
	assert_false(text_name_ok("a b"));
	assert_false(text_name_ok("a/b"));
	assert_false(text_name_ok("\xc3\xa9"));
	assert_true(text_line_ok("/mnt/p mem/\xc3\xa9", 4095));
	assert_false(text_line_ok("a\nb", 4095));
	assert_false(text_line_ok("", 4095));
	assert_false(text_line_ok("abcd", 3));
}

static const char *
guess(const char *word)
{
	static const char *const candidates[] = { "size", "threads", "stride", "seed", "map_sync", "o_sync", "pm" };
	struct guess g;

	guess_start(&g, word);
	for (size_t i = 0; i < sizeof(candidates) / sizeof(candidates[0]); i++)
		guess_try(&g, candidates[i]);
	return g.best;
}

static void
guesses(void **state)
{
	char long_word[100];

	(void)state;
	assert_string_equal(guess("sizes"), "size");
	assert_string_equal(guess("tread"), "threads");
	assert_string_equal(guess("szie"), "size");
	assert_string_equal(guess("mapsync"), "map_sync");
	assert_string_equal(guess("pn"), "pm");
	assert_null(guess("bananas"));
	assert_null(guess("x"));
	memset(long_word, 's', 99);
	long_word[99] = 0;
	assert_null(guess(long_word));
}

static void
words(void **state)
{
	static const struct { const char *word, *as; } cases[] = {
		{ "/mnt/pm-0_1.x", "/mnt/pm-0_1.x" }, { "", "''" }, { "a b", "'a b'" }, { "it's", "'it'\\''s'" },
		{ "$(rm -rf x)", "'$(rm -rf x)'" }, { "`x`", "'`x`'" }, { "~", "'~'" }, { "\xc3\xa9", "'\xc3\xa9'" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char *got;
		size_t len;
		FILE *out = open_memstream(&got, &len);

		text_word(cases[i].word, out);
		fclose(out);
		assert_string_equal(got, cases[i].as);
		free(got);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sizes), cmocka_unit_test(times), cmocka_unit_test(percents), cmocka_unit_test(lists),
		cmocka_unit_test(names), cmocka_unit_test(guesses), cmocka_unit_test(words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
