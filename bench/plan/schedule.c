/* SPDX-License-Identifier: BSD-2-Clause */
/* schedule.c -- the order of points, their seeds, and how long they take. */
#include "plan.h"
#include "rng.h"

/* What a repeat costs beside its windows: measured with `run-bench run`, see docs/method.md. */
static const struct {
	double begin, report, report_point;	/* ns: environment, results directory; summary, figures, report */
	double process, thread;			/* ns: fork, exec, topology, timer; a thread and its barrier */
	double dram, written, hole, device;	/* ns per byte to prepare and prefault */
	double mapped_op, memory_sync, disk_sync;	/* ns per op: a window is at least 100 of them */
} cost = {
	.begin = 0.5e9, .report = 0.5e9, .report_point = 10e6,
	.process = 50e6, .thread = 0.2e6,
	.dram = 0.6, .written = 0.6, .hole = 0.1, .device = 0.1,
	.mapped_op = 1e3, .memory_sync = 10e3, .disk_sync = 100e3,
};
enum { OPS_LEAST = 100, WINDOW_MOST_S = 2 };

/* A --quick run has that long, or half as much again as it needs where that is more. */
#define QUICK_NS 60000000000u

size_t
plan_block(const struct plan *plan, uint32_t rep, uint32_t *order)
{
	uint64_t state = rng_mix(plan->seed ^ 0xb10c) + rep;
	size_t n = 0;

	for (uint32_t i = 0; i < plan->n; i++)
		if (!plan->point[i].skip)
			order[n++] = i;
	state = rng_mix(state);
	for (size_t i = n; i > 1; i--) {
		const size_t k = rng_below(&state, (uint32_t)i);
		const uint32_t swap = order[i - 1];

		order[i - 1] = order[k];
		order[k] = swap;
	}
	return n;
}

uint64_t
plan_seed(const struct plan *plan, uint32_t point, uint32_t rep)
{
	return rng_mix(rng_mix(plan->seed + 0x9e3779b97f4a7c15u) ^ ((uint64_t)point << 32 | rep));
}

/* Do neighbours in time lie apart?  With these multipliers few distances between them are common,
 * and such a one may be short. */
static bool
spreads(struct slots s)
{
	enum { STEPS = 4096, NEAR_OF = 256, MOST = STEPS / 80 };
	const uint64_t near = s.mask / NEAR_OF;
	unsigned seen = 0;

	for (uint64_t k = 0; near && k < STEPS; k++) {
		const uint64_t i = rng_mix(k), step = (slots_at(s, i + 1) - slots_at(s, i)) & s.mask;

		seen += step < near || step > s.mask - near;
	}
	return seen <= MOST;
}

struct slots
point_slots(const struct plan *plan, const struct point *p, uint64_t seed)
{
	struct slots s = {
		.mask = (1ull << p->slot_bits) - 1, .bits = p->slot_bits, .rot = p->slot_rot,
		.random = point_num(plan, p, AXIS_PATTERN) == ADDRESSES_RANDOM, .seed = seed,
	};

	do {
		s.mul[0] = rng_next(&seed) | 1;
		s.mul[1] = rng_next(&seed) | 1;
	} while (s.random && !spreads(s));
	return s;
}

static double
prepare_ns(const struct plan *plan, const struct point *p)
{
	const double bytes = (double)p->working_set * p->threads;

	if (!(p->kernel->needs & (CAP_MAP | CAP_FD)) || (p->kernel->consumes && !(p->kernel->needs & CAP_MAP)))
		return 0;
	switch (plan->config->target[p->target].kind) {
	case KIND_DRAM:
		return bytes * cost.dram;
	case KIND_FILE:
	case KIND_FSDAX:
		return bytes * (p->preparation == PREP_WRITTEN || p->preparation == PREP_AUTO ? cost.written : cost.hole);
	default:
		return p->kernel->needs & CAP_MAP ? bytes * cost.device : 0;
	}
}

