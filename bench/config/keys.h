/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * keys.h -- every key a config may have, in one table.
 *
 * The table serves the loader (type, range, choices), --help-config, the man
 * page and the result columns.  A bench key may also be a parameter of one of
 * its kernels (kernel.h); those come from the kernels themselves.
 */
#ifndef KEYS_H
#define KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include "kernel.h"

/* The axes: each value list multiplies the points.  Also columns of points.csv,
 * in this order. */
enum axis_id {
	AXIS_KERNEL, AXIS_TARGET, AXIS_SIZE, AXIS_THREADS, AXIS_CPUS, AXIS_PLACEMENT, AXIS_SMT,
	AXIS_PATTERN, AXIS_STRIDE, AXIS_MODE, AXIS_GAP, AXIS_LINE, AXIS_TLB, AXIS_WORKING_SET,
	AXIS_PREPARATION, AXIS_MAP_SYNC, AXIS_O_SYNC, AXIS_PAGE_SIZE, AXIS_LABEL,
	AXES
};

enum key_type {
	KEY_NAME,	/* [A-Za-z0-9._-]{1,64} */
	KEY_SIZE,	/* bytes: 64, 4K, 10G (K = 1024) */
	KEY_COUNT,	/* a whole number */
	KEY_TIME,	/* 10ms, 2s: num in ns */
	KEY_PERCENT,	/* 5, 0.5 or 5%: num in 1/1000 percent */
	KEY_CHOICE,	/* one of choices: num is its value */
	KEY_THREADS,	/* 4, 50%, socket or auto: num is the count, THREADS_PERCENT + N, THREADS_SOCKET or 0 */
	KEY_CPUS,	/* a CPU list: 0-3,8 (one value of the axis, quoted or a plain scalar), num how many; auto: 0 */
	KEY_PLACEMENT,	/* local, remote, or a NUMA node list: 0,2 ; num PLACE_* */
	KEY_TEXT,	/* any one-line text, at most 4095 bytes (paths) */
	KEY_BOOL,	/* true | false: num 1 or 0 */
	KEY_TREE,	/* lists and maps that have keys of their own */
};

#define THREADS_PERCENT (1ull << 32)	/* + 1..100 */
#define THREADS_SOCKET  (1ull << 33)
enum { PLACE_LOCAL, PLACE_REMOTE, PLACE_NODES, PLACE_SOCKET };	/* the last is nothing a key says */
enum { SMT_LAST, SMT_FIRST };
enum { ADDRESSES_SEQ, ADDRESSES_RANDOM, ADDRESSES_STRIDED };
enum { MODE_THROUGHPUT, MODE_LATENCY, MODE_AUDIT };
enum { GAP_DRAINED, GAP_BACK_TO_BACK };
enum { LINE_COLD, LINE_HOT };
enum { TLB_COLD, TLB_WARM };
enum { PREP_AUTO, PREP_HOLE, PREP_UNWRITTEN, PREP_WRITTEN };
enum { TRI_AUTO, TRI_ON, TRI_OFF };
enum { SETTLE_STEADY, SETTLE_FIXED };

struct key {
	const char *name, *doc;
	enum key_type type;
	uint64_t min, max;		/* KEY_SIZE, KEY_COUNT, KEY_TIME, KEY_PERCENT */
	const char *def;		/* as it would be written; NULL: required or no default */
	const struct choice *choices;	/* KEY_CHOICE */
	bool automatic;			/* `auto` (num 0) is allowed beside the range */
	unsigned kinds;			/* target keys: 1 << target_kind of each that takes it */
};

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

/*
 * What a text means.  0 and the number; *canon is the canonical spelling ("1024" of a
 * size: "1K"), in buf (of KEY_CANON bytes) or text itself.  -EINVAL: another type;
 * -ERANGE: outside of the range.
 */
enum { KEY_CANON = 32, KEY_EXPECTS = 256 };
int key_value(const struct key *, const char *text, uint64_t *num, const char **canon, char *buf);
int param_value(const struct param *, const char *text, uint64_t *num, const char **canon, char *buf);

/* What is allowed, for people: "a size from 1 to 64M, such as 64 or 4K".  In buf of
 * KEY_EXPECTS bytes; returned. */
const char *key_expects(const struct key *, char *buf);
const char *param_expects(const struct param *, char *buf);
/* What a wrong text may have meant, in buf of KEY_CANON bytes or a constant; NULL: no idea. */
const char *key_guess(const struct key *, const char *text, char *buf);
const char *param_guess(const struct param *, const char *text, char *buf);

/* Print the table for people: key, what is allowed, default, doc (--help-config). */
void keys_help(FILE *);

#endif
