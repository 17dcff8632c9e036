// links: answer.o answerload.o multiplex.o event.o eventset.o formula.o kevent.o pfm.o uncore.o sysfs.o text.o why.o -lpfm -ljansson -lm
/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What makes a counter believed.  Counters are played: they read a share of what the load did, near
 * and on the other socket of the made-up machine; with `--loop` this is a program for perf stat.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "answer.h"
#include "answerload.h"
#include "counters.h"
#include "sysfs.h"

#define MIB 1048576.0

/* One event a group; a place for each socket, or the thread. */
struct counters { const struct event_list *list; enum event_scope scope; };
static struct counters played[2];
static double near_share, far_share;
static const char *self;
static unsigned loads;

/* Where the load runs, in the made-up machine. */
int sched_getcpu(void);
int
sched_getcpu(void)
{
	return 0;
}

int
counters_open(struct counters **c, const struct event_list *l, enum event_scope scope)
{
	played[scope] = (struct counters){ l, scope };
	*c = &played[scope];
	return 0;
}

void
counters_start(struct counters *c)
{
	loads += c->scope == SCOPE_THREAD;
}

void
counters_stop(struct counters *c)
{
	(void)c;
}

void
counters_close(struct counters *c)
{
	(void)c;
}

/* CPU 0 is on the load's socket, as the tree has it, CPU 28 is not.  The load wrote or read 256 or
 * 64 MiB, in events of 64 bytes or scaled to MiB; each of n events has its part of it. */
void
counters_each(struct counters *c, void (*fn)(uint32_t, struct event_place, const struct counter_value *, void *), void *arg)
{
	for (uint32_t i = 0; i < c->list->n; i++) {
		const struct event *e = &c->list->event[i];
		const bool reads = strstr(e->text, "read") != NULL;
		const double did = strcmp(e->text, "page-faults") == 0 ? 4096 : (reads ? 64 : 256) * MIB / 64 / c->list->n;

		if (e->scope != c->scope)
			continue;
		for (uint32_t k = 0; k < (e->nplace ? e->nplace : 1); k++) {
			const struct event_place at = e->nplace ? e->place[k] : (struct event_place){ e->type, -1 };
			const double share = at.cpu <= 0 ? near_share : far_share;
			const double places = e->nplace ? e->nplace / 2 : 1;
			const struct counter_value v = counter_place((uint64_t)(share * did / places), 10, 10);

			fn(i, at, &v, arg);
		}
	}
}

static void
rules(void **state)
{
	char why[128];

	(void)state;
	assert_true(answer_right(1000, 1000, 0, why, sizeof why));
	assert_true(answer_right(1000, 950, 50, why, sizeof why));
	assert_true(answer_right(1000, 1200, 0, why, sizeof why));
	assert_false(answer_right(1000, 940, 0, why, sizeof why));
	assert_false(answer_right(1000, 1210, 0, why, sizeof why));
	assert_non_null(strstr(why, "1.21 times"));
	assert_false(answer_right(1000, 1000, 60, why, sizeof why));
	assert_non_null(strstr(why, "another socket"));
	assert_false(answer_right(1000, 0, 0, why, sizeof why));
	assert_string_equal(why, "reads 0 under a load of 1000");
}

static char set_text[] =
	"doc    d\n"
	"event  r uncore_imc/cas_count_read/\n"
	"event  w0 uncore_imc/event=0x04,umask=0x04/\n"
	"event  w1 uncore_imc/event=0x04,umask=0x08/\n"
	"event  faults page-faults\n"
	"event  other task-clock\n"
	"answer read-bytes r * 1048576\n"
	"answer write-bytes 64 * (w0 + w1)\n"
	"answer faults faults\n";
static struct eventset set;

static json_t *
matrix(bool without_w1)
{
	json_t *m = json_array();

	for (size_t k = 0; k < set.nevent; k++)
		json_array_append_new(m, json_pack("{s:s, s:b}", "event", set.event[k].text, "available",
						   !(without_w1 && strcmp(set.event[k].name, "w1") == 0)));
	return m;
}

