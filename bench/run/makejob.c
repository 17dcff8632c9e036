/* SPDX-License-Identifier: BSD-2-Clause */
/* A point of the plan as a worker's job: run_job of run.h. */
#include <stdio.h>
#include <string.h>
#include "run.h"

static uint64_t
ticks(const struct runner *r, uint64_t ns)
{
	return (uint64_t)((double)ns * r->timer.hz / 1e9);
}

static void
fill_cpus(const struct runner *r, const struct plan *plan, const struct point *p, struct job *j)
{
	const struct placement where = point_placement(plan, p);

	topo_place(r->experiment->topo, &where, p->threads, j->cpu);
	for (uint32_t k = 0; k < p->threads; k++)
		j->node[k] = topo_node_of(r->experiment->topo, j->cpu[k]);
}

static void
fill_schedule(const struct runner *r, const struct bench *b, struct job *j)
{
	const uint64_t *s = b->sched, most = SETTLE_MOST_NS;

	j->tsc = r->timer.tsc;
	j->hz = r->timer.hz;
	j->windows = (uint32_t)s[SCHED_WINDOWS];
	j->window = ticks(r, s[SCHED_WINDOW]);
	j->warmup = ticks(r, s[SCHED_WARMUP]);
	j->warmup_max = ticks(r, s[SCHED_WARMUP] > most ? s[SCHED_WARMUP] : most);
	j->ops = s[SCHED_OPS];
	j->settle = s[SCHED_SETTLE] == SETTLE_STEADY;
}

void
run_job(const struct runner *r, uint32_t point, uint32_t block, bool counting, struct job *j)
{
	const struct plan *plan = &r->experiment->plan;
	const struct point *p = &plan->point[point];
	const struct progress_point *pr = &r->point[point];
	const uint32_t rep = (uint32_t)pr->done + pr->counted;

	memset(j, 0, sizeof *j);
	j->self = sizeof *j;
	j->point = point;
	j->rep = rep;
	j->block = block;
	snprintf(j->kernel, sizeof j->kernel, "%s", p->kernel->name);
	snprintf(j->kernel_path, sizeof j->kernel_path, "%s", r->kernel_path ? r->kernel_path : "");
	snprintf(j->acks, sizeof j->acks, "%s", r->acks ? r->acks : "");
	point_opts(plan, p, j->opts);
	target_ref(r->prepared[p->target], &j->target);
	j->size = (uint32_t)point_num(plan, p, AXIS_SIZE);
	j->open = (struct open_spec){
		.preparation = p->preparation, .map_sync = p->map_sync, .o_sync = p->o_sync,
		.page_size = p->page_size, .bytes = p->working_set, .threads = p->threads,
		.seed = plan_seed(plan, point, rep),
	};
	j->caps = plan->fact[p->target].caps | plan->machine.caps;
	j->slots = point_slots(plan, p, j->open.seed);
	j->unit = p->unit;
	j->limit = p->once ? j->slots.mask + 1 : UINT64_MAX;
	j->mode = (uint8_t)point_num(plan, p, AXIS_MODE);
	j->gap = (uint8_t)point_num(plan, p, AXIS_GAP);
	j->line = p->empty & 1u << AXIS_LINE ? LINE_AS_IS : (uint8_t)point_num(plan, p, AXIS_LINE);
	j->ahead = p->ahead;
	j->threads = p->threads;
	j->counting = counting;
	if (counting)
		j->events = *r->events;
	fill_schedule(r, point_bench(plan, p), j);
	j->window_max = ticks(r, point_window_most_ns(plan, p));
	fill_cpus(r, plan, p, j);
	memcpy(j->pace, pr->pace, p->threads * sizeof *j->pace);
}
