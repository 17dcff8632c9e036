/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <linux/perf_event.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "counters.h"
#include "openfiles.h"
#include "sysfs.h"
#include "uncore.h"

/* Counters that any core or uncore PMU has, one left to the NMI watchdog: the kernel accepts
 * a larger group and may then never run it. */
#define GROUP_HARDWARE 4

/* Events of one PMU on one CPU (-1: of this thread): counted together, read together. */
struct group {
	uint32_t pmu;
	int32_t cpu;
	uint32_t n;
	int fd[EVENTS_MAX];		/* fd[0] leads */
	uint8_t event[EVENTS_MAX];
};

struct counters {
	int rc[EVENTS_MAX];		/* of opening; 0 also for events that are not asked for */
	struct group *group;
	size_t n, cap;
};

/* Generic, cache and raw events share the core's counters. */
static uint32_t
pmu_of(uint32_t type)
{
	return type == PERF_TYPE_HARDWARE || type == PERF_TYPE_HW_CACHE ? PERF_TYPE_RAW : type;
}

static uint32_t
group_max(const struct event *e)
{
	return e->kind == EVENT_CORE || e->kind == EVENT_PMU ? GROUP_HARDWARE : EVENTS_MAX;
}

/* The descriptor or -errno. */
static int
perf_open(const struct event *e, struct event_place at, int leader)
{
	struct perf_event_attr attr = {
		.size = sizeof attr, .type = at.type,
		.config = e->config[0], .config1 = e->config[1], .config2 = e->config[2],
		.exclude_user = e->no_user, .exclude_kernel = e->no_kernel,
		.disabled = leader < 0,	/* the others follow their leader */
		.read_format = PERF_FORMAT_GROUP | PERF_FORMAT_TOTAL_TIME_ENABLED | PERF_FORMAT_TOTAL_TIME_RUNNING,
	};
	const int pid = at.cpu < 0 ? 0 : -1;
	long fd;

	if (e->kind == EVENT_KPROBE)
		attr.config1 = (uintptr_t)e->function;
	fd = syscall(SYS_perf_event_open, &attr, pid, at.cpu, leader, PERF_FLAG_FD_CLOEXEC);
	if (fd < 0 && errno == EMFILE) {
		open_files_most();
		fd = syscall(SYS_perf_event_open, &attr, pid, at.cpu, leader, PERF_FLAG_FD_CLOEXEC);
	}
	return fd < 0 ? -errno : (int)fd;
}

static struct group *
new_group(struct counters *c, struct event_place at)
{
	if (c->n == c->cap) {
		const size_t cap = c->cap ? 2 * c->cap : 16;
		struct group *g = reallocarray(c->group, cap, sizeof *g);

		if (!g)
			return NULL;
		c->group = g;
		c->cap = cap;
	}
	c->group[c->n] = (struct group){ .pmu = pmu_of(at.type), .cpu = at.cpu };
	return &c->group[c->n++];
}

/* Into the newest group of that PMU and CPU; when it is full or the kernel says that they
 * do not fit, into one of its own. */
static int
open_at(struct counters *c, const struct event *e, uint32_t index, struct event_place at)
{
	struct group *g = NULL;
	int fd = -1;

	for (size_t k = c->n; !g && k-- > 0;)
		if (c->group[k].pmu == pmu_of(at.type) && c->group[k].cpu == at.cpu)
			g = &c->group[k];
	if (g && g->n < group_max(e))
		fd = perf_open(e, at, g->fd[0]);
	if (fd < 0) {
		fd = perf_open(e, at, -1);
		if (fd < 0)
			return fd;
		g = new_group(c, at);
		if (!g) {
			close(fd);
			return -ENOMEM;
		}
	}
	g->fd[g->n] = fd;
	g->event[g->n++] = (uint8_t)index;
	return 0;
}