static const char *
said(json_t *m, size_t k, const char *key)
{
	const char *s = json_string_value(json_object_get(json_array_get(m, k), key));

	return s ? s : "";
}

static json_t *
check(double near, double far, bool without_w1)
{
	json_t *m = matrix(without_w1);

	near_share = near;
	far_share = far;
	loads = 0;
	answers_check(&set, m, -1);
	answers_close(m);
	return m;
}

/* Where all is right: one load for each answer, a sum proves what it is made of, the rest is open. */
static void
believed(void **state)
{
	json_t *m = check(1, 0, false);

	(void)state;
	for (size_t k = 0; k < 4; k++)
		assert_string_equal(said(m, k, "proof"), "checked");
	assert_string_equal(said(m, 4, "proof"), "open");
	assert_string_equal(said(m, 4, "proof_why"), "");
	assert_int_equal(loads, 3);
	json_decref(m);
}

/* 0, half, and the other socket's: open, with what it read; tried again before it is said. */
static void
doubted(void **state)
{
	json_t *m = check(0, 0, false);

	(void)state;
	assert_string_equal(said(m, 0, "proof"), "open");
	assert_string_equal(said(m, 0, "proof_why"), "reads 0 under a load of 67108864");
	assert_string_equal(said(m, 3, "proof_why"), "reads 0 under a load of 4096");
	assert_int_equal(loads, 9);
	json_decref(m);
	m = check(0.5, 0, false);
	assert_string_equal(said(m, 1, "proof_why"), "reads 0.5 times what a known load did");
	json_decref(m);
	m = check(1, 1, false);
	assert_string_equal(said(m, 2, "proof_why"), "another socket's read 1 times what a known load did here");
	/* A thread's event has no other socket. */
	assert_string_equal(said(m, 3, "proof"), "checked");
	json_decref(m);
}

/* A sum of which a part is missing proves nothing, of either. */
static void
in_part(void **state)
{
	json_t *m = check(1, 0, true);

	(void)state;
	assert_string_equal(said(m, 0, "proof"), "checked");
	assert_string_equal(said(m, 1, "proof"), "open");
	assert_string_equal(said(m, 2, "proof"), "n/a");
	assert_int_equal(loads, 2);
	json_decref(m);
}

/* What perf stat counts of this program with one loop more than without: agreement of a real PMU. */
static void
perf_stat_agrees(void **state)
{
	long long n[2] = { 0 };
	char command[512], line[256];

	(void)state;
	for (int k = 0; k < 2; k++) {
		FILE *f;

		snprintf(command, sizeof command, "perf stat -x, -e instructions:u %s --loop %d 2>&1", self, k);
		f = popen(command, "r");
		assert_non_null(f);
		while (fgets(line, sizeof line, f))
			if (strstr(line, "instructions"))
				n[k] = atoll(line);
		pclose(f);
	}
	if (!n[0] || !n[1]) {
		print_message("n/a: no perf stat here, or no PMU\n");
		skip();
	}
	char *memory = answerload_new(ANSWER_INSTRUCTIONS);
	const double did = answerload_run(ANSWER_INSTRUCTIONS, memory);

	answerload_free(memory);
	assert_true((double)(n[1] - n[0]) > 0.99 * did && (double)(n[1] - n[0]) < 1.01 * did);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rules), cmocka_unit_test(believed), cmocka_unit_test(doubted), cmocka_unit_test(in_part),
		cmocka_unit_test(perf_stat_agrees),
	};
	char why[512];
	FILE *f;

	if (argc == 3 && strcmp(argv[1], "--loop") == 0)
		return atoi(argv[2]) ? answerload_run(ANSWER_INSTRUCTIONS, NULL) == 0 : 0;
	self = argv[0];
	f = fmemopen(set_text, sizeof set_text - 1, "r");
	if (!f || eventset_read(&set, f, "set", why, sizeof why) < 0)
		return 1;
	fclose(f);
	sysfs_set_root("tests/golden/sysfs-pmu");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
