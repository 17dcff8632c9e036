/* SPDX-License-Identifier: BSD-2-Clause */
#include <ctype.h>
#include <errno.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <string.h>
#include "event.h"
#include "kevent.h"
#include "pfm.h"
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
