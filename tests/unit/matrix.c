// links: matrix.o multiplex.o event.o refused.o eventset.o answerload.o formula.o kevent.o pfm.o uncore.o sysfs.o text.o why.o say.o -lpfm -ljansson -lm
/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is asked for, what can be counted, what was: the rows of run.json and what is said once.
 * The kernel is played: counters_try() answers from here.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <errno.h>
#include "answer.h"
#include "counters.h"
#include "matrix.h"
#include "datadir.h"
#include "sysfs.h"

static char said[4096];
static int tried;

const char *
data_dir(void)
{
	return ".";
}

static void
hear(enum say_level level, const char *text)
{
	assert_int_equal(SAY_WARN, level);
	strncat(said, text, sizeof said - strlen(said) - 1);
	strncat(said, "\n", sizeof said - strlen(said) - 1);
}

static const struct say listener = { hear };

/* task-clock cannot be counted here. */
int
counters_try(const struct event *e, char *why, size_t len)
{
	tried++;
	why[0] = 0;
	if (strcmp(e->text, "task-clock") != 0)
		return 0;
	snprintf(why, len, "played");
	return -EACCES;
}

static unsigned answered, closed;

/* Each set that is for this CPU is tried once, whoever asked for its events. */
void
answers_check(const struct eventset *set, json_t *rows, int node)
{
	assert_true(set->name[0] && json_is_array(rows));
	assert_int_equal(node, 3);
	answered++;
}

void
answers_close(json_t *rows)
{
	assert_true(json_is_array(rows));
	closed++;
}

static struct event_list list;
static json_t *matrix;

static int
ask(const char *const *event, size_t n)
{
	const struct config c = { .file = "c.yaml", .event = event, .nevent = n };

	json_decref(matrix);
	said[0] = 0;
	tried = 0;
	return matrix_list(&c, &list, &matrix, 3, &listener);
}

#define ASK(...) ask((const char *const[]){ __VA_ARGS__ }, sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(char *))

static json_t *
row(const char *event)
{
	json_t *r;
	size_t i;

	json_array_foreach(matrix, i, r)
		if (strcmp(json_string_value(json_object_get(r, "event")), event) == 0)
			return r;
	fail_msg("no row of %s", event);
	return NULL;
}

static bool
available(const char *event)
{
	return json_is_true(json_object_get(row(event), "available"));
}

static const char *
why(const char *event)
{
	return json_string_value(json_object_get(row(event), "why"));
}

static size_t
times(const char *text)
{
	size_t n = 0;

	for (const char *p = said; (p = strstr(p, text)); p++)
		n++;
	return n;
}

/* Every form of a name, beside sets. */
static void
forms(void **state)
{
	(void)state;
	assert_int_equal(ASK("page-faults", "page-faults:u", "page-faults@system", "msr/tsc/", "uncore_imc/event=1,umask=2/",
			     "msr/nothing=1/", "x/event=1,umask=2/", "jbd2:jbd2_start_commit", "task-clock"), 0);
	assert_int_equal(list.n, 6);
	assert_int_equal(json_array_size(matrix), 9);
	assert_true(available("page-faults:u") && available("msr/tsc/") && available("jbd2:jbd2_start_commit"));
	assert_string_equal(json_string_value(json_object_get(row("page-faults@system"), "scope")), "system");
	assert_string_equal(json_string_value(json_object_get(row("uncore_imc/event=1,umask=2/"), "scope")), "system");
	assert_string_equal(why("msr/tsc/"), "");
	assert_false(available("x/event=1,umask=2/"));
	assert_non_null(strstr(why("x/event=1,umask=2/"), "no PMU 'x'"));
	assert_non_null(strstr(why("msr/nothing=1/"), "no field or event"));
	assert_string_equal(why("task-clock"), "played");
	assert_int_equal(times("\n"), 3);
	/* What no machine takes is the config's fault. */
	assert_int_equal(ASK("msr/tsc"), -EINVAL);
	assert_non_null(strstr(said, "c.yaml: events: 'msr/tsc': an event of a PMU is PMU/TERMS/"));
	assert_int_equal(ASK("context-switches:u"), -EINVAL);
}

/* Nobody's: the reason and the mend, once. */
static void
unknown(void **state)
{
	(void)state;
	assert_int_equal(ASK("foo", "pagefaults", "kernal"), 0);
	assert_int_equal(list.n, 0);
	assert_non_null(strstr(why("foo"), "unknown event 'foo' (run-bench list events"));
	assert_non_null(strstr(why("pagefaults"), "did you mean 'page-faults'?"));
	assert_non_null(strstr(why("kernal"), "did you mean the event set 'kernel'?"));
	assert_int_equal(times("event foo is not counted: "), 1);
	assert_int_equal(times("event kernal is not counted: "), 1);
	assert_int_equal(times("\n"), 3);
}

