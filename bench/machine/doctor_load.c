/* SPDX-License-Identifier: BSD-2-Clause */
/* What else runs here, and how much of the machine is ours. */
#include <limits.h>
#include <linux/magic.h>
#include <math.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/vfs.h>
#include <time.h>
#include "doctor_row.h"
#include "rootfs.h"

#define BUSY 0.10
#define TOP "ps -eo pcpu,pid,args --sort=-pcpu | head   # and stop it"
enum { CPUS = 4096 };

static enum severity
over(double x, double warn, double bad)
{
	return x > bad ? SEVERITY_BAD : x > warn ? SEVERITY_WARN : SEVERITY_OK;
}

static void
load(struct doctor *d, const struct doctor_row *r)
{
	const double cpus = d->online > 0 ? d->online : 1;
	char line[DOCTOR_TEXT];
	double load1;

	if (rootfs_line(line, sizeof line, "/proc/loadavg") < 0 || !line[0])
		return;
	load1 = strtod(line, NULL);
	keep_real(d->load, "load1", load1);
	found(d, r, over(load1, 0.5 > 0.1 * cpus ? 0.5 : 0.1 * cpus, cpus), "%.2f", load1);
}

/* "some avg10=1.23 ..." of the row's file. */
static void
pressure(struct doctor *d, const struct doctor_row *r)
{
	char line[DOCTOR_TEXT], key[32], *p;
	double percent;

	rootfs_line(line, sizeof line, "/proc/pressure/%s", r->path);
	p = strstr(line, "avg10=");
	if (!p)
		return;
	percent = strtod(p + 6, NULL);
	snprintf(key, sizeof key, "%s_pressure_percent", r->path);
	keep_real(d->load, key, percent);
	/* Memory is short sooner: reclaim takes time from everybody. */
	found(d, r, over(percent, strcmp(r->path, "memory") == 0 ? 1 : 5, INFINITY), "%.1f %% of 10 s", percent);
}

struct ticks { uint64_t busy, all, steal; };

/* "cpu3 user nice system idle iowait irq softirq steal guest guest_nice", the last two in the
 * first two. */
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

	memset(cpu, 0, CPUS * sizeof *cpu);
	for (const char *p = text; p && strncmp(p, "cpu", 3) == 0; p = strchr(p, '\n') ? strchr(p, '\n') + 1 : NULL) {
		struct ticks t;
		int k = stat_line(p, &t);

		if (k == -1)
			*all = t;
		else if (k >= 0 && k < CPUS) {
			cpu[k] = t;
			n++;
		}
	}
	free(text);
	return n;
}

static void
list_busy(struct doctor *d, const struct ticks *a, const struct ticks *b)
{
	char list[DOCTOR_TEXT] = "";
	size_t n = 0;

	d->busy = 0;
	for (int k = 0; k < CPUS; k++) {
		const double all = (double)(b[k].all - a[k].all);

		if (b[k].all <= a[k].all || (double)(b[k].busy - a[k].busy) <= BUSY * all)
			continue;
		d->busy++;
		if (n < sizeof list - 8)
			n += (size_t)snprintf(list + n, sizeof list - n, "%s%d", n ? "," : "", k);
	}
	keep_text(d->load, "busy_cpus", list);
}

/* Watches the CPUs: for sample_ms, or since boot. */
static void
steal(struct doctor *d, const struct doctor_row *r)
{
	struct ticks *v = calloc(2 * CPUS, sizeof *v), first = { 0 }, last = { 0 };
	const struct timespec pause = { d->sample_ms / 1000, (long)(d->sample_ms % 1000) * 1000000 };

	if (v && read_stat(&last, v) > 0) {
		if (d->sample_ms) {
			first = last;
			nanosleep(&pause, NULL);
			read_stat(&last, v + CPUS);
			list_busy(d, v, v + CPUS);
		}
		if (last.all > first.all) {
			const double percent = 100 * (double)(last.steal - first.steal) / (double)(last.all - first.all);

			keep_real(d->load, d->busy >= 0 ? "steal_percent" : "steal_percent_since_boot", percent);
			found(d, r, over(percent, 0.5, 5), "%.2f %%%s", percent, d->busy >= 0 ? "" : " since boot");
		}
	}
	free(v);
}

/* The least that a cgroup may use, in CPUs' worth, and the file that says so. */
struct quota { double cpus; char file[512]; };

static void
least(struct quota *q, double cpus, const char *dir, const char *name)
{
	if (!(cpus > 0) || (q->cpus >= 0 && q->cpus <= cpus))
		return;
	q->cpus = cpus;
	snprintf(q->file, sizeof q->file, "/sys/fs/cgroup%.460s/%s", dir, name);
}

/* The tightest limit between this group and the root, in version 2 and 1. */
static void
quota_of(struct quota *q, const char *controllers, char *dir)
{
	char line[DOCTOR_TEXT], path[PATH_MAX];
	double max, period;

	for (;;) {
		snprintf(path, sizeof path, "%s%s%s", *controllers ? "/" : "", controllers, dir);
		if (!*controllers) {
			rootfs_line(line, sizeof line, "/sys/fs/cgroup%s/cpu.max", path);
			if (sscanf(line, "%lf %lf", &max, &period) == 2 && period > 0)
				least(q, max / period, path, "cpu.max");
		} else {
			max = (double)rootfs_number(-1, "/sys/fs/cgroup%s/cpu.cfs_quota_us", path);
			period = (double)rootfs_number(-1, "/sys/fs/cgroup%s/cpu.cfs_period_us", path);
			if (max > 0 && period > 0)
				least(q, max / period, path, "cpu.cfs_quota_us");
		}
		if (!*dir)
			return;
		*strrchr(dir, '/') = 0;
	}
}

