/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cut.h -- what of a window counts: the time in which all threads ran, and of that the time in
 * which nobody took the thread's CPU (METHOD 2).  Pure.
 */
#ifndef CUT_H
#define CUT_H

#include <stdbool.h>
#include <stdint.h>
#include "window.h"

struct cut {
	uint64_t ops, ticks;		/* of whole stretches within the common time: throughput their time,
					 * latency the sum of the kept units */
	uint64_t kept_ops, kept_ticks;	/* of those in which the thread was not disturbed */
	uint64_t lost_ticks;		/* wall time of the disturbed and the stalled ones, of the whole window */
	uint32_t from, to;		/* latencies [from, to) */
	uint32_t stretches, disturbed;	/* how many, and how many of them were disturbed */
	uint32_t stalled;		/* took over twice the median an op, and nobody says why (steal?) */
};

/* Of the stretches that lie within [begin, end]; where none does, the first that reaches into it.
 * 0; -ENODATA: none does; -ENOMEM. */
int window_cut(const struct window *, uint64_t begin, uint64_t end, uint64_t unit, struct cut *);

#endif
