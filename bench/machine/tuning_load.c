/* SPDX-License-Identifier: BSD-2-Clause */
/* What else runs here, and how much of the machine is ours. */
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "rootfs.h"
#include "tuning.h"

#define BUSY 0.10

struct ticks { uint64_t busy, all, steal; };

/* "cpu3 user nice system idle iowait irq softirq steal guest guest_nice", the last two in the first two. */
static int
stat_line(const char *line, struct ticks *t)
{
	unsigned long long v[8] = { 0 };
	int cpu = -1, at = 0;

	if (sscanf(line, "cpu%n", &at) < 0 || at != 3)
		return -2;
	if (line[3] != ' ')
		cpu = (int)strtol(line + 3, NULL, 10);
	line += strcspn(line, " ");
	if (sscanf(line, "%llu %llu %llu %llu %llu %llu %llu %llu", v, v + 1, v + 2, v + 3, v + 4, v + 5, v + 6,
		   v + 7) < 4)
		return -2;
	*t = (struct ticks){ .busy = v[0] + v[1] + v[2] + v[5] + v[6] + v[7], .steal = v[7] };
	t->all = t->busy + v[3] + v[4];
	return cpu;
}

/* cpu[k] is CPU k's, all the sum's.  CPUs seen. */
static int
read_stat(struct ticks *all, struct ticks *cpu)
{
	size_t len;
	char *text = rootfs_all(4u << 20, &len, "/proc/stat");
	int n = 0;

	memset(cpu, 0, TUNING_CPUS * sizeof *cpu);
	for (const char *p = text; p && strncmp(p, "cpu", 3) == 0; p = strchr(p, '\n') ? strchr(p, '\n') + 1 : NULL) {
		struct ticks t;
		int k = stat_line(p, &t);

		if (k == -1)
			*all = t;
		else if (k >= 0 && k < TUNING_CPUS) {
			cpu[k] = t;
			n++;
		}
	}
	free(text);
	return n;
}

static void
list_busy(struct tuning_load *l, const struct ticks *a, const struct ticks *b)
{
	size_t n = 0;

	for (int k = 0; k < TUNING_CPUS; k++) {
		const double all = (double)(b[k].all - a[k].all);

		if (b[k].all <= a[k].all || (double)(b[k].busy - a[k].busy) <= BUSY * all)
			continue;
		l->nbusy++;
		if (n < sizeof l->busy - 8)
			n += (size_t)snprintf(l->busy + n, sizeof l->busy - n, "%s%d", n ? "," : "", k);
	}
}

static void
watch(struct tuning_load *l, unsigned ms)
{
	struct ticks *v = calloc(2 * TUNING_CPUS, sizeof *v), first = { 0 }, last = { 0 };
	const struct timespec pause = { ms / 1000, (long)(ms % 1000) * 1000000 };

	l->steal = -1;
	if (v && read_stat(&first, v) > 0) {
		if (ms && rootfs_real()) {
			nanosleep(&pause, NULL);
			read_stat(&last, v + TUNING_CPUS);
			list_busy(l, v, v + TUNING_CPUS);
			l->sampled = 1;
		} else {
			last = first;
			first = (struct ticks){ 0 };
		}
		if (last.all > first.all)
			l->steal = 100 * (double)(last.steal - first.steal) / (double)(last.all - first.all);
	}
	free(v);
}

/* "some avg10=1.23 ...": -1 when there is no such file. */
static double
pressure(const char *what)
{
	char line[TUNING_TEXT], *p;

	rootfs_line(line, sizeof line, "/proc/pressure/%s", what);
	p = strstr(line, "avg10=");
	return p ? strtod(p + 6, NULL) : -1;
}

/* The limit that a file sets, where it is the least so far. */
static void
least(struct tuning_load *l, double cpus, const char *dir, const char *name)
{
	if (!(cpus > 0) || (l->quota >= 0 && l->quota <= cpus))
		return;
	l->quota = cpus;
	snprintf(l->quota_file, sizeof l->quota_file, "/sys/fs/cgroup%.460s/%s", dir, name);
}

/* The tightest limit between this group and the root, in version 2 and 1. */
static void
quota_of(struct tuning_load *l, const char *controllers, char *dir)
{
	char line[TUNING_TEXT], path[PATH_MAX];
	double max, period;

	for (;;) {
		snprintf(path, sizeof path, "%s%s%s", *controllers ? "/" : "", controllers, dir);
		if (!*controllers) {
			rootfs_line(line, sizeof line, "/sys/fs/cgroup%s/cpu.max", path);
			if (sscanf(line, "%lf %lf", &max, &period) == 2 && period > 0)
				least(l, max / period, path, "cpu.max");
		} else {
			max = (double)rootfs_number(-1, "/sys/fs/cgroup%s/cpu.cfs_quota_us", path);
			period = (double)rootfs_number(-1, "/sys/fs/cgroup%s/cpu.cfs_period_us", path);
			if (max > 0 && period > 0)
				least(l, max / period, path, "cpu.cfs_quota_us");
		}
		if (!*dir)
			return;
		*strrchr(dir, '/') = 0;
	}
}

static void
read_quota(struct tuning_load *l)
{
	size_t len;
	char *text = rootfs_all(65536, &len, "/proc/self/cgroup"), *at = NULL;

	l->quota = -1;
	for (char *p = text ? strtok_r(text, "\n", &at) : NULL; p; p = strtok_r(NULL, "\n", &at)) {
		char *controllers = strchr(p, ':'), *dir = controllers ? strchr(controllers + 1, ':') : NULL;

		if (!dir || dir[1] != '/')
			continue;
		*dir++ = 0;
		controllers++;
		if (!*controllers || strcmp(controllers, "cpu") == 0 || strncmp(controllers, "cpu,", 4) == 0)
			quota_of(l, controllers, dir);
	}
	free(text);
}

static void
read_swap(struct tuning_load *l)
{
	size_t len;
	char *text = rootfs_all(65536, &len, "/proc/swaps"), *p = text ? strchr(text, '\n') : NULL;
	long long kib;

	l->swap_kib = text ? 0 : -1;
	for (; p && p[1]; p = strchr(p + 1, '\n'))
		if (sscanf(p + 1, "%*s %*s %lld", &kib) == 1)
			l->swap_kib += kib;
	free(text);
}

static int
is_irqbalance(const char *pid, void *arg)
{
	char comm[32];

	(void)arg;
	return pid[0] >= '1' && pid[0] <= '9' && rootfs_line(comm, sizeof comm, "/proc/%s/comm", pid) == 0 &&
	       strcmp(comm, "irqbalance") == 0;
}

static int
allowed(void)
{
	size_t size = CPU_ALLOC_SIZE(TUNING_CPUS);
	cpu_set_t *set = CPU_ALLOC(TUNING_CPUS);
	int n = -1;

	if (set && rootfs_real() && sched_getaffinity(0, size, set) == 0)
		n = CPU_COUNT_S(size, set);
	CPU_FREE(set);
	return n;
}

void
tuning_load_read(struct tuning_load *l, unsigned sample_ms)
{
	char line[TUNING_TEXT];

	*l = (struct tuning_load){ .load1 = -1 };
	if (rootfs_line(line, sizeof line, "/proc/loadavg") == 0 && line[0])
		l->load1 = strtod(line, NULL);
	l->psi_cpu = pressure("cpu");
	l->psi_memory = pressure("memory");
	l->psi_io = pressure("io");
	watch(l, sample_ms);
	read_quota(l);
	l->allowed = allowed();
	read_swap(l);
	l->irqbalance = rootfs_each(is_irqbalance, NULL, "/proc") == 1;
}
