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

#include "multiplex.h"
#include "event.h"

struct counters;

/* Open the list's events of one scope, stopped: for the calling thread, or for the machine.
 * 0 or -ENOMEM; an event that cannot be opened says so when it is read.  None of that
 * scope: *c is NULL, which all below take. */
int  counters_open(struct counters **, const struct event_list *, enum event_scope);
void counters_start(struct counters *);
void counters_stop(struct counters *);
/* Add what was counted since opening, each place made good, to value[i] of each event i that is
 * open here. */
void counters_read(struct counters *, struct counter_value value[EVENTS_MAX]);
/* The same without adding: fn gets what each place counted, a thread's at CPU -1. */
void counters_each(struct counters *, void (*fn)(uint32_t event, struct event_place, const struct counter_value *, void *),
		   void *arg);
void counters_close(struct counters *);

/* Open once and close: can it be counted here?  0 or -errno and why, with the mend. */
int counters_try(const struct event *, char *why, size_t whylen);

#endif
