/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "log.h"
#include "run.h"
#include "stats.h"
#include "taints.h"

/* A worker may take this much longer than it should before it counts as hung. */
#define LIMIT_FACTOR 20
#define LIMIT_EXTRA_NS 60000000000u

static volatile int interrupted;

static void
on_signal(int sig)
{
	if (++interrupted > 1)
		signal(sig, SIG_DFL);
}

int
run_signals(void)
{
	return interrupted;
}

void
run_catch_signals(void)
{
	struct sigaction sa = { .sa_handler = on_signal };

	sigaction(SIGINT, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
}

int
run_progress_alloc(struct runner *r)
{
	const struct plan *plan = &r->session->plan;

	r->point = calloc(plan->n ? plan->n : 1, sizeof *r->point);
	for (size_t k = 0; r->point && k < plan->n; k++) {
		const uint64_t *sched = point_bench(plan, &plan->point[k])->sched;

		if (plan->point[k].skip)
			continue;
		r->total += sched[SCHED_MAX_REPEATS] + r->counting;
		r->point[k].headline = calloc(progress_room(sched), sizeof(double));
		if (!r->point[k].headline)
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
	const struct session *s = r->session;
	char why[WHY_MAX];
	int code = 0;

	r->prepared = calloc(s->config->ntarget, sizeof *r->prepared);
	if (!r->prepared)
		return EXIT_POINT_FAILED;
	for (size_t k = 0; k < s->config->ntarget && !code; k++) {
		int rc;

		if (!used_target(&s->plan, k))
			continue;
		rc = target_prepare(&s->config->target[k], &s->fact[k], run_id, consent,
				    &r->prepared[k], why, sizeof why);
		if (rc < 0) {
			warn("target %s: %s", s->config->target[k].name, why);
			code = rc == -EPERM ? EXIT_REFUSED : EXIT_USAGE;
		}
	}
	return code;
}

void
run_unprepare(struct runner *r)
{
	char why[WHY_MAX];

	for (size_t k = 0; r->prepared && k < r->session->config->ntarget; k++)
		if (r->prepared[k] && target_unprepare(r->prepared[k], why, sizeof why) < 0)
			warn("target %s: %s", r->session->config->target[k].name, why);
	free(r->prepared);
	r->prepared = NULL;
	for (size_t k = 0; r->point && k < r->session->plan.n; k++) {
		free(r->point[k].headline);
		free(r->point[k].failed);
	}
	free(r->point);
	r->point = NULL;
}

static uint64_t
now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void
show(const struct runner *r, const struct point *p, uint32_t rep)
{
	const struct plan *plan = &r->session->plan;
	uint64_t fresh = r->done - r->done_before, took = now_ns() - r->started_ns;
	char eta[48] = "", size[POINT_TEXT], target[POINT_TEXT];

	/* The first few are no measure of the rest. */
	if (fresh > 3) {
		unsigned left = (unsigned)((double)(r->total - r->done) * (double)took / (double)fresh / 1e9);

		snprintf(eta, sizeof eta, ", %u:%02u left", left / 60, left % 60);
	}
	progress("%llu of %llu%s%s  repeat %u  %s %s %s", (unsigned long long)r->done,
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
take(struct runner *r, uint32_t k, const struct answer *a)
{
	const struct plan *plan = &r->session->plan;
	struct progress_point *pr = &r->point[k];
	uint16_t rerun = pr->rerun;

	progress_take(pr, point_bench(plan, &plan->point[k])->sched, a->out.headline_ns, answer_tainted(a));
	r->total += pr->rerun - rerun;
}

/* What this machine can tell of disturbance is known when the first worker has looked. */
static int
note_taints(struct runner *r, const struct outcome *o)
{
	if (o->rc || json_object_get(r->results.json, "taints"))
		return 0;
	json_object_set_new(r->results.json, "taints", taints_json(o->taints_seen));
	return results_write_json(&r->results, "running");
}

/* One repeat into the tables.  0, or -errno when results cannot be written. */
static int
repeat(struct runner *r, uint32_t k, bool counting, struct job *job)
{
	const struct plan *plan = &r->session->plan;
	struct progress_point *pr = &r->point[k];
	struct answer a;
	int rc;

	run_job(r, k, (uint32_t)pr->done + pr->counted, counting, job);
	rc = worker_run(job, limit_ns(plan, &plan->point[k]), &interrupted, &a);
	if (rc < 0)
		return rc;
	if (a.out.rc == -EINTR && interrupted > 1) {
		answer_free(&a);
		return 0;
	}
	rc = results_append(&r->results, job, &a);
	if (rc == 0)
		rc = note_taints(r, &a.out);
	if (rc == 0) {
		if (counting)
			pr->counted++;
		else
			take(r, k, &a);
		r->done++;
		if (a.out.rc) {
			pr->failed = strdup(a.out.why);
			pr->finished = 1;
			warn("point %u: %s %u bytes on %s: %s", k, job->kernel, job->block_size,
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
	const struct plan *plan = &r->session->plan;
	const uint64_t *s = point_bench(plan, &plan->point[k])->sched;
	struct progress_point *pr = &r->point[k];
	const uint32_t fresh = pr->done - pr->rerun;
	/* As the summary does: the clean ones where they are enough for an interval. */
	const uint32_t n = pr->clean >= stats_median_needs(0.95) ? pr->clean : pr->done;
	struct interval i;

	if (pr->finished || fresh < s[SCHED_REPEATS] || pr->counted < r->counting)
		return;
	if (stats_median(pr->headline, n, 0.95, &i) < 0)
		return;
	pr->not_converged = !i.has || !(i.hi - i.lo <= 2 * i.est * (double)s[SCHED_PRECISION] / 100000);
	if (s[SCHED_SETTLE] == SETTLE_FIXED || !pr->not_converged || fresh >= s[SCHED_MAX_REPEATS]) {
		pr->finished = 1;
		r->total -= s[SCHED_MAX_REPEATS] - fresh;
	}
}

/* What point k still lacks in block `rep`: a timed repeat, a counting one, or a disturbed one made up for. */
static int
in_block(struct runner *r, uint32_t k, uint32_t rep, struct job *job)
{
	struct progress_point *pr = &r->point[k];
	const bool timed = !pr->finished && pr->done - pr->rerun <= (int)rep;
	const bool counting = !pr->finished && pr->counted <= rep && pr->counted < r->counting;
	int rc = 0;

	if (timed || counting)
		show(r, &r->session->plan.point[k], rep);
	if (timed)
		rc = repeat(r, k, false, job);
	if (rc == 0 && counting && !pr->failed && !interrupted)
		rc = repeat(r, k, true, job);
	return rc;
}

static int
block(struct runner *r, uint32_t rep, uint32_t *order, struct job *job, bool *more)
{
	const struct plan *plan = &r->session->plan;
	size_t n = plan_block(plan, rep, order);
	int rc = 0;

	/* Disturbed repeats are made up for when the block has been round: the disturbance may be over. */
	for (int round = 0; round <= RERUNS_MAX; round++)
		for (size_t k = 0; k < n && !interrupted && rc == 0; k++)
			rc = in_block(r, order[k], rep, job);
	for (uint32_t k = 0; rc == 0 && k < plan->n; k++)
		if (!plan->point[k].skip) {
			if (!interrupted)
				look(r, k);
			*more |= !r->point[k].finished;
		}
	return rc;
}

/* The budget is spent: what there is stays, and says that it did not converge. */
static bool
out_of_time(struct runner *r)
{
	const uint64_t budget = r->session->budget_ns;

	if (!budget || now_ns() - r->started_ns < budget)
		return false;
	info("the time is up: points that did not converge say so");
	for (size_t k = 0; k < r->session->plan.n; k++)
		if (!r->session->plan.point[k].skip && !r->point[k].finished)
			r->point[k].finished = r->point[k].not_converged = 1;
	return true;
}

int
run_blocks(struct runner *r)
{
	const struct plan *plan = &r->session->plan;
	uint32_t *order = calloc(plan->n ? plan->n : 1, sizeof *order);
	struct job *job = malloc(sizeof *job);
	bool more = true;
	int rc = order && job ? 0 : -ENOMEM;

	r->started_ns = now_ns();
	r->done_before = r->done;
	for (uint32_t rep = 0; rc == 0 && more && !interrupted; rep++) {
		more = false;
		rc = block(r, rep, order, job, &more);
		if (more && rc == 0 && out_of_time(r))
			more = false;
	}
	progress_end();
	free(order);
	free(job);
	if (rc < 0) {
		fail_at(rc, "%s: writing results:", r->results.dir);
		return EXIT_POINT_FAILED;
	}
	if (interrupted)
		return EXIT_INTERRUPTED;
	for (size_t k = 0; k < plan->n; k++)
		if (r->point[k].failed)
			return EXIT_POINT_FAILED;
	return EXIT_OK;
}
