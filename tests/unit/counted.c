// links: counted.o formula.o csv.o -ljansson -lm
/* SPDX-License-Identifier: BSD-2-Clause */
/* Rows of counters.csv to metrics: made good place by place, or the old way where a run is too old. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <unistd.h>
#include "counted.h"

#define HEAD "point,rep,scope,event,value,enabled_ns,running_ns"

static char dir[64];
static double found;

static void
put(void *name, const char *metric, double v)
{
	if (strcmp(name, metric) == 0)
		found = v;
}

/* The metric of a table of one repeat with 100 ops; NaN: none.  rc of reading it. */
static int
metric(const char *table, char *name)
{
	struct run_point point = { .id = 0 };
	const struct run_repeat repeat = { .rep = 0, .ok = true, .counters_end = strlen(table) };
	struct run run = { .fd = open(dir, O_RDONLY | O_DIRECTORY), .point = &point, .npoint = 1, .json = json_loads(
		"{\"counters\": [{\"event\": \"a\", \"scope\": \"thread\", \"scale\": 0.5, \"unit\": \"MiB\"}]}", 0, NULL) };
	const struct counted_use use = { .ops = 100, .bytes = 6400, .seconds = 1 };
	struct counted t;
	char path[80];
	FILE *f;
	int rc;

	snprintf(path, sizeof path, "%s/counters.csv", dir);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(table, f);
	fclose(f);
	found = NAN;
	rc = counted_open(&t, &run);
	if (rc == 0)
		rc = counted_take(&t, &repeat);
	if (rc == 0)
		counted_each(&t, &use, put, name);
	counted_close(&t);
	close(run.fd);
	json_decref(run.json);
	unlink(path);
	return rc;
}

static void
estimates(void **state)
{
	char a[] = "a", b[] = "b", share[] = "b_running";

	(void)state;
	/* 1000 in half of the time and 0 in all of it: 2000, not 1000 * 200 / 150. */
	assert_int_equal(metric(HEAD ",scaled\n0,0,thread,b,1000,200,150,2000\n", b), 0);
	assert_true(found == 20);
	assert_int_equal(metric(HEAD ",scaled\n0,0,thread,b,1000,200,150,2000\n", share), 0);
	assert_true(found == 0.75);
	/* A run of 1.0 has the sums only. */
	assert_int_equal(metric(HEAD "\n0,0,thread,b,1000,200,150\n", b), 0);
	assert_true(fabs(found - 1000.0 / 100 * 200 / 150) < 1e-9);
	/* The unit's scale goes to both. */
	assert_int_equal(metric(HEAD ",scaled\n0,0,thread,a,1000,200,150,2000\n", a), 0);
	assert_true(found == 10);
	/* All the time: as it was counted, in full. */
	assert_int_equal(metric(HEAD ",scaled\n0,0,thread,b,12345678901,100,100,1.23456789e+10\n", b), 0);
	assert_true(found == 123456789.01);
}

/* Not counted is no value: never 0, and no fault of the table. */
static void
not_counted(void **state)
{
	char b[] = "b", share[] = "b_running";

	(void)state;
	assert_int_equal(metric(HEAD ",scaled\n0,0,thread,b,,200,0,\n", b), 0);
	assert_true(isnan(found));
	assert_int_equal(metric(HEAD ",scaled\n0,0,thread,b,,200,0,\n", share), 0);
	assert_true(isnan(found));
	assert_int_equal(metric(HEAD "\n0,0,thread,b,7,200,0\n", b), 0);
	assert_true(isnan(found));
	/* What was counted has a number. */
	assert_int_equal(metric(HEAD ",scaled\n0,0,thread,b,,200,100,\n", b), -EINVAL);
	assert_int_equal(metric(HEAD ",scaled\n0,0,thread,b,5,200,100,x\n", b), -EINVAL);
}

/* Since 1.2 an event of the machine has a row for each of its places: the metric is their sum. */
static void
by_place(void **state)
{
	(void)state;
	assert_int_equal(metric(HEAD ",scaled,instance,socket\n0,0,system,a,100,10,10,100,uncore_imc_0,0\n"
				"0,0,system,a,300,10,10,300,uncore_imc_0,1\n0,0,thread,b,7,10,10,7,,\n", "a@system"), 0);
	assert_true(found == 4);
	assert_int_equal(metric(HEAD ",scaled,instance,socket\n0,0,system,a,100,10,10,100,uncore_imc_0,0\n"
				"0,0,system,a,300,10,5,600,uncore_imc_1,0\n", "a@system"), 0);
	assert_true(found == 7);
	/* As it was written before. */
	assert_int_equal(metric(HEAD ",scaled\n0,0,system,a,400,20,20,400\n", "a@system"), 0);
	assert_true(found == 4);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(estimates), cmocka_unit_test(not_counted),
		cmocka_unit_test(by_place) };
	int rc;

	strcpy(dir, "/tmp/daxmark-counted-XXXXXX");
	if (!mkdtemp(dir))
		return 1;
	rc = cmocka_run_group_tests(tests, NULL, NULL);
	rmdir(dir);
	return rc;
}
