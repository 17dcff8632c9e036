/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * planner.h -- what the files that make a plan share; nobody else includes it.
 */
#ifndef PLANNER_H
#define PLANNER_H

#include "arena.h"
#include "plan.h"

enum { CPUS_UNKNOWN = UINT32_MAX };

/* The answer for the last point asked about. */
struct llc_known { struct placement where; unsigned threads; uint64_t bytes; };

struct planner {
	struct plan *plan;
	struct arena *arena;
	const struct bench *bench;
	uint32_t bench_index;
	/* bench.param index of each parameter of each kernel of the bench: -1 not named. */
	int (*param_at)[KERNEL_PARAMS_MAX];
	unsigned *cpus;			/* by target, placement and CPU list; CPUS_UNKNOWN: not asked yet */
	struct llc_known llc;
	const char **said;		/* skip sentences, each kept once */
	size_t nsaid, said_size;
};

/* Which axes say nothing about this kernel on this target (1 << axis_id): values of those
 * make no points of their own. */
uint32_t plan_empty_axes(const struct kernel *, const struct target_spec *, const struct bench *, const uint16_t *at);

/* The value of a parameter that the config does not name: its default or, where that one's needs
 * are not met, that of the first choice whose needs are. */
uint64_t plan_default(const struct param *, unsigned caps);

/* Everything in a point behind `empty`: resolved, checked, skip and durable filled in. */
void plan_resolve(struct planner *, struct point *);

#endif
