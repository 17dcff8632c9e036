/* SPDX-License-Identifier: BSD-2-Clause */
#include <ctype.h>
#include <errno.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "event.h"
#include "kevent.h"
#include "pfm.h"
#include "sysfs.h"
#include "text.h"
#include "uncore.h"
#include "why.h"

const struct event_software event_software[] = {
	{ "page-faults", "page faults, minor and major", PERF_COUNT_SW_PAGE_FAULTS },
	{ "minor-faults", "page faults without I/O", PERF_COUNT_SW_PAGE_FAULTS_MIN },
	{ "major-faults", "page faults with I/O; DAX: those that allocated", PERF_COUNT_SW_PAGE_FAULTS_MAJ },
	{ "context-switches", "the thread was switched away", PERF_COUNT_SW_CONTEXT_SWITCHES },
	{ "cpu-migrations", "the thread moved to another CPU", PERF_COUNT_SW_CPU_MIGRATIONS },
	{ "task-clock", "ns the thread ran", PERF_COUNT_SW_TASK_CLOCK },
	{ NULL, NULL, 0 },
};

const char *
event_kind_name(enum event_kind k)
{
	static const char *const name[] = { "software", "core", "pmu", "kprobe", "tracepoint" };

	return name[k];
}

const char *
event_scope_name(enum event_scope s)
{
	return s == SCOPE_SYSTEM ? "system" : "thread";
}

/* 0; -ENOENT when it is no software event; -EINVAL when its modifier makes no sense. */
static int
software_parse(struct event *e, const char *text, char *why, size_t len)
{
	const size_t n = strcspn(text, ":");
	const struct event_software *s = event_software;

	while (s->name && (strlen(s->name) != n || strncmp(s->name, text, n) != 0))
		s++;
	if (!s->name)
		return -ENOENT;
	e->kind = EVENT_SOFTWARE;
	e->type = PERF_TYPE_SOFTWARE;
	e->config[0] = s->config;
	if (s->config == PERF_COUNT_SW_TASK_CLOCK)
		strcpy(e->unit, "ns");
	if (!text[n])
		return 0;
	/* Switches, migrations and the clock tick in the kernel: :u would count nothing. */
	if (!strstr(s->name, "faults") || (strcmp(text + n, ":u") != 0 && strcmp(text + n, ":k") != 0))
		return why_set(why, len, EINVAL, "'%s': '%s' takes %s", text, s->name,
			       strstr(s->name, "faults") ? ":u (user space) or :k (kernel) only" : "no :u or :k");
	e->no_kernel = text[n + 1] == 'u';
	e->no_user = text[n + 1] == 'k';
	return 0;
}

/* A tracepoint when there is such a subsystem, else the core's.  When libpfm4 does not know
 * a:b either, that tracefs cannot be looked into is the better reason. */
static int
tracepoint_or_core(struct event *e, const char *name, char *why, size_t len)
{
	char other[512];
	const int trace = tracepoint_parse(e, name, why, len);
	int core;

	if (trace == 0 || (trace == -ENOENT && why[0]))
		return trace;
	core = pfm_parse(e, name, other, sizeof other);
	if (core == 0 || (why[0] && islower((unsigned char)name[0])))
		return core == 0 ? 0 : trace;
	return why_set(why, len, -core, "%s", other);
}

/* By form where the form says it. */
static int
parse(struct event *e, const char *name, char *why, size_t len)
{
	struct guess g;
	int rc;

	if (strncmp(name, "kprobe:", 7) == 0)
		return kprobe_parse(e, name + 7, false, why, len);
	if (strncmp(name, "kretprobe:", 10) == 0)
		return kprobe_parse(e, name + 10, true, why, len);
	if (strchr(name, '/'))
		return uncore_parse(e, name, why, len);
	rc = software_parse(e, name, why, len);
	if (rc == -ENOENT)
		rc = tracepoint_or_core(e, name, why, len);
	if (rc != -ENOENT)
		return rc;
	guess_start(&g, name);
	for (const struct event_software *s = event_software; s->name; s++)
		guess_try(&g, s->name);
	return g.best ? why_set(why, len, ENOENT, "unknown event '%s'; did you mean '%s'?", name, g.best) : rc;
}

static bool
printable(const char *s)
{
	for (; *s; s++)
		if (!isgraph((unsigned char)*s) || *s == '"')
			return false;
	return true;
}

int
event_parse(struct event *e, const char *text, char *why, size_t len)
{
	char name[EVENT_TEXT_MAX];
	char *at;

	memset(e, 0, sizeof *e);
	e->scale = 1;
	why[0] = 0;
	if (!text[0] || strlen(text) >= sizeof name || !printable(text))
		return why_set(why, len, EINVAL, "an event is a name of 1 to %zu characters without blanks or quotes",
			       sizeof name - 1);
	strcpy(name, text);
	strcpy(e->text, text);
	at = strrchr(name, '@');
	if (at) {
		*at++ = 0;
		if (strcmp(at, "system") != 0 || !name[0])
			return why_set(why, len, EINVAL, "'%s': the only scope to be named is EVENT@system", text);
		e->scope = SCOPE_SYSTEM;
	}
	return parse(e, name, why, len);
}

int
event_add(struct event_list *l, const char *text, char *why, size_t len)
{
	int rc;

	if (l->n == EVENTS_MAX)
		return why_set(why, len, E2BIG, "more than %d events", EVENTS_MAX);
	for (uint32_t i = 0; i < l->n; i++)
		if (strcmp(l->event[i].text, text) == 0)
			return why_set(why, len, EEXIST, "event '%s' is asked for twice", text);
	rc = event_parse(&l->event[l->n], text, why, len);
	if (rc == 0)
		l->n++;
	return rc;
}

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
