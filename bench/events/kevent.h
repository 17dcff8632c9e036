/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kevent.h -- events of the kernel's own code: functions by name, tracepoints.
 */
#ifndef KEVENT_H
#define KEVENT_H

#include <stdio.h>
#include "event.h"

/* FUNCTION or MODULE:FUNCTION, called or (on_return) returned from. */
int kprobe_parse(struct event *, const char *function, bool on_return, char *why, size_t whylen);
/* Is there exactly one such function in this /proc/kallsyms?  0, -ENOENT, -ENOTUNIQ and why. */
int kprobe_find(FILE *kallsyms, const char *function, char *why, size_t whylen);

/* SUBSYSTEM:NAME of tracefs.  -ENODEV and why: no tracefs to look into; -ENOENT and an empty
 * why: it has no such subsystem, so this may be something else. */
int tracepoint_parse(struct event *, const char *name, char *why, size_t whylen);

#endif
