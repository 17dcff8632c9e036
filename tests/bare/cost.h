/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cost.h -- what a worker costs beside its ops: memory, its start, its stamps.
 */
#ifndef COST_H
#define COST_H

#include "run.h"

#define COST_BENCH "cost"	/* of selfbench.yaml: its points are for cost_print and are no rows */

/* Comment lines (#) on stdout.  0, -E2BIG when the harness takes more memory than it may, or
 * another -errno. */
int cost_print(const struct runner *, const char *run_bench);

#endif
