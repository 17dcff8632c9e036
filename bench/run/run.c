/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "deadline.h"
#include "loop.h"
#include "matrix.h"
#include "rule.h"
#include "run.h"
#include "stats.h"
#include "stop.h"
#include "taint.h"
#include "version.inc"

/* A worker may take this much longer than it should before it counts as hung. */
#define LIMIT_FACTOR 20
#define LIMIT_EXTRA_NS 60000000000u

static void
show(const struct runner *r, const struct point *p, uint32_t rep)
{
	const struct plan *plan = &r->experiment->plan;
	uint64_t fresh = r->done - r->done_before, took = deadline_now() - r->started_ns;
	char eta[48] = "", size[POINT_TEXT], target[POINT_TEXT];

	/* The first few are no measure of the rest. */
	if (fresh > 3) {
		unsigned left = (unsigned)((double)(r->total - r->done) * (double)took / (double)fresh / 1e9);

		snprintf(eta, sizeof eta, ", %u:%02u left", left / 60, left % 60);
	}
	say(r->say, SAY_PROGRESS, "%llu of %llu%s%s  repeat %u  %s %s %s", (unsigned long long)r->done,
	    (unsigned long long)r->total, plan_estimate(plan).max_ns != plan_estimate(plan).min_ns ?
	    " at most" : "", eta, rep + 1, p->kernel->name,
	    point_axis(plan, p, AXIS_SIZE, size), point_axis(plan, p, AXIS_TARGET, target));
}

/* $DAXMARK_WORKER_SECONDS is for those who know better. */
static uint64_t
limit_ns(const struct plan *plan, const struct point *p)
{
	const char *env = getenv("DAXMARK_WORKER_SECONDS");
	unsigned long s = env ? strtoul(env, NULL, 10) : 0;

	return s && s < 1000000 ? s * 1000000000u : LIMIT_FACTOR * point_repeat_ns(plan, p, true) + LIMIT_EXTRA_NS;
}

static void
take(struct runner *r, uint32_t k, uint32_t block, const struct answer *a)
{
	const struct plan *plan = &r->experiment->plan;
	const struct progress_repeat is = { a->out.headline_ns, block, a->out.undisturbed };
	struct progress_point *pr = &r->point[k];
	uint16_t rerun = pr->rerun;

	progress_take(pr, &is, point_reruns(plan, &plan->point[k]));
	r->total += pr->rerun - rerun;
	for (uint32_t t = 0; t < a->out.npace; t++)
		pace_merge(&pr->pace[t], &a->pace[t]);
}

/* What this machine can tell of disturbance is known when the first worker has looked; what of
 * that says nothing of a kernel, when its first has. */
static int
note_taints(struct runner *r, const struct job *job, const struct outcome *o)
{
	json_t *taints = json_object_get(r->results.json, "taints");
	const bool first = !taints;

	if (o->rc)
		return 0;
	if (first)
		json_object_set_new(r->results.json, "taints", taints = taints_json(o->taints_seen));
	return taints_note(taints, job->kernel, o->taints_apply) || first ? results_write_json(&r->results, "running") : 0;
}

/* An event that can be opened may still get no counter. */
static int
note_counts(struct runner *r, const struct job *job, const struct answer *a)
{
	json_t *matrix = json_object_get(r->results.json, "counters");

	return matrix_seen(matrix, &job->events, a->count, a->out.nevent, r->say) ?
	       results_write_json(&r->results, "running") : 0;
}

/* One repeat into the tables.  0, or -errno when results cannot be written. */
static int
repeat(struct runner *r, uint32_t k, uint32_t block, bool counting, struct job *job)
{
	const struct plan *plan = &r->experiment->plan;
	struct progress_point *pr = &r->point[k];
	const uint64_t began = deadline_now();
	struct answer a;
	int rc;

	run_job(r, k, block, counting, job);
	rc = worker_run(job, limit_ns(plan, &plan->point[k]), &a);
	deadline_took(r, k, deadline_now() - began);
	if (rc < 0)
		return rc;
	if (a.out.rc == -EINTR && stop_asked() > 1) {
		answer_free(&a);
		return 0;
	}
	rc = journal_append(&r->results, job, &a);
	if (rc == 0)
		rc = note_taints(r, job, &a.out);
	if (rc == 0)
		rc = note_counts(r, job, &a);
	if (rc == 0) {
		if (counting)
			pr->counted++;
		else
			take(r, k, block, &a);
		r->done++;
		if (a.out.rc) {
			pr->failed = strdup(a.out.why);
			pr->finished = 1;
			say(r->say, SAY_WARN, "point %u: %s %u bytes on %s: %s", k, job->kernel, job->size,
			    plan->config->target[plan->point[k].target].name, a.out.why);
		}
	}
	answer_free(&a);
	return rc;
}

