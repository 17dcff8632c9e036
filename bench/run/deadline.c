/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdio.h>
#include <string.h>
#include <time.h>
#include "deadline.h"
#include "run.h"

/* A report is held up by what holds up workers; more than this is their own slowness. */
#define STRETCH_MOST 4

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
	const uint64_t end = plan_estimate(&s->plan).end_ns;

	r->deadline = (struct deadline){ .end_ns = end ? s->began_ns + end : 0 };
}

static uint64_t
planned_ns(const struct runner *r, size_t k)
{
	return point_repeat_ns(&r->experiment->plan, &r->experiment->plan.point[k], false);
}

/* By how much longer than planned workers took so far. */
static double
stretch(const struct deadline *d)
{
	return d->took_ns <= d->planned_ns ? 1 : (double)d->took_ns / (double)d->planned_ns;
}

/* What a worker of this point takes: as it did so far; the first as planned, and stretched. */
static uint64_t
one_ns(const struct runner *r, size_t k)
{
	const struct progress_point *pr = &r->point[k];

	if (pr->took)
		return pr->took_ns / pr->took;
	return (uint64_t)((double)planned_ns(r, k) * stretch(&r->deadline));
}

/* Is there time for so much more, and the report? */
static bool
fits(const struct runner *r, uint64_t ns)
{
	const double longer = stretch(&r->deadline);
	const double report = (double)plan_report_ns(&r->experiment->plan) * (longer < STRETCH_MOST ? longer : STRETCH_MOST);

	return !r->deadline.end_ns || deadline_now() + ns + (uint64_t)report <= r->deadline.end_ns;
}

static void
give_up(struct runner *r, size_t k, uint32_t block)
{
	r->point[k].finished = r->point[k].not_converged = 1;
	r->deadline.unfinished++;
	r->deadline.blocks = block;
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
	uint64_t ns = 0;

	for (size_t k = 0; k < plan->n; k++)
		ns += blocks_ns(r, k, block, block + 1);
	if (!block || !ns || fits(r, ns))
		return true;
	for (size_t k = 0; k < plan->n; k++)
		if (!plan->point[k].skip && !r->point[k].finished)
			give_up(r, k, block);
	return false;
}

bool
deadline_repeat(struct runner *r, uint32_t point, uint32_t block)
{
	if (!block || fits(r, one_ns(r, point)))
		return true;
	give_up(r, point, block);
	return false;
}

void
deadline_rest(struct runner *r, uint32_t block)
{
	const struct plan *plan = &r->experiment->plan;

	r->deadline.rest_ns = 0;
	for (size_t k = 0; r->deadline.end_ns && k < plan->n; k++) {
		const uint64_t least = plan->point[k].skip ? 0 : point_bench(plan, &plan->point[k])->sched[SCHED_REPEATS];

		r->deadline.rest_ns += blocks_ns(r, k, block + 1, least > r->counting ? (uint32_t)least : r->counting);
	}
}

bool
deadline_rerun(struct runner *r, uint32_t point)
{
	struct deadline *d = &r->deadline;

	if (fits(r, one_ns(r, point) + d->rest_ns))
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
	const double asked = (double)(r->deadline.end_ns - s->began_ns) / 1e9, used = (double)(deadline_now() - s->began_ns) / 1e9;
	char text[1024] = "";
	size_t n = 0, i;
	json_t *list, *line;

	if (!s->budget_ns && !r->deadline.unfinished)
		return;
	list = gave_up(r);
	json_array_foreach(list, i, line)
		if (n < sizeof text)
			n += (size_t)snprintf(text + n, sizeof text - n, "%s%s", i ? "; " : "", json_string_value(line));
	say(r->say, SAY_INFO, "budget: %.1f s of %.1f s used; given up: %s", used, asked, n ? text : "nothing");
	json_object_set_new(r->results.json, "budget",
			    json_pack("{s:f, s:f, s:o}", "asked_s", asked, "used_s", used, "gave_up", list));
}
