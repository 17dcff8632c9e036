/* SPDX-License-Identifier: BSD-2-Clause */
/* The whole of it, and what does not belong to a CPU, a load or a device. */
#include <errno.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>
#include "rootfs.h"
#include "tuning.h"

/* "always [madvise] never": the word in brackets. */
static void
chosen(char *buf, size_t len, const char *path)
{
	char line[TUNING_TEXT], *from, *to;

	buf[0] = 0;
	if (rootfs_line(line, sizeof line, "%s", path) < 0)
		return;
	from = strchr(line, '[');
	to = from ? strchr(from, ']') : NULL;
	if (to)
		snprintf(buf, len, "%.*s", (int)(to - from - 1), from + 1);
}

/* /sys/kernel/debug knows what PREEMPT_DYNAMIC chose; the command line what it was told. */
static void
read_preempt(char *buf, size_t len)
{
	char line[TUNING_TEXT], cmdline[4096], *p;

	buf[0] = 0;
	if (rootfs_line(line, sizeof line, "/sys/kernel/debug/sched/preempt") == 0 && (p = strchr(line, '('))) {
		snprintf(buf, len, "%.*s", (int)strcspn(p + 1, ")"), p + 1);
		return;
	}
	rootfs_line(cmdline, sizeof cmdline, "/proc/cmdline");
	p = strstr(cmdline, "preempt=");
	if (p) {
		snprintf(buf, len, "%.*s", (int)strcspn(p + 8, " "), p + 8);
		return;
	}
	rootfs_line(line, sizeof line, "/proc/version");
	for (const char *const *w = (const char *const[]){ "PREEMPT_RT", "PREEMPT_DYNAMIC", "PREEMPT", NULL }; *w; w++)
		if (strstr(line, *w)) {
			snprintf(buf, len, "%s", *w);
			return;
		}
}

static int
add_mitigation(const char *name, void *arg)
{
	struct tuning_kernel *k = arg;
	char line[256];
	size_t n = strlen(k->mitigations);

	if (rootfs_line(line, sizeof line, "/sys/devices/system/cpu/vulnerabilities/%s", name) == 0 &&
	    strncmp(line, "Mitigation: ", 12) == 0)
		snprintf(k->mitigations + n, sizeof k->mitigations - n, "%s%s: %s", n ? "; " : "", name, line + 12);
	return 0;
}

static int
read_seccomp(void)
{
	size_t len;
	char *text = rootfs_all(65536, &len, "/proc/self/status"), *p = text ? strstr(text, "\nSeccomp:") : NULL;
	int mode = p ? atoi(p + 9) : -1;

	free(text);
	return mode;
}

static void
read_console(struct tuning_kernel *k)
{
	char line[TUNING_TEXT], cmdline[4096];

	k->console = rootfs_line(line, sizeof line, "/proc/sys/kernel/printk") == 0 && line[0] ? atoi(line) : -1;
	rootfs_line(cmdline, sizeof cmdline, "/proc/cmdline");
	k->serial_console = strstr(cmdline, "console=ttyS") || strstr(cmdline, "console=ttyAMA");
}

void
tuning_kernel_read(struct tuning_kernel *k)
{
	char line[TUNING_TEXT];

	*k = (struct tuning_kernel){ 0 };
	rootfs_line(line, sizeof line, "/proc/sys/kernel/osrelease");
	sscanf(line, "%d.%d", &k->major, &k->minor);
	read_preempt(k->preempt, sizeof k->preempt);
	rootfs_line(k->clocksource, sizeof k->clocksource,
		    "/sys/devices/system/clocksource/clocksource0/current_clocksource");
	rootfs_line(k->clocksources, sizeof k->clocksources,
		    "/sys/devices/system/clocksource/clocksource0/available_clocksource");
	chosen(k->thp, sizeof k->thp, "/sys/kernel/mm/transparent_hugepage/enabled");
	chosen(k->thp_defrag, sizeof k->thp_defrag, "/sys/kernel/mm/transparent_hugepage/defrag");
	chosen(k->thp_shmem, sizeof k->thp_shmem, "/sys/kernel/mm/transparent_hugepage/shmem_enabled");
	k->numa_balancing = rootfs_number(-1, "/proc/sys/kernel/numa_balancing");
	rootfs_line(line, sizeof line, "/sys/kernel/mm/numa/demotion_enabled");
	k->demotion = !line[0] ? -1 : line[0] == '1' || line[0] == 't';
	/* Debian's 3 and 4 are no kernel's: -1 is a setting here, so what is missing is -9. */
	k->paranoid = rootfs_number(-9, "/proc/sys/kernel/perf_event_paranoid");
	k->nmi_watchdog = rootfs_number(-1, "/proc/sys/kernel/nmi_watchdog");
	k->swappiness = rootfs_number(-1, "/proc/sys/vm/swappiness");
	k->ksm = rootfs_number(-1, "/sys/kernel/mm/ksm/run");
	k->seccomp = read_seccomp();
	k->tainted = rootfs_number(-1, "/proc/sys/kernel/tainted");
	read_console(k);
	rootfs_each(add_mitigation, k, "/sys/devices/system/cpu/vulnerabilities");
}

static int
in_path(const char *tool)
{
	char list[4096], path[4352], *at = NULL;

	snprintf(list, sizeof list, "%s", getenv("PATH") ? getenv("PATH") : "/usr/bin:/bin");
	for (char *dir = strtok_r(list, ":", &at); dir; dir = strtok_r(NULL, ":", &at)) {
		snprintf(path, sizeof path, "%s/%s", dir, tool);
		if (access(path, X_OK) == 0)
			return 1;
	}
	return 0;
}

static void
read_tmpdir(struct tuning *t)
{
	const char *dir = getenv("TMPDIR");
	struct statfs fs;

	snprintf(t->tmpdir, sizeof t->tmpdir, "%s", dir && *dir ? dir : "/tmp");
	if (statfs(t->tmpdir, &fs) == 0)
		snprintf(t->tmpdir_fs, sizeof t->tmpdir_fs, "%s", fs.f_type == TMPFS_MAGIC ? "tmpfs" :
			 fs.f_type == RAMFS_MAGIC ? "ramfs" : "disk");
}

/* What may make a sync do nothing in this process (eatmydata), or libpmem flush otherwise. */
static void
read_preload(char *buf, size_t len)
{
	size_t n = 0;

	buf[0] = 0;
	for (char **e = environ; *e; e++)
		if (n < len && (strncmp(*e, "LD_PRELOAD=", 11) == 0 || strncmp(*e, "PMEM_", 5) == 0) && (*e)[strcspn(*e, "=") + 1])
			n += (size_t)snprintf(buf + n, len - n, "%s%s", n ? " " : "", *e);
}

int
tuning_read(struct tuning **out, unsigned sample_ms)
{
	struct tuning *t = calloc(1, sizeof *t);

	if (!t)
		return -ENOMEM;
	t->root = geteuid() == 0;
	tuning_cpu_read(&t->cpu);
	tuning_kernel_read(&t->kernel);
	tuning_load_read(&t->load, sample_ms);
	tuning_pmem_read(t);
	tuning_nvdimm_read(t);
	kmsg_read(&t->messages);
	read_preload(t->preload, sizeof t->preload);
	read_tmpdir(t);
	t->gnuplot = in_path("gnuplot");
	*out = t;
	return 0;
}
