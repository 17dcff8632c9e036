// links: row.o tables.o metric.o csv.o
/* SPDX-License-Identifier: BSD-2-Clause */
/* A row is what its table says, column by column, or it is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <errno.h>
#include <math.h>
#include "row.h"

static char *text;
static size_t len;
static FILE *f;

static int
setup(void **state)
{
	(void)state;
	f = open_memstream(&text, &len);
	return f ? 0 : -1;
}

static int
teardown(void **state)
{
	(void)state;
	fclose(f);
	free(text);
	return 0;
}

static void
put_reps(struct row *r, bool swapped)
{
	row_u64(r, "point", 3);
	row_u64(r, swapped ? "block" : "rep", 4);
	row_u64(r, swapped ? "rep" : "block", 5);
	row_text(r, "metric", "time_ns");
	row_double(r, "value", 1.5);
	row_text(r, "clean", "1");
	row_end(r);
}

static void
whole(void **state)
{
	struct row r = row_in(f, TABLE_REPS, 0);

	(void)state;
	put_reps(&r, false);
	put_reps(&r, false);
	assert_int_equal(r.rc, 0);
	fflush(f);
	assert_string_equal(text, "3,4,5,time_ns,1.5,1\n3,4,5,time_ns,1.5,1\n");
}

static void
swapped(void **state)
{
	struct row r = row_in(f, TABLE_REPS, 0);

	(void)state;
	put_reps(&r, true);
	assert_int_equal(r.rc, -EPROTO);
	assert_string_equal(r.wrong, "reps.csv: block where rep comes");
	put_reps(&r, false);
	assert_int_equal(r.rc, -EPROTO);
}

static void
short_or_long(void **state)
{
	struct row r = row_in(f, TABLE_HIST, 0);

	(void)state;
	row_u64(&r, "point", 1);
	row_end(&r);
	assert_int_equal(r.rc, -EPROTO);
	assert_string_equal(r.wrong, "hist.csv: the end where rep comes");
	r = row_in(f, TABLE_REPS, 0);
	put_reps(&r, false);
	r.at = 6;
	row_u64(&r, "more", 1);
	assert_string_equal(r.wrong, "reps.csv: more where the end comes");
}

/* p_* takes as many values as the run has parameters, none where it has none. */
static void
parameters(void **state)
{
	for (size_t n = 0; n < 3; n++) {
		struct row r = row_in(f, TABLE_POINTS, n);

		(void)state;
		for (const struct column *c = tables[TABLE_POINTS].column; c->name; c++)
			for (size_t k = 0; k < (strcmp(c->name, "p_*") == 0 ? n : 1); k++)
				row_double(&r, c->name, NAN);
		row_end(&r);
		assert_int_equal(r.rc, 0);
	}
	{
		struct row r = row_in(f, TABLE_POINTS, 1);

		for (const struct column *c = tables[TABLE_POINTS].column; strcmp(c->name, "p_*") != 0; c++)
			row_text(&r, c->name, "");
		row_text(&r, "control", "no");
		assert_string_equal(r.wrong, "points.csv: control where p_* comes");
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(whole, setup, teardown),
		cmocka_unit_test_setup_teardown(swapped, setup, teardown),
		cmocka_unit_test_setup_teardown(short_or_long, setup, teardown),
		cmocka_unit_test_setup_teardown(parameters, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
