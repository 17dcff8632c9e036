/* SPDX-License-Identifier: BSD-2-Clause */
/* Windows off the record, until the ops of each thread cost what they will cost: member_warm_up of
 * member.h. */
#include <string.h>
#include "keys.h"
#include "member.h"

#define WARMUP_PARTS 10			/* windows in the shortest warm-up; also what the slope looks at */
#define SLOPE_MAX    0.01		/* a window, relative: steady */

/* Ticks of an op in the window just run. */
static double
window_cost(const struct member *m)
{
	const struct window *w = &m->window;
	uint64_t ops = w->i - w->first;

	if (ops == 0)
		return 0;
	return (double)(w->nlat ? w->sum : w->end - w->start) / (double)ops;
}

/* Least-squares slope of the last n costs, per window, relative to their mean. */
static double
slope(const double *v, size_t n)
{
	double sx = 0, sy = 0, sxy = 0, sxx = 0;

	for (size_t k = 0; k < n; k++) {
		sx += (double)k;
		sy += v[k];
		sxy += (double)k * v[k];
		sxx += (double)k * (double)k;
	}
	if (sy <= 0)
		return 0;
	return ((double)n * sxy - sx * sy) / ((double)n * sxx - sx * sx) / (sy / (double)n);
}

uint32_t
member_warm_up(struct member *m)
{
	struct crew *c = m->crew;
	const struct job *j = c->job;
	const uint64_t part = j->warmup / WARMUP_PARTS;
	const uint32_t most = (uint32_t)((j->settle ? j->warmup_max : j->warmup) / (part ? part : 1));
	struct window_spec s = {
		.ticks = part, .max_ticks = part, .limit = UINT64_MAX, .unit = j->unit, .latency = j->mode == MODE_LATENCY,
		.drained = 1, .gap = j->gap, .line = j->line, .tsc = j->tsc,
	};
	double cost[WARMUP_PARTS], sl;
	uint32_t n = 0;
	bool steady = false;

	if (j->limit != UINT64_MAX || part == 0)
		return 0;
	do {
		if (!member_window(m, &s, n))
			break;
		memmove(cost, cost + 1, sizeof cost - sizeof *cost);
		cost[WARMUP_PARTS - 1] = window_cost(m);
		n++;
		sl = n < WARMUP_PARTS ? 1 : slope(cost, WARMUP_PARTS);
		steady = sl <= SLOPE_MAX && sl >= -SLOPE_MAX;
	} while (crew_agree(m, n < WARMUP_PARTS || (j->settle && !steady && n < most)));
	if (j->settle && !steady)
		atomic_store(&c->unsteady, true);
	return n;
}
