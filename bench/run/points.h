/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * points.h -- the points of a run: how far each has come, and points.csv.
 */
#ifndef POINTS_H
#define POINTS_H

#include "plan.h"
#include "results.h"

/* How far a point has come. */
struct progress_point {
	uint16_t done, counted;		/* timed and counting repeats that are in the journal */
	uint16_t clean, rerun;		/* of the timed ones; disturbed, and to be made up for */
	uint16_t block;			/* the first that it needs a timed repeat of */
	uint8_t  finished;		/* needs no more */
	uint8_t  not_converged;
	char    *failed;		/* NULL or why (malloced) */
	double  *headline;		/* ns: first those of the clean repeats, then of the others */
	struct pace *pace;		/* by thread: the best of its timed repeats */
	uint64_t took_ns, took;		/* its workers of this process: their time, how many */
};

/* Room that headline needs for a point with this schedule. */
size_t progress_room(const uint64_t sched[SCHEDS]);
/* One more timed repeat; undisturbed: a share of its time.  A disturbed one is made up for in its
 * block, `reruns` times a point at most. */
struct progress_repeat { double headline; uint32_t block; double undisturbed; };
void progress_take(struct progress_point *, const struct progress_repeat *, unsigned reruns);

/* points.csv, replaced atomically. */
int points_write(const struct results *, const struct plan *, const struct progress_point *);
/* Does its points.csv say the same points as this plan?  0; -ESTALE with the first
 * difference in why. */
int points_same(const struct results *, const struct plan *, char *why, size_t whylen);

#endif
