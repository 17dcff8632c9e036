/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * deadline.h -- what there is still time for, and what was given up for the want of it.
 *
 * A run with --budget or --quick has a deadline (plan_estimate) and ends between two blocks: the next
 * one is begun when, by the time that workers took so far, it and the report fit; one that has become
 * slower than that is cut.  A disturbed repeat is made up for only when the least that is to be
 * measured still fits behind it, so these are given up first.
 */
#ifndef DEADLINE_H
#define DEADLINE_H

#include <stdbool.h>
#include <stdint.h>

struct runner;

struct deadline {
	uint64_t end_ns;		/* of the run, by deadline_now(); 0: none */
	uint64_t rest_ns;		/* what the blocks to come take at the least */
	uint64_t planned_ns, took_ns;	/* workers so far: by the plan, and in truth */
	uint32_t reruns;		/* disturbed repeats that were not made up for */
	uint32_t blocks, unfinished;	/* when the time was up: measured; points that would have needed more */
};

uint64_t deadline_now(void);		/* CLOCK_MONOTONIC */
void deadline_set(struct runner *);
/* Is there time for this block?  If not, its points are finished, not_converged.  The first is
 * begun in any case. */
bool deadline_block(struct runner *, uint32_t block);
/* And for this point's repeat of a block under way?  If not, the point is finished likewise. */
bool deadline_repeat(struct runner *, uint32_t point, uint32_t block);
void deadline_took(struct runner *, uint32_t point, uint64_t ns);	/* it took that */
void deadline_rest(struct runner *, uint32_t block);	/* all points have been round */
bool deadline_rerun(struct runner *, uint32_t point);
/* `budget` of run.json, and a line for whoever waits.  Without --budget
 * only when points were given up. */
void deadline_tell(struct runner *);

#endif
