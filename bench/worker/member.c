/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "clock.h"
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

	m->ring_len = blocks * j->size;
	m->buf_len = j->size;
	m->ring = mem_alloc(m->ring_len, node);
	m->buf = mem_alloc(m->buf_len, node);
	m->state = k->state_size ? mem_alloc(k->state_size, node) : NULL;
	m->window.mark = mem_alloc(WINDOW_MARKS * sizeof *m->window.mark, node);
	m->window.lat = mem_alloc(WINDOW_LAT_MAX * sizeof *m->window.lat, node);
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
	return k->setup ? k->setup(w) : 0;
}

/* What starting and stopping counts of itself: every window has that on top of its ops. */
static void
count_nothing(struct member *m)
{
	counters_start(m->own);
	counters_stop(m->own);
	counters_read(m->own, m->idle);
}

void
member_counts(struct member *m)
{
	counters_read(m->own, m->counted);
	for (uint32_t k = 0; m->own && k < m->crew->job->events.n; k++)
		if (m->counted[k].rc == 0)
			m->counted[k] = counter_since(&m->counted[k], &m->idle[k]);
	counters_read(m->system, m->counted);
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
	int rc = topo_bind_here(m->crew->topo, j->cpu[m->index]);

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
	counters_close(m->own);
	counters_close(m->system);
	if (m->ring)
		mem_free(m->ring, m->ring_len);
	if (m->buf)
		mem_free(m->buf, m->buf_len);
	if (m->window.mark)
		mem_free(m->window.mark, WINDOW_MARKS * sizeof *m->window.mark);
	if (m->window.lat)
		mem_free(m->window.lat, WINDOW_LAT_MAX * sizeof *m->window.lat);
	if (m->state)
		mem_free(m->state, m->crew->kernel->state_size);
	free(m->epoch);
}

/* New contents for the source ring: read-back can tell the windows apart. */
static int
new_epoch(struct member *m)
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
	for (uint64_t b = 0; b <= m->work.src_mask; b++)
		stamp_fill(s, b, (char *)m->ring + b * m->work.size, m->work.size);
	m->epoch[m->nepoch++] = (struct epoch){ m->window.i, s.epoch };
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
	const bool shared = j->threads > 1 && m->crew->open->page_seen > m->work.page;
	struct expected_ops o = {
		.each = m->expects ? &m->expect : NULL, .first = w->first / j->unit, .n = (w->i - w->first) / j->unit,
		.visited = m->crew->kernel->consumes ? 0 : shared ? UINT64_MAX : m->work.slots.mask / j->unit + 1,
		.faults = m->faults,
	};

	for (uint32_t k = 0; m->count && k < j->events.n; k++)
		if (strcmp(j->events.event[k].text, SYSCALLS_EVENT) == 0)
			o.own_syscalls = m->idle[k].value;
	return o;
}

bool
member_window(struct member *m, const struct window_spec *spec, uint32_t number)
{
	struct crew *c = m->crew;
	struct window_spec s = *spec;
	struct disturb_look a, b;
	uint64_t cpu;
	bool more;
	int rc = new_epoch(m);

	if (rc == 0 && c->kernel->reset)
		rc = c->kernel->reset(&m->work);
	if (rc < 0)
		crew_fail(c, m->index, rc, "reset");
	if (m->index == 0)
		atomic_store(&c->begin, 0);
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
	m->faults = disturb_faults(&a, &b);
	more = crew_agree(m, true);
	if (m->count)
		counters_stop(m->system);
	return more;
}
