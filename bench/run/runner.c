/* SPDX-License-Identifier: BSD-2-Clause */
/* What a run takes before its first point and gives back behind its last: run_progress_alloc,
 * run_prepare, run_unprepare of run.h. */
#include <errno.h>
#include <stdlib.h>
#include "run.h"

int
run_progress_alloc(struct runner *r)
{
	const struct plan *plan = &r->experiment->plan;

	r->point = calloc(plan->n ? plan->n : 1, sizeof *r->point);
	for (size_t k = 0; r->point && k < plan->n; k++) {
		const uint64_t *sched = point_bench(plan, &plan->point[k])->sched;

		if (plan->point[k].skip)
			continue;
		r->total += sched[SCHED_MAX_REPEATS] + r->counting;
		r->point[k].headline = calloc(progress_room(sched), sizeof(double));
		r->point[k].pace = calloc(plan->point[k].threads, sizeof(struct pace));
		if (!r->point[k].headline || !r->point[k].pace)
			return -ENOMEM;
	}
	return r->point ? 0 : -ENOMEM;
}

static const char *
used_target(const struct plan *plan, size_t target)
{
	for (size_t k = 0; k < plan->n; k++)
		if (plan->point[k].target == target && !plan->point[k].skip)
			return plan->config->target[target].name;
	return NULL;
}

int
run_prepare(struct runner *r, const struct consent *consent, const char *run_id)
{
	const struct experiment *s = r->experiment;
	char why[WHY_MAX];
	int rc = 0;

	r->prepared = calloc(s->config->ntarget, sizeof *r->prepared);
	if (!r->prepared)
		return -ENOMEM;
	for (size_t k = 0; k < s->config->ntarget && rc == 0; k++) {
		if (!used_target(&s->plan, k))
			continue;
		rc = target_prepare(&s->config->target[k], &s->fact[k], run_id, consent,
				    &r->prepared[k], why, sizeof why);
		if (rc < 0)
			say(r->say, SAY_WARN, "target %s: %s", s->config->target[k].name, why);
	}
	return rc;
}

void
run_unprepare(struct runner *r)
{
	char why[WHY_MAX];

	/* An audit leaves its targets as they are: what is not durable shall not become so. */
	for (size_t k = 0; r->prepared && !r->acks && k < r->experiment->config->ntarget; k++)
		if (r->prepared[k] && target_unprepare(r->prepared[k], why, sizeof why) < 0)
			say(r->say, SAY_WARN, "target %s: %s", r->experiment->config->target[k].name, why);
	free(r->prepared);
	r->prepared = NULL;
	for (size_t k = 0; r->point && k < r->experiment->plan.n; k++) {
		free(r->point[k].headline);
		free(r->point[k].pace);
		free(r->point[k].failed);
	}
	free(r->point);
	r->point = NULL;
}