static double
op_ns(const struct plan *plan, const struct point *p)
{
	const enum medium m = plan->fact[p->target].medium;

	if (!(p->does & (DOES_KERNEL_SYNC | DOES_FD_SYNC)))
		return p->kernel->consumes ? cost.memory_sync : cost.mapped_op;
	return m == MEDIUM_DISK || m == MEDIUM_LOOP ? cost.disk_sync : cost.memory_sync;
}

bool
point_settles(const struct plan *plan, const struct point *p)
{
	return point_bench(plan, p)->sched[SCHED_SETTLE] != SETTLE_FIXED;
}

unsigned
point_reruns(const struct plan *plan, const struct point *p)
{
	return point_settles(plan, p) ? RERUNS_MAX : plan->config->quick ? RERUNS_QUICK : 0;
}

uint32_t
plan_counting(const struct plan *plan)
{
	return plan->config->nevent ? (uint32_t)plan->config->counting : 0;
}

uint64_t
point_window_most_ns(const struct plan *plan, const struct point *p)
{
	return point_settles(plan, p) ? WINDOW_MOST_S * 1000000000ull : point_bench(plan, p)->sched[SCHED_WINDOW];
}

uint64_t
point_repeat_ns(const struct plan *plan, const struct point *p, bool most)
{
	const uint64_t *s = point_bench(plan, p)->sched;
	const double op = op_ns(plan, p), least = op * OPS_LEAST * (double)p->unit, longest = (double)point_window_most_ns(plan, p);
	const double settle = SETTLE_MOST_NS;
	double window = (double)s[SCHED_WINDOW], warmup = p->once ? 0 : (double)s[SCHED_WARMUP];
	double ns = cost.process + cost.thread * p->threads + prepare_ns(plan, p);

	if (window < least)
		window = least;
	/* What a sync costs on a disk nobody knows beforehand: a bound assumes the worst. */
	if (window > longest || (most && op >= cost.disk_sync))
		window = longest;
	if (most && point_settles(plan, p) && !p->once && warmup < settle)
		warmup = settle;
	ns += warmup + (s[SCHED_OPS] ? op * (double)s[SCHED_OPS] : window * (double)s[SCHED_WINDOWS]);
	/* And one for throughput. */
	if (point_num(plan, p, AXIS_MODE) == MODE_LATENCY)
		ns += window;
	return (uint64_t)ns;
}

uint64_t
plan_report_ns(const struct plan *plan)
{
	return (uint64_t)(cost.report + cost.report_point * (double)(plan->n - plan->nskip));
}

static uint64_t
end_ns(const struct plan *plan, uint64_t least)
{
	if (plan->budget_ns)
		return plan->budget_ns;
	if (!plan->config->quick)
		return 0;
	return least + least / 2 > QUICK_NS ? least + least / 2 : QUICK_NS;
}

struct estimate
plan_estimate(const struct plan *plan)
{
	struct estimate e = { 0 };
	const uint64_t once = plan->n > plan->nskip ? (uint64_t)cost.begin + plan_report_ns(plan) : 0;

	for (size_t i = 0; i < plan->n; i++) {
		const struct point *p = &plan->point[i];
		const uint64_t *s = point_bench(plan, p)->sched, counting = plan_counting(plan);
		const uint64_t most = s[point_settles(plan, p) ? SCHED_MAX_REPEATS : SCHED_REPEATS] + point_reruns(plan, p);

		if (p->skip)
			continue;
		e.min_ns += (s[SCHED_REPEATS] + counting) * point_repeat_ns(plan, p, false);
		e.max_ns += (most + counting) * point_repeat_ns(plan, p, true);
	}
	e.min_ns += once;
	e.max_ns += once;
	e.end_ns = end_ns(plan, e.min_ns);
	if (e.end_ns && e.end_ns < e.max_ns)
		e.max_ns = e.end_ns;
	if (e.min_ns > e.max_ns)
		e.min_ns = e.max_ns;
	return e;
}
