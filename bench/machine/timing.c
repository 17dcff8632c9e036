/* SPDX-License-Identifier: BSD-2-Clause */
#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "keys.h"
#include "timing.h"

#define ROUNDS   500
#define PAIR_NS  20000000u		/* for one pair; a busy CPU must not hold up the rest */
#define FLOORS   1001

/* One word between two CPUs, and what the other one stamped. */
struct pingpong {
	_Alignas(128) _Atomic uint32_t turn;
	_Alignas(128) _Atomic uint64_t there;
	unsigned cpu;
	_Atomic int state;		/* 1: the other is there, -1: cannot be */
	_Atomic int stop;
};

void
offset_start(struct offset *o)
{
	*o = (struct offset){ -INFINITY, INFINITY };
}

void
offset_narrow(struct offset *o, uint64_t sent, uint64_t there, uint64_t back, double ns)
{
	const double low = (double)(int64_t)(there - back) * ns, high = (double)(int64_t)(there - sent) * ns;

	if (low > o->low_ns)
		o->low_ns = low;
	if (high < o->high_ns)
		o->high_ns = high;
}

static void *
answer(void *arg)
{
	struct pingpong *p = arg;
	uint32_t seen = 0;

	if (topo_bind_here(p->cpu) < 0) {
		atomic_store(&p->state, -1);
		return NULL;
	}
	atomic_store(&p->state, 1);
	while (!atomic_load_explicit(&p->stop, memory_order_relaxed)) {
		const uint32_t turn = atomic_load_explicit(&p->turn, memory_order_acquire);

		if (turn == seen || !(turn & 1)) {
			spin_pause();
			continue;
		}
		atomic_store_explicit(&p->there, stamp_issue(1), memory_order_relaxed);
		seen = turn + 1;
		atomic_store_explicit(&p->turn, seen, memory_order_release);
	}
	return NULL;
}

/* 0 when at least one exchange was made. */
static int
exchange(struct pingpong *p, struct offset *o, double ns)
{
	const uint64_t end = clock_raw_ns() + PAIR_NS;
	int made = 0;

	for (uint32_t turn = 1; turn < 2 * ROUNDS; turn += 2) {
		const uint64_t sent = stamp_start(1);

		atomic_store_explicit(&p->turn, turn, memory_order_release);
		for (unsigned k = 0; atomic_load_explicit(&p->turn, memory_order_acquire) != turn + 1; k++) {
			if (k % 64 == 63 && clock_raw_ns() > end)
				return made ? 0 : -1;
			spin_pause();
		}
		offset_narrow(o, sent, atomic_load_explicit(&p->there, memory_order_relaxed), stamp_issue(1), ns);
		made++;
	}
	return 0;
}

static int
pair(unsigned cpu, struct offset *o, double ns)
{
	struct pingpong *p = aligned_alloc(128, (sizeof *p + 127) / 128 * 128);
	pthread_t thread;
	int rc = -1;

	if (!p)
		return -1;
	memset(p, 0, sizeof *p);
	p->cpu = cpu;
	offset_start(o);
	if (pthread_create(&thread, NULL, answer, p) == 0) {
		const uint64_t end = clock_raw_ns() + PAIR_NS;

		while (atomic_load(&p->state) == 0 && clock_raw_ns() < end)
			spin_pause();
		rc = atomic_load(&p->state) == 1 ? exchange(p, o, ns) : -1;
		atomic_store(&p->stop, 1);
		pthread_join(thread, NULL);
	}
	free(p);
	return rc;
}

static double
certain(double low, double high)
{
	return low > 0 ? low : high < 0 ? -high : 0;
}

static void
take(struct skew *s, unsigned cpu, const struct offset *o)
{
	const double now = certain(o->low_ns, o->high_ns), worst = certain(s->low_ns, s->high_ns);

	if (!s->pairs++ || now > worst || (now == worst && o->high_ns - o->low_ns > s->high_ns - s->low_ns)) {
		s->worst = cpu;
		s->low_ns = o->low_ns;
		s->high_ns = o->high_ns;
	}
}

/* Far ones first: sockets differ before cores of one do, and the time may run out. */
static void
spread(const struct topo *t, uint16_t *cpu, int n)
{
	int at = 1;

	for (int k = 1; k < n; k++) {
		int seen = 0;

		for (int i = 0; i < at; i++)
			seen |= topo_node_of(t, cpu[i]) == topo_node_of(t, cpu[k]);
		if (!seen) {
			const uint16_t c = cpu[k];

			memmove(cpu + at + 1, cpu + at, (size_t)(k - at) * sizeof *cpu);
			cpu[at++] = c;
		}
	}
}

