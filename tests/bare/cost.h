/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cost.h -- what a worker costs beside its ops: memory, its start, its stamps.
 */
#ifndef COST_H
#define COST_H

#include <stdbool.h>
#include "run.h"

/* Benches of selfbench.yaml whose points are for cost_print and are no rows: of the first kind there are no
 * windows to speak of, of the second repeats as they are. */
#define COST_BENCH   "cost"
#define COST_REPEATS "repeat-"	/* and the name of the schedule */

bool cost_only(const char *bench);

/* Comment lines (#) on stdout.  0, -E2BIG when the harness takes more memory than it may, or
 * another -errno. */
int cost_print(const struct runner *, const char *run_bench);

#endif
