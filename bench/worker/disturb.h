/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * disturb.h -- who else had this CPU while a window ran (METHOD 3).
 *
 * Each measured thread looks before and after a window, off the clock (look.c); what
 * lies between two looks is a mask of taints (disturb.c, pure).  A source that the
 * machine lacks is unavailable, one that says nothing of the kernel at hand does not
 * apply: neither is the same as clean, and run.json keeps both.
 */
#ifndef DISTURB_H
#define DISTURB_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/resource.h>
#include "taint.h"

struct disturb;			/* one thread's sources, open */
struct disturb_look {
	struct rusage usage;
	uint64_t wait_ns, steal, throttled, thermal, stalled_us, migrations, smi, aperf, mperf;
	int cpu;			/* where it was taken */
	double canary;			/* ticks */
};

/* Open what there is for the calling thread, bound to cpu.  root: "", or where proc and sys
 * are for a test.  NULL without memory. */
struct disturb *disturb_open(const char *root, unsigned cpu, int tsc);
void     disturb_close(struct disturb *);
uint32_t disturb_available(const struct disturb *);	/* mask of taints that can be seen */

void disturb_look(struct disturb *, struct disturb_look *);
/* Of a window of wall_ns, for which the thread did not have its CPU at full speed: all of it where
 * it was migrated, throttled or cooled down. */
uint64_t disturb_lost(const struct disturb_look *before, const struct disturb_look *after, uint32_t taint,
		      uint64_t wall_ns);
uint64_t disturb_faults(const struct disturb_look *before, const struct disturb_look *after);

/* How fast a CPU was at its best: ticks of the register-only loop, cycles by base cycles.
 * 0: not known. */
struct pace { double canary, frequency; };
void pace_take(struct pace *, const struct disturb_look *before, const struct disturb_look *after);
void pace_merge(struct pace *, const struct pace *);	/* the faster of both */

/* What else is known of a window. */
struct disturb_window {
	unsigned cpu;			/* its thread's */
	double wall_ns, cpu_ns;
	double faults;			/* expected at most; negative: unknown */
	bool blocks;			/* the kernel sleeps by design */
};
uint32_t disturb_applies(const struct disturb_window *);	/* mask of taints that say something of it */
/* What happened between two looks, of what can be seen and applies. */
uint32_t disturb_taints(uint32_t available, const struct disturb_look *before, const struct disturb_look *after,
			const struct disturb_window *, const struct pace *best);

#endif
