/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * results.h -- writing a results directory (docs/results-format.md), so that it is
 * readable after kill -9 at any moment, and what is older than a few seconds also
 * after a crash of the machine.
 *
 * A repeat's rows go to hist.csv, samples.csv and counters.csv first, then one line to
 * repeats.csv with the lengths of those files: the journal.  What lies behind the
 * last line's lengths does not exist; resume cuts it off, and so does whoever fails to
 * write.  Lines of the journal whose data are not there do not count.
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

/* The journal comes last. */
enum result_table { RESULT_HIST, RESULT_SAMPLES, RESULT_COUNTERS, RESULT_JOURNAL, RESULT_TABLES };
extern const char *const result_name[RESULT_TABLES];

struct results {
	char *dir, *id;			/* path; its last part */
	int lock;			/* descriptor of dir, locked while its run lives */
	int fd[RESULT_TABLES];		/* to append to */
	uint64_t len[RESULT_TABLES];	/* so far */
	uint64_t synced_ns;		/* when they were last */
	bool held;			/* nothing is synced: a target lies on the same file system, and would be too */
	uint64_t lost;			/* resume: lines of the journal whose data are not there */
	json_t *json;			/* run.json as it will be written next */
};
#define RESULTS_NONE { .lock = -1, .fd = { -1, -1, -1, -1 } }

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

/* One repeat, all of it or nothing.  0 or -errno. */
int results_append(struct results *, const struct job *, const struct answer *);

/* Append text to a table.  0 or -errno: some of it may stand there. */
int results_put(struct results *, enum result_table, const char *text, size_t len);
/* Cut the tables back to these lengths. */
void results_cut(struct results *, const uint64_t len[RESULT_TABLES]);
/* All tables to the disk.  0 or -errno. */
int results_sync(struct results *);

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
