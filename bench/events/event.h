/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * event.h -- what is to be counted: from the name people write to what the kernel
 * is asked for.
 *
 *     cycles  MEM_LOAD_RETIRED:LOCAL_PMM:u	libpfm4: the core's own counters
 *     page-faults  context-switches:u		software (event_software[])
 *     kprobe:FUNCTION  kretprobe:MODULE:FUNCTION	calls of, returns from a kernel function
 *     SUBSYSTEM:NAME				a tracepoint
 *     PMU/TERMS/				sysfs, mostly uncore: uncore.h
 *
 * and @system behind any of them: not the measured threads but all CPUs, kernel
 * threads included (uncore counters cannot do otherwise).
 */
#ifndef EVENT_H
#define EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define EVENTS_MAX       32
#define EVENT_TEXT_MAX   160
#define EVENT_PLACES_MAX 256

enum event_kind { EVENT_SOFTWARE, EVENT_CORE, EVENT_PMU, EVENT_KPROBE, EVENT_TRACEPOINT };
enum event_scope { SCOPE_THREAD, SCOPE_SYSTEM };

/* One instance of a PMU, read on one CPU. */
struct event_place { uint32_t type; int32_t cpu; };

/* Plain data: it travels to another process of the same machine. */
struct event {
	char text[EVENT_TEXT_MAX];	/* as it was asked for */
	char function[EVENT_TEXT_MAX];	/* of a kprobe */
	uint8_t kind, scope;
	uint8_t no_user, no_kernel;	/* do not count there */
	uint32_t type;			/* these as in struct perf_event_attr */
	uint64_t config[3];
	double scale;			/* a count times this is in `unit`; 1 and "" mostly */
	char unit[16];
	uint32_t nplace;		/* 0: the thread, or every CPU that is online */
	struct event_place place[EVENT_PLACES_MAX];
};

struct event_list {
	uint32_t n;
	struct event event[EVENTS_MAX];
};

/* 0, or why: -EINVAL is no event's form, -ENOENT unknown, -ENODEV not on this machine,
 * -ENOTUNIQ several of that name, -EACCES unreadable here.  Whether the kernel lets it be
 * counted is known by counters_try() only. */
int event_parse(struct event *, const char *text, char *why, size_t whylen);
/* Parse one more into the list; also -E2BIG when it is full, -EEXIST when it is there. */
int event_add(struct event_list *, const char *text, char *why, size_t whylen);

/* What an -errno of opening the event means here and how to mend it; returns it. */
int event_refused(const struct event *, int rc, char *why, size_t whylen);

const char *event_kind_name(enum event_kind);
const char *event_scope_name(enum event_scope);

struct event_software { const char *name, *doc; uint32_t config; };
extern const struct event_software event_software[];	/* ended by name NULL */

/* The core's events of all PMUs that libpfm4 found here, until fn returns nonzero. */
int event_each_core(int (*fn)(const char *pmu, const char *name, const char *doc, void *), void *arg);

#endif
