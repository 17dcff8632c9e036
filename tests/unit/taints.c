// links: taints.o taint.o rundir.o medium.o durable.o flag.o metric.o csv.o arena.o text.o why.o -ljansson -lm
/* SPDX-License-Identifier: BSD-2-Clause */
/* Windows by taint: threads of a window together, timed repeats only, unavailable is not clean. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <unistd.h>
#include "taints.h"

static char dir[] = "/tmp/daxmark-taint-XXXXXX";

static void
put(const char *name, const char *text)
{
	char path[128];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static void
counts(void **state)
{
	static const char rows[] =
		"point,rep,window,thread,taint\n"
		"0,0,0,0,0\n0,0,0,1,4\n0,0,1,0,1\n0,0,1,1,4\n0,0,2,0,0\n0,0,2,1,0\n"
		"0,1,0,0,32\n0,2,0,0,16\n0,3,0,0,2048\n";
	char repeats[600];
	struct taints t;
	struct run run;
	char why[256];
	size_t end = strlen(rows);

	(void)state;
	assert_non_null(mkdtemp(dir));
	/* One row a repeat at the end: timed and failed, counting, timed. */
	snprintf(repeats, sizeof(repeats), "point,rep,kind,status,hist_end,counters_end,samples_end\n"
		 "0,0,timed,ok,0,0,%zu\n0,1,timed,fail:x,0,0,%zu\n0,2,counting,ok,0,0,%zu\n0,3,timed,ok,0,0,%zu\n",
		 end - 35, end - 24, end - 13, end);
	put("run.json", "{\"schema\": \"daxmark.run/1.0\", \"taints\": {\"available\": [\"wall\", \"switched\", \"new\"]}}");
	put("points.csv", "point,kernel,status\n0,x,ok\n");
	put("samples.csv", rows);
	put("repeats.csv", repeats);
	if (rundir_load(&run, dir, why, sizeof(why)) < 0 || taints_count(&t, &run, why, sizeof(why)) < 0)
		fail_msg("%s", why);
	assert_int_equal(t.windows, 4);
	assert_int_equal(t.tainted, 3);
	assert_int_equal(t.by[TAINT_BIT_WALL], 2);
	assert_int_equal(t.by[TAINT_BIT_SWITCHED], 1);
	assert_int_equal(t.by[TAINT_BIT_CANARY], 1);
	assert_int_equal(t.by[TAINT_BIT_STEAL] + t.by[TAINT_BIT_WAITED], 0);
	assert_true(t.known);
	assert_int_equal(t.available, TAINT_WALL | TAINT_SWITCHED);
	rundir_free(&run);
	for (const char *const *f = (const char *const[]){ "run.json", "points.csv", "samples.csv", "repeats.csv", NULL }; *f; f++) {
		char path[128];

		snprintf(path, sizeof(path), "%s/%s", dir, *f);
		unlink(path);
	}
	rmdir(dir);
}

static void
as_json(void **state)
{
	json_t *j = taints_json(TAINT_WALL | TAINT_CANARY);

	(void)state;
	assert_int_equal(json_array_size(json_object_get(j, "available")), 2);
	assert_int_equal(json_array_size(json_object_get(j, "unavailable")), TAINT_COUNT - 2);
	assert_true(json_is_object(json_object_get(j, "not_applicable")));
	assert_string_equal(json_string_value(json_array_get(json_object_get(j, "available"), 1)), "canary");
	json_decref(j);
}

/* What can be seen and says nothing of a kernel is named with it, once; what cannot be seen is not. */
static void
not_applicable(void **state)
{
	const uint32_t all = (1u << TAINT_COUNT) - 1;
	json_t *j = taints_json(TAINT_WALL | TAINT_FAULTS), *none = json_object_get(j, "not_applicable");

	(void)state;
	assert_false(taints_note(j, "clwb", all));
	assert_int_equal(json_object_size(none), 0);
	assert_true(taints_note(j, "msync", all & ~(TAINT_WALL | TAINT_PRESSURE)));
	assert_false(taints_note(j, "msync", all & ~(TAINT_WALL | TAINT_PRESSURE)));
	assert_true(taints_note(j, "mine", all & ~(TAINT_WALL | TAINT_FAULTS)));
	assert_int_equal(json_object_size(none), 2);
	assert_int_equal(json_array_size(json_object_get(none, "wall")), 2);
	assert_string_equal(json_string_value(json_array_get(json_object_get(none, "faults"), 0)), "mine");
	json_decref(j);
	/* A run of an older program has no such list, and gets none. */
	j = json_pack("{s:[s]}", "available", "wall");
	assert_false(taints_note(j, "msync", 0));
	json_decref(j);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(counts), cmocka_unit_test(as_json), cmocka_unit_test(not_applicable) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
