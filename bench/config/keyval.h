/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * keyval.h -- a key: which values it takes, what their text means.  keys.h has all those of a config;
 * the parameters of a kernel (kernel.h) are read the same way.
 */
#ifndef KEYVAL_H
#define KEYVAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "kernel.h"

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

struct key {
	const char *name, *doc;
	enum key_type type;
	uint64_t min, max;		/* KEY_SIZE, KEY_COUNT, KEY_TIME, KEY_PERCENT */
	const char *def;		/* as it would be written; NULL: required or no default */
	const struct choice *choices;	/* KEY_CHOICE */
	bool automatic;			/* `auto` (num 0) is allowed beside the range */
	unsigned kinds;			/* of targets: 1 << target_kind of each that takes it */
};

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

#endif