static void
quota(struct doctor *d, const struct doctor_row *r)
{
	size_t len;
	char *text = rootfs_all(65536, &len, "/proc/self/cgroup"), *at = NULL, where[560];
	struct quota q = { .cpus = -1 };

	for (char *p = text ? strtok_r(text, "\n", &at) : NULL; p; p = strtok_r(NULL, "\n", &at)) {
		char *controllers = strchr(p, ':'), *dir = controllers ? strchr(controllers + 1, ':') : NULL;

		if (!dir || dir[1] != '/')
			continue;
		*dir++ = 0;
		controllers++;
		if (!*controllers || strcmp(controllers, "cpu") == 0 || strncmp(controllers, "cpu,", 4) == 0)
			quota_of(&q, controllers, dir);
	}
	free(text);
	keep_real(d->tuning, "cpu_quota", q.cpus);
	if (q.cpus > 0)
		found_mend(found(d, r, SEVERITY_WARN, "%.2f CPUs", q.cpus), "echo %s > %s",
			   strstr(q.file, "cfs_quota") ? "-1" : "max", shell_quoted(where, sizeof where, q.file));
}

static void
cpuset(struct doctor *d, const struct doctor_row *r)
{
	const size_t size = CPU_ALLOC_SIZE(CPUS);
	cpu_set_t *set = CPU_ALLOC(CPUS);
	int n = -1;

	if (set && rootfs_real() && sched_getaffinity(0, size, set) == 0)
		n = CPU_COUNT_S(size, set);
	CPU_FREE(set);
	if (n > 0 && n < d->online)
		found_mend(found(d, r, SEVERITY_INFO, "%d of %d", n, d->online),
			   "taskset -cp 0-%d $$   # unless a cpuset or container holds it", d->online - 1);
}

static void
swap(struct doctor *d, const struct doctor_row *r)
{
	size_t len;
	char *text = rootfs_all(65536, &len, "/proc/swaps"), *p = text ? strchr(text, '\n') : NULL;
	long long kib, sum = text ? 0 : -1;

	for (; p && p[1]; p = strchr(p + 1, '\n'))
		if (sscanf(p + 1, "%*s %*s %lld", &kib) == 1)
			sum += kib;
	free(text);
	keep_number(d->tuning, "swap_kib", sum);
	keep_number(d->kernel, "swappiness", rootfs_number(-1, "/proc/sys/vm/swappiness"));
	if (sum > 0)
		found(d, r, SEVERITY_INFO, "%lld MiB", sum / 1024);
}

static int
is_irqbalance(const char *pid, void *arg)
{
	char comm[32];

	(void)arg;
	return pid[0] >= '1' && pid[0] <= '9' && rootfs_line(comm, sizeof comm, "/proc/%s/comm", pid) == 0 &&
	       strcmp(comm, "irqbalance") == 0;
}

static void
irqbalance(struct doctor *d, const struct doctor_row *r)
{
	const bool running = rootfs_each(is_irqbalance, NULL, "/proc") == 1;

	keep_bool(d->tuning, "irqbalance", running);
	if (running)
		found(d, r, SEVERITY_INFO, "running");
}

static void
tmpdir(struct doctor *d, const struct doctor_row *r)
{
	const char *dir = getenv("TMPDIR"), *on;
	struct statfs fs;

	if (statfs(dir && *dir ? dir : "/tmp", &fs) < 0)
		return;
	on = fs.f_type == TMPFS_MAGIC ? "tmpfs" : fs.f_type == RAMFS_MAGIC ? "ramfs" : "disk";
	keep_text(d->tuning, "tmpdir_on", on);
	if (strcmp(on, "disk") != 0)
		found(d, r, SEVERITY_INFO, "%s", on);
}

const struct doctor_row doctor_load[] = {
	{ "load", "load average", "near 0", "threads of ours share CPUs with others; repeats will be tainted and made up for",
	  TOP, .look = load },
	{ "psi-cpu", "tasks that wait for a CPU", "none", "tasks wait for it: so will ours", TOP, .look = pressure, .path = "cpu" },
	{ "psi-memory", "tasks that wait for memory", "none", "tasks wait for it: so will ours",
	  "ps -eo rss,pid,args --sort=-rss | head", .look = pressure, .path = "memory" },
	{ "psi-io", "tasks that wait for I/O", "none", "tasks wait for it: so will ours",
	  "iotop -obn 1   # apt-get install iotop", .look = pressure, .path = "io" },
	{ "steal", "stolen time", "0", "the host runs other guests on these CPUs",
	  "# a host with a CPU for each virtual CPU", .look = steal },
	{ "quota", "CPU quota of the cgroup", "none", "when it is used up every thread stops until the next period (100 ms)",
	  NULL, .look = quota, .alike = true },
	{ "cpuset", "CPUs this process may use", "all", "axes over threads end there", NULL, .look = cpuset },
	{ "swap", "swap", "none", "memory of dram targets can be written out", "swapoff -a", .look = swap },
	{ "irqbalance", "irqbalance", "stopped", "interrupts move onto CPUs that measure", "systemctl stop irqbalance", .look = irqbalance },
	{ "tmpdir", "files of loop targets", "a disk", "a loop target in memory shows what the path costs, no device",
	  "export TMPDIR=/var/tmp", .look = tmpdir },
	{ 0 },
};
