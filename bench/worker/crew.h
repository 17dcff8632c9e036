/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * crew.h -- the pinned threads of one worker process and what they found.
 *
 * All threads walk through the same stages and meet between them; what one of
 * them wishes, all do.  A thread that fails says so and keeps meeting, so that none hangs.
 */
#ifndef CREW_H
#define CREW_H

#include "job.h"
#include "target.h"

struct crew_result {
	struct outcome out;		/* all but offset, page_seen, nbin */
	struct sample *sample;		/* out.nsample, malloced */
	struct hist hist[2];		/* issue, drained; all threads merged */
	struct counter_value count[EVENTS_MAX];	/* over all windows and threads */
	struct counter_placed *placed;	/* out.nplaced, malloced: each place of the machine's events */
	struct pace *pace;		/* out.npace, malloced: of each thread's CPU in this repeat */
};

/* Run the job's threads on an opened target.  The result's out.rc says how it went. */
void crew_run(const struct job *, const struct kernel *, const struct opened *, struct crew_result *);

#endif
