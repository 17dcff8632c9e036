/* SPDX-License-Identifier: BSD-2-Clause */
/* How far a point has come: progress_* of results.h. */
#include "results.h"
#include "rule.h"

size_t
progress_room(const uint64_t sched[SCHEDS])
{
	return sched[SCHED_MAX_REPEATS] + RERUNS_MAX;
}

void
progress_take(struct progress_point *p, const struct progress_repeat *r, unsigned reruns)
{
	p->headline[p->done++] = r->headline;
	p->block = (uint16_t)(r->block + 1);
	if (repeat_clean(r->undisturbed)) {
		p->headline[p->done - 1] = p->headline[p->clean];
		p->headline[p->clean++] = r->headline;
	} else if (p->rerun < reruns) {
		p->rerun++;
		p->block--;
	}
}
