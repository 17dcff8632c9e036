/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * selfbench.h -- what the parts of selfbench share: rows with their pairs, and the table of them.
 */
#ifndef SELFBENCH_H
#define SELFBENCH_H

#include "run.h"
#include "side.h"

enum { SELF_SLOW = 1, SELF_TROUBLE = 2, SELF_UNCLEAR = 3 };	/* exit codes */

struct row {
	double *ours, *bare;	/* ns/op of the clean pairs */
	size_t n, dirty;
	bool wanted;
};

struct selfbench {
	struct runner runner;
	struct row *row;	/* by point */
	struct job *job;
	size_t want;
	double seconds;
	bool quick;
	char run_bench[4096], bare[4096];
};

/* The table on stdout.  An exit code, or -errno. */
int table_print(const struct selfbench *);

#endif
