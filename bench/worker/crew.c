/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "audit.h"
#include "clock.h"
#include "keys.h"
#include "member.h"
#include "registry.h"
#include "rule.h"
#include "stats.h"

#define FLOOR_OPS    WINDOW_LAT_FEW

void
crew_fail(struct crew *c, uint32_t thread, int rc, const char *what)
{
	int none = 0;

	if (atomic_compare_exchange_strong(&c->rc, &none, rc))
		snprintf(c->result->out.why, sizeof c->result->out.why,
			 rc == -EILSEQ ? "%2$s (thread %1$u)" : "thread %u: %s: %s", thread, what, strerror(-rc));
}

bool
crew_agree(struct member *m, bool wish)
{
	struct crew *c = m->crew;

	if (wish)
		atomic_store(&c->wish, true);
	pthread_barrier_wait(&c->meet);
	if (m->index == 0)
		atomic_store(&c->more, atomic_exchange(&c->wish, false) && atomic_load(&c->rc) == 0);
	pthread_barrier_wait(&c->meet);
	return atomic_load(&c->more);
}

/* Note the window of all threads (thread 0 does it); where they had no time in common none of it
 * counts. */
static void
note_window(struct crew *c, uint32_t number)
{
	struct crew_result *r = c->result;
	const bool apart = atomic_load(&c->apart);

	for (uint32_t t = 0; t < c->job->threads; t++) {
		struct member *m = &c->member[t];
		const struct expected_ops ops = member_expected(m);
		struct sample s = m->now;

		s.window = number;
		if (apart)
			s.ops = s.ticks = s.kept_ops = s.kept_ticks = 0;
		r->sample[r->out.nsample++] = s;
		expected_add(&r->out.expected, &ops);
		if (m->skew > r->out.skew)
			r->out.skew = m->skew;
	}
	if (apart)
		r->out.flags |= 1u << SUM_NO_OVERLAP;
}

/* One more, unless a thread has no slot left.  false: that was all. */
static bool
one_window(struct member *m, const struct window_spec *s, uint32_t warmed, uint32_t n)
{
	struct crew *c = m->crew;

	if (s->limit - m->window.i < s->unit)
		atomic_store(&c->used_up, true);
	if (!crew_agree(m, true) || atomic_load(&c->used_up) || !member_window(m, s, warmed + n))
		return false;
	if (!member_cut(m))
		atomic_store(&c->apart, true);
	if (!crew_agree(m, true))
		return false;
	for (uint32_t k = m->from; k < m->to && !atomic_load(&c->apart); k++)
		hist_add(&m->hist[s->drained], m->window.lat[k]);
	if (m->index == 0)
		note_window(c, n);
	return true;
}

/* Windows of the schedule.  In latency mode drained and issue stamps take turns.  `ops: N` means N
 * ops (whole units of them) for each stamp, in as many windows as the buffer needs.  Behind them
 * one for throughput: what an op costs where its latency is too near the timer's floor (METHOD 1). */
static void
measure(struct member *m, uint32_t warmed)
{
	const struct job *j = m->crew->job;
	const int latency = j->mode == MODE_LATENCY;
	uint32_t windows = j->windows, n;
	struct window_spec s = {
		.ticks = j->window, .max_ticks = j->window_max, .limit = j->limit, .unit = j->unit, .latency = (uint8_t)latency,
		.gap = j->gap, .line = j->line, .tsc = j->tsc,
	};

	if (j->ops && latency)
		windows = 2 * (uint32_t)((j->ops / j->unit + WINDOW_LAT_MAX) / WINDOW_LAT_MAX);
	else if (j->ops)
		windows = 1;
	for (n = 0; n < windows; n++) {
		s.drained = n % 2 == 0;
		s.ops = !j->ops ? 0 : !latency ? j->ops : j->ops / (windows / 2);
		if (!one_window(m, &s, warmed, n))
			return;
	}
	s.ops = s.latency = s.drained = 0;
	/* Counts are those of latency windows alone. */
	if (latency && !j->counting)
		one_window(m, &s, warmed, n);
}

