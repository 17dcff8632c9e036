/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * results.h -- a results directory as it is written (docs/results-format.md): made, locked, seen under
 * its name, its tables appended to and cut back.  What the tables say is journal.h, points.h.
 */
#ifndef RESULTS_H
#define RESULTS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

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
/* An old one: locked, its run.json read.  From then on the directory is the one that is held,
 * wherever its name leads.  0; -EBUSY: its run is still going; -errno; a message in why. */
int results_open(struct results *, const char *dir, char *why, size_t whylen);

/* Append what rows writes to a table, in one piece, so that an error is that of the write.  0 or
 * -errno (of rows as well): some of it may stand there. */
int results_put(struct results *, enum result_table, int (*rows)(FILE *, const void *arg), const void *arg);
/* Cut the tables back to these lengths. */
void results_cut(struct results *, const uint64_t len[RESULT_TABLES]);
/* All tables to the disk.  0 or -errno. */
int results_sync(struct results *);

/* It is called dir now, and run.json was written anew.  0 or -errno. */
int results_renamed(struct results *, const char *dir);

/* run.json, replaced atomically. */
int results_write_json(const struct results *, const char *status);
/* Replace DIR/NAME by text, atomically. */
int results_write_file(const struct results *, const char *name, const char *text);

void results_close(struct results *);

#endif
