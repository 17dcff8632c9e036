/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>
#include "env.h"
#include "hardware.h"
#include "keys.h"
#include "mounts.h"
#include "spawn.h"
#include "stop.h"
#include "text.h"
#include "version.inc"

const char version_text[] = "daxmark " VERSION " (" COMPILER ")";

const char *
env_line(const char *path, char *buf, size_t len)
{
	FILE *f = fopen(path, "re");

	buf[0] = 0;
	if (f) {
		if (fgets(buf, (int)len, f))
			buf[strcspn(buf, "\n")] = 0;
		else
			buf[0] = 0;
		fclose(f);
	}
	return buf;
}

json_t *
env_host(const struct topo *t, const struct doctor *d)
{
	struct utsname u;
	char boot[64], clock[64], thp[128];
	long pages = sysconf(_SC_PHYS_PAGES);
	uint16_t first = 0;
	json_t *host;

	uname(&u);
	topo_place(t, &(struct placement){ .place = PLACE_LOCAL, .node = -1 }, 1, &first);
	host = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:i, s:i, s:i, s:I, s:I, s:s, s:s, s:s, s:s, s:s, s:b}",
		"name", u.nodename,
		"boot_id", env_line("/proc/sys/kernel/random/boot_id", boot, sizeof boot),
		"kernel", u.release, "kernel_version", u.version, "arch", u.machine,
		"cpu", topo_cpu_model(t),
		"cpus", (int)topo_cpus(t), "cores", (int)topo_cores(t), "nodes", (int)topo_nodes(t),
		"llc_bytes", (json_int_t)topo_llc(t, &first, 1),
		"memory_bytes", (json_int_t)pages * (json_int_t)sysconf(_SC_PAGESIZE),
		"clocksource", env_line("/sys/devices/system/clocksource/clocksource0/current_clocksource",
					clock, sizeof clock),
		"transparent_hugepage", env_line("/sys/kernel/mm/transparent_hugepage/enabled", thp, sizeof thp),
		"hypervisor", d->hypervisor, "microcode", d->microcode,
		"preemption", d->preemption, "root", geteuid() == 0);
	if (host)
		hardware_add(host);
	return host;
}

json_t *
env_tool(void)
{
	return json_pack("{s:s, s:s, s:s, s:s}", "name", "daxmark", "version", VERSION,
			 "compiler", COMPILER, "flags", BUILD_FLAGS);
}

/* env/: what the kernel and the usual tools say, as they say it. */
/* File systems asked for their features. */
#define FILE_SYSTEMS_MAX 16
#define TOOL_SECONDS 10

static int
copy_file(const char *from, const char *dir, const char *name)
{
	char path[PATH_BUF], buf[65536];
	FILE *in = fopen(from, "re"), *out;
	size_t n;
	int rc = 0;

	if (!in)
		return 0;
	snprintf(path, sizeof path, "%s/env/%s", dir, name);
	out = fopen(path, "we");
	if (!out) {
		rc = -errno;
		fclose(in);
		return rc;
	}
	while ((n = fread(buf, 1, sizeof buf, in)) > 0)
		fwrite(buf, 1, n, out);
	fclose(in);
	return fclose(out) == 0 ? 0 : -errno;
}

/* Run a tool with its output in env/NAME; an absent, failing or hanging tool leaves no file. */
static void
run_tool(const char *dir, const char *name, char *const argv[])
{
	struct spawn tool = { .argv = argv, .seconds = TOOL_SECONDS };
	char path[PATH_BUF];

	if (stop_asked())
		return;
	snprintf(path, sizeof path, "%s/env/%s", dir, name);
	tool.out = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (tool.out < 0)
		return;
	if (spawn_run(&tool) != 0)
		unlink(path);
	close(tool.out);
}

struct file_systems { const char *dir; char seen[FILE_SYSTEMS_MAX][256]; size_t n; };

/* Features decide what a sync costs: journal, block size, reflink. */
static int
ask_file_system(const struct mounted *m, void *arg)
{
	struct file_systems *a = arg;
	const int ext = strncmp(m->fstype, "ext", 3) == 0, xfs = strcmp(m->fstype, "xfs") == 0;
	char name[64];

	if ((!ext && !xfs) || strncmp(m->source, "/dev/", 5) != 0)
		return 0;
	for (size_t k = 0; k < a->n; k++)
		if (strcmp(a->seen[k], m->source) == 0)
			return 0;
	if (a->n == FILE_SYSTEMS_MAX)
		return 1;
	strcpy(a->seen[a->n++], m->source);
	snprintf(name, sizeof name, "file-system-%.40s.txt", strrchr(m->source, '/') + 1);
	if (ext)
		run_tool(a->dir, name, (char *const[]){ "dumpe2fs", "-h", (char *)m->source, NULL });
	else
		run_tool(a->dir, name, (char *const[]){ "xfs_info", (char *)m->target, NULL });
	return 0;
}

int
env_capture(const char *dir, const struct topo *topo)
{
	static const struct { const char *from, *name; } files[] = {
		{ "/proc/cmdline", "kernel-command-line.txt" },
		{ "/proc/version", "kernel-version.txt" },
		{ "/proc/self/mountinfo", "mountinfo.txt" },
		{ "/proc/swaps", "swaps.txt" },
		{ "/proc/cpuinfo", "cpuinfo.txt" },
		{ "/proc/meminfo", "meminfo.txt" },
		{ "/proc/iomem", "iomem.txt" },
		{ "/sys/kernel/mm/transparent_hugepage/enabled", "transparent-hugepage.txt" },
		{ "/etc/os-release", "os-release.txt" },
		{ "/proc/modules", "modules.txt" },
		{ "/proc/self/cgroup", "cgroup.txt" },
		{ "/proc/self/status", "process-status.txt" },
	};
	static char *const tools[][5] = {
		{ "lscpu" }, { "lscpu", "-C" }, { "numactl", "-H" }, { "lsblk", "-O", "-J" },
		{ "ndctl", "list", "-RNDHiu" }, { "daxctl", "list", "-RDu" },
		{ "cxl", "list", "-u", "-vvv" }, { "dmesg", "-kx" }, { "dmidecode", "-q" },
	};
	static const char *const tool_file[] = {
		"lscpu.txt", "lscpu-caches.txt", "numactl.txt", "lsblk.json", "ndctl.json", "daxctl.json",
		"cxl.json", "dmesg.txt", "dmidecode.txt",
	};
	struct file_systems asked = { .dir = dir };
	char path[PATH_BUF];
	int rc = 0;

	snprintf(path, sizeof path, "%s/env", dir);
	if (mkdir(path, 0777) != 0 && errno != EEXIST)
		return -errno;
	for (size_t k = 0; rc == 0 && k < sizeof files / sizeof *files; k++)
		rc = copy_file(files[k].from, dir, files[k].name);
	for (size_t k = 0; rc == 0 && k < sizeof tools / sizeof *tools; k++)
		run_tool(dir, tool_file[k], tools[k]);
	if (rc == 0)
		mounts_each(ask_file_system, &asked);
	snprintf(path, sizeof path, "%s/env/hwloc.xml", dir);
	if (rc == 0)
		rc = topo_export(topo, path);
	return rc;
}
