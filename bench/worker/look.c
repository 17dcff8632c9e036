/* SPDX-License-Identifier: BSD-2-Clause */
/* Where disturbance is seen: disturb_open, disturb_look of disturb.h. */
#include <fcntl.h>
#include <linux/perf_event.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "clock.h"
#include "counters.h"
#include "disturb.h"
#include "uncore.h"

#define CANARY_LOOPS 20000

/* Files stay open: a look is a pread each. */
enum look_source { SCHEDSTAT, STAT, CORE_HEAT, PACKAGE_HEAT, PSI_MEMORY, PSI_IO, SOURCES };
enum { CGROUPS = 16 };			/* levels of them */
enum perf { MIGRATIONS, SMI, APERF, MPERF, PERFS };

struct disturb {
	const char *root;
	unsigned cpu;
	int tsc, fd[SOURCES], quota[CGROUPS];
	size_t nquota;
	int at[PERFS];			/* index into events; -1: cannot be opened here */
	struct counters *perf;
	struct event_list events;
	size_t size;
	char *buf;			/* of a file as it is read */
};

/* What stands behind `key` in an open file, or NULL. */
static const char *
behind(struct disturb *d, int fd, const char *key)
{
	const ssize_t n = fd < 0 ? -1 : pread(fd, d->buf, d->size - 1, 0);
	const char *p;

	if (n <= 0)
		return NULL;
	d->buf[n] = 0;
	p = strstr(d->buf, key);
	return p ? p + strlen(key) : NULL;
}

/* The number there, after `skip` others; 0 when it is not there. */
static uint64_t
number(struct disturb *d, int fd, const char *key, unsigned skip)
{
	const char *p = behind(d, fd, key);
	uint64_t v = 0;

	for (unsigned k = 0; p && k <= skip; k++) {
		char *end;

		v = strtoull(p, &end, 10);
		p = end;
	}
	return v;
}

/* Open, but kept only with `key` in it: a file may be there and not say. */
static int
open_with(struct disturb *d, const char *path, const char *key)
{
	char full[4500];
	int fd;

	snprintf(full, sizeof full, "%s%s", d->root, path);
	fd = open(full, O_RDONLY | O_CLOEXEC);
	if (fd >= 0 && !behind(d, fd, key)) {
		close(fd);
		fd = -1;
	}
	return fd;
}

/* Of a cgroup and of all above it: a quota may stand at any of them. */
static void
open_quotas(struct disturb *d, const char *mount, const char *group)
{
	char path[4400];
	size_t least = (size_t)snprintf(path, sizeof path, "/sys/fs/cgroup%s", mount), n;

	if (least + strlen(group) + 16 > sizeof path)
		return;
	strcpy(path + least, strcmp(group, "/") ? group : "");
	for (n = strlen(path); d->nquota < CGROUPS; n = (size_t)(strrchr(path, '/') - path)) {
		strcpy(path + n, "/cpu.stat");
		d->quota[d->nquota] = open_with(d, path, "nr_throttled ");
		d->nquota += d->quota[d->nquota] >= 0;
		path[n] = 0;
		if (n <= least)
			break;
	}
}

static bool
has_cpu(const char *controllers)
{
	for (const char *p = controllers; *p; p += strcspn(p, ",") + (p[strcspn(p, ",")] == ','))
		if (strcspn(p, ",") == 3 && strncmp(p, "cpu", 3) == 0)
			return true;
	return false;
}

/* Version 2, alone or beside version 1, or the cpu controller of version 1. */
static void
open_cgroups(struct disturb *d)
{
	char line[4096], path[256], mount[300];
	FILE *f;

	snprintf(path, sizeof path, "%s/proc/self/cgroup", d->root);
	f = fopen(path, "re");
	while (f && fgets(line, sizeof line, f)) {
		char *list = strchr(line, ':'), *group = list ? strchr(list + 1, ':') : NULL;

		if (!group)
			continue;
		*group++ = 0;
		group[strcspn(group, "\n")] = 0;
		snprintf(mount, sizeof mount, "/%.200s", list + 1);
		if (has_cpu(list + 1))
			open_quotas(d, mount, group);
		else if (!list[1]) {
			open_quotas(d, "", group);
			open_quotas(d, "/unified", group);
		}
	}
	if (f)
		fclose(f);
}

/* Not by event_add(), which knows all events there are, and with them libpfm4. */
static int
find(enum perf which, struct event *e)
{
	static const char *const msr[PERFS] = { [SMI] = "msr/smi/", [APERF] = "msr/aperf/", [MPERF] = "msr/mperf/" };
	char why[256];

	*e = (struct event){
		.text = "cpu-migrations", .kind = EVENT_SOFTWARE, .scale = 1,
		.type = PERF_TYPE_SOFTWARE, .config = { PERF_COUNT_SW_CPU_MIGRATIONS },
	};
	if (which == MIGRATIONS)
		return 0;
	*e = (struct event){ .scale = 1 };
	strcpy(e->text, msr[which]);
	return uncore_parse(e, msr[which], why, sizeof why);
}