/* What the loop and its stamps cost around nothing: the timer floor (METHOD 1). */
static void
floors(struct member *m)
{
	const struct kernel *null = kernel_floor();
	struct outcome *out = &m->crew->result->out;
	struct work w = m->work;

	out->quantum = timer_quantum(m->crew->job->tsc);
	w.base = NULL;
	for (int drained = 0; drained < 2 && null; drained++) {
		struct window_spec s = {
			.ops = FLOOR_OPS, .limit = UINT64_MAX, .unit = 1, .latency = 1, .drained = (uint8_t)drained,
			.gap = m->crew->job->gap, .line = LINE_AS_IS, .tsc = m->crew->job->tsc,
			.batch = FLOOR_OPS, .chunk_ticks = UINT64_MAX / 2,
		};
		struct hist h;

		m->window.i = m->window.ready = 0;
		if (window_run(null, &w, &s, &m->window) < 0)
			continue;
		hist_reset(&h);
		for (uint32_t k = 0; k < m->window.nlat; k++)
			hist_add(&h, m->window.lat[k]);
		out->floor[drained] = (uint32_t)(hist_median(&h, out->quantum) + 0.5);
	}
	m->window.i = m->window.ready = 0;
}

/* The first thread's, up to now. */
static void
spent(const struct member *m, enum spent on, uint64_t *began)
{
	const uint64_t now = clock_raw_ns();

	if (m->index == 0)
		m->crew->result->out.spent_ns[on] = now - *began;
	*began = now;
}

static void *
member_main(void *arg)
{
	struct member *m = arg;
	uint64_t began = clock_raw_ns();
	uint32_t warmed;

	if (member_setup(m) == 0 && m->index == 0)
		floors(m);
	spent(m, SPENT_SETUP, &began);
	if (m->crew->job->mode == MODE_AUDIT) {
		if (crew_agree(m, true))
			audit_ops(m);
		crew_agree(m, true);
	} else if (crew_agree(m, true)) {
		warmed = member_warm_up(m);
		spent(m, SPENT_WARMUP, &began);
		m->count = m->crew->job->counting;
		if (crew_agree(m, true))
			measure(m, warmed);
		spent(m, SPENT_WINDOWS, &began);
		if (crew_agree(m, true))
			member_check(m);
		spent(m, SPENT_CHECK, &began);
	}
	member_counts(m);
	member_teardown(m);
	return NULL;
}

/* The median over throughput windows of the mean time of an op, in ticks; NaN: none. */
static double
amortised(const struct crew *c)
{
	const struct crew_result *r = c->result;
	const uint32_t threads = c->job->threads;
	uint32_t n = 0;
	double *v = calloc(r->out.nsample / threads + 1, sizeof *v), cost;

	for (uint32_t k = 0; v && k < r->out.nsample; k++) {
		const struct sample *s = &r->sample[k];

		if (s->mode == MODE_LATENCY || s->ops == 0)
			continue;
		v[n] += op_ticks(s->ops, s->ticks, s->kept_ops, s->kept_ticks) / threads;
		n += s->thread == threads - 1;
	}
	stats_sort(v, n);
	cost = stats_sorted_median(v, n);
	free(v);
	return cost;
}

/* What will stand for the point (rule.h), of this repeat alone: where repeats fall on both sides of
 * the floor the adaptive stop goes on to the end. */
static double
headline(const struct crew *c)
{
	const struct crew_result *r = c->result;
	const double cost = amortised(c), drained = hist_median(&r->hist[STAMP_DRAINED], r->out.quantum);
	const uint32_t has = (cost > 0) << METRIC_TIME |
		(r->hist[STAMP_DRAINED].n > 0) << metric_latency(STAMP_DRAINED, LATENCY_P50) |
		(r->hist[STAMP_ISSUE].n > 0) << metric_latency(STAMP_ISSUE, LATENCY_P50);
	const enum metric_id m = headline_of(has, near_floor(drained, r->out.quantum));

	return (m == METRIC_TIME ? cost : m == metric_latency(STAMP_DRAINED, LATENCY_P50) ? drained :
		hist_median(&r->hist[STAMP_ISSUE], r->out.quantum)) * 1e9 / c->job->hz;
}

