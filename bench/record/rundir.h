/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rundir.h -- a results directory, read: run.json, points.csv and the journal.
 *
 * Tolerant of what it does not know (columns, JSON keys, a newer minor version)
 * and of a directory whose run was killed; it refuses a newer major version and
 * broken files.  samples.csv, hist.csv and reps.csv are streamed by those who
 * want them and not kept.
 */
#ifndef RUNDIR_H
#define RUNDIR_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "arena.h"
#include "durable.h"
#include "medium.h"

#define LAB_SCHEMA "daxmark.powercut/1"	/* what scripts/powercut leaves */
#define RUN_SCHEMA "daxmark.run/1.3"	/* as it is written; any 1.x is read */

enum run_state { RUN_PENDING, RUN_OK, RUN_SKIP, RUN_FAIL };

struct run_point {
	uint32_t id;			/* column point */
	uint32_t repeats, failed;	/* timed ones in the journal; those that failed */
	const char *const *field;	/* by column of points.csv; never NULL */
	const char *bench, *kernel, *target, *mode, *why, *tested;
	enum medium medium;
	enum durable_class durable;
	const char *reason;		/* of a skip or a failure, else "" */
	uint64_t size, threads;		/* 0: empty or not a number */
	uint64_t unit;			/* ops that one latency is of; 1 where the run does not say */
	enum run_state state;
	bool control;			/* yes or floor */
	double precision;		/* asked of its bench, as a fraction: 0.05 */
};

struct run_repeat {
	uint32_t at, rep, block;	/* at: index into point; block: rep where the journal does not say */
	bool timed, ok;
	uint32_t flags;			/* flag.h */
	double quantum, floor[2];	/* ticks, by enum stamp; NaN: not measured */
	const char *cpus, *why;
	uint64_t checked, samples_end, hist_end, counters_end;
	/* Of all its windows, NaN: not known.  What the kernel expects of its ops: at least, at
	 * most; page faults seen. */
	double faults, faults_min, faults_max, syscalls_min, syscalls_max;
	double undisturbed;		/* share of its time; NaN: not known */
};

struct run {
	struct arena mem;
	const char *dir;		/* as given */
	int fd;				/* of the directory */
	json_t *json;			/* run.json, an object */
	double hz;			/* ticks per second, > 0 */
	bool quick;
	bool classes;			/* of the laboratory: points are the rows of its classes.csv, and nothing was timed */
	bool journal;			/* repeats.csv exists: reps.csv can be made from samples */
	size_t ncolumn, npoint, nrepeat;
	size_t lost;			/* repeats of the journal that count for nothing: their data are not there */
	const char *const *column;	/* names of the columns of points.csv */
	struct run_point *point;	/* ascending id */
	struct run_repeat *repeat;	/* in the order they were measured */
};

/* 0; -ENOENT: no such directory or no run.json; -EINVAL: not to be understood; why says what. */
int  rundir_load(struct run *, const char *dir, char *why, size_t whylen);
/* The same of the directory that is open as dirfd, whatever its name dir leads to by now; AT_FDCWD:
 * that dir leads to.  Results of the laboratory (daxmark.powercut/1) are loaded, too. */
int  rundir_load_held(struct run *, int dirfd, const char *dir, char *why, size_t whylen);
void rundir_free(struct run *);

int  run_column(const struct run *, const char *name);			/* -1: no such column */
const char *run_field(const struct run *, const struct run_point *, const char *name);	/* or "" */
struct run_point *run_point(const struct run *, uint64_t id);		/* or NULL */

/* A text or number of run.json by path ("host.name", "timer.hz"); "" or NaN when it is not there.
 * */
const char *run_text(const struct run *, const char *path);
double      run_number(const struct run *, const char *path);
json_t     *run_json(const struct run *, const char *path);		/* borrowed; NULL */
/* Where it was measured: run.json's, or the column of points.csv. */
const char *run_host(const struct run *);
/* A key of the target of this name: its kind, path, domain ...; "" when not there. */
const char *run_target(const struct run *, const char *target, const char *key);

/* "interrupted: 12 of 40 points are not finished"; "" of a run that has ended well. */
const char *run_unfinished(const struct run *, char *buf, size_t len);

#endif