struct skewing { struct skew *skew; const struct topo *topo; double ns; uint64_t budget_ns; };

/* In a thread of its own, so that the caller stays unbound. */
static void *
measure_skew(void *arg)
{
	struct skewing *w = arg;
	struct skew *s = w->skew;
	const uint64_t end = clock_raw_ns() + w->budget_ns;
	uint16_t cpu[4096];
	int n = topo_place(w->topo, &(struct placement){ .place = PLACE_LOCAL, .node = -1 }, 4096, cpu);
	struct offset o;

	n = n > 4096 ? 4096 : n;
	if (n < 2 || topo_bind_here(cpu[0]) < 0)
		return NULL;
	spread(w->topo, cpu, n);
	s->reference = cpu[0];
	s->planned = (unsigned)n - 1;
	for (int k = 1; k < n && clock_raw_ns() < end; k++)
		if (pair(cpu[k], &o, w->ns) == 0)
			take(s, cpu[k], &o);
	return NULL;
}

static int
by_size(const void *a, const void *b)
{
	const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

static uint32_t
stamp_floor(int tsc, int drained)
{
	static uint32_t v[FLOORS];

	for (int k = 0; k < FLOORS; k++) {
		const uint64_t a = stamp_start(tsc);

		v[k] = (uint32_t)((drained ? stamp_drained(tsc) : stamp_issue(tsc)) - a);
	}
	qsort(v, FLOORS, sizeof *v, by_size);
	return v[FLOORS / 2];
}

int
timing_skewed(const struct skew *s)
{
	return s->pairs && certain(s->low_ns, s->high_ns) > TIMING_SKEW_NS;
}

void
timing_measure(struct timing *t, const struct timer *clock, const struct topo *topo, unsigned budget_ms)
{
	struct skewing w = { &t->skew, topo, 1e9 / clock->hz, budget_ms * 1000000ull };
	pthread_t thread;

	*t = (struct timing){ .clock = *clock };
	t->quantum = timer_quantum(clock->tsc);
	t->floor[0] = stamp_floor(clock->tsc, 0);
	t->floor[1] = stamp_floor(clock->tsc, 1);
	if (clock->tsc && budget_ms && pthread_create(&thread, NULL, measure_skew, &w) == 0)
		pthread_join(thread, NULL);
	if (!clock->tsc)
		snprintf(t->why, sizeof t->why, "the TSC is not invariant");
	else if (clock->spread_ppm > TIMING_SPREAD_PPM)
		snprintf(t->why, sizeof t->why, "its frequency differs by %.0f ppm between sources", clock->spread_ppm);
	else if (timing_skewed(&t->skew))
		snprintf(t->why, sizeof t->why, "CPU %u is at least %.0f ns away from CPU %u", t->skew.worst,
			 certain(t->skew.low_ns, t->skew.high_ns), t->skew.reference);
}

json_t *
timing_json(const struct timing *t)
{
	const struct timer *c = &t->clock;
	const double ns = 1e9 / c->hz;
	json_t *o = json_pack("{s:f, s:b, s:f, s:{s:f, s:f, s:f, s:i}, s:i, s:f, s:{s:f, s:f}, s:b, s:s}",
		"hz", c->hz, "tsc", c->tsc, "spread_ppm", c->spread_ppm,
		"sources", "cpuid_0x15_hz", c->hz_cpuid, "perf_hz", c->hz_perf,
		"monotonic_raw_hz", c->hz_raw, "cpuid_0x16_mhz", (int)c->cpuid_mhz,
		"quantum_ticks", (int)t->quantum, "quantum_ns", t->quantum * ns,
		"floor", "issue_ns", t->floor[0] * ns, "drained_ns", t->floor[1] * ns,
		"reliable", t->why[0] == 0, "why_not", t->why);

	json_t *skew = json_pack("{s:i, s:i}", "pairs", (int)t->skew.pairs, "planned", (int)t->skew.planned);

	if (t->skew.pairs)
		json_object_update_new(skew, json_pack("{s:i, s:i, s:f, s:f}",
			"reference_cpu", (int)t->skew.reference, "worst_cpu", (int)t->skew.worst,
			"offset_min_ns", t->skew.low_ns, "offset_max_ns", t->skew.high_ns));
	json_object_set_new(o, "skew", skew);
	return o;
}
