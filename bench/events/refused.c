/* SPDX-License-Identifier: BSD-2-Clause */
/* Why an event cannot be opened here: event_refused of event.h. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "event.h"
#include "sysfs.h"
#include "why.h"

#define PARANOID "/proc/sys/kernel/perf_event_paranoid"

static int
paranoid(void)
{
	FILE *f = fopen(PARANOID, "re");
	int level = 2;

	if (f) {
		if (fscanf(f, "%d", &level) != 1)
			level = 2;
		fclose(f);
	}
	return level;
}

/* The greatest kernel.perf_event_paranoid that lets everybody count this; -2: none does. */
static int
paranoid_needed(const struct event *e)
{
	if (e->kind == EVENT_KPROBE)
		return -2;
	if (e->scope == SCOPE_SYSTEM)
		return 0;
	return e->no_kernel ? 2 : 1;
}

static int
no_rights(const struct event *e, int rc, char *why, size_t len)
{
	const int now = paranoid(), need = paranoid_needed(e);
	const bool user = e->scope == SCOPE_THREAD && !e->no_kernel && now <= 2 &&
			  (e->kind == EVENT_CORE || (e->kind == EVENT_PMU && !e->nplace) ||
			   (e->kind == EVENT_SOFTWARE && strstr(e->text, "faults")));

	if (need == -2)
		return why_set(why, len, -rc, "'%s' needs root or CAP_PERFMON", e->text);
	if (geteuid() == 0 || now <= need)
		return why_set(why, len, -rc, "'%s' is refused (%s) though kernel.perf_event_paranoid is %d: a container's "
			       "seccomp profile or a lockdown", e->text, strerror(-rc), now);
	return why_set(why, len, -rc, "'%s' needs kernel.perf_event_paranoid <= %d (it is %d: sysctl "
		       "kernel.perf_event_paranoid=%d), CAP_PERFMON or root%s", e->text, need, now, need,
		       user ? "; with :u it counts user space only" : "");
}

static bool
has_core_pmu(void)
{
	struct sysdir d;

	return sysfs_dir(&d, "bus/event_source/devices/cpu") == 0 ||
	       sysfs_dir(&d, "bus/event_source/devices/cpu_core") == 0;
}

int
event_refused(const struct event *e, int rc, char *why, size_t len)
{
	switch (-rc) {
	case EACCES:
	case EPERM:
		return no_rights(e, rc, why, len);
	case ENOENT:
	case EOPNOTSUPP:
		if (e->kind == EVENT_CORE && !has_core_pmu())
			return why_set(why, len, -rc, "'%s': no PMU in this (virtual) machine: the hypervisor has to "
				       "offer one; software events, tracepoints and kprobes work", e->text);
		if (e->kind == EVENT_KPROBE)
			return why_set(why, len, -rc, "'%s': the kernel has no such function", e->text);
		return why_set(why, len, -rc, "'%s': this machine's PMU cannot count it", e->text);
	case EINVAL:
		if (e->kind == EVENT_KPROBE)
			return why_set(why, len, EINVAL, "'%s': the kernel lets no probe into this function "
				       "(/sys/kernel/debug/kprobes/blacklist)", e->text);
		return why_set(why, len, EINVAL, "'%s': the kernel refuses the encoding", e->text);
	case EADDRNOTAVAIL:
		return why_set(why, len, EADDRNOTAVAIL, "'%s': the kernel has several functions of that name: name it "
			       "MODULE:FUNCTION or count another one", e->text);
	case ENODATA:
		return why_set(why, len, ENODATA, "'%s' was never on a counter: ask for fewer events at a time, or free "
			       "one (sysctl kernel.nmi_watchdog=0)", e->text);
	case EMFILE:
		return why_set(why, len, EMFILE, "'%s' needs more open files than this process may have (ulimit -n)",
			       e->text);
	case ENODEV:
		return why_set(why, len, ENODEV, "'%s': its PMU or CPU has gone", e->text);
	case ENOSYS:
		return why_set(why, len, ENOSYS, "'%s': this kernel has no perf events (CONFIG_PERF_EVENTS)", e->text);
	case EBUSY:
		return why_set(why, len, EBUSY, "'%s': another program holds this PMU", e->text);
	default:
		return why_set(why, len, -rc, "'%s' cannot be counted: %s", e->text, strerror(-rc));
	}
}
