/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * side.h -- one side of a selfbench pair: a fresh process that ran the job.
 *
 * `ours` is the run-bench binary itself as a worker, told by a struct job what
 * run-bench would tell it; `bare` is the hand-written loop, one process for
 * each thread of the job.  Both are started and waited for by the same code.
 */
#ifndef SIDE_H
#define SIDE_H

#include "job.h"

#define SIDE_WALL_MAX 1.02	/* wall/CPU time above this: somebody else had the CPU (METHOD 3) */

struct side {
	double ns;		/* an op: median over the windows, mean over the threads */
	double cpu_ns;		/* the same in CPU time */
	double wall_cpu;	/* wall over CPU time, the worst thread */
	double life_s;		/* from fork to the end of the last process */
	double windows_s;	/* of that, inside windows */
	long max_rss;		/* bytes: of the largest process (or of ours when it forked) */
	bool pages_ok;		/* the page size asked for; of bare, page faults tell */
	double spent[SPENTS];		/* ours: ms, where a worker's time goes */
	double quantum, floor[2];	/* ours: ns of the clock's step, of the empty op issue and drained */
};

/* 0; -errno with a message on stderr. */
int side_ours(const char *run_bench, const struct job *, struct side *);
int side_bare(const char *bare, const struct job *, struct side *);

/* A parameter of the job's kernel by name, or `none` when it has no such one. */
uint64_t side_param(const struct job *, const char *name, uint64_t none);

double side_median(double *v, size_t n);	/* sorts v */

#endif
