// links: disturb.o look.o
/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Every taint just under and just over its threshold, from looks made up; and what counts as
 * a source, under a proc and sys of our own.  perf is played here: counters.o is not linked.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <errno.h>
#include <sched.h>
#include <sys/stat.h>
#include <unistd.h>
#include "counters.h"
#include "disturb.h"
#include "uncore.h"

static const uint32_t all = (1u << TAINT_COUNT) - 1;
static const char *no_perf;			/* names that cannot be counted here */
static uint64_t played[EVENTS_MAX];

int
uncore_parse(struct event *e, const char *spec, char *why, size_t len)
{
	(void)why;
	(void)len;
	e->scope = SCOPE_THREAD;
	return strstr(no_perf, spec) ? -ENODEV : 0;
}

int
counters_try(const struct event *e, char *why, size_t len)
{
	(void)why;
	(void)len;
	/* Known, but refused. */
	return strstr(no_perf, e->text) || (e->text[0] == 'c' && strstr(no_perf, "refuse")) ? -EACCES : 0;
}

int
counters_open(struct counters **c, const struct event_list *l, enum event_scope scope)
{
	(void)scope;
	*c = l->n ? (struct counters *)played : NULL;
	return 0;
}

void
counters_start(struct counters *c)
{
	(void)c;
}

void
counters_read(struct counters *c, struct counter_value v[EVENTS_MAX])
{
	for (int k = 0; c && k < EVENTS_MAX; k++)
		v[k].value = played[k];
}

void
counters_close(struct counters *c)
{
	(void)c;
}

/* A window of 10 ms on CPU 3 in which nothing happened. */
static const struct disturb_window window = { .cpu = 3, .wall_ns = 10e6, .cpu_ns = 10e6, .faults = 5 };
static const struct disturb_look before = { .cpu = 3, .canary = 1000, .aperf = 1000, .mperf = 1000, .stalled_us = 50 };
static struct disturb_look after;
static const struct pace best = { .canary = 1000, .frequency = 1.0 };

static uint32_t
taints(uint32_t available, struct disturb_window w)
{
	return disturb_taints(available, &before, &after, &w, &best);
}

static void
quiet(void)
{
	after = before;
	after.aperf += 1000;
	after.mperf += 1000;
}

/* `under` and `over` in a field of the second look: nothing, and this taint alone. */
#define EDGE(field, under, over, taint) do { \
	quiet(); \
	after.field = before.field + (under); \
	assert_int_equal(taints(all, window), 0); \
	after.field = before.field + (over); \
	assert_int_equal(taints(all, window), taint); \
	assert_int_equal(taints(all & ~(uint32_t)(taint), window), 0); \
} while (0)

static void
edges(void **state)
{
	struct disturb_window w = window;

	(void)state;
	EDGE(usage.ru_nivcsw, 0, 1, TAINT_SWITCHED);
	EDGE(usage.ru_minflt, 6, 7, TAINT_FAULTS);
	EDGE(usage.ru_majflt, 6, 7, TAINT_FAULTS);
	EDGE(migrations, 0, 1, TAINT_MIGRATED);
	EDGE(cpu, 0, 1, TAINT_MIGRATED);
	EDGE(wait_ns, 100000, 100001, TAINT_WAITED);
	EDGE(steal, 0, 1, TAINT_STEAL);
	EDGE(throttled, 0, 1, TAINT_THROTTLED);
	EDGE(thermal, 0, 1, TAINT_THERMAL);
	EDGE(stalled_us, 100, 101, TAINT_PRESSURE);
	EDGE(smi, 0, 1, TAINT_SMI);
	EDGE(canary, 50, 51, TAINT_CANARY);
	EDGE(aperf, 953, 952, TAINT_FREQUENCY);
	quiet();
	w.cpu_ns = w.wall_ns / 1.0199;
	assert_int_equal(taints(all, w), 0);
	w.cpu_ns = w.wall_ns / 1.0201;
	assert_int_equal(taints(all, w), TAINT_WALL);
}

/* The loop before the window counts, too; a pace that is not known judges nothing. */
static void
paces(void **state)
{
	struct disturb_look slow = before;
	struct pace p = { 0 };

	(void)state;
	quiet();
	slow.canary = 1051;
	assert_int_equal(disturb_taints(all, &slow, &after, &window, &best), TAINT_CANARY);
	assert_int_equal(disturb_taints(all, &slow, &after, &window, &p), 0);
	pace_take(&p, &slow, &after);
	assert_true(p.canary == 1000 && p.frequency == 1.0);
	pace_merge(&p, &(struct pace){ .canary = 1100, .frequency = 0.8 });
	assert_true(p.canary == 1000 && p.frequency == 1.0);
	pace_merge(&p, &(struct pace){ .canary = 900, .frequency = 1.2 });
	assert_true(p.canary == 900 && p.frequency == 1.2);
	pace_merge(&p, &(struct pace){ 0 });
	assert_true(p.canary == 900 && p.frequency == 1.2);
}

