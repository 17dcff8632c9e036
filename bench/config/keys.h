/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * keys.h -- every key a config may have, in one table; what one is: keyval.h.
 *
 * The table serves the loader (type, range, choices), --help-config, the man
 * page and the result columns.  A bench key may also be a parameter of one of
 * its kernels (kernel.h); those come from the kernels themselves.
 */
#ifndef KEYS_H
#define KEYS_H

#include <stdio.h>
#include "keyval.h"

/* The axes: each value list multiplies the points.  Also columns of points.csv,
 * in this order. */
enum axis_id {
	AXIS_KERNEL, AXIS_TARGET, AXIS_SIZE, AXIS_THREADS, AXIS_CPUS, AXIS_PLACEMENT, AXIS_SMT,
	AXIS_PATTERN, AXIS_STRIDE, AXIS_MODE, AXIS_GAP, AXIS_LINE, AXIS_TLB, AXIS_WORKING_SET,
	AXIS_PREPARATION, AXIS_MAP_SYNC, AXIS_O_SYNC, AXIS_PAGE_SIZE, AXIS_LABEL,
	AXES
};

enum { SMT_LAST, SMT_FIRST };
enum { ADDRESSES_SEQ, ADDRESSES_RANDOM, ADDRESSES_STRIDED };
enum { MODE_THROUGHPUT, MODE_LATENCY, MODE_AUDIT };
enum { GAP_DRAINED, GAP_BACK_TO_BACK };
enum { LINE_COLD, LINE_HOT };
enum { TLB_COLD, TLB_WARM };
enum { PREP_AUTO, PREP_HOLE, PREP_UNWRITTEN, PREP_WRITTEN };
enum { TRI_AUTO, TRI_ON, TRI_OFF };
enum { SETTLE_STEADY, SETTLE_FIXED };

extern const struct key axis_keys[AXES];

/* The schedule of a bench; the same keys may stand under `defaults:`. */
enum sched_id {
	SCHED_REPEATS, SCHED_MAX_REPEATS, SCHED_WINDOWS, SCHED_WINDOW, SCHED_WARMUP,
	SCHED_OPS, SCHED_PRECISION, SCHED_SETTLE,
	SCHEDS
};
extern const struct key sched_keys[SCHEDS];

/* The keys of a target, beside exactly one kind (its value: a size, a directory, or a
 * device's path or {namespace: UUID|NAME}). */
enum target_kind { KIND_DRAM, KIND_FILE, KIND_FSDAX, KIND_DEVDAX, KIND_SECTOR, KIND_RAW, KIND_LOOP, KINDS };
extern const struct key kind_keys[KINDS];	/* by target_kind */
enum target_key {
	TARGET_NAME, TARGET_ROLE, TARGET_SIZE, TARGET_OFFSET, TARGET_LENGTH, TARGET_PAGE_SIZE,
	TARGET_NODE, TARGET_OPTIONAL,
	TARGET_KEYS
};
extern const struct key target_keys[TARGET_KEYS];

enum top_key { TOP_VERSION, TOP_NAME, TOP_SEED, TOP_QUICK, TOP_EVENTS, TOP_COUNTING, TOP_TARGETS, TOP_DEFAULTS, TOP_BENCHES, TOP_KEYS };
extern const struct key top_keys[TOP_KEYS];
enum bench_key { BENCH_NAME, BENCH_EXCLUDE, BENCH_ZIP, BENCH_KEYS };
extern const struct key bench_keys[BENCH_KEYS];	/* beside axes, parameters and the schedule */

/* Print the table for people: key, what is allowed, default, doc (--help-config). */
void keys_help(FILE *);

#endif