/* Each by itself: AMD has no SMI count, many virtual machines nothing else. */
static void
open_perf(struct disturb *d)
{
	char why[256];

	for (enum perf k = MIGRATIONS; k < PERFS; k++) {
		struct event *e = &d->events.event[d->events.n];

		d->at[k] = -1;
		if (find(k, e) == 0 && e->scope == SCOPE_THREAD && counters_try(e, why, sizeof why) == 0)
			d->at[k] = (int)d->events.n++;
	}
	if (counters_open(&d->perf, &d->events, SCOPE_THREAD) < 0)
		d->perf = NULL;
	counters_start(d->perf);
}

struct disturb *
disturb_open(const char *root, unsigned cpu, int tsc)
{
	struct disturb *d = calloc(1, sizeof *d);
	char path[128], key[24];

	if (!d)
		return NULL;
	/* /proc/stat has a line for each CPU. */
	*d = (struct disturb){ .root = root, .cpu = cpu, .tsc = tsc, .size = 8192 + 160 * (size_t)cpu };
	d->buf = malloc(d->size);
	if (!d->buf) {
		free(d);
		return NULL;
	}
	snprintf(key, sizeof key, "cpu%u ", cpu);
	d->fd[SCHEDSTAT] = open_with(d, "/proc/thread-self/schedstat", "");
	/* A kernel that does not account says that nobody ever ran. */
	if (!number(d, d->fd[SCHEDSTAT], "", 0)) {
		close(d->fd[SCHEDSTAT]);
		d->fd[SCHEDSTAT] = -1;
	}
	d->fd[STAT] = open_with(d, "/proc/stat", key);
	snprintf(path, sizeof path, "/sys/devices/system/cpu/cpu%u/thermal_throttle/core_throttle_count", cpu);
	d->fd[CORE_HEAT] = open_with(d, path, "");
	snprintf(path, sizeof path, "/sys/devices/system/cpu/cpu%u/thermal_throttle/package_throttle_count", cpu);
	d->fd[PACKAGE_HEAT] = open_with(d, path, "");
	d->fd[PSI_MEMORY] = open_with(d, "/proc/pressure/memory", "total=");
	d->fd[PSI_IO] = open_with(d, "/proc/pressure/io", "total=");
	open_cgroups(d);
	open_perf(d);
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
	for (size_t k = 0; k < d->nquota; k++)
		close(d->quota[k]);
	counters_close(d->perf);
	free(d->buf);
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
	if (d->nquota)
		mask |= TAINT_THROTTLED;
	if (d->fd[CORE_HEAT] >= 0 || d->fd[PACKAGE_HEAT] >= 0)
		mask |= TAINT_THERMAL;
	if (d->fd[PSI_MEMORY] >= 0 || d->fd[PSI_IO] >= 0)
		mask |= TAINT_PRESSURE;
	if (d->perf && d->at[SMI] >= 0)
		mask |= TAINT_SMI;
	if (d->perf && d->at[APERF] >= 0 && d->at[MPERF] >= 0)
		mask |= TAINT_FREQUENCY;
	return mask;
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

static uint64_t
counted(const struct disturb *d, const struct counter_value v[EVENTS_MAX], enum perf which)
{
	return d->at[which] >= 0 ? v[d->at[which]].value : 0;
}

void
disturb_look(struct disturb *d, struct disturb_look *l)
{
	struct counter_value v[EVENTS_MAX] = { 0 };
	char cpu[24];

	*l = (struct disturb_look){ .canary = canary(d), .cpu = sched_getcpu() };
	snprintf(cpu, sizeof cpu, "cpu%u ", d->cpu);
	l->wait_ns = number(d, d->fd[SCHEDSTAT], "", 1);
	l->steal = number(d, d->fd[STAT], cpu, 7);
	for (size_t k = 0; k < d->nquota; k++)
		l->throttled += number(d, d->quota[k], "nr_throttled ", 0);
	l->thermal = number(d, d->fd[CORE_HEAT], "", 0) + number(d, d->fd[PACKAGE_HEAT], "", 0);
	l->stalled_us = number(d, d->fd[PSI_MEMORY], "total=", 0) + number(d, d->fd[PSI_IO], "total=", 0);
	counters_read(d->perf, v);
	l->migrations = counted(d, v, MIGRATIONS);
	l->smi = counted(d, v, SMI);
	l->aperf = counted(d, v, APERF);
	l->mperf = counted(d, v, MPERF);
	getrusage(RUSAGE_THREAD, &l->usage);
}
