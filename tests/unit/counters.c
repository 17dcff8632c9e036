// links: counters.o multiplex.o event.o refused.o kevent.o pfm.o uncore.o sysfs.o text.o why.o openfiles.o -lpfm -Wl,--wrap=syscall,--wrap=read,--wrap=ioctl,--wrap=close
/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Groups, scaling and failures on a kernel that is played: perf_event_open and read are
 * wrapped and answer from a script.  What the real one counts is in faults.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <errno.h>
#include <linux/perf_event.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "counters.h"
#include "sysfs.h"

#define FD0 1000

long __real_syscall(long, ...);
ssize_t __real_read(int, void *, size_t);
int __real_ioctl(int, unsigned long, unsigned long);
int __real_close(int);
long __wrap_syscall(long, struct perf_event_attr *, int, int, int, long);
ssize_t __wrap_read(int, void *, size_t);
int __wrap_ioctl(int, unsigned long, unsigned long);
int __wrap_close(int);

/* What was asked of the played kernel, and what it is to answer. */
static struct played {
	int on, fits, fail_at, err, groups;	/* fits: members of a group */
	int n, starts, stops, closed;
	int uneven;				/* every second group runs all the time, the others half of it */
	struct { struct perf_event_attr attr; int pid, cpu, leader; char name[64]; int members; } open[128];
	uint64_t raw[64];			/* what any read gives; 0 words: made up */
	size_t words;
} k;

long
__wrap_syscall(long nr, struct perf_event_attr *attr, int pid, int cpu, int leader, long flags)
{
	const int n = k.n;

	if (!k.on)
		return __real_syscall(nr, attr, pid, cpu, leader, flags);
	assert_int_equal(nr, SYS_perf_event_open);
	assert_int_equal(flags, PERF_FLAG_FD_CLOEXEC);
	if (k.fail_at && n + 1 >= k.fail_at) {
		errno = k.err;
		return -1;
	}
	if (leader >= 0 && k.fits && k.open[leader - FD0].members >= k.fits) {
		errno = EINVAL;
		return -1;
	}
	k.open[n].attr = *attr;
	k.open[n].pid = pid;
	k.open[n].cpu = cpu;
	k.open[n].leader = leader;
	k.open[n].members = 1;
	if (attr->type == 6)
		strncpy(k.open[n].name, (const char *)(uintptr_t)attr->config1, sizeof k.open[n].name - 1);
	if (leader >= 0)
		k.open[leader - FD0].members++;
	else
		k.groups++;
	k.n++;
	return FD0 + n;
}

/* Made up: n-th opened counts 100 * n, runs half of the time. */
ssize_t
__wrap_read(int fd, void *buf, size_t len)
{
	uint64_t raw[40] = { 0, 2000, 1000 };
	const int leader = fd - FD0;

	if (!k.on)
		return __real_read(fd, buf, len);
	if (k.words) {
		memcpy(buf, k.raw, len < 8 * k.words ? len : 8 * k.words);
		return (ssize_t)(8 * k.words);
	}
	if (k.uneven && leader % 2)
		raw[2] = raw[1];
	for (int i = 0; i < k.n; i++)
		if (i == leader || k.open[i].leader == fd)
			raw[3 + raw[0]++] = 100 * (uint64_t)i;
	assert_int_equal(len, 8 * (3 + raw[0]));
	memcpy(buf, raw, len);
	return (ssize_t)len;
}

int
__wrap_ioctl(int fd, unsigned long op, unsigned long arg)
{
	if (!k.on)
		return __real_ioctl(fd, op, arg);
	assert_int_equal(k.open[fd - FD0].leader, -1);	/* leaders only: the others follow */
	k.starts += op == PERF_EVENT_IOC_ENABLE;
	k.stops += op == PERF_EVENT_IOC_DISABLE;
	return 0;
}

int
__wrap_close(int fd)
{
	if (!k.on || fd < FD0)
		return __real_close(fd);
	k.closed++;
	return 0;
}

static struct event_list list;
static char why[512];

