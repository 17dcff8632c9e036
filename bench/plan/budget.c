/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include "budget.h"

#define REPEATS_LEAST 6			/* a 95 % interval of a median needs them (stats.h) */
#define WINDOW_LEAST  10000000u		/* ns: those of --quick */
#define WARMUP_LEAST  20000000u

/* Lower one key of every schedule to `to`, never below what `floor` says it must stay above. */
static void
lower(struct config *c, enum sched_id id, uint64_t to, int floor)
{
	for (size_t b = 0; b < c->nbench; b++) {
		uint64_t least = floor >= 0 ? c->bench[b].sched[floor] : 0;

		if (least < to)
			least = to;
		if (c->bench[b].sched[id] > least)
			config_set_sched(c, b, id, least);
	}
}

static bool
fits(const struct plan *plan, uint64_t ns)
{
	return plan_estimate(plan).max_ns <= ns;
}

static uint64_t
most(const struct config *c, enum sched_id id)
{
	uint64_t v = 0;

	for (size_t b = 0; b < c->nbench; b++)
		if (c->bench[b].sched[id] > v)
			v = c->bench[b].sched[id];
	return v;
}

int
budget_fit(struct config *c, const struct plan *plan, uint64_t ns, FILE *say, uint64_t *least_ns)
{
	uint64_t was = most(c, SCHED_MAX_REPEATS), n = was;

	while (!fits(plan, ns) && n > 1)
		lower(c, SCHED_MAX_REPEATS, --n, SCHED_REPEATS);
	if (n < was)
		fprintf(say, "at most %llu repeats a point, not %llu\n",
			(unsigned long long)most(c, SCHED_MAX_REPEATS), (unsigned long long)was);
	if (!fits(plan, ns)) {
		for (size_t b = 0; b < c->nbench; b++)
			config_set_sched(c, b, SCHED_SETTLE, SETTLE_FIXED);
		fprintf(say, "no waiting for a steady state\n");
	}
	was = n = most(c, SCHED_REPEATS);
	while (!fits(plan, ns) && n > REPEATS_LEAST) {
		lower(c, SCHED_REPEATS, --n, -1);
		lower(c, SCHED_MAX_REPEATS, n, -1);
	}
	if (n < was)
		fprintf(say, "%llu repeats a point, not %llu\n", (unsigned long long)n, (unsigned long long)was);
	if (!fits(plan, ns)) {
		lower(c, SCHED_WINDOW, WINDOW_LEAST, -1);
		lower(c, SCHED_WARMUP, WARMUP_LEAST, -1);
		fprintf(say, "windows of 10 ms, warm-up of 20 ms\n");
	}
	*least_ns = plan_estimate(plan).max_ns;
	return fits(plan, ns) ? 0 : -ETIME;
}