/* A core that is slow from the first window of a repeat to the last: its own best says nothing,
 * that of the point's other repeats does. */
static void
slow_throughout(void **state)
{
	struct disturb_look slow = before;
	struct pace own = { 0 }, known = best;

	(void)state;
	quiet();
	slow.canary = after.canary = 1300;
	after.aperf = before.aperf + 700;
	pace_take(&own, &slow, &after);
	assert_int_equal(disturb_taints(all, &slow, &after, &window, &own), 0);
	pace_merge(&known, &own);
	assert_int_equal(disturb_taints(all, &slow, &after, &window, &known), TAINT_CANARY | TAINT_FREQUENCY);
}

static void
not_applicable(void **state)
{
	struct disturb_window w = window;

	(void)state;
	assert_int_equal(disturb_applies(&w), all);
	w.faults = -1;
	assert_int_equal(disturb_applies(&w), all & ~TAINT_FAULTS);
	quiet();
	after.usage.ru_minflt += 1000;
	assert_int_equal(taints(all, w), 0);
	w = window;
	w.blocks = true;
	assert_int_equal(disturb_applies(&w), all & ~(TAINT_WALL | TAINT_PRESSURE));
	quiet();
	w.cpu_ns = 1;
	after.stalled_us += 5000;
	assert_int_equal(taints(all, w), 0);
}

static char root[] = "/tmp/daxmark-disturb-XXXXXX";

