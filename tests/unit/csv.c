// links: csv.o -lm
/* SPDX-License-Identifier: BSD-2-Clause */
/* Our CSV: what is written is read back; what is wrong is told with file and line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <unistd.h>
#include "csv.h"

static char path[] = "/tmp/daxmark-csv-XXXXXX";
static struct csv c;

static int
setup(void **state)
{
	int fd = mkstemp(path);

	(void)state;
	return fd < 0 ? -1 : close(fd);
}

static int
teardown(void **state)
{
	(void)state;
	return unlink(path);
}

static int
open_text(const char *text, size_t len)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fwrite(text, 1, len, f);
	fclose(f);
	return csv_open(&c, AT_FDCWD, path);
}

#define OPEN(text) open_text(text, sizeof(text) - 1)

static void
says(const char *what)
{
	char want[300];

	snprintf(want, sizeof(want), "%s:%s", path, what);
	assert_string_equal(c.error, want);
	csv_close(&c);
}

static void
reads_fields(void **state)
{
	(void)state;
	assert_int_equal(OPEN("a,b,c\n1,,x y\n\"q,\"\"u\"\"\",\"two\nlines\",\r\n"), 0);
	assert_int_equal(c.nfield, 3);
	assert_int_equal(csv_column(&c, "b"), 1);
	assert_int_equal(csv_column(&c, "z"), -1);
	assert_int_equal(csv_next(&c), 1);
	assert_string_equal(c.field[0], "1");
	assert_string_equal(c.field[1], "");
	assert_string_equal(c.field[2], "x y");
	assert_int_equal(c.offset, 13);
	assert_int_equal(csv_next(&c), 1);
	assert_string_equal(c.field[0], "q,\"u\"");
	assert_string_equal(c.field[1], "two\nlines");
	assert_string_equal(c.field[2], "");
	assert_int_equal(csv_next(&c), 0);
	assert_false(c.torn);
	csv_close(&c);
}

static void
torn_and_limited(void **state)
{
	(void)state;
	assert_int_equal(OPEN("a,b\n1,2\n3,4"), 0);
	assert_int_equal(csv_next(&c), 1);
	assert_int_equal(csv_next(&c), 0);
	assert_true(c.torn);
	csv_close(&c);
	assert_int_equal(OPEN("a,b\n1,2\n3,4\n"), 0);
	c.limit = 8;
	assert_int_equal(csv_next(&c), 1);
	assert_int_equal(csv_next(&c), 0);
	csv_close(&c);
}

static void
wrong_files(void **state)
{
	static const char *const need[] = { "a", "zz", NULL };
	int col[2];

	(void)state;
	assert_int_equal(csv_open(&c, AT_FDCWD, "/nonexistent/x.csv"), -ENOENT);
	assert_string_equal(c.error, "/nonexistent/x.csv: No such file or directory");
	csv_close(&c);
	assert_int_equal(OPEN(""), -EINVAL);
	says("1: no header line");
	assert_int_equal(OPEN("a,b\n1\n"), 0);
	assert_int_equal(csv_next(&c), -EINVAL);
	says("2: 1 fields where the header has 2");
	assert_int_equal(OPEN("a\n\"x\"y\n"), 0);
	assert_int_equal(csv_next(&c), -EINVAL);
	says("2: 'y' behind a closing quote");
	assert_int_equal(OPEN("a\nx\0y\n"), 0);
	assert_int_equal(csv_next(&c), -EINVAL);
	says("2: a NUL byte");
	assert_int_equal(OPEN("a\n\"x\n"), 0);
	assert_int_equal(csv_next(&c), 0);	/* the quote is open to the end: torn */
	assert_true(c.torn);
	assert_int_equal(csv_columns(&c, need, col), -EINVAL);
	says("1: no column 'zz'");
}

static void
numbers(void **state)
{
	static const char *const bad[] = { "", "-1", "1x", "18446744073709551616", "0x1", " 1" };
	uint64_t u;
	double d;
	char *field[1], *header[1] = { "n" };

	(void)state;
	c = (struct csv){ .file = "f", .line = 7, .field = field, .header = header, .nfield = 1 };
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		field[0] = (char *)bad[i];
		assert_int_equal(csv_u64(&c, 0, &u), -EINVAL);
	}
	assert_string_equal(c.error, "f:7: n is ' 1', not a whole number");
	field[0] = "18446744073709551615";
	assert_int_equal(csv_u64(&c, 0, &u), 0);
	assert_true(u == UINT64_MAX);
	field[0] = "1.5e3";
	assert_int_equal(csv_double(&c, 0, &d), 0);
	assert_true(d == 1500);
	field[0] = "nan";
	assert_int_equal(csv_double(&c, 0, &d), -EINVAL);
}

static void
writes_what_it_reads(void **state)
{
	static const char *const text[] = { "", "plain", "a,b", "say \"so\"", "two\nlines", "cr\r", "\"" };
	size_t n = sizeof(text) / sizeof(text[0]);
	struct csv_out o = { fopen(path, "w"), false };

	(void)state;
	for (size_t row = 0; row < 5000; row++) {
		for (size_t i = 0; i < n; i++)
			csv_put(&o, text[(i * 3 + row) % n]);
		csv_put_u64(&o, UINT64_MAX - row);
		csv_put_double(&o, row ? 1.0 / (double)row : NAN);
		csv_end(&o);
	}
	fclose(o.file);
	assert_int_equal(csv_open(&c, AT_FDCWD, path), 0);
	for (size_t row = 1; row < 5000; row++) {
		uint64_t u;
		double d;

		assert_int_equal(csv_next(&c), 1);
		for (size_t i = 0; i < n; i++)
			assert_string_equal(c.field[i], text[(i * 3 + row) % n]);
		assert_int_equal(csv_u64(&c, (int)n, &u), 0);
		assert_true(u == UINT64_MAX - row);
		assert_int_equal(csv_double(&c, (int)n + 1, &d), 0);
		assert_true(fabs(d * (double)row - 1) < 1e-9);
	}
	assert_int_equal(csv_next(&c), 0);
	csv_close(&c);
}

static void
long_records(void **state)
{
	size_t len = 3 << 20;
	char *text = malloc(len + 8);

	(void)state;
	memset(text, 'x', len);
	memcpy(text, "a\n", 2);
	memcpy(text + len, "\n1\n", 3);
	assert_int_equal(open_text(text, len + 3), 0);
	assert_int_equal(csv_next(&c), 1);
	assert_int_equal(strlen(c.field[0]), len - 2);
	assert_int_equal(csv_next(&c), 1);
	assert_string_equal(c.field[0], "1");
	csv_close(&c);
	len = 9 << 20;
	text = realloc(text, len);
	memset(text + 2, 'x', len - 2);
	assert_int_equal(open_text(text, len), 0);
	assert_int_equal(csv_next(&c), -EINVAL);
	csv_close(&c);
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_fields),
		cmocka_unit_test(torn_and_limited),
		cmocka_unit_test(wrong_files),
		cmocka_unit_test(numbers),
		cmocka_unit_test(writes_what_it_reads),
		cmocka_unit_test(long_records),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
