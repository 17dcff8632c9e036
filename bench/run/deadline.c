/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdio.h>
#include <string.h>
#include <time.h>
#include "deadline.h"
#include "run.h"

/* Summary, figures and report. */
#define REPORT_NS       500000000u
#define REPORT_POINT_NS 10000000u

/* A --quick run that would take less makes up for disturbed repeats until then. */
#define QUICK_NS 60000000000u

uint64_t
deadline_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

void
deadline_set(struct runner *r)
{
	const struct experiment *s = r->experiment;
	const struct plan *plan = &s->plan;
	uint64_t quick = QUICK_NS, least = plan_estimate(plan).min_ns;

	r->deadline = (struct deadline){ 0 };
	if (s->budget_ns) {
		r->deadline.end_ns = s->began_ns + s->budget_ns;
		r->deadline.reruns_ns = r->deadline.end_ns;
	} else if (s->config->quick) {
		if (quick < least + least / 3)
			quick = least + least / 3;
		r->deadline.reruns_ns = s->began_ns + quick;
	}
}

static uint64_t
planned_ns(const struct runner *r, size_t k)
{
	return point_repeat_ns(&r->experiment->plan, &r->experiment->plan.point[k], false);
}

/* What a worker of this point takes: as it did so far; for the first as planned, by how much longer
 * others took than that. */
static uint64_t
one_ns(const struct runner *r, size_t k)
{
	const struct progress_point *pr = &r->point[k];
	const struct deadline *d = &r->deadline;

	if (pr->took)
		return pr->took_ns / pr->took;
	return d->took_ns <= d->planned_ns ? planned_ns(r, k) :
		(uint64_t)((double)planned_ns(r, k) * (double)d->took_ns / (double)d->planned_ns);
}

/* Is there time until `end` for so much more, and the report? */
static bool
fits(const struct runner *r, uint64_t ns, uint64_t end)
{
	const struct plan *plan = &r->experiment->plan;
	const uint64_t report = REPORT_NS + REPORT_POINT_NS * (uint64_t)(plan->n - plan->nskip);

	return deadline_now() + ns + report <= end;
}

void
deadline_took(struct runner *r, uint32_t point, uint64_t ns)
{
	r->point[point].took_ns += ns;
	r->point[point].took++;
	r->deadline.took_ns += ns;
	r->deadline.planned_ns += planned_ns(r, point);
}

/* Timed repeats of blocks [from, to), and the counting ones among them, at the least. */
static uint64_t
blocks_ns(const struct runner *r, size_t k, uint32_t from, uint32_t to)
{
	const struct progress_point *pr = &r->point[k];
	const uint32_t first = pr->block > from ? pr->block : from, counts = to < r->counting ? to : r->counting;
	uint64_t n = to > first ? to - first : 0;

	if (r->experiment->plan.point[k].skip || pr->finished)
		return 0;
	return (n + (counts > pr->counted ? counts - pr->counted : 0)) * one_ns(r, k);
}

bool
deadline_block(struct runner *r, uint32_t block)
{
	const struct plan *plan = &r->experiment->plan;
	struct deadline *d = &r->deadline;
	uint64_t ns = 0;

	for (size_t k = 0; k < plan->n; k++)
		ns += blocks_ns(r, k, block, block + 1);
	if (!d->end_ns || !block || !ns || fits(r, ns, d->end_ns))
		return true;
	d->blocks = block;
	for (size_t k = 0; k < plan->n; k++) {
		struct progress_point *pr = &r->point[k];

		if (plan->point[k].skip || pr->finished)
			continue;
		d->unfinished++;
		pr->finished = pr->not_converged = 1;
	}
	return false;
}

void
deadline_rest(struct runner *r, uint32_t block)
{
	const struct plan *plan = &r->experiment->plan;

	r->deadline.rest_ns = 0;
	for (size_t k = 0; r->deadline.reruns_ns && k < plan->n; k++) {
		const uint64_t least = plan->point[k].skip ? 0 : point_bench(plan, &plan->point[k])->sched[SCHED_REPEATS];

		r->deadline.rest_ns += blocks_ns(r, k, block + 1, least > r->counting ? (uint32_t)least : r->counting);
	}
}

bool
deadline_rerun(struct runner *r, uint32_t point)
{
	struct deadline *d = &r->deadline;

	if (!d->reruns_ns || fits(r, one_ns(r, point) + d->rest_ns, d->reruns_ns))
		return true;
	d->reruns++;
	return false;
}

static json_t *
gave_up(const struct runner *r)
{
	const struct deadline *d = &r->deadline;
	json_t *list = json_array();

	if (d->unfinished)
		json_array_append_new(list, json_sprintf("%u of %zu points had not converged when the time was up after %u block%s",
			d->unfinished, r->experiment->plan.n - r->experiment->plan.nskip, d->blocks, d->blocks == 1 ? "" : "s"));
	if (d->reruns)
		json_array_append_new(list, json_sprintf("disturbed repeats that were not made up for: %u", d->reruns));
	return list;
}

void
deadline_tell(struct runner *r)
{
	const struct experiment *s = r->experiment;
	const double asked = (double)s->budget_ns / 1e9, used = (double)(deadline_now() - s->began_ns) / 1e9;
	char text[1024] = "";
	size_t n = 0, i;
	json_t *list, *line;

	if (!s->budget_ns)
		return;
	list = gave_up(r);
	json_array_foreach(list, i, line)
		if (n < sizeof text)
			n += (size_t)snprintf(text + n, sizeof text - n, "%s%s", i ? "; " : "", json_string_value(line));
	say(r->say, SAY_INFO, "budget: %.1f s of %.1f s used; given up: %s", used, asked, n ? text : "nothing");
	json_object_set_new(r->results.json, "budget",
			    json_pack("{s:f, s:f, s:o}", "asked_s", asked, "used_s", used, "gave_up", list));
}
