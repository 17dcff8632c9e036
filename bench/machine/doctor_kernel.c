/* SPDX-License-Identifier: BSD-2-Clause */
/* Findings about the kernel's settings and about programs that are missing. */
#include <string.h>
#include "doctor.h"

#define THP "/sys/kernel/mm/transparent_hugepage"

static void
huge_pages(struct doctor *d)
{
	const struct tuning_kernel *k = &d->t->kernel;
	char what[320], where[300];

	if (k->thp[0])
		doctor_why(doctor_find(d, "thp", strcmp(k->thp, "always") == 0 ? SEVERITY_WARN : SEVERITY_OK,
				       "transparent huge pages", k->thp, "madvise or never"),
			   "pages of dram targets merge while they are measured", "echo madvise > " THP "/enabled");
	if (k->thp_defrag[0])
		doctor_why(doctor_find(d, "thp-defrag", strcmp(k->thp_defrag, "always") == 0 ? SEVERITY_INFO : SEVERITY_OK,
				       "defragmentation on fault", k->thp_defrag, "not always"),
			   "a first touch may compact memory first", "echo madvise > " THP "/defrag");
	if (k->thp_shmem[0])
		doctor_why(doctor_find(d, "thp-shmem", strcmp(k->thp_shmem, "never") && strcmp(k->thp_shmem, "advise") ?
				       SEVERITY_INFO : SEVERITY_OK, "huge pages of tmpfs", k->thp_shmem, "never or advise"),
			   "files on tmpfs have pages of a size nobody asked for", "echo never > " THP "/shmem_enabled");
	for (int n = 0; n < d->t->nmount; n++) {
		const struct tuning_mount *m = &d->t->mount[n];

		if (strcmp(m->fstype, "tmpfs") != 0)
			continue;
		snprintf(what, sizeof what, "tmpfs %s", m->target);
		doctor_why(doctor_find(d, "tmpfs-huge", SEVERITY_INFO, what, "huge=...", "huge=never"),
			   "targets and loop devices on it differ from those on another tmpfs",
			   "mount -o remount,huge=never %s", doctor_quoted(where, sizeof where, m->target));
	}
}

static void
numa(struct doctor *d)
{
	const struct tuning_kernel *k = &d->t->kernel;
	char now[32];

	if (k->numa_balancing >= 0) {
		snprintf(now, sizeof now, "%lld", (long long)k->numa_balancing);
		doctor_why(doctor_find(d, "numa-balancing", !k->numa_balancing ? SEVERITY_OK : d->t->cpu.nodes > 1 ?
				       SEVERITY_WARN : SEVERITY_INFO, "NUMA balancing", now, "0"),
			   "pages are unmapped to see who uses them, and move: faults that no kernel of ours made",
			   "sysctl kernel.numa_balancing=0");
	}
	if (k->demotion > 0)
		doctor_why(doctor_find(d, "numa-demotion", SEVERITY_INFO, "demotion to slow memory", "on", "off"),
			   "under pressure pages move to PMem or CXL that serves as memory",
			   "echo 0 > /sys/kernel/mm/numa/demotion_enabled");
	if (k->ksm > 0)
		doctor_why(doctor_find(d, "ksm", SEVERITY_INFO, "merging of equal pages", "on", "off"),
			   "ksmd reads memory and takes CPU", "echo 0 > /sys/kernel/mm/ksm/run");
}

static void
counters(struct doctor *d)
{
	const struct tuning_kernel *k = &d->t->kernel;
	char now[32];

	if (k->paranoid != -9) {
		const int denied = !d->t->root && k->paranoid > 0;

		snprintf(now, sizeof now, "%lld", (long long)k->paranoid);
		doctor_why(doctor_find(d, "perf", !denied ? SEVERITY_OK : k->paranoid > 2 ? SEVERITY_WARN : SEVERITY_INFO,
				       "perf_event_paranoid", now, d->t->root ? "any, for root" : "0 or less"),
			   k->paranoid > 2 ? "no counters at all for this user" : "no counters of the whole machine, no kernel "
			   "side for this user", "sysctl kernel.perf_event_paranoid=0");
	}
	if (k->nmi_watchdog > 0 && d->t->cpu.pmu)
		doctor_why(doctor_find(d, "nmi-watchdog", SEVERITY_INFO, "NMI watchdog", "on", "off"),
			   "it keeps one hardware counter for itself: groups multiplex sooner", "sysctl kernel.nmi_watchdog=0");
}

/* "spectre_v1: usercopy; spectre_v2: Retpolines; STIBP: on" -> "spectre_v1, spectre_v2" */
static const char *
names(const char *text, char *buf, size_t len)
{
	size_t n = 0;

	buf[0] = 0;
	for (const char *p = text; *p && n + 1 < len; p += strspn(p, "; ")) {
		const size_t word = strcspn(p, ":;");

		/* A kernel's own name has no capitals and no blanks; parts of a description have. */
		if (p[word] == ':' && strspn(p, "abcdefghijklmnopqrstuvwxyz0123456789_") == word)
			n += (size_t)snprintf(buf + n, len - n, "%s%.*s", n ? ", " : "", (int)word, p);
		p += strcspn(p, ";");
	}
	return buf;
}

/* libeatmydata makes every sync a no-op; PMEM_NO_FLUSH and others change what libpmem does. */
static void
preload(struct doctor *d)
{
	const char *p = d->t->preload;
	const bool lies = strstr(p, "eatmydata") || strstr(p, "PMEM_NO_FLUSH=1");

	if (*p)
		doctor_why(doctor_find(d, "preload", lies ? SEVERITY_BAD : SEVERITY_WARN, "environment", p, "empty"),
			   lies ? "syncs or flushes do nothing: they look fast, and data is lost" :
			   "system calls or the libpmem kernel are not what they are elsewhere",
			   "unset LD_PRELOAD ${!PMEM_*}   # bash");
}

void
doctor_kernel(struct doctor *d)
{
	const struct tuning_kernel *k = &d->t->kernel;
	char now[TUNING_TEXT];

	huge_pages(d);
	numa(d);
	counters(d);
	if (k->mitigations[0])
		doctor_boot(doctor_find(d, "mitigations", SEVERITY_INFO, "CPU mitigations", names(k->mitigations, now, sizeof now),
					"as compared with"),
			    "they set what a system call costs: msync and O_SYNC pay, user-space flushes do not",
			    "mitigations=off", "   # only where there is nothing to protect");
	preload(d);
	if (k->seccomp == 2)
		doctor_why(doctor_find(d, "seccomp", SEVERITY_INFO, "seccomp filter", "on", "off"),
			   "every system call runs through it: a container", "# run outside of the container");
	if (k->console >= 7 && k->serial_console)
		doctor_why(doctor_find(d, "console", SEVERITY_INFO, "console", "all messages, serial line", "errors only"),
			   "printing to a serial line stops a CPU for milliseconds", "dmesg -n 4");
	doctor_why(doctor_find(d, "gnuplot", d->t->gnuplot ? SEVERITY_OK : SEVERITY_WARN, "gnuplot",
			       d->t->gnuplot ? "there" : "missing", "there"), "reports have no figures",
		   "apt-get install gnuplot-nox");
}