static void
put(const char *path, const char *text)
{
	char full[300];
	FILE *f;

	snprintf(full, sizeof full, "%s%s", root, path);
	for (char *p = full + strlen(root) + 1; *p; p++)
		if (*p == '/') {
			*p = 0;
			mkdir(full, 0777);
			*p = '/';
		}
	f = fopen(full, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static void
gone(const char *path)
{
	char full[300];

	snprintf(full, sizeof full, "%s%s", root, path);
	unlink(full);
}

/* Which taints can be seen under root, of those in question. */
static uint32_t
seen(const char *without, uint32_t of)
{
	struct disturb *d;
	uint32_t mask;

	no_perf = without;
	d = disturb_open(root, 1, 0);
	assert_non_null(d);
	mask = disturb_available(d) & of;
	disturb_close(d);
	return mask;
}

#define MSR TAINT_SMI | TAINT_FREQUENCY

static void
each_counter_by_itself(void **state)
{
	(void)state;
	assert_int_equal(seen("", MSR), MSR);
	assert_int_equal(seen("msr/smi/", MSR), TAINT_FREQUENCY);
	assert_int_equal(seen("msr/aperf/ msr/mperf/", MSR), TAINT_SMI);
	assert_int_equal(seen("msr/mperf/", MSR), TAINT_SMI);
	assert_int_equal(seen("msr/smi/ msr/aperf/ msr/mperf/ cpu-migrations", MSR), 0);
	/* Without perf there is still the CPU at the ends of a window. */
	assert_int_equal(seen("cpu-migrations", TAINT_MIGRATED), TAINT_MIGRATED);
}

/* That a file can be opened is not enough: it must say what is asked of it. */
static void
keys_not_files(void **state)
{
	static const uint32_t of = TAINT_WAITED | TAINT_STEAL | TAINT_THERMAL | TAINT_PRESSURE;

	(void)state;
	assert_int_equal(seen("", of), 0);
	put("/proc/thread-self/schedstat", "0 0 0\n");
	put("/proc/stat", "cpu  1 2 3\ncpu0 1 2 3 4 5 6 7 8 9 10\n");
	put("/proc/pressure/memory", "");
	put("/sys/devices/system/cpu/cpu0/thermal_throttle/core_throttle_count", "0\n");
	assert_int_equal(seen("", of), 0);
	put("/proc/thread-self/schedstat", "98878 2361260 2\n");
	assert_int_equal(seen("", of), TAINT_WAITED);
	put("/proc/stat", "cpu  1 2 3\ncpu0 1 2 3 4 5 6 7 8 9 10\ncpu1 1 2 3 4 5 6 7 8 9 10\n");
	assert_int_equal(seen("", of), TAINT_WAITED | TAINT_STEAL);
	put("/proc/pressure/io", "some avg10=0.00 avg60=0.00 avg300=0.00 total=77\n");
	assert_int_equal(seen("", of), TAINT_WAITED | TAINT_STEAL | TAINT_PRESSURE);
	put("/sys/devices/system/cpu/cpu1/thermal_throttle/package_throttle_count", "0\n");
	assert_int_equal(seen("", of), of);
}

/* The root of version 2 has a cpu.stat without a quota; a quota may stand above the leaf. */
static void
quotas(void **state)
{
	static const char plain[] = "usage_usec 1\nuser_usec 1\nsystem_usec 0\n";
	static const char quota[] = "usage_usec 1\nnr_periods 5\nnr_throttled 3\nthrottled_usec 9\n";
	struct disturb_look a, b;
	struct disturb *d;

	(void)state;
	put("/proc/self/cgroup", "0::/\n");
	put("/sys/fs/cgroup/cpu.stat", plain);
	assert_int_equal(seen("", TAINT_THROTTLED), 0);
	put("/proc/self/cgroup", "0::/slurm/job_7/step_0\n");
	put("/sys/fs/cgroup/slurm/job_7/step_0/cpu.stat", plain);
	put("/sys/fs/cgroup/slurm/cpu.stat", plain);
	assert_int_equal(seen("", TAINT_THROTTLED), 0);
	put("/sys/fs/cgroup/slurm/job_7/cpu.stat", quota);
	assert_int_equal(seen("", TAINT_THROTTLED), TAINT_THROTTLED);
	no_perf = "";
	d = disturb_open(root, 1, 0);
	disturb_look(d, &a);
	put("/sys/fs/cgroup/slurm/job_7/cpu.stat", "usage_usec 1\nnr_periods 5\nnr_throttled 4\n");
	disturb_look(d, &b);
	disturb_close(d);
	assert_int_equal(a.throttled, 3);
	assert_int_equal(b.throttled, 4);
	gone("/sys/fs/cgroup/slurm/job_7/cpu.stat");
	/* Version 1; cpuset begins like cpu, and is another. */
	put("/proc/self/cgroup", "8:cpuset:/x\n3:cpu,cpuacct:/x/y\n0::/\n");
	put("/sys/fs/cgroup/cpuset/x/cpu.stat", quota);
	assert_int_equal(seen("", TAINT_THROTTLED), 0);
	put("/sys/fs/cgroup/cpu,cpuacct/cpu.stat", quota);
	assert_int_equal(seen("", TAINT_THROTTLED), TAINT_THROTTLED);
}

/* One look has it all: of this CPU, behind the right key. */
static void
a_look(void **state)
{
	struct disturb_look l;
	struct disturb *d;
	cpu_set_t one, were;

	(void)state;
	no_perf = "cpu-migrations";
	put("/sys/devices/system/cpu/cpu1/thermal_throttle/core_throttle_count", "40\n");
	put("/sys/devices/system/cpu/cpu1/thermal_throttle/package_throttle_count", "2\n");
	put("/proc/pressure/memory", "some avg10=0.00 avg60=0.00 avg300=0.00 total=23\nfull avg10=0.00 total=9\n");
	for (int k = 0; k < 3; k++)
		played[k] = 10 + (uint64_t)k;
	sched_getaffinity(0, sizeof were, &were);
	CPU_ZERO(&one);
	CPU_SET(sched_getcpu(), &one);
	sched_setaffinity(0, sizeof one, &one);
	d = disturb_open(root, 1, 0);
	disturb_look(d, &l);
	assert_true(CPU_ISSET(l.cpu, &one));
	sched_setaffinity(0, sizeof were, &were);
	assert_int_equal(l.wait_ns, 2361260);
	assert_int_equal(l.steal, 8);
	assert_int_equal(l.thermal, 42);
	assert_int_equal(l.stalled_us, 100);
	assert_true(l.smi == 10 && l.aperf == 11 && l.mperf == 12 && l.migrations == 0);
	assert_true(l.canary > 0);
	disturb_close(d);
	no_perf = "refuse msr/smi/";
	d = disturb_open(root, 1, 0);
	disturb_look(d, &l);
	assert_true(l.smi == 0 && l.aperf == 10 && l.mperf == 11);
	disturb_close(d);
}

static int
begin(void **state)
{
	(void)state;
	no_perf = "";
	return mkdtemp(root) ? 0 : -1;
}

static int
end(void **state)
{
	char command[100];

	(void)state;
	snprintf(command, sizeof command, "rm -r %s", root);
	return system(command);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(edges), cmocka_unit_test(paces), cmocka_unit_test(slow_throughout),
		cmocka_unit_test(not_applicable), cmocka_unit_test(each_counter_by_itself),
		cmocka_unit_test(keys_not_files), cmocka_unit_test(quotas), cmocka_unit_test(a_look),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
