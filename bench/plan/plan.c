/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "plan.h"
#include "planner.h"
#include "rng.h"

enum { POINTS_MAX = 1000000, WALKED_MAX = 8000000, NAMED_MAX = 256 };

/* Points by what they are. */
struct point_set { uint32_t *slot; size_t size; };	/* 1 + index of a point, 0 free */

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

/* The last of the plan. */
static void
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

static bool
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

/* Axes and parameters that move together: one wheel of the odometer. */
struct wheel { size_t len, n, at; uint16_t member[AXES + KERNEL_PARAMS_MAX]; };	/* AXES + i: parameter i */

struct walk {
	struct planner pl;
	const struct filter *filter;
	struct wheel *wheel;
	size_t nwheel, walked;
	uint16_t *same[AXES + NAMED_MAX];	/* of a value: the first of its axis that says the same */
	struct point_set set;		/* the points so far: a twin is left out */
};

static size_t
member_len(const struct bench *b, size_t m)
{
	return m < AXES ? b->axis[m].n : b->param[m - AXES].axis.n;
}

static const char *
member_name(const struct bench *b, size_t m)
{
	return m < AXES ? axis_keys[m].name : b->param[m - AXES].name;
}

/* The zip that a member stands in, or -1. */
static int
zip_of(const struct bench *b, size_t m)
{
	for (size_t z = 0; z < b->nzip; z++)
		for (size_t k = 0; k < b->zip[z].n; k++)
			if (!strcmp(b->zip[z].name[k], member_name(b, m)))
				return (int)z;
	return -1;
}

static void
make_wheels(struct walk *w)
{
	const struct bench *b = w->pl.bench;
	const size_t members = AXES + b->nparam;

	w->wheel = arena_alloc(w->pl.arena, members, sizeof(*w->wheel));
	w->nwheel = 0;
	for (size_t m = 0; m < members; m++) {
		const int zip = zip_of(b, m);
		struct wheel *to = NULL;

		for (size_t i = 0; zip >= 0 && i < w->nwheel && !to; i++)
			if (zip_of(b, w->wheel[i].member[0]) == zip)
				to = &w->wheel[i];
		if (!to)
			to = &w->wheel[w->nwheel++];
		if (to->n < AXES + KERNEL_PARAMS_MAX) {
			to->member[to->n++] = (uint16_t)m;
			to->len = member_len(b, m);
		}
	}
}

static void
find_same(struct walk *w)
{
	const struct bench *b = w->pl.bench;

	for (size_t m = 0; m < AXES + b->nparam && m < AXES + NAMED_MAX; m++) {
		const struct axis *a = m < AXES ? &b->axis[m] : &b->param[m - AXES].axis;
		uint16_t *same = arena_alloc(w->pl.arena, a->n, sizeof(*same));

		for (size_t i = 0; i < a->n; i++)
			while (same[i] < i && strcmp(a->v[same[i]].text, a->v[i].text))
				same[i]++;
		w->same[m] = same;
	}
}

static void
find_params(struct walk *w)
{
	const struct bench *b = w->pl.bench;
	const struct axis *kernels = &b->axis[AXIS_KERNEL];

	w->pl.param_at = arena_alloc(w->pl.arena, kernels->n, sizeof(*w->pl.param_at));
	for (size_t k = 0; k < kernels->n; k++) {
		const struct param *p = w->pl.plan->config->kernels.v[kernels->v[k].num]->params;

		for (size_t i = 0; i < KERNEL_PARAMS_MAX; i++)
			w->pl.param_at[k][i] = -1;
		for (size_t i = 0; p && i < KERNEL_PARAMS_MAX && p[i].name; i++)
			for (size_t a = 0; a < b->nparam && a < NAMED_MAX; a++)
				if (!strcmp(b->param[a].name, p[i].name))
					w->pl.param_at[k][i] = (int)a;
	}
}

static bool
any_is(const struct axis *any, const char *text)
{
	for (size_t i = 0; i < any->n; i++)
		if (!strcmp(any->v[i].text, text))
			return true;
	return false;
}

/* Does a condition of `exclude` hold?  What does not apply to a point, no condition meets. */
static bool
cond_holds(const struct walk *w, const struct point *p, const struct cond *c)
{
	char buf[POINT_TEXT];

	for (enum axis_id id = 0; id < AXES; id++)
		if (!strcmp(axis_keys[id].name, c->name))
			return !(p->empty & 1u << id) &&
				any_is(&c->any, w->pl.bench->axis[id].v[p->at[id]].text);
	return any_is(&c->any, point_param(w->pl.plan, p, c->name, buf));
}

static bool
excluded(const struct walk *w, const struct point *p)
{
	const struct bench *b = w->pl.bench;

	for (size_t i = 0; i < b->nexclude; i++) {
		size_t k = 0;

		while (k < b->exclude[i].n && cond_holds(w, p, &b->exclude[i].cond[k]))
			k++;
		if (k == b->exclude[i].n)
			return true;
	}
	return false;
}

static void
add_point(struct walk *w, const struct point *p)
{
	struct plan *plan = w->pl.plan;

	plan->point = arena_grow(w->pl.arena, plan->point, plan->n, sizeof(*plan->point));
	plan->point[plan->n++] = *p;
	plan->nskip += p->skip != NULL;
	point_set_add(&w->set, w->pl.arena, plan);
}