static void
ask(const char *const *text)
{
	list.n = 0;
	for (; *text; text++)
		if (event_add(&list, *text, why, sizeof why) < 0)
			fail_msg("%s", why);
}

#define ASK(...) ask((const char *const[]){ __VA_ARGS__, NULL })

static struct counters *
opened(enum event_scope scope)
{
	struct counters *c;

	assert_int_equal(counters_open(&c, &list, scope), 0);
	return c;
}

/* Six core events: groups of at most four; each PMU apart; tracepoints last. */
static void
groups(void **state)
{
	struct counter_value v[EVENTS_MAX] = { { 0 } };
	struct counters *c;

	(void)state;
	memset(&k, 0, sizeof k);
	ASK("jbd2:jbd2_start_commit", "cycles", "page-faults", "instructions", "cache-misses", "cpu/event=1/",
	    "cycles:u", "task-clock");
	k.on = 1;
	c = opened(SCOPE_THREAD);
	assert_int_equal(k.n, 8);
	assert_int_equal(k.groups, 4);
	assert_int_equal(k.open[0].attr.type, PERF_TYPE_HARDWARE);
	assert_int_equal(k.open[0].leader, -1);
	assert_int_equal(k.open[0].attr.disabled, 1);
	assert_int_equal(k.open[2].leader, FD0);		/* instructions follow cycles */
	assert_int_equal(k.open[2].attr.disabled, 0);
	assert_int_equal(k.open[5].leader, -1);			/* cycles:u is the fifth of the core */
	assert_int_equal(k.open[5].attr.exclude_kernel, 1);
	assert_int_equal(k.open[6].leader, FD0 + 1);		/* task-clock with page-faults */
	assert_int_equal(k.open[7].attr.type, PERF_TYPE_TRACEPOINT);
	for (int i = 0; i < k.n; i++) {
		assert_int_equal(k.open[i].pid, 0);
		assert_int_equal(k.open[i].cpu, -1);
		assert_int_equal(k.open[i].attr.read_format, PERF_FORMAT_GROUP | PERF_FORMAT_TOTAL_TIME_ENABLED |
				 PERF_FORMAT_TOTAL_TIME_RUNNING);
	}
	counters_start(c);
	counters_stop(c);
	assert_int_equal(k.starts, 4);
	assert_int_equal(k.stops, 4);
	counters_read(c, v);
	assert_int_equal(v[0].value, 700);
	assert_int_equal(v[1].value, 0);
	assert_int_equal(v[3].value, 200);
	assert_int_equal(v[6].value, 500);
	assert_int_equal(v[6].enabled_ns, 2000);
	assert_int_equal(v[6].running_ns, 1000);
	counters_close(c);
	assert_int_equal(k.closed, k.n);
	k.on = 0;
}

/* The kernel says that three do not fit: the third leads a group of its own. */
static void
too_small(void **state)
{
	struct counters *c;

	(void)state;
	memset(&k, 0, sizeof k);
	k.fits = 2;
	ASK("cycles", "instructions", "cache-misses", "cycles:u");
	k.on = 1;
	c = opened(SCOPE_THREAD);
	assert_int_equal(k.n, 4);
	assert_int_equal(k.groups, 2);
	assert_int_equal(k.open[2].leader, -1);
	assert_int_equal(k.open[3].leader, FD0 + 2);
	counters_close(c);
	k.on = 0;
}

