/* SPDX-License-Identifier: BSD-2-Clause */
#include "disturb.h"

#define WALL_MAX 1.02			/* wall/CPU */
#define WAIT_MAX 0.01			/* of the window */
#define STEAL_NS 10000000u		/* a unit of /proc/stat: USER_HZ is 100 */
#define SLOWER   1.05			/* canary, frequency */

uint64_t
disturb_faults(const struct disturb_look *a, const struct disturb_look *b)
{
	return (uint64_t)(b->usage.ru_minflt - a->usage.ru_minflt + b->usage.ru_majflt - a->usage.ru_majflt);
}

uint64_t
disturb_lost(const struct disturb_look *a, const struct disturb_look *b, uint32_t taint, uint64_t wall_ns)
{
	const uint64_t ns = b->wait_ns - a->wait_ns + (b->steal - a->steal) * STEAL_NS;

	return taint & (TAINT_MIGRATED | TAINT_THROTTLED | TAINT_THERMAL) || ns > wall_ns ? wall_ns : ns;
}

static double
frequency(const struct disturb_look *a, const struct disturb_look *b)
{
	return b->mperf > a->mperf ? (double)(b->aperf - a->aperf) / (double)(b->mperf - a->mperf) : 0;
}

static double
faster(double a, double b)
{
	return b > 0 && (a <= 0 || b < a) ? b : a;
}

void
pace_merge(struct pace *p, const struct pace *q)
{
	p->canary = faster(p->canary, q->canary);
	if (q->frequency > p->frequency)
		p->frequency = q->frequency;
}

void
pace_take(struct pace *p, const struct disturb_look *a, const struct disturb_look *b)
{
	pace_merge(p, &(struct pace){ faster(a->canary, b->canary), frequency(a, b) });
}

uint32_t
disturb_applies(const struct disturb_window *w)
{
	uint32_t no = w->faults < 0 ? TAINT_FAULTS : 0;

	/* One that syncs sleeps, and stalls on I/O itself. */
	if (w->blocks)
		no |= TAINT_WALL | TAINT_PRESSURE;
	return ((1u << TAINT_COUNT) - 1) & ~no;
}

/* Did the core run slower than it can? */
static uint32_t
slower(const struct disturb_look *a, const struct disturb_look *b, const struct pace *best)
{
	const double f = frequency(a, b);
	uint32_t t = 0;

	if (f > 0 && f * SLOWER < best->frequency)
		t |= TAINT_FREQUENCY;
	if (best->canary > 0 && (a->canary > SLOWER * best->canary || b->canary > SLOWER * best->canary))
		t |= TAINT_CANARY;
	return t;
}

uint32_t
disturb_taints(uint32_t available, const struct disturb_look *a, const struct disturb_look *b,
	       const struct disturb_window *w, const struct pace *best)
{
	uint32_t t = slower(a, b, best);

	if (b->usage.ru_nivcsw > a->usage.ru_nivcsw)
		t |= TAINT_SWITCHED;
	/* One fault of slack: a page of the stack or of a table that grew. */
	if ((double)disturb_faults(a, b) > w->faults + 1)
		t |= TAINT_FAULTS;
	if (w->cpu_ns > 0 && w->wall_ns > WALL_MAX * w->cpu_ns)
		t |= TAINT_WALL;
	if (b->migrations > a->migrations || b->cpu != (int)w->cpu)
		t |= TAINT_MIGRATED;
	if ((double)(b->wait_ns - a->wait_ns) > WAIT_MAX * w->wall_ns)
		t |= TAINT_WAITED;
	if (b->steal > a->steal)
		t |= TAINT_STEAL;
	if (b->throttled > a->throttled)
		t |= TAINT_THROTTLED;
	if (b->thermal > a->thermal)
		t |= TAINT_THERMAL;
	if ((double)(b->stalled_us - a->stalled_us) * 1000 > WAIT_MAX * w->wall_ns)
		t |= TAINT_PRESSURE;
	if (b->smi > a->smi)
		t |= TAINT_SMI;
	return t & available & disturb_applies(w);
}
