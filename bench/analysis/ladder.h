/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ladder.h -- one point for each strategy and target, to stand side by side.
 */
#ifndef LADDER_H
#define LADDER_H

#include "label.h"
#include "summary.h"

struct rung {
	const struct run_point *p;
	const struct sum *sum;		/* its headline */
	char label[LABEL_MAX];		/* with the size where it is not the ladder's */
};

struct ladder {
	uint64_t size;			/* what most strategies were measured with */
	size_t n;
	struct rung *rung;		/* by target in the order of the run, then by median */
};

/* Fewest threads, latency before amortised time, writes only.  In the arena. */
void ladder_make(struct ladder *, struct arena *, const struct summary *);

#endif
