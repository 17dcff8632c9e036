/* SPDX-License-Identifier: BSD-2-Clause */
/* Findings about who else is at work. */
#include <string.h>
#include "doctor.h"

#define TOP "ps -eo pcpu,pid,args --sort=-pcpu | head   # and stop it"

static enum severity
over(double x, double warn, double bad)
{
	return x > bad ? SEVERITY_BAD : x > warn ? SEVERITY_WARN : SEVERITY_OK;
}

static void
pressure(struct doctor *d, const char *id, const char *what, double percent, double warn, const char *see)
{
	char now[64];

	if (percent < 0)
		return;
	snprintf(now, sizeof now, "%.1f %% of 10 s", percent);
	doctor_why(doctor_find(d, id, percent > warn ? SEVERITY_WARN : SEVERITY_OK, what, now, "none"),
		   "tasks wait for it: so will ours", "%s", see);
}

static void
load(struct doctor *d)
{
	const struct tuning_load *l = &d->t->load;
	const double cpus = d->t->cpu.online > 0 ? d->t->cpu.online : 1;
	char now[64];

	if (l->load1 >= 0) {
		snprintf(now, sizeof now, "%.2f", l->load1);
		doctor_why(doctor_find(d, "load", over(l->load1, 0.5 > 0.1 * cpus ? 0.5 : 0.1 * cpus, cpus), "load average", now,
				       "near 0"),
			   "threads of ours share CPUs with others; repeats will be tainted and made up for",
			   TOP);
	}
	pressure(d, "psi-cpu", "tasks that wait for a CPU", l->psi_cpu, 5, TOP);
	pressure(d, "psi-memory", "tasks that wait for memory", l->psi_memory, 1, "ps -eo rss,pid,args --sort=-rss | head");
	pressure(d, "psi-io", "tasks that wait for I/O", l->psi_io, 5, "iotop -obn 1   # apt-get install iotop");
	if (l->steal >= 0) {
		snprintf(now, sizeof now, "%.2f %%%s", l->steal, l->sampled ? "" : " since boot");
		doctor_why(doctor_find(d, "steal", over(l->steal, 0.5, 5), "stolen time", now, "0"),
			   "the host runs other guests on these CPUs", "# a host with a CPU for each virtual CPU");
	}
}

void
doctor_load(struct doctor *d)
{
	const struct tuning_load *l = &d->t->load;
	char now[64], where[560];

	load(d);
	if (l->quota > 0) {
		snprintf(now, sizeof now, "%.2f CPUs", l->quota);
		doctor_why(doctor_find(d, "quota", SEVERITY_WARN, "CPU quota of the cgroup", now, "none"),
			   "when it is used up every thread stops until the next period (100 ms)",
			   strstr(l->quota_file, "cfs_quota") ? "echo -1 > %s" : "echo max > %s",
			   doctor_quoted(where, sizeof where, l->quota_file));
	}
	if (l->allowed > 0 && l->allowed < d->t->cpu.online) {
		snprintf(now, sizeof now, "%d of %d", l->allowed, d->t->cpu.online);
		doctor_why(doctor_find(d, "cpuset", SEVERITY_INFO, "CPUs this process may use", now, "all"),
			   "axes over threads end there", "taskset -cp 0-%d $$   # unless a cpuset or container holds it",
			   d->t->cpu.online - 1);
	}
	if (l->swap_kib > 0) {
		snprintf(now, sizeof now, "%lld MiB", (long long)(l->swap_kib / 1024));
		doctor_why(doctor_find(d, "swap", SEVERITY_INFO, "swap", now, "none"),
			   "memory of dram targets can be written out", "swapoff -a");
	}
	if (l->irqbalance)
		doctor_why(doctor_find(d, "irqbalance", SEVERITY_INFO, "irqbalance", "running", "stopped"),
			   "interrupts move onto CPUs that measure", "systemctl stop irqbalance");
	if (strcmp(d->t->tmpdir_fs, "tmpfs") == 0 || strcmp(d->t->tmpdir_fs, "ramfs") == 0)
		doctor_why(doctor_find(d, "tmpdir", SEVERITY_INFO, "files of loop targets", d->t->tmpdir_fs, "a disk"),
			   "a loop target in memory shows what the path costs, no device", "export TMPDIR=/var/tmp");
}
