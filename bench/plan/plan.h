/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * plan.h -- which points a run has, which of them are skipped and why, in what order.
 *
 * Pure: config and facts in, points out.  The same config, facts and seed give
 * the same plan on any machine; resume relies on it.
 */
#ifndef PLAN_H
#define PLAN_H

#include "config.h"
#include "durability.h"
#include "evidence.h"
#include "filter.h"
#include "facts.h"
#include "topo.h"

struct arena;

struct point {
	uint32_t bench;
	const struct kernel *kernel;
	uint16_t target;		/* index into plan.fact and config.target */
	uint16_t at[AXES];		/* index into bench.axis[].v; 0 where empty */
	uint32_t empty;			/* 1 << axis_id: does not apply to this point */
	uint16_t param[KERNEL_PARAMS_MAX];	/* by kernel->params: 1 + index into the axis, 0: its default */
	uint16_t threads;		/* how many, once auto, % and socket are resolved; 0: cannot be */
	uint8_t  preparation;		/* PREP_*, auto resolved; auto: does not apply */
	bool     once;			/* an op uses its slot up, or its preparation: each serves once, and none
					 * to warm up with */
	uint8_t  map_sync, o_sync;	/* 1 or 0, auto resolved */
	uint8_t  tlb;			/* TLB_*, as it can be had: what the row says */
	bool     tlb_resident;		/* the TLB holds the pages of a thread's working set */
	uint64_t ahead;			/* ops between making lines cold and the op; 0: just before */
	uint64_t page_size;		/* of the mapping; 0: no mapping */
	uint64_t working_set;		/* bytes of one thread, a power of two times size */
	uint64_t share;			/* those, or what the kernel lays out; shares lie target_stride()
					 * apart and fit the target */
	uint8_t  slot_bits;		/* slots a thread = 2^slot_bits */
	uint8_t  slot_rot;		/* strided: stride = size << slot_rot */
	uint64_t unit;			/* ops that become durable together: kernel.h */
	uint32_t does;			/* DOES_* of the kernel less what its parameters drop */
	bool cache_resident;		/* all threads' working set is under three times their caches (METHOD 5) */
	bool node_unknown;		/* placed by a node that nobody knows: `local` is any CPU */
	struct durable durable;
	const char *skip;		/* NULL, or why (in plan.mem) */
};

/* What the plan must know of the machine beside its targets. */
struct machine {
	unsigned caps;			/* CAP_* of CPU, process and build */
	unsigned cpus;			/* that may be used */
	/* How many CPUs a placement offers, and the bytes of the last-level caches that its first
	 * `threads` CPUs have together (0 unknown).  NULL: all CPUs; unknown. */
	unsigned (*cpus_at)(const void *topo, const struct placement *);
	uint64_t (*llc_at)(const void *topo, const struct placement *, unsigned threads);
	/* Is this node shown, or is there but one, so that it cannot be missed?  NULL: it is. */
	bool (*knows_node)(const void *topo, int node);
	/* Is it one of kernels/, of which the laboratory knows?  NULL: it is. */
	bool (*ours)(const struct kernel *);
	char series[16];		/* of the Linux that runs: "6.1"; "" nobody said */
	unsigned tlb[2];		/* entries of the second level: pages of 4K, of 2M; 0 unknown */
	const void *topo;
};

#define SETTLE_MOST_NS 2000000000u	/* a warm-up ends then, steady or not (METHOD 2) */

struct plan {
	const struct config *config;
	const struct facts_target *fact;	/* one per config.target */
	struct machine machine;
	uint64_t seed;
	uint64_t budget_ns;		/* the run ends then; 0: by itself */
	size_t n, nskip;
	struct point *point;
	const char *const *param_name;	/* the p_ columns: all parameters of all kernels used, sorted */
	size_t nparam;
	struct arena *mem;
};

/* Make the plan.  filter: NULL or which points to keep.  config and facts must outlive it.
 * 0; -ENOMEM; -E2BIG over a million points, or eight million before they are thinned. */
int  plan_make(struct plan *, const struct config *, const struct facts_target *,
	       const struct machine *, const struct filter *);
void plan_free(struct plan *);

/* The order of block `rep`: indices of all not skipped points, shuffled by (seed, rep).
 * order holds plan->n entries; returns how many were written. */
size_t plan_block(const struct plan *, uint32_t rep, uint32_t *order);

/* seed of one repeat of one point (METHOD 2). */
uint64_t plan_seed(const struct plan *, uint32_t point, uint32_t rep);
/* The order in which a repeat with this seed uses its slots. */
struct slots point_slots(const struct plan *, const struct point *, uint64_t seed);

const struct bench *point_bench(const struct plan *, const struct point *);
/* Where its threads go. */
struct placement point_placement(const struct plan *, const struct point *);
/* The value of an axis as it appears in points.csv: resolved, bytes in decimal, "" when not
 * applicable (line for a descriptor kernel, gap in throughput mode ...); working_set is that of
 * all threads.  buf of POINT_TEXT bytes is used for made text. */
enum { POINT_TEXT = 64 };
uint64_t point_num(const struct plan *, const struct point *, enum axis_id);	/* as the config has it */
const char *point_axis(const struct plan *, const struct point *, enum axis_id, char *buf);
/* Any of them by name: an axis, a parameter, bench, role, medium, durable. */
const char *point_text(const struct plan *, const struct point *, const char *name, char *buf);
/* Parameter value: text for p_NAME columns ("" when the kernel lacks it) and the number. */
const char *point_param(const struct plan *, const struct point *, const char *name, char *buf);
/* evidence.h: its class (buf: EVIDENCE_CLASS bytes; NULL: nothing to test), and what was seen of
 * it (EVIDENCE_TEXT). */
const char *point_class(const struct plan *, const struct point *, char *buf);
const char *point_tested(const struct plan *, const struct point *, char *buf);
double point_bound(const struct plan *, const struct point *);		/* evidence_bound() */
/* Fill the kernel's opts (opts_size bytes) for this point. */
void point_opts(const struct plan *, const struct point *, void *opts);

/* How long the run takes, in ns: least and most.  On a fixed schedule they are equal, or differ by
 * the disturbed repeats that are made up for; otherwise the most is an upper bound: the adaptive
 * stop may come at any block.  Both are those of a quiet machine.  On a busy one, too, a run with
 * --quick or --budget ends by end_ns, and gives up what there is no time for (deadline.h); 0: it
 * takes as long as it takes. */
struct estimate { uint64_t min_ns, max_ns, end_ns; };
struct estimate plan_estimate(const struct plan *);
uint64_t plan_report_ns(const struct plan *);	/* of that: summary, figures and report */
/* How many disturbed repeats of a point are made up for, at most (METHOD 3): on a fixed schedule
 * none, with --quick two. */
enum { RERUNS_MAX = 3, RERUNS_QUICK = 2 };
unsigned point_reruns(const struct plan *, const struct point *);
/* Does the schedule wait for a steady state, and for an interval that is narrow enough? */
bool point_settles(const struct plan *, const struct point *);
uint32_t plan_counting(const struct plan *);	/* counting repeats of a point; 0 without events */
/* One repeat, its process and its preparation included; most: if it never becomes steady. */
uint64_t point_repeat_ns(const struct plan *, const struct point *, bool most);
/* How far a window may be stretched to hold 100 ops: to 2 s; on a fixed schedule not at
 * all, it ends by the clock (or nobody could say how long a run of slow syncs takes). */
uint64_t point_window_most_ns(const struct plan *, const struct point *);

#endif
