/* SPDX-License-Identifier: BSD-2-Clause */
#include "ladder.h"

#include <stdlib.h>
#include <string.h>

#include "human.h"

/* Points that can stand for their strategy. */
static bool
fits(const struct summary *s, const struct run_point *p)
{
	return p->size > 0 && summary_headline(s, p) && strcmp(run_field(s->run, p, "moves"), "reads") != 0;
}

static bool
is_latency(const struct run_point *p)
{
	return strcmp(p->mode, "latency") == 0;
}

/* The size that most pairs of kernel and target have; of equals the smallest. */
static uint64_t
common_size(const struct summary *s)
{
	struct { uint64_t size; size_t n; } seen[64];
	size_t n = 0, k, best = 0;
	bool latency = false;

	for (size_t i = 0; i < s->run->npoint; i++)
		latency |= is_latency(&s->run->point[i]) && fits(s, &s->run->point[i]);
	for (size_t i = 0; i < s->run->npoint; i++) {
		const struct run_point *p = &s->run->point[i];

		if (!fits(s, p) || p->control || p->threads > 1 || (latency && !is_latency(p)))
			continue;
		for (k = 0; k < n && seen[k].size != p->size; k++)
			;
		if (k == 64)
			continue;
		if (k == n) {
			seen[n].size = p->size;
			seen[n++].n = 0;
		}
		seen[k].n++;
	}
	for (k = 1; k < n; k++)
		if (seen[k].n > seen[best].n || (seen[k].n == seen[best].n && seen[k].size < seen[best].size))
			best = k;
	return n ? seen[best].size : 64;
}

/* Is `a` a better rung than `b` of the same strategy and target? */
static bool
better(const struct run_point *a, const struct run_point *b, uint64_t size)
{
	/* The least larger size, else the greatest smaller one. */
	uint64_t da = a->size >= size ? a->size - size : UINT64_MAX - a->size;
	uint64_t db = b->size >= size ? b->size - size : UINT64_MAX - b->size;
	if (a->threads != b->threads)
		return a->threads < b->threads;
	if (da != db)
		return da < db;
	return is_latency(a) && !is_latency(b);
}

static int
by_median(const void *a, const void *b)
{
	const struct rung *x = a, *y = b;

	if (x->p->target != y->p->target)
		return x->sum->at < y->sum->at ? -1 : 1;
	if (x->sum->v.est != y->sum->v.est)
		return x->sum->v.est < y->sum->v.est ? -1 : 1;
	return (x->p > y->p) - (x->p < y->p);
}

/* Targets in the order of the run, each by median. */
static void
sort(struct ladder *l)
{
	size_t from = 0;

	while (from < l->n) {
		const char *target = l->rung[from].p->target;
		size_t to = from;

		for (size_t i = from; i < l->n; i++)
			if (l->rung[i].p->target == target) {
				struct rung r = l->rung[i];

				memmove(&l->rung[to + 1], &l->rung[to], (i - to) * sizeof(r));
				l->rung[to++] = r;
			}
		qsort(&l->rung[from], to - from, sizeof(*l->rung), by_median);
		from = to;
	}
}

void
ladder_make(struct ladder *l, struct arena *mem, const struct summary *s)
{
	struct labels labels;
	char buf[LABEL_MAX], size[HUMAN_MAX];

	*l = (struct ladder){ .size = common_size(s) };
	labels_find(&labels, s->run);
	for (size_t i = 0; i < s->run->npoint; i++) {
		const struct run_point *p = &s->run->point[i];
		struct rung *r = NULL;

		if (!fits(s, p))
			continue;
		label_point(&labels, p, buf);
		for (size_t k = 0; k < l->n && r == NULL; k++)
			if (l->rung[k].p->target == p->target && strcmp(l->rung[k].label, buf) == 0)
				r = &l->rung[k];
		if (r != NULL && !better(p, r->p, l->size))
			continue;
		if (r == NULL) {
			l->rung = arena_grow(mem, l->rung, l->n, sizeof(*l->rung));
			r = &l->rung[l->n++];
			strcpy(r->label, buf);
		}
		r->p = p;
		r->sum = summary_headline(s, p);
	}
	for (size_t k = 0; k < l->n; k++) {
		struct rung *r = &l->rung[k];

		if (r->p->size != l->size && strlen(r->label) + HUMAN_MAX < LABEL_MAX)
			strcat(strcat(r->label, " "), human_size(size, r->p->size));
	}
	sort(l);
}
