/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "clock.h"
#include "cut.h"
#include "keys.h"
#include "mem.h"
#include "member.h"
#include "stamp.h"
#include "topo.h"

/* From the last arrival to the common start: long enough to reach every spinning thread. */
#define LEAD_NS 20000

static int
setup(struct member *m)
{
	const struct job *j = m->crew->job;
	const struct kernel *k = m->crew->kernel;
	uint64_t blocks = stamp_blocks(j->size);
	const int node = j->node[m->index];
	struct work *w = &m->work;
	int rc;

	m->ring_len = blocks * j->size;
	m->buf_len = j->size;
	m->ring = mem_alloc(m->ring_len, node);
	m->buf = mem_alloc(m->buf_len, node);
	m->state = k->state_size ? mem_alloc(k->state_size, node) : NULL;
	m->window.mark = mem_alloc(WINDOW_MARKS * sizeof *m->window.mark, node);
	/* Prefaulted, which takes its time: as many as there will be. */
	m->lat_len = (j->mode == MODE_LATENCY ? WINDOW_LAT_MAX : WINDOW_LAT_FEW) * sizeof *m->window.lat;
	m->window.lat = mem_alloc(m->lat_len, node);
	if (!m->ring || !m->buf || (k->state_size && !m->state) || !m->window.mark || !m->window.lat)
		return -ENOMEM;
	*w = (struct work){
		.base = m->crew->open->thread[m->index].base,
		.src = m->ring, .src_mask = blocks - 1, .buf = m->buf,
		.slots = j->slots, .off = m->crew->open->thread[m->index].off,
		.size = j->size, .len = j->open.bytes, .page = (size_t)sysconf(_SC_PAGESIZE),
		.map_flags = m->crew->open->map_flags, .deep = -1,
		.fd = m->crew->open->thread[m->index].fd, .dir = m->crew->open->thread[m->index].dir,
		.opts = j->opts, .state = m->state,
	};
	if (k->pm_size) {
		w->pm = w->base;
		w->pm_len = w->len;
	}
	rc = k->format ? k->format(w) : 0;
	return rc == 0 && k->setup ? k->setup(w) : rc;
}

/* What starting and stopping counts of itself: every window has that on top of its ops. */
static void
count_nothing(struct member *m)
{
	counters_start(m->own);
	counters_stop(m->own);
	counters_read(m->own, m->idle);
}

/* One channel's or the far side's traffic is invisible in a sum. */
static void
add_placed(uint32_t event, struct event_place at, const struct counter_value *v, void *arg)
{
	struct member *m = arg;
	struct crew_result *r = m->crew->result;
	struct counter_placed *more;

	if (!m->crew->job->events.event[event].nplace)
		return;
	more = reallocarray(r->placed, r->out.nplaced + 1, sizeof *more);
	if (!more)
		return;
	r->placed = more;
	more[r->out.nplaced++] = (struct counter_placed){ event, at.type, at.cpu, *v };
}

void
member_counts(struct member *m)
{
	counters_read(m->own, m->counted);
	for (uint32_t k = 0; m->own && k < m->crew->job->events.n; k++)
		if (m->counted[k].rc == 0)
			m->counted[k] = counter_since(&m->counted[k], &m->idle[k]);
	counters_read(m->system, m->counted);
	counters_each(m->system, add_placed, m);
}

/* The window just run, as far as disturb.h wants to know. */
static struct disturb_window
about(const struct member *m, uint64_t cpu_ns)
{
	const struct kernel *k = m->crew->kernel;
	const struct window *w = &m->window;

	return (struct disturb_window){
		.cpu = m->crew->job->cpu[m->index],
		.wall_ns = (double)(w->end - w->start) * 1e9 / m->crew->job->hz, .cpu_ns = (double)cpu_ns,
		.faults = m->expects ? m->expect.faults_max * (double)(w->i - w->first) / (double)m->crew->job->unit : -1,
		.blocks = (k->does & ~(unsigned)(DOES_USER_FLUSH | DOES_NT)) != 0 ||
			  (k->needs & (CAP_FD | CAP_SYNC | CAP_BLOCK | CAP_DIR)),
	};
}

