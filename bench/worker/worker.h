/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * worker.h -- one repeat of one point, in a process of its own.
 *
 * The parent writes a struct job into a memory file, starts run-bench-worker (lean.c), or
 * without one itself with WORKER_ARG, and reads the outcome from a second memory file when
 * the process has ended.
 */
#ifndef WORKER_H
#define WORKER_H

#include "crew.h"

#define WORKER_ARG    "--worker"	/* argv[1] of a worker; no user types it */
#define WORKER_JOB_FD 3
#define WORKER_OUT_FD 4

/* The worker's whole life; the value is for exit(3).  What went wrong is in the outcome. */
int worker_main(void);

/* What the parent gets back.  Arrays are malloced: answer_free. */
struct answer {
	struct outcome out;
	struct sample *sample;		/* out.nsample */
	struct hist_bin *bin[2];	/* out.nbin: issue, drained */
	struct counter_value *count;	/* out.nevent, in the order of job.events */
	struct pace *pace;		/* out.npace: by thread */
	struct counter_placed *placed;	/* out.nplaced: of the events that are counted in places */
};
void answer_free(struct answer *);
uint32_t answer_tainted(const struct answer *);	/* windows in which a thread was disturbed */
uint32_t answer_windows(const struct answer *);	/* of all that were measured */

/* Parent: run the job.  A worker that outlives limit_ns is killed (out.rc -ETIMEDOUT), and by the
 * second request to stop (stop.h; -EINTR).  0 when there is an outcome, good or bad; -errno when
 * no worker could be started. */
int worker_run(const struct job *, uint64_t limit_ns, struct answer *);

#endif
