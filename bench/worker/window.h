/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * window.h -- the measuring loops: one window of one thread.
 *
 * Throughput: the kernel is called with ranges of whole units (kernel.h) and the clock is
 * read between them, each some WINDOW_CHUNK_NS; the final drain is inside.
 *
 * Latency: every unit stands between two stamps and nothing else does.  Lines, translations and
 * source blocks are made ready for a batch of coming ops, drained, then that batch is timed.  Back to
 * back the first unit of a batch has none before it: it is run and not kept.
 *
 * Either way marks divide the window into stretches (chunks, or batches), and each says whether the
 * thread was preempted in it (preempt.h).
 */
#ifndef WINDOW_H
#define WINDOW_H

#include <stddef.h>
#include <stdint.h>
#include "kernel.h"
#include "preempt.h"

#define LINE_AS_IS       255	/* the lines of an op are not brought into a state before it */
#define WINDOW_MIN_UNITS 100
#define WINDOW_CHUNK_NS  100000
#define WINDOW_MARKS     8192	/* where they are not enough two become one */
#define WINDOW_LAT_MAX   (1u << 20)	/* latencies one window can keep */
#define WINDOW_LAT_FEW   4096		/* where the floor alone is stamped */

struct window_spec {
	uint64_t begin;			/* tick at which all threads start; 0: now */
	uint64_t ticks, max_ticks;	/* aim for, never above (by more than one unit or chunk) */
	uint64_t chunk_ticks;		/* of a stretch */
	uint64_t ops;			/* nonzero: at least this many ops, not a time */
	uint64_t limit;			/* index no op may reach */
	uint64_t unit;			/* ops that are run and stamped together */
	uint64_t batch;			/* latency: ops made ready together, a multiple of unit */
	uint64_t ahead;			/* latency, cold lines: made cold so many ops before */
	uint8_t latency, drained, gap, line;
	uint8_t keep_all;		/* also the first unit of a batch: what is counted is counted for all */
	int tsc;
	/* Latency: writes the source blocks of ops [i, end); NULL: they are there. */
	void (*fill)(void *arg, uint64_t i, uint64_t end);
	void *arg;
};

/* The end of a stretch: ops below i were done, and nlat latencies kept, at tick t. */
struct mark { uint64_t i, t; uint32_t nlat, disturbed; };

struct window {
	uint64_t first, i;		/* ops [first, i) were done */
	uint64_t start, end;		/* ticks; end is drained */
	uint64_t sum;			/* latency: ticks of all kept units */
	uint64_t chunk;			/* throughput: units per call; carried from window to window */
	uint64_t ready, cold;		/* ops below them are ready, have cold lines */
	uint32_t nmark, nlat;
	struct mark *mark;		/* WINDOW_MARKS */
	uint32_t *lat;			/* ticks, saturating: WINDOW_LAT_MAX, in throughput mode WINDOW_LAT_FEW */
	struct preempt preempt;
};

/* Make the first batch ready, off the clock: before the threads agree when to start. */
void window_prepare(const struct work *, const struct window_spec *, struct window *);
/* Run one window from op w->i on.  0 or the kernel's -errno. */
int window_run(const struct kernel *, const struct work *, const struct window_spec *, struct window *);

#endif