/* Between blocks only, on the width of the interval, never on a p-value (METHOD 2). */
static void
look(struct runner *r, uint32_t k)
{
	const struct plan *plan = &r->experiment->plan;
	const uint64_t *s = point_bench(plan, &plan->point[k])->sched;
	struct progress_point *pr = &r->point[k];
	const uint32_t blocks = pr->block;
	const size_t n = repeats_used(pr->clean, pr->done);	/* those of the clean ones stand first */
	struct interval i;

	if (pr->finished || blocks < s[SCHED_REPEATS] || pr->counted < r->counting)
		return;
	if (stats_median(pr->headline, n, CONFIDENCE, &i) < 0)
		return;
	/* Of no width: the clock's step hides it. */
	pr->not_converged = pr->clean < stats_median_needs(CONFIDENCE) || !i.has || !(i.hi > i.lo) ||
			     !(i.hi - i.lo <= 2 * i.est * (double)s[SCHED_PRECISION] / 100000);
	if (s[SCHED_SETTLE] == SETTLE_FIXED || !pr->not_converged || blocks >= s[SCHED_MAX_REPEATS]) {
		pr->finished = 1;
		r->total -= s[SCHED_MAX_REPEATS] - blocks;
	}
}

/* What point k still lacks in a block: a timed repeat, a counting one, or a disturbed one made up
 * for. */
static int
in_block(struct runner *r, uint32_t k, uint32_t block, int round, struct job *job)
{
	const struct plan *plan = &r->experiment->plan;
	struct progress_point *pr = &r->point[k];
	/* More counting repeats may be asked for than timed ones: then those go on alone. */
	bool timed = !pr->finished && pr->block <= block &&
		     block < point_bench(plan, &plan->point[k])->sched[SCHED_MAX_REPEATS];
	const bool counting = !pr->finished && pr->counted <= block && pr->counted < r->counting;
	int rc = 0;

	if (timed && round > 0 && !deadline_rerun(r, k)) {
		pr->block = (uint16_t)(block + 1);
		r->total--;
		timed = false;
	}
	if ((timed || counting) && !deadline_repeat(r, k, block))
		return 0;
	if (timed || counting)
		show(r, &plan->point[k], block);
	if (timed)
		rc = repeat(r, k, block, false, job);
	if (rc == 0 && counting && !pr->failed && !stop_asked())
		rc = repeat(r, k, block, true, job);
	return rc;
}

static int
measure_block(struct runner *r, uint32_t block, uint32_t *order, struct job *job, bool *more)
{
	const struct plan *plan = &r->experiment->plan;
	size_t n = plan_block(plan, block, order);
	int rc = 0;

	/* Disturbed repeats are made up for when the block has been round: the disturbance may be
	 * over. */
	for (int round = 0; round <= RERUNS_MAX; round++) {
		if (round == 1)
			deadline_rest(r, block);
		for (size_t k = 0; k < n && !stop_asked() && rc == 0; k++)
			rc = in_block(r, order[k], block, round, job);
	}
	for (uint32_t k = 0; rc == 0 && k < plan->n; k++)
		if (!plan->point[k].skip) {
			if (!stop_asked())
				look(r, k);
			*more |= !r->point[k].finished;
		}
	return rc;
}

enum run_end
run_blocks(struct runner *r)
{
	const struct plan *plan = &r->experiment->plan;
	uint32_t *order = calloc(plan->n ? plan->n : 1, sizeof *order);
	struct job *job = malloc(sizeof *job);
	bool more = true;
	int rc = order && job ? 0 : -ENOMEM;

	r->started_ns = deadline_now();
	r->done_before = r->done;
	deadline_set(r);
	for (uint32_t block = 0; rc == 0 && more && !stop_asked() && deadline_block(r, block); block++) {
		more = false;
		rc = measure_block(r, block, order, job, &more);
	}
	say(r->say, SAY_PROGRESS, "%s", "");
	free(order);
	free(job);
	if (rc < 0) {
		say(r->say, SAY_WARN, "%s: writing results: %s", r->results.dir, strerror(-rc));
		return RUN_NOT_WRITTEN;
	}
	if (stop_asked())
		return RUN_INTERRUPTED;
	for (size_t k = 0; k < plan->n; k++)
		if (r->point[k].failed)
			return RUN_POINT_FAILED;
	return RUN_ENDED;
}

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

/* What is synced there commits the journal of the target's file system, too, and with it what a
 * strategy is measured for. */
static bool
shares_file_system(const struct runner *r, size_t target)
{
	const struct target_spec *t = &r->experiment->config->target[target];
	const char *dir = t->kind == KIND_LOOP ? loop_dir() : r->experiment->fact[target].path;
	struct stat there, here;

	if (t->kind != KIND_LOOP && t->kind != KIND_FILE && t->kind != KIND_FSDAX)
		return false;
	return stat(dir, &there) == 0 && fstat(r->results.lock, &here) == 0 && there.st_dev == here.st_dev;
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
		r->results.held |= shares_file_system(r, k);
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
	snprintf(j->build, sizeof j->build, "%s", VERSION);
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
		.page_size = p->page_size, .bytes = p->share, .threads = p->threads,
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
