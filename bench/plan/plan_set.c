/* SPDX-License-Identifier: BSD-2-Clause */
/* plan_set.c -- which points are there already: open addressing by what a point is. */
#include <string.h>
#include "planner.h"
#include "rng.h"

/* What makes a point another one: all that its row says.  Values that were resolved
 * (threads, preparation ...) count as resolved, not as written. */
static bool
same_point(const struct point *a, const struct point *b)
{
	static const enum axis_id written[] = {
		AXIS_SIZE, AXIS_CPUS, AXIS_PLACEMENT, AXIS_SMT, AXIS_PATTERN, AXIS_STRIDE, AXIS_MODE,
		AXIS_GAP, AXIS_LINE, AXIS_LABEL,
	};

	for (size_t i = 0; i < sizeof(written) / sizeof(written[0]); i++)
		if (a->at[written[i]] != b->at[written[i]])
			return false;
	/* Without a working set, which some skipped points do not get, what was asked for. */
	return a->kernel == b->kernel && a->target == b->target && a->threads == b->threads &&
		a->preparation == b->preparation && a->map_sync == b->map_sync && a->o_sync == b->o_sync && a->tlb == b->tlb &&
		a->page_size == b->page_size && a->working_set == b->working_set && a->skip == b->skip &&
		(a->working_set || a->at[AXIS_WORKING_SET] == b->at[AXIS_WORKING_SET]) &&
		!memcmp(a->param, b->param, sizeof(a->param));
}

static uint64_t
point_hash(const struct point *p)
{
	const uint64_t word[] = {
		(uint64_t)p->at[AXIS_SIZE] << 48 | (uint64_t)p->at[AXIS_LABEL] << 32 | (uint64_t)p->target << 16 | p->threads,
		(uint64_t)p->at[AXIS_KERNEL] << 48 | (uint64_t)p->at[AXIS_STRIDE] << 32 | (uint64_t)p->at[AXIS_CPUS] << 16 |
			p->at[AXIS_PLACEMENT],
		(uint64_t)p->at[AXIS_MODE] << 48 | (uint64_t)p->at[AXIS_GAP] << 32 | (uint64_t)p->at[AXIS_LINE] << 16 |
			p->at[AXIS_PATTERN],
		(uint64_t)p->tlb << 16 | (uint64_t)p->preparation << 8 | (uint64_t)p->map_sync << 1 | p->o_sync, p->page_size, p->working_set,
	};
	uint64_t h = 0;

	for (size_t i = 0; i < sizeof(word) / sizeof(word[0]); i++)
		h = rng_mix(h ^ word[i]);
	for (size_t i = 0; i < KERNEL_PARAMS_MAX; i++)
		h = rng_mix(h ^ p->param[i]);
	return h;
}

static void
insert(struct point_set *s, const struct plan *plan, uint32_t index)
{
	size_t i = point_hash(&plan->point[index]) & (s->size - 1);

	while (s->slot[i])
		i = (i + 1) & (s->size - 1);
	s->slot[i] = index + 1;
}

void
point_set_add(struct point_set *s, struct arena *a, const struct plan *plan)
{
	if (plan->n * 2 <= s->size) {
		insert(s, plan, (uint32_t)plan->n - 1);
		return;
	}
	s->size = s->size ? s->size * 2 : 1024;
	s->slot = arena_alloc(a, s->size, sizeof(*s->slot));
	for (uint32_t i = 0; i < plan->n; i++)
		insert(s, plan, i);
}

bool
point_set_has(const struct point_set *s, const struct plan *plan, const struct point *p)
{
	if (!s->size)
		return false;
	for (size_t i = point_hash(p) & (s->size - 1); s->slot[i]; i = (i + 1) & (s->size - 1)) {
		const struct point *q = &plan->point[s->slot[i] - 1];

		/* Another bench may measure the same again. */
		if (q->bench == p->bench && same_point(q, p))
			return true;
	}
	return false;
}
