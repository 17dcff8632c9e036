/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * taints.h -- what disturbed a run: its windows by taint, and what this machine cannot tell.
 */
#ifndef TAINTS_H
#define TAINTS_H

#include "rundir.h"
#include "taint.h"

/* Of the timed repeats. */
struct taints {
	uint64_t windows, tainted;
	uint64_t by[TAINT_COUNT];	/* windows in which a thread had it */
	bool known;			/* run.json says which could be seen */
	uint32_t available;		/* mask */
};
/* 0, or -errno with a message in why. */
int taints_count(struct taints *, const struct run *, char *why, size_t whylen);

#endif
