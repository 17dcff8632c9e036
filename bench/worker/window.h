/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * window.h -- the measuring loops: one window of one thread.
 *
 * Throughput: the kernel is called with large ranges of whole units (kernel.h) and
 * the clock is read between them, some hundred times a window; the final drain is inside.
 * Latency: every unit stands between two stamps and nothing else does.
 */
#ifndef WINDOW_H
#define WINDOW_H

#include <stddef.h>
#include <stdint.h>
#include "kernel.h"

#define LINE_AS_IS       255	/* the lines of an op are not brought into a state before it */
#define WINDOW_MIN_UNITS 100
#define WINDOW_MARKS   1024
#define WINDOW_LAT_MAX (1u << 20)	/* latencies one window can keep */

struct window_spec {
	uint64_t begin;			/* tick at which all threads start; 0: now */
	uint64_t ticks, max_ticks;	/* aim for, never above (by more than one unit or chunk) */
	uint64_t ops;			/* nonzero: at least this many ops, not a time */
	uint64_t limit;			/* index no op may reach */
	uint64_t unit;			/* ops that are run and stamped together */
	uint8_t latency, drained, gap, line;
	int tsc;
};

struct mark { uint64_t i, t; };		/* ops below i were done at tick t */

struct window {
	uint64_t first, i;		/* ops [first, i) were done */
	uint64_t start, end;		/* ticks; end is drained */
	uint64_t sum;			/* latency: ticks of all units */
	uint64_t chunk;			/* throughput: units per call; carried from window to window */
	uint32_t nmark, nlat;
	struct mark *mark;		/* WINDOW_MARKS */
	uint32_t *lat;			/* WINDOW_LAT_MAX ticks, saturating; latency mode only */
};

/* Run one window from op w->i on.  0 or the kernel's -errno. */
int window_run(const struct kernel *, const struct work *, const struct window_spec *, struct window *);

#endif
