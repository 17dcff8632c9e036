/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * eventset.h -- events that belong together, and what is computed from them, as text:
 *
 *     # comment
 *     doc     one line for `list events`, more of them follow on
 *     cpu     PATTERN			VENDOR-FAMILY-MODEL that it is for, as perf writes them
 *     event   NAME EVENT			as in event.h; NAME is for the formulas
 *     metric  NAME UNIT FORMULA		+ - * / ( ), numbers, names
 *     answer  LOAD FORMULA		what a load of known size (answerload.h) makes of events above
 *
 * A formula may use the events above it, metrics above it, and ops, bytes (that the
 * ops made durable) and seconds (they took).  counted.h computes them: what uses an event
 * that was not counted, or divides by zero, has no value.
 */
#ifndef EVENTSET_H
#define EVENTSET_H

#include <dirent.h>
#include <stdio.h>
#include "answerload.h"
#include "event.h"

#define EVENTSET_METRICS 16
#define EVENTSET_ANSWERS 8

struct eventset_event { char name[32], text[EVENT_TEXT_MAX]; };
struct eventset_metric { char name[64], unit[16], formula[160]; };

struct eventset_answer { enum answer_load load; char formula[160]; };

struct eventset {
	char name[64], doc[512];
	char cpu[64];			/* fnmatch() with @(a|b); "": any */
	size_t nevent, nmetric, nanswer;
	struct eventset_event event[EVENTS_MAX];
	struct eventset_metric metric[EVENTSET_METRICS];
	struct eventset_answer answer[EVENTSET_ANSWERS];
};

/* Read a set; file is its name in messages.  0, or -EINVAL and "FILE:LINE: ...". */
int eventset_read(struct eventset *, FILE *, const char *file, char *why, size_t whylen);
/* DIR/NAME.txt; also -ENOENT when there is none, or the name is none of a set. */
int eventset_load(struct eventset *, const char *dir, const char *name, char *why, size_t whylen);
/* The sets of DIR: how many, and *entry as of scandir(3), d_name without .txt.  Negative: errno. */
int eventset_list(const char *dir, struct dirent ***entry);
/* The set of DIR that a name is most like, into best; false: like none. */
bool eventset_near(const char *dir, const char *name, char *best, size_t len);

/* Is it for this CPU?  Codes mean other things on others.  0, or -ENODEV and why. */
int eventset_fits(const struct eventset *, char *why, size_t whylen);
/* VENDOR-FAMILY-MODEL from a cpuinfo: GenuineIntel-6-6A. */
int eventset_cpu(FILE *cpuinfo, char *buf, size_t len);

#endif
