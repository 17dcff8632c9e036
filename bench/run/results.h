/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * results.h -- writing a results directory (docs/results-format.md), so that it is
 * readable after kill -9 at any moment.
 *
 * A repeat's rows go to hist.csv and samples.csv first, then one line to
 * repeats.csv with the lengths of those files: the journal.  What lies behind the
 * last line's lengths does not exist; resume cuts it off.
 */
#ifndef RESULTS_H
#define RESULTS_H

#include <jansson.h>
#include "plan.h"
#include "worker.h"

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
/* One more timed repeat; undisturbed: a share of its time.  A disturbed one is made up for in its block, `reruns`
 * times a point at most. */
struct progress_repeat { double headline; uint32_t block; double undisturbed; };
void progress_take(struct progress_point *, const struct progress_repeat *, unsigned reruns);

struct results {
	char *dir, *id;			/* path; its last part */
	int lock;			/* descriptor of dir, locked while its run lives */
	FILE *hist, *samples, *counters, *repeats;
	json_t *json;			/* run.json as it will be written next */
};

/* Make PARENT/.STAMP-HOST-NAME-xxxx (PARENT is made when absent; %h %j are replaced)
 * with empty tables.  0; -errno with a message in why. */
int results_create(struct results *, const char *parent, const char *name, char *why, size_t whylen);
/* It can be resumed from now on: drop the dot and point PARENT/latest to it.  0 or -errno. */
int results_publish(struct results *);
/* Taken by both of the above ways to a directory: 0, -EBUSY or another -errno. */
int results_lock(struct results *);

/* Open an old one: cut the tables back to the journal and fill in the progress of its
 * points (one per plan->n, headline allocated).  0; -errno with a message in why. */
int results_resume(struct results *, const char *dir, const struct plan *,
		   struct progress_point *, char *why, size_t whylen);

/* One repeat.  0 or -errno (the directory is still consistent). */
int results_append(struct results *, const struct job *, const struct answer *);

/* points.csv and run.json, each replaced atomically. */
int results_write_points(const struct results *, const struct plan *, const struct progress_point *);
int results_write_json(const struct results *, const char *status);

/* Replace DIR/NAME by text, atomically. */
int results_write_file(const struct results *, const char *name, const char *text);

/* Does points.csv in dir say the same points as this plan?  0; -ESTALE with the first
 * difference in why. */
int results_same_points(const char *dir, const struct plan *, char *why, size_t whylen);

void results_close(struct results *);

#endif
