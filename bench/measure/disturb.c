/* SPDX-License-Identifier: BSD-2-Clause */
#include <fcntl.h>
#include <inttypes.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "clock.h"
#include "disturb.h"
#include "event.h"
#include "counters.h"

#define WALL_MAX     1.02		/* wall/CPU */
#define WAIT_MAX     0.01		/* of the window */
#define SLOWER       1.05		/* canary, frequency */
#define CANARY_LOOPS 20000

const struct taint_row taint_rows[TAINT_COUNT] = {
#define X(id, name, doc) { name, doc },
	TAINT_LIST(X)
#undef X
};

/* Files stay open: a look is a pread each. */
enum source { SCHEDSTAT, STAT, CPU_STAT, THERMAL, PSI_MEMORY, PSI_IO, SOURCES };

struct disturb {
	unsigned cpu;
	int tsc, fd[SOURCES];
	double canary_best, frequency_first;
	struct counters *msr;		/* smi, aperf, mperf; NULL: no such PMU */
	struct event_list events;
};

/* The cgroup's cpu.stat: version 2, or the cpu controller of version 1. */
static int
open_cpu_stat(void)
{
	char line[4096], path[4400];
	FILE *f = fopen("/proc/self/cgroup", "re");
	int fd = -1;

	while (f && fd < 0 && fgets(line, sizeof line, f)) {
		char *list = strchr(line, ':'), *dir = list ? strchr(list + 1, ':') : NULL;

		if (!dir)
			continue;
		*dir++ = 0;
		dir[strcspn(dir, "\n")] = 0;
		if (!list[1])
			snprintf(path, sizeof path, "/sys/fs/cgroup%s/cpu.stat", dir);
		else if (strstr(list + 1, "cpu") == list + 1)
			snprintf(path, sizeof path, "/sys/fs/cgroup/%s%s/cpu.stat", list + 1, dir);
		else
			continue;
		fd = open(path, O_RDONLY | O_CLOEXEC);
	}
	if (f)
		fclose(f);
	return fd;
}

static void
open_msr(struct disturb *d)
{
	static const char *const names[] = { "msr/smi/", "msr/aperf/", "msr/mperf/" };
	char why[256];

	for (size_t k = 0; k < 3; k++)
		if (event_add(&d->events, names[k], why, sizeof why) < 0 ||
		    counters_try(&d->events.event[k], why, sizeof why) < 0) {
			d->events.n = 0;
			return;
		}
	if (counters_open(&d->msr, &d->events, d->events.event[0].scope) < 0)
		d->msr = NULL;
	counters_start(d->msr);
}