static double
undisturbed(const struct crew_result *r)
{
	double wall = 0, lost = 0;

	if (r->out.flags >> SUM_NO_OVERLAP & 1)
		return 0;
	for (uint32_t k = 0; k < r->out.nsample; k++) {
		wall += (double)r->sample[k].wall_ns;
		lost += (double)r->sample[k].lost_ns;
	}
	return wall > 0 ? 1 - lost / wall : 1;
}

static void
gather(struct crew *c)
{
	struct crew_result *r = c->result;

	for (uint32_t t = 0; t < c->job->threads; t++) {
		hist_merge(&r->hist[0], &c->member[t].hist[0]);
		hist_merge(&r->hist[1], &c->member[t].hist[1]);
		r->out.checked += c->member[t].checked;
		for (uint32_t e = 0; c->job->counting && e < c->job->events.n; e++)
			if (t == 0)
				r->count[e] = c->member[t].counted[e];
			else if (c->job->events.event[e].scope == SCOPE_THREAD)
				counter_add(&r->count[e], &c->member[t].counted[e]);
	}
	for (int d = 0; d < 2; d++)
		if (r->hist[d].n && r->hist[d].max == HIST_CLIPPED)
			r->out.flags |= 1u << SUM_CLIPPED;
	if (atomic_load(&c->unsteady))
		r->out.flags |= 1u << SUM_NO_STEADY_STATE;
	r->pace = calloc(c->job->threads, sizeof *r->pace);
	for (uint32_t t = 0; r->pace && t < c->job->threads; t++)
		r->pace[r->out.npace++] = c->member[t].pace;
	r->out.nevent = c->job->counting ? c->job->events.n : 0;
	r->out.undisturbed = undisturbed(r);
	r->out.headline_ns = headline(c);
}

/* Start what can be started; a thread that cannot would leave the others waiting, so the
 * barrier is made for all and a failure here ends the process's work at once. */
static int
start_all(struct crew *c)
{
	for (uint32_t t = 0; t < c->job->threads; t++) {
		c->member[t].crew = c;
		c->member[t].index = t;
	}
	for (uint32_t t = 1; t < c->job->threads; t++) {
		int err = pthread_create(&c->member[t].thread, NULL, member_main, &c->member[t]);

		if (err)
			return -err;
	}
	return 0;
}

void
crew_run(const struct job *job, const struct kernel *kernel, const struct opened *open,
	 struct crew_result *r)
{
	struct crew *c = calloc(1, sizeof *c);
	const uint32_t windows = 1 + (job->ops ? 2 * (uint32_t)(job->ops / WINDOW_LAT_MAX + 1) : job->windows);
	int rc;

	r->out.rc = -ENOMEM;
	if (!c)
		return;
	*c = (struct crew){ .job = job, .kernel = kernel, .open = open, .result = r };
	hist_reset(&r->hist[0]);
	hist_reset(&r->hist[1]);
	r->sample = calloc((size_t)windows * job->threads, sizeof *r->sample);
	c->member = calloc(job->threads, sizeof *c->member);
	rc = !r->sample || !c->member ? -ENOMEM : 0;
	if (rc == 0)
		rc = -pthread_barrier_init(&c->meet, NULL, job->threads);
	if (rc == 0)
		rc = start_all(c);
	if (rc < 0) {
		/* Threads may wait for ever at the barrier, so nothing is freed: the caller
		 * writes this answer and ends the process. */
		crew_fail(c, 0, rc, "starting threads");
		r->out.rc = rc;
		return;
	}
	member_main(&c->member[0]);
	for (uint32_t t = 1; t < job->threads; t++)
		pthread_join(c->member[t].thread, NULL);
	gather(c);
	r->out.rc = atomic_load(&c->rc);
	pthread_barrier_destroy(&c->meet);
	free(c->member);
	free(c);
}
