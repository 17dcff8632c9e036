/* SPDX-License-Identifier: BSD-2-Clause */
/* How far a point has come: progress_* of results.h. */
#include "results.h"

size_t
progress_room(const uint64_t sched[SCHEDS])
{
	return sched[SCHED_MAX_REPEATS] + RERUNS_MAX;
}

void
progress_take(struct progress_point *p, const uint64_t sched[SCHEDS], double headline, uint32_t tainted)
{
	const bool clean = tainted < 2 && tainted < sched[SCHED_WINDOWS];

	p->headline[p->done++] = headline;
	if (clean) {
		p->headline[p->done - 1] = p->headline[p->clean];
		p->headline[p->clean++] = headline;
	} else if (sched[SCHED_SETTLE] == SETTLE_STEADY && p->rerun < RERUNS_MAX) {
		p->rerun++;
	}
}