struct disturb *
disturb_open(unsigned cpu, int tsc)
{
	struct disturb *d = calloc(1, sizeof *d);
	char path[128];

	if (!d)
		return NULL;
	d->cpu = cpu;
	d->tsc = tsc;
	d->fd[SCHEDSTAT] = open("/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC);
	d->fd[STAT] = open("/proc/stat", O_RDONLY | O_CLOEXEC);
	d->fd[CPU_STAT] = open_cpu_stat();
	snprintf(path, sizeof path, "/sys/devices/system/cpu/cpu%u/thermal_throttle/core_throttle_count", cpu);
	d->fd[THERMAL] = open(path, O_RDONLY | O_CLOEXEC);
	d->fd[PSI_MEMORY] = open("/proc/pressure/memory", O_RDONLY | O_CLOEXEC);
	d->fd[PSI_IO] = open("/proc/pressure/io", O_RDONLY | O_CLOEXEC);
	open_msr(d);
	return d;
}

void
disturb_close(struct disturb *d)
{
	if (!d)
		return;
	for (int k = 0; k < SOURCES; k++)
		if (d->fd[k] >= 0)
			close(d->fd[k]);
	counters_close(d->msr);
	free(d);
}

uint32_t
disturb_available(const struct disturb *d)
{
	uint32_t mask = TAINT_SWITCHED | TAINT_FAULTS | TAINT_WALL | TAINT_MIGRATED | TAINT_CANARY;

	if (d->fd[SCHEDSTAT] >= 0)
		mask |= TAINT_WAITED;
	if (d->fd[STAT] >= 0)
		mask |= TAINT_STEAL;
	if (d->fd[CPU_STAT] >= 0)
		mask |= TAINT_THROTTLED;
	if (d->fd[THERMAL] >= 0)
		mask |= TAINT_THERMAL;
	if (d->fd[PSI_MEMORY] >= 0 || d->fd[PSI_IO] >= 0)
		mask |= TAINT_PRESSURE;
	if (d->msr)
		mask |= TAINT_SMI | TAINT_FREQUENCY;
	return mask;
}

/* The number behind `key` in an open file, 0 when it is not there. */
static uint64_t
number(int fd, const char *key, unsigned skip)
{
	char buf[8192], *p;
	ssize_t n = fd < 0 ? -1 : pread(fd, buf, sizeof buf - 1, 0);
	uint64_t v = 0;

	if (n <= 0)
		return 0;
	buf[n] = 0;
	p = strstr(buf, key);
	if (!p)
		return 0;
	p += strlen(key);
	for (unsigned k = 0; k <= skip; k++)
		v = strtoull(p, &p, 10);
	return v;
}

/* Dependent multiplications: as many ticks as the core's frequency says, nothing else. */
static double
canary(const struct disturb *d)
{
	uint64_t x = 88172645463325252u, a = stamp_start(d->tsc);

	for (int k = 0; k < CANARY_LOOPS; k++) {
		x *= 0x9e3779b97f4a7c15u;
		__asm__ volatile("" : "+r"(x));
	}
	return (double)(stamp_issue(d->tsc) - a);
}

void
disturb_look(struct disturb *d, struct disturb_look *l)
{
	char cpu[24];
	struct counter_value v[EVENTS_MAX] = { 0 };

	memset(l, 0, sizeof *l);
	l->canary = canary(d);
	if (d->canary_best == 0 || l->canary < d->canary_best)
		d->canary_best = l->canary;
	snprintf(cpu, sizeof cpu, "cpu%u ", d->cpu);
	l->wait_ns = number(d->fd[SCHEDSTAT], "", 1);
	l->steal = number(d->fd[STAT], cpu, 7);
	l->throttled = number(d->fd[CPU_STAT], "nr_throttled ", 0);
	l->thermal = number(d->fd[THERMAL], "", 0);
	l->stalled_us = number(d->fd[PSI_MEMORY], "total=", 0) + number(d->fd[PSI_IO], "total=", 0);
	counters_read(d->msr, v);
	l->smi = v[0].value;
	l->aperf = v[1].value;
	l->mperf = v[2].value;
	getrusage(RUSAGE_THREAD, &l->usage);
}

static uint32_t
frequency(struct disturb *d, const struct disturb_look *a, const struct disturb_look *b)
{
	double f = b->mperf > a->mperf ? (double)(b->aperf - a->aperf) / (double)(b->mperf - a->mperf) : 0;

	if (d->frequency_first == 0)
		d->frequency_first = f;
	return f * SLOWER < d->frequency_first ? TAINT_FREQUENCY : 0;
}

uint32_t
disturb_taints(struct disturb *d, const struct disturb_look *a, const struct disturb_look *b,
	       double wall_ns, double cpu_ns, double faults, int blocks)
{
	const double seen = (double)(b->usage.ru_minflt - a->usage.ru_minflt + b->usage.ru_majflt - a->usage.ru_majflt);
	uint32_t t = 0;

	if (b->usage.ru_nivcsw > a->usage.ru_nivcsw)
		t |= TAINT_SWITCHED;
	/* One fault of slack: a page of the stack or of a table that grew. */
	if (faults >= 0 && seen > faults + 1)
		t |= TAINT_FAULTS;
	if (!blocks && cpu_ns > 0 && wall_ns > WALL_MAX * cpu_ns)
		t |= TAINT_WALL;
	if (sched_getcpu() != (int)d->cpu)
		t |= TAINT_MIGRATED;
	if ((double)(b->wait_ns - a->wait_ns) > WAIT_MAX * wall_ns)
		t |= TAINT_WAITED;
	if (b->steal > a->steal)
		t |= TAINT_STEAL;
	if (b->throttled > a->throttled)
		t |= TAINT_THROTTLED;
	if (b->thermal > a->thermal)
		t |= TAINT_THERMAL;
	/* A kernel that syncs stalls on I/O itself. */
	if (!blocks && (double)(b->stalled_us - a->stalled_us) * 1000 > WAIT_MAX * wall_ns)
		t |= TAINT_PRESSURE;
	if (b->smi > a->smi)
		t |= TAINT_SMI;
	if (d->msr)
		t |= frequency(d, a, b);
	if (a->canary > SLOWER * d->canary_best || b->canary > SLOWER * d->canary_best)
		t |= TAINT_CANARY;
	return t;
}
