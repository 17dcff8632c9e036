/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * timing.h -- how good the clock of clock.h is here: steps, floor, and whether two CPUs agree.
 */
#ifndef TIMING_H
#define TIMING_H

#include <jansson.h>
#include <stdint.h>
#include "clock.h"
#include "topo.h"

#define TIMING_SPREAD_PPM 200		/* more between the sources of the frequency: not reliable */
#define TIMING_SKEW_NS    1000		/* an offset proven to be larger: not reliable */

/* The TSC of one CPU minus the reference's, as messages bound it: it was sent before it came. */
struct offset { double low_ns, high_ns; };

struct skew {
	unsigned pairs, planned;	/* measured; CPUs besides the reference */
	unsigned reference, worst;	/* CPUs; worst has the least certain or largest offset */
	double low_ns, high_ns;		/* of that pair */
};

struct timing {
	struct timer clock;
	uint32_t quantum;		/* ticks */
	uint32_t floor[2];		/* median of an empty op in ticks: issue, drained */
	struct skew skew;
	char why[128];			/* why it is not reliable, "" */
};

/* Everything but the calibration, which *clock is; at most budget_ms for the skew (0: none). */
void timing_measure(struct timing *, const struct timer *clock, const struct topo *, unsigned budget_ms);

/* Is an offset larger than TIMING_SKEW_NS certain? */
int timing_skewed(const struct skew *);

json_t *timing_json(const struct timing *);	/* run.json `timer`; new reference */

/* For tests: one exchange, in ticks.  The other CPU stamped `there` between sent and back. */
void offset_start(struct offset *);
void offset_narrow(struct offset *, uint64_t sent, uint64_t there, uint64_t back, double ns_per_tick);

#endif