int
member_setup(struct member *m)
{
	const struct job *j = m->crew->job;
	const uint64_t seen = m->crew->open->page_seen;
	struct facts facts = {
		/* What a consuming kernel will map is not known before it does. */
		.caps = j->caps, .page = seen ? seen : j->open.page_size, .size = j->size,
		.unit = j->unit, .slots = j->slots.mask + 1,
		.fresh = m->crew->kernel->consumes,
	};
	int rc = topo_bind_here(j->cpu[m->index]);

	if (rc < 0) {
		crew_fail(m->crew, m->index, rc, "binding to its CPU");
		return rc;
	}
	m->expects = m->crew->kernel->expect != NULL;
	if (m->expects)
		m->crew->kernel->expect(&facts, j->opts, &m->expect);
	hist_reset(&m->hist[0]);
	hist_reset(&m->hist[1]);
	rc = setup(m);
	preempt_open(&m->window.preempt);
	m->sleeps = about(m, 0).blocks;
	m->disturb = disturb_open("", j->cpu[m->index], j->tsc);
	if (rc == 0 && !m->disturb)
		rc = -ENOMEM;
	if (rc == 0 && m->index == 0) {
		const struct disturb_window w = about(m, 0);

		m->crew->result->out.taints_seen = disturb_available(m->disturb);
		m->crew->result->out.taints_apply = disturb_applies(&w);
	}
	if (rc == 0 && j->counting)
		rc = counters_open(&m->own, &j->events, SCOPE_THREAD);
	if (rc == 0 && j->counting && m->index == 0)
		rc = counters_open(&m->system, &j->events, SCOPE_SYSTEM);
	if (rc < 0)
		crew_fail(m->crew, m->index, rc, "setup");
	else
		count_nothing(m);
	return rc;
}

void
member_teardown(struct member *m)
{
	if (m->crew->kernel->teardown && m->work.src)
		m->crew->kernel->teardown(&m->work);
	disturb_close(m->disturb);
	preempt_close(&m->window.preempt);
	counters_close(m->own);
	counters_close(m->system);
	if (m->ring)
		mem_free(m->ring, m->ring_len);
	if (m->buf)
		mem_free(m->buf, m->buf_len);
	if (m->window.mark)
		mem_free(m->window.mark, WINDOW_MARKS * sizeof *m->window.mark);
	if (m->window.lat)
		mem_free(m->window.lat, m->lat_len);
	if (m->state)
		mem_free(m->state, m->crew->kernel->state_size);
	free(m->epoch);
}

/* The block of an op, written for it and its slot alone. */
static void
fill_blocks(void *arg, uint64_t i, uint64_t end)
{
	struct member *m = arg;
	const struct author s = { m->crew->job->open.seed, m->index, m->epoch[m->nepoch - 1].number };
	const struct work *w = &m->work;

	for (; i < end; i++)
		stamp_fill(s, (struct imprint){ i, slots_at(w->slots, i) }, (char *)m->ring + (work_src(w, i) - w->src),
			   w->size);
}

/* Where the blocks of a unit are different ones of the ring, each op gets its own. */
static bool
has_block_for_each(const struct member *m, const struct window_spec *s)
{
	const uint64_t blocks = m->work.src_mask + 1;

	return s->latency && m->crew->kernel->moves == MOVES_WRITES &&
	       (s->unit < blocks || (s->unit == blocks && (m->work.slots.mask + 1) % s->unit == 0));
}

#define HOT_BYTES 8192			/* of lines of a batch: the L1 cache holds them */

/* How many ops are made ready together. */
static uint64_t
batch(const struct member *m, const struct window_spec *s, bool by_op)
{
	uint64_t n = m->work.src_mask + 1;

	/* Ops that share a line would warm it for each other. */
	if (!by_op || (s->line == LINE_COLD && m->work.size < 64 && !m->work.slots.random))
		n = s->unit;
	if (s->line == LINE_HOT && n > HOT_BYTES / m->work.size)
		n = HOT_BYTES / m->work.size;
	return n > s->unit ? n / s->unit * s->unit : s->unit;
}

/* New contents for the source ring, or of each op's block: read-back can tell the windows apart. */
static int
new_epoch(struct member *m, bool by_op)
{
	struct author s = { m->crew->job->open.seed, m->index, (uint32_t)m->nepoch };

	if (m->nepoch == m->epoch_cap) {
		size_t cap = m->epoch_cap ? 2 * m->epoch_cap : 64;
		struct epoch *e = reallocarray(m->epoch, cap, sizeof *e);

		if (!e)
			return -ENOMEM;
		m->epoch = e;
		m->epoch_cap = cap;
	}
	for (uint64_t b = 0; !by_op && b <= m->work.src_mask; b++)
		stamp_fill(s, (struct imprint){ b, STAMP_ANYWHERE }, (char *)m->ring + b * m->work.size, m->work.size);
	m->epoch[m->nepoch++] = (struct epoch){ m->window.i, s.epoch, by_op };
	return 0;
}

/* All spin until the last one has come; it sets the common start. */
static uint64_t
common_begin(struct crew *c, uint32_t round)
{
	const struct job *j = c->job;
	uint64_t lead = (uint64_t)(LEAD_NS * j->hz / 1e9), begin;

	if (atomic_fetch_add(&c->arrived, 1) + 1 == (round + 1) * j->threads) {
		begin = stamp_start(j->tsc) + lead;
		atomic_store(&c->begin, begin);
		return begin;
	}
	while (atomic_load(&c->arrived) < (round + 1) * j->threads || !(begin = atomic_load(&c->begin)))
		spin_pause();
	return begin;
}