/* Online are 0-3,8: five of each; the uncore's three controllers in two sockets; summed up. */
static void
whole_system(void **state)
{
	struct counter_value v[EVENTS_MAX] = { { 0 } };
	struct counters *c;
	double x;

	(void)state;
	memset(&k, 0, sizeof k);
	ASK("page-faults", "context-switches@system", "uncore_imc/event=0xe3/", "uncore_imc/event=0xe7/");
	k.on = 1;
	c = opened(SCOPE_SYSTEM);
	assert_int_equal(k.n, 5 + 6 + 6);
	assert_int_equal(k.groups, 5 + 6);
	assert_int_equal(k.open[4].cpu, 8);
	assert_int_equal(k.open[5].cpu, 0);
	assert_int_equal(k.open[5].attr.type, 20);
	assert_int_equal(k.open[6].cpu, 28);
	assert_int_equal(k.open[11].leader, FD0 + 5);	/* e7 beside e3 of the same controller */
	assert_int_equal(k.open[16].leader, FD0 + 10);
	for (int i = 0; i < k.n; i++)
		assert_int_equal(k.open[i].pid, -1);
	counters_read(c, v);
	assert_int_equal(v[0].enabled_ns, 0);		/* of the other scope */
	assert_int_equal(v[1].value, 100 * (0 + 1 + 2 + 3 + 4));
	assert_int_equal(v[2].value, 100 * (5 + 6 + 7 + 8 + 9 + 10));
	assert_int_equal(v[3].enabled_ns, 6 * 2000);
	/* Each CPU's share of the time is its own. */
	k.uneven = 1;
	memset(v, 0, sizeof v);
	counters_read(c, v);
	assert_int_equal(v[1].value, 100 * (0 + 1 + 2 + 3 + 4));
	assert_int_equal(counter_estimate(&v[1], &x), 0);
	assert_true(x == 2 * 100 * (0 + 2 + 4) + 100 * (1 + 3));
	counters_close(c);
	k.on = 0;
}

static void
failures(void **state)
{
	struct counter_value v[EVENTS_MAX] = { { 0 } };
	struct counters *c;
	double x;

	(void)state;
	memset(&k, 0, sizeof k);
	ASK("page-faults", "cycles", "task-clock");
	k.on = 1;
	k.fail_at = 2;
	k.err = ENOENT;
	c = opened(SCOPE_THREAD);
	counters_read(c, v);
	assert_int_equal(v[0].rc, 0);
	assert_int_equal(v[1].rc, -ENOENT);
	assert_int_equal(counter_estimate(&v[1], &x), -ENOENT);
	assert_int_equal(counters_try(&list.event[1], why, sizeof why), -ENOENT);
	k.err = EMFILE;
	assert_int_equal(counters_try(&list.event[1], why, sizeof why), -EMFILE);
	assert_non_null(strstr(why, "ulimit -n"));
	/* Replayed reads: cut short, then never on the counter. */
	k.words = 3;
	memcpy(k.raw, (uint64_t[]){ 1, 2000, 0, 0 }, 32);
	memset(v, 0, sizeof v);
	counters_read(c, v);
	assert_int_equal(v[0].rc, -EIO);
	k.words = 4;
	memset(v, 0, sizeof v);
	counters_read(c, v);
	assert_int_equal(v[0].rc, -ENODATA);
	counters_close(c);
	k.on = 0;
	event_refused(&list.event[0], -ENODATA, why, sizeof why);
	assert_non_null(strstr(why, "never on a counter"));
	/* Nothing of that scope: nothing to do. */
	assert_int_equal(counters_open(&c, &list, SCOPE_SYSTEM), 0);
	assert_null(c);
	counters_start(c);
	counters_stop(c);
	counters_read(c, v);
	counters_close(c);
}

/* The name of a probed function goes along from where the event then lies. */
static void
probe(void **state)
{
	static struct event_list copy;
	struct counters *c;

	(void)state;
	memset(&k, 0, sizeof k);
	memset(&list, 0, sizeof list);
	list.n = 1;
	list.event[0] = (struct event){ .text = "kretprobe:f", .function = "f", .kind = EVENT_KPROBE, .type = 6,
					.config = { 1 } };
	copy = list;
	memset(&list, 0, sizeof list);
	k.on = 1;
	assert_int_equal(counters_open(&c, &copy, SCOPE_THREAD), 0);
	assert_string_equal(k.open[0].name, "f");
	assert_int_equal(k.open[0].attr.config, 1);
	counters_close(c);
	k.on = 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(groups), cmocka_unit_test(too_small), cmocka_unit_test(whole_system),
		cmocka_unit_test(failures), cmocka_unit_test(probe),
	};

	sysfs_set_root("tests/golden/sysfs-pmu");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
