/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * eventset.h -- events that belong together, and what is computed from them, as text:
 *
 *     # comment
 *     doc     one line for `list events`, more of them follow on
 *     cpu     PATTERN			VENDOR-FAMILY-MODEL that it is for, as perf writes them
 *     event   NAME EVENT			as in event.h; NAME is for the formulas
 *     metric  NAME UNIT FORMULA		+ - * / ( ), numbers, names
 *
 * A formula may use the events above it, metrics above it, and ops, bytes (that the
 * ops made durable) and seconds (they took).  What uses an event that was not counted,
 * or divides by zero, has no value.
 */
#ifndef EVENTSET_H
#define EVENTSET_H

#include <stdio.h>
#include "counters.h"

#define EVENTSET_METRICS 16

struct eventset_event { char name[32], text[EVENT_TEXT_MAX]; };
struct eventset_metric { char name[64], unit[16], formula[160]; };

struct eventset {
	char name[64], doc[512];
	char cpu[64];			/* fnmatch() with @(a|b); "": any */
	size_t nevent, nmetric;
	struct eventset_event event[EVENTS_MAX];
	struct eventset_metric metric[EVENTSET_METRICS];
};

/* Read a set; file is its name in messages.  0, or -EINVAL and "FILE:LINE: ...". */
int eventset_read(struct eventset *, FILE *, const char *file, char *why, size_t whylen);
/* DIR/NAME.txt; also -ENOENT when there is none. */
int eventset_load(struct eventset *, const char *dir, const char *name, char *why, size_t whylen);

/* Is it for this CPU?  Codes mean other things on others.  0, or -ENODEV and why. */
int eventset_fits(const struct eventset *, char *why, size_t whylen);
/* VENDOR-FAMILY-MODEL from a cpuinfo: GenuineIntel-6-6A. */
int eventset_cpu(FILE *cpuinfo, char *buf, size_t len);

/* What the counts of a repeat are related to. */
struct eventset_use { double ops, bytes, seconds; };

/* The value of metric m; value[i] is the count of the set's event i, scale[i] its event.scale
 * (NULL: all 1).  0; -ENODATA when it has none. */
int eventset_metric(const struct eventset *, size_t m, const struct counter_value *value, const double *scale,
		    const struct eventset_use *, double *result);

#endif