static uint64_t
thread_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static uint32_t
taints(struct member *m, const struct disturb_look *a, const struct disturb_look *b, uint64_t cpu_ns)
{
	const struct disturb_window w = about(m, cpu_ns);
	struct pace best = m->crew->job->pace[m->index];

	pace_take(&m->pace, a, b);
	pace_merge(&best, &m->pace);
	return disturb_taints(disturb_available(m->disturb), a, b, &w, &best);
}

struct expected_ops
member_expected(const struct member *m)
{
	const struct job *j = m->crew->job;
	const struct window *w = &m->window;
	/* Where threads share a large page, one's fault opens it for all. */
	const bool shared = j->threads > 1 && m->crew->open->page_seen > m->work.page && !m->crew->kernel->consumes;
	struct expected_ops o = {
		.each = m->expects ? &m->expect : NULL, .n = (w->i - w->first) / j->unit, .shared = shared,
		.faults = m->faults,
	};

	for (uint32_t k = 0; m->count && k < j->events.n; k++)
		if (strcmp(j->events.event[k].text, SYSCALLS_EVENT) == 0)
			o.own_syscalls = m->idle[k].value;
	return o;
}

/* Not so long that a short window is one. */
static uint64_t
chunk_ticks(const struct job *j)
{
	const uint64_t t = (uint64_t)(WINDOW_CHUNK_NS * j->hz / 1e9);

	return t < j->window / 16 ? t : j->window / 16;
}

static uint64_t
to_ns(const struct member *m, uint64_t ticks)
{
	return (uint64_t)((double)ticks * 1e9 / m->crew->job->hz);
}

bool
member_cut(struct member *m)
{
	struct sample *s = &m->now;
	const struct crew *c = m->crew;
	uint64_t begin = 0, end = UINT64_MAX;
	struct cut cut;
	int rc;

	for (uint32_t t = 0; t < c->job->threads; t++) {
		const struct window *w = &c->member[t].window;

		begin = w->start > begin ? w->start : begin;
		end = w->end < end ? w->end : end;
	}
	/* Counts are of all ops. */
	if (c->job->counting)
		begin = 0, end = UINT64_MAX;
	rc = window_cut(&m->window, begin, end, c->job->unit, &cut);
	if (rc < 0 && rc != -ENODATA)
		crew_fail(m->crew, m->index, rc, "cutting a window");
	s->ops = cut.ops;
	s->ticks = cut.ticks;
	if (!m->sleeps && m->window.preempt.cs) {
		s->kept_ops = cut.kept_ops;
		s->kept_ticks = cut.kept_ticks;
		s->stretches = cut.stretches;
		s->disturbed = cut.disturbed;
		s->stalled = cut.stalled;
		if (to_ns(m, cut.lost_ticks) > s->lost_ns)
			s->lost_ns = to_ns(m, cut.lost_ticks);
	}
	m->from = cut.from;
	m->to = cut.to;
	return rc == 0;
}

bool
member_window(struct member *m, const struct window_spec *spec, uint32_t number)
{
	struct crew *c = m->crew;
	struct window_spec s = *spec;
	struct disturb_look a, b;
	uint64_t cpu;
	bool more;
	const bool by_op = has_block_for_each(m, spec);
	int rc = new_epoch(m, by_op);

	s.fill = by_op ? fill_blocks : NULL;
	s.arg = m;
	s.batch = batch(m, spec, by_op);
	s.ahead = c->job->ahead;
	s.keep_all = c->job->counting;
	s.chunk_ticks = chunk_ticks(c->job);
	if (rc == 0 && c->kernel->reset)
		rc = c->kernel->reset(&m->work);
	if (rc < 0)
		crew_fail(c, m->index, rc, "reset");
	else
		window_prepare(&m->work, &s, &m->window);
	if (m->index == 0) {
		atomic_store(&c->begin, 0);
		atomic_store(&c->apart, false);
	}
	if (!crew_agree(m, true))
		return false;
	/* System scope spans the windows of all threads, thread scope this one's ops alone. */
	if (m->count)
		counters_start(m->system);
	disturb_look(m->disturb, &a);
	s.begin = common_begin(c, number);
	cpu = thread_ns();
	if (m->count)
		counters_start(m->own);
	rc = window_run(c->kernel, &m->work, &s, &m->window);
	if (m->count)
		counters_stop(m->own);
	cpu = thread_ns() - cpu;
	disturb_look(m->disturb, &b);
	if (rc < 0)
		crew_fail(c, m->index, rc, c->kernel->name);
	m->skew = m->window.start > s.begin ? m->window.start - s.begin : 0;
	m->now = (struct sample){ .thread = m->index, .mode = s.latency, .drained = s.drained, .cpu_ns = cpu };
	m->now.taint = taints(m, &a, &b, cpu);
	m->now.wall_ns = to_ns(m, m->window.end - m->window.start);
	m->now.lost_ns = disturb_lost(&a, &b, m->now.taint, m->now.wall_ns);
	m->faults = disturb_faults(&a, &b);
	more = crew_agree(m, true);
	if (m->count)
		counters_stop(m->system);
	return more;
}
