/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include "budget.h"

#define REPEATS_LEAST 6			/* a 95 % interval of a median needs them (stats.h) */
#define WINDOW_LEAST  10000000u		/* ns: those of --quick */
#define WARMUP_LEAST  20000000u

/* Lower one key of every schedule to `to`.  Does that change any? */
static bool
lower(struct config *c, enum sched_id id, uint64_t to)
{
	bool changed = false;

	for (size_t b = 0; b < c->nbench; b++) {
		if (c->bench[b].sched[id] <= to)
			continue;
		config_set_sched(c, b, id, to);
		changed = true;
	}
	return changed;
}

static bool
fits(const struct plan *plan, uint64_t ns)
{
	return plan_estimate(plan).min_ns <= ns;
}

static uint64_t
repeats(const struct config *c)
{
	uint64_t most = 0;

	for (size_t b = 0; b < c->nbench; b++)
		if (c->bench[b].sched[SCHED_REPEATS] > most)
			most = c->bench[b].sched[SCHED_REPEATS];
	return most;
}

/* What the least leaves is for warm-ups that take longer than they should. */
static void
bound_settling(struct plan *plan, uint64_t spare, FILE *say)
{
	uint64_t waits = 0, least = UINT64_MAX;

	for (size_t i = 0; i < plan->n; i++) {
		const struct point *p = &plan->point[i];
		const uint64_t *s = point_bench(plan, p)->sched;

		if (p->skip || p->once || !point_settles(plan, p))
			continue;
		waits += s[SCHED_REPEATS] + plan_counting(plan);
		if (s[SCHED_WARMUP] < least)
			least = s[SCHED_WARMUP];
	}
	if (!waits || least + spare / waits >= plan_settle_most_ns(plan))
		return;
	fprintf(say, "a warm-up ends after %.2f s, steady or not, instead of %.0f s\n", (double)(least + spare / waits) / 1e9,
		(double)plan_settle_most_ns(plan) / 1e9);
	plan->settle_most_ns = least + spare / waits;
}

int
budget_fit(struct config *c, struct plan *plan, uint64_t ns, FILE *say, uint64_t *least_ns)
{
	const uint64_t was = repeats(c), counted = plan_counting(plan);
	uint64_t n = was;
	bool shorter;

	if (!fits(plan, ns)) {
		shorter = lower(c, SCHED_WINDOW, WINDOW_LEAST);
		if (lower(c, SCHED_WARMUP, WARMUP_LEAST) || shorter)
			fprintf(say, "windows of 10 ms, a warm-up of 20 ms at the least\n");
	}
	while (!fits(plan, ns) && n > REPEATS_LEAST)
		lower(c, SCHED_REPEATS, --n);
	if (n < was)
		fprintf(say, "%llu repeats a point, not %llu\n", (unsigned long long)n, (unsigned long long)was);
	if (!fits(plan, ns) && counted > 1) {
		c->counting = 1;
		fprintf(say, "1 counting repeat a point, not %llu\n", (unsigned long long)counted);
	}
	*least_ns = plan_estimate(plan).min_ns;
	if (*least_ns > ns)
		return -ETIME;
	bound_settling(plan, ns - *least_ns, say);
	plan->budget_ns = ns;
	return 0;
}