struct named { const struct plan *plan; const struct point *point; char buf[POINT_TEXT]; };

static const char *
get_named(void *arg, const char *name)
{
	struct named *n = arg;

	return point_text(n->plan, n->point, name, n->buf);
}

/* The point under the wheels. */
static void
read_wheels(const struct walk *w, struct point *p)
{
	const struct config *c = w->pl.plan->config;
	const struct bench *b = w->pl.bench;
	uint16_t param[NAMED_MAX];

	*p = (struct point){ .bench = w->pl.bench_index };
	for (size_t i = 0; i < w->nwheel; i++)
		for (size_t k = 0; k < w->wheel[i].n; k++) {
			const size_t m = w->wheel[i].member[k];

			if (m < AXES)
				p->at[m] = w->same[m][w->wheel[i].at];
			else if (m - AXES < NAMED_MAX)
				param[m - AXES] = w->same[m][w->wheel[i].at];
		}
	p->kernel = c->kernels.v[b->axis[AXIS_KERNEL].v[p->at[AXIS_KERNEL]].num];
	p->target = (uint16_t)b->axis[AXIS_TARGET].v[p->at[AXIS_TARGET]].num;
	for (size_t i = 0; i < KERNEL_PARAMS_MAX; i++) {
		const int a = w->pl.param_at[p->at[AXIS_KERNEL]][i];

		if (a >= 0)
			p->param[i] = (uint16_t)(1 + param[a]);
	}
	p->empty = plan_empty_axes(p->kernel, &c->target[p->target], b, p->at);
}

static int
visit(struct walk *w)
{
	struct plan *plan = w->pl.plan;
	struct named named = { .plan = plan };
	struct point p;

	read_wheels(w, &p);
	if (excluded(w, &p))
		return 0;
	for (enum axis_id id = 0; id < AXES; id++)
		if (p.empty & 1u << id)
			p.at[id] = 0;
	plan_resolve(&w->pl, &p);
	if (point_set_has(&w->set, plan, &p))
		return 0;
	named.point = &p;
	if (w->filter && !filter_match(w->filter, get_named, &named))
		return 0;
	if (plan->n >= POINTS_MAX)
		return -E2BIG;
	add_point(w, &p);
	return 0;
}

static bool
turn(struct walk *w)
{
	for (size_t i = w->nwheel; i-- > 0; ) {
		if (++w->wheel[i].at < w->wheel[i].len)
			return true;
		w->wheel[i].at = 0;
	}
	return false;
}

static int
walk_bench(struct walk *w, uint32_t index)
{
	const struct config *c = w->pl.plan->config;
	const struct bench *b = &c->bench[index];
	const size_t places = b->axis[AXIS_PLACEMENT].n * b->axis[AXIS_CPUS].n;
	int rc = 0;

	if (!b->axis[AXIS_TARGET].n)
		return 0;		/* `auto` found nothing */
	w->pl.bench = b;
	w->pl.bench_index = index;
	w->pl.cpus = arena_alloc(w->pl.arena, c->ntarget * places, sizeof(*w->pl.cpus));
	memset(w->pl.cpus, 0xff, c->ntarget * places * sizeof(*w->pl.cpus));
	find_same(w);
	find_params(w);
	make_wheels(w);
	do {
		if (++w->walked > WALKED_MAX)
			return -E2BIG;
		rc = visit(w);
	} while (!rc && turn(w));
	return rc;
}

static int
walk_benches(struct walk *w)
{
	int rc = 0;

	for (size_t i = 0; !rc && i < w->pl.plan->config->nbench; i++)
		rc = walk_bench(w, (uint32_t)i);
	return rc;
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The p_ columns: every parameter of every kernel that has a point. */
static void
name_params(struct plan *plan)
{
	const struct kernel *last = NULL;
	const char **name = NULL;
	size_t n = 0;

	for (size_t i = 0; i < plan->n; i++) {
		const struct kernel *k = plan->point[i].kernel;

		for (const struct param *p = k->params; k != last && p && p->name; p++) {
			size_t at = 0;

			while (at < n && strcmp(name[at], p->name))
				at++;
			if (at < n)
				continue;
			name = arena_grow(plan->mem, name, n, sizeof(*name));
			name[n++] = p->name;
		}
		last = k;
	}
	if (n)
		qsort(name, n, sizeof(*name), by_name);
	plan->param_name = name;
	plan->nparam = n;
}

int
plan_make(struct plan *plan, const struct config *c, const struct facts_target *fact,
	  const struct machine *m, const struct filter *filter)
{
	struct walk w = { .filter = filter };
	int rc;

	*plan = (struct plan){ .config = c, .fact = fact, .machine = *m, .seed = c->seed };
	plan->mem = calloc(1, sizeof(*plan->mem));
	if (!plan->mem)
		return -ENOMEM;
	if (setjmp(plan->mem->oom)) {
		plan_free(plan);
		return -ENOMEM;
	}
	w.pl.plan = plan;
	w.pl.arena = plan->mem;
	rc = walk_benches(&w);
	if (rc)
		plan_free(plan);
	else
		name_params(plan);
	return rc;
}

void
plan_free(struct plan *plan)
{
	if (plan->mem)
		arena_free(plan->mem);
	free(plan->mem);
	*plan = (struct plan){ 0 };
}
