/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * run.h -- measuring a plan: blocks of repeats, one worker process each, into a
 * results directory.
 */
#ifndef RUN_H
#define RUN_H

#include "clock.h"
#include "deadline.h"
#include "experiment.h"
#include "journal.h"
#include "say.h"

struct runner {
	struct experiment *experiment;
	const struct say *say;		/* NULL: nobody listens */
	struct results results;
	struct timer timer;
	struct prepared **prepared;	/* one per target; NULL: not used */
	struct progress_point *point;	/* one per plan.n */
	const char *kernel_path;
	const char *acks;		/* of points in mode audit; NULL: there are none */
	struct event_list *events;	/* counted in repeats of their own */
	json_t *matrix;			/* what was asked to be counted, and why it cannot be */
	uint32_t counting;		/* how many of those each point gets; 0 without events */
	uint64_t total, done;		/* repeats planned at most; made, in this process and before */
	struct deadline deadline;
	uint64_t started_ns;		/* for the ETA */
	uint64_t done_before;
};

/* Lock, guard and prepare the targets that points of the plan use.  0; -EPERM: refused for safety;
 * -ENOMEM or another -errno (and said). */
int  run_prepare(struct runner *, const struct consent *, const char *run_id);
void run_unprepare(struct runner *);

/* Measure what is missing; tables are complete up to the last repeat. */
enum run_end { RUN_ENDED, RUN_POINT_FAILED, RUN_NOT_WRITTEN, RUN_INTERRUPTED };
enum run_end run_blocks(struct runner *);

/* Room for the progress of every point.  0 or -ENOMEM. */
int  run_progress_alloc(struct runner *);

/* What a worker is told for the next repeat of a point; counting: with events open. */
void run_job(const struct runner *, uint32_t point, uint32_t block, bool counting, struct job *);

#endif