/* A set for other CPUs: a row for each of its events, one message; asked for by itself an event is
 * tried all the same. */
static void
of_others(void **state)
{
	FILE *f = fopen("/proc/cpuinfo", "re");
	char line[512];
	bool amd = false;

	(void)state;
	while (f && fgets(line, sizeof line, f))
		amd |= strstr(line, "AuthenticAMD") != NULL;
	if (f)
		fclose(f);
	if (amd) {
		assert_int_equal(ASK("optane", "uncore_imc/event=0xe7/"), 0);
		assert_int_equal(json_array_size(matrix), 2);
		assert_false(available("uncore_imc/event=0xe3/"));
		assert_string_equal(json_string_value(json_object_get(row("uncore_imc/event=0xe3/"), "set")), "optane");
		assert_non_null(strstr(why("uncore_imc/event=0xe3/"), "event set 'optane' is for the CPUs"));
		assert_true(available("uncore_imc/event=0xe7/"));
	} else {
		assert_int_equal(ASK("amd", "amd_umc/event=0x0a,rdwrmask=1/"), 0);
		assert_int_equal(json_array_size(matrix), 3);
		assert_false(available("cpu/event=0x44,umask=0x80/"));
		assert_string_equal(json_string_value(json_object_get(row("cpu/event=0x44,umask=0x80/"), "set")), "amd");
		assert_non_null(strstr(why("cpu/event=0x44,umask=0x80/"), "event set 'amd' is for the CPUs"));
		assert_true(available("amd_umc/event=0x0a,rdwrmask=1/"));
	}
	assert_int_equal(times("\n"), 1);
	assert_int_equal(list.n, 1);
}

/* In two sets, or in a set and by itself: tried and told once. */
static void
twice(void **state)
{
	(void)state;
	assert_int_equal(ASK("task-clock", "any", "page-faults"), 0);
	assert_int_equal(times("event task-clock"), 1);
	for (size_t i = 0; i + 1 < json_array_size(matrix); i++)
		for (size_t k = i + 1; k < json_array_size(matrix); k++)
			assert_string_not_equal(
				json_string_value(json_object_get(json_array_get(matrix, i), "event")),
				json_string_value(json_object_get(json_array_get(matrix, k), "event")));
}

/* It opened, and then had no counter: n/a with the reason, said once; until a repeat has it. */
static void
seen(void **state)
{
	struct counter_value v[2];

	(void)state;
	assert_int_equal(ASK("page-faults", "msr/tsc/"), 0);
	/* A repeat without a window says nothing. */
	v[0] = v[1] = counter_place(0, 0, 0);
	assert_false(matrix_seen(matrix, &list, v, 2, &listener));
	assert_true(available("msr/tsc/"));
	v[0] = counter_place(7, 100, 100);
	v[1] = counter_place(0, 100, 0);
	assert_true(matrix_seen(matrix, &list, v, 2, &listener));
	assert_true(available("page-faults"));
	assert_true(json_is_true(json_object_get(row("page-faults"), "counted")));
	assert_false(available("msr/tsc/"));
	assert_non_null(strstr(why("msr/tsc/"), "never on a counter: ask for fewer events"));
	assert_false(matrix_seen(matrix, &list, v, 2, &listener));
	assert_int_equal(times("event msr/tsc/ is not counted: "), 1);
	v[1] = counter_place(5, 100, 20);
	assert_true(matrix_seen(matrix, &list, v, 2, &listener));
	assert_true(available("msr/tsc/"));
	assert_non_null(strstr(why("msr/tsc/"), "never on a counter"));	/* in one of them */
	/* The other way round. */
	v[0] = (struct counter_value){ .rc = -EMFILE };
	assert_true(matrix_seen(matrix, &list, v, 2, &listener));
	assert_true(available("page-faults"));
	assert_non_null(strstr(why("page-faults"), "ulimit -n"));
	assert_int_equal(times("event page-faults is not counted in every repeat: "), 1);
	/* Of a foreign run.json. */
	assert_false(matrix_seen(NULL, &list, v, 2, &listener));
	assert_int_equal(json_array_clear(matrix), 0);
	json_array_append_new(matrix, json_object());
	assert_false(matrix_seen(matrix, &list, v, 2, &listener));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(forms), cmocka_unit_test(unknown), cmocka_unit_test(of_others), cmocka_unit_test(twice),
		cmocka_unit_test(seen),
	};
	int rc;

	unsetenv("LIBPFM_FORCE_PMU");
	sysfs_set_root("tests/golden/sysfs-pmu");
	rc = cmocka_run_group_tests(tests, NULL, NULL);
	json_decref(matrix);
	return rc;
}
