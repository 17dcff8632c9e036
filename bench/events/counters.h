/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * counters.h -- events opened with the kernel, run around windows, read.
 *
 * Each measured thread opens, starts, stops, reads and closes its own; one
 * thread of the process does it for system scope.  Opening is slow (a kprobe
 * waits for all CPUs; a kprobe at system scope has as many handlers as CPUs), starting
 * and stopping cost a system call for each group.  Nothing but the work should stand
 * between start and stop: what the harness does there is counted, too.  Left is the one
 * system call that stops a tracepoint, which raw_syscalls:sys_enter sees.
 */
#ifndef COUNTERS_H
#define COUNTERS_H

#include "event.h"

/* Sums over windows, CPUs and threads.  running_ns 0: not counted, whatever value says. */
struct counter_value {
	uint64_t value;			/* as counted: neither multiplexing nor event.scale applied */
	uint64_t enabled_ns, running_ns;
	int rc;				/* 0 or why it could not be opened or read: event_refused() */
};

struct counters;

/* Open the list's events of one scope, stopped: for the calling thread, or for the machine.
 * 0 or -ENOMEM; an event that cannot be opened says so when it is read.  None of that
 * scope: *c is NULL, which all below take. */
int  counters_open(struct counters **, const struct event_list *, enum event_scope);
void counters_start(struct counters *);
void counters_stop(struct counters *);
/* Add what was counted since opening to value[i] of each event i that is open here. */
void counters_read(struct counters *, struct counter_value value[EVENTS_MAX]);
void counters_close(struct counters *);

/* Open once and close: can it be counted here?  0 or -errno and why, with the mend. */
int counters_try(const struct event *, char *why, size_t whylen);

/* The count with multiplexing made good.  0; -ENODATA when not counted; rc. */
int counter_estimate(const struct counter_value *, double *);
/* Another thread's count of the same event.  The first failure stays; a part that was not
 * counted makes the sum not counted. */
void counter_add(struct counter_value *sum, const struct counter_value *);
/* What came between two readings (64-bit counts may wrap). */
struct counter_value counter_since(const struct counter_value *now, const struct counter_value *before);
/* A group's reading of got bytes, taken apart into n counts.  0; -EIO when it is not one. */
int counter_unpack(const void *raw, size_t got, size_t n, struct counter_value *);

#endif