/* On every CPU that is online. */
static int
open_all_cpus(struct counters *c, const struct event *e, uint32_t index)
{
	struct sysdir d;
	char list[1024];
	int lo, hi, rc = sysfs_dir(&d, "devices/system/cpu");

	if (rc == 0)
		rc = sysfs_text(&d, "online", list, sizeof list);
	for (const char *p = list, *next; rc == 0 && p; p = next) {
		next = cpulist_next(p, &lo, &hi);
		if (next == p)
			return -EINVAL;
		for (int cpu = lo; cpu <= hi && rc == 0; cpu++)
			rc = open_at(c, e, index, (struct event_place){ e->type, cpu });
	}
	return rc;
}

static int
open_event(struct counters *c, const struct event *e, uint32_t index)
{
	int rc = 0;

	if (e->scope == SCOPE_THREAD)
		return open_at(c, e, index, (struct event_place){ e->type, -1 });
	if (!e->nplace)
		return open_all_cpus(c, e, index);
	for (uint32_t k = 0; k < e->nplace && rc == 0; k++)
		rc = open_at(c, e, index, e->place[k]);
	return rc;
}

int
counters_open(struct counters **out, const struct event_list *l, enum event_scope scope)
{
	struct counters *c = NULL;

	*out = NULL;
	for (uint32_t k = 0; k < 2 * l->n; k++) {
		/* Tracepoints last: started after all others and stopped before them, so that
		 * raw_syscalls:sys_enter sees no system call of ours but the one that stops it. */
		const uint32_t i = k % l->n;
		const struct event *e = &l->event[i];

		if (e->scope != scope || (e->kind == EVENT_TRACEPOINT) != (k >= l->n))
			continue;
		if (!c && (c = calloc(1, sizeof *c)) == NULL)
			return -ENOMEM;
		c->rc[i] = open_event(c, e, i);
	}
	*out = c;
	return 0;
}

void
counters_start(struct counters *c)
{
	for (size_t k = 0; c && k < c->n; k++)
		ioctl(c->group[k].fd[0], PERF_EVENT_IOC_ENABLE, 0);
}

void
counters_stop(struct counters *c)
{
	for (size_t k = c ? c->n : 0; k-- > 0;)
		ioctl(c->group[k].fd[0], PERF_EVENT_IOC_DISABLE, 0);
}

void
counters_each(struct counters *c, void (*fn)(uint32_t, struct event_place, const struct counter_value *, void *), void *arg)
{
	struct counter_value v[EVENTS_MAX];
	uint64_t raw[3 + EVENTS_MAX];

	for (size_t k = 0; c && k < c->n; k++) {
		const struct group *g = &c->group[k];
		const ssize_t got = read(g->fd[0], raw, (3 + g->n) * sizeof *raw);
		const int rc = got < 0 ? -errno : counter_unpack(raw, (size_t)got, g->n, v);

		for (uint32_t i = 0; i < g->n; i++) {
			if (rc < 0)
				v[i] = (struct counter_value){ .rc = rc };
			fn(g->event[i], (struct event_place){ g->pmu, g->cpu }, &v[i], arg);
		}
	}
}

static void
add_place(uint32_t event, struct event_place at, const struct counter_value *v, void *value)
{
	(void)at;
	counter_add(&((struct counter_value *)value)[event], v);
}

void
counters_read(struct counters *c, struct counter_value value[EVENTS_MAX])
{
	counters_each(c, add_place, value);
	for (uint32_t i = 0; c && i < EVENTS_MAX; i++)
		if (c->rc[i] < 0)
			counter_add(&value[i], &(struct counter_value){ .rc = c->rc[i] });
}

void
counters_close(struct counters *c)
{
	for (size_t k = c ? c->n : 0; k-- > 0;)
		for (uint32_t i = c->group[k].n; i-- > 0;)
			close(c->group[k].fd[i]);
	if (c)
		free(c->group);
	free(c);
}

int
counters_try(const struct event *e, char *why, size_t len)
{
	struct counters *c = calloc(1, sizeof *c);
	int rc = c ? open_event(c, e, 0) : -ENOMEM;

	counters_close(c);
	why[0] = 0;
	return rc < 0 ? event_refused(e, rc, why, len) : 0;
}
