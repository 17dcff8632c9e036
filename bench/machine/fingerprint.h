/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fingerprint.h -- what the flush instructions of this CPU do to a line, by the time it takes.
 *
 * To load a line again that a flush took out of the caches costs a trip to memory.  CLWB may
 * take it out (Skylake, Cascade Lake) or leave it in (Zen, later Xeons).  A flush of a dirty
 * line, drained, costs a trip to the memory controller.  What contradicts that was not executed
 * or not waited for.  fingerprint.c is pure; fingerprint_measure.c reads the clock.
 */
#ifndef FINGERPRINT_H
#define FINGERPRINT_H

#include <jansson.h>
#include <stdint.h>
#include "clock.h"
#include "topo.h"

enum finger { FINGER_CLFLUSH, FINGER_CLFLUSHOPT, FINGER_CLWB, FINGERS };
extern const char *const finger_name[FINGERS];

/* Ticks between drained stamps; 0: not measured. */
struct flushes {
	uint32_t reload;		/* a load of the line after it was dirtied and flushed */
	uint32_t first, again;		/* a flush of the dirty line, and of it once more */
};

struct fingerprint {
	int emulated;			/* cpu_emulated() */
	uint32_t cached;		/* a load of a line in the first-level cache; 0: nothing was measured */
	struct flushes of[FINGERS];
};

/* Takes about 10 ms on one CPU; instructions that are not in caps (CAP_*) are left out. */
void fingerprint_measure(struct fingerprint *, int tsc, const struct topo *, unsigned caps);

/* The reload of a line that surely was flushed: after CLFLUSHOPT, else CLFLUSH; 0: neither is
 * here. */
uint32_t fingerprint_evicted(const struct fingerprint *);
/* Does CLWB keep the line in a cache?  1, 0; -1: no CLWB, or the times do not say. */
int fingerprint_keeps(const struct fingerprint *, double hz);
/* How many instructions contradict what they are for, the first of them in why ("" when none). */
unsigned fingerprint_wrong(const struct fingerprint *, double hz, char *why, size_t len);

json_t *fingerprint_json(const struct fingerprint *, double hz);	/* run.json `flush`; new reference */
int fingerprint_read(struct fingerprint *, const json_t *flush);	/* 0; -ENOENT: it was not measured */

#endif
