/* SPDX-License-Identifier: BSD-2-Clause */
#include "lines.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "human.h"
#include "label.h"

/* One number that can be drawn. */
struct line_item {
	const struct run_point *p;
	const struct sum *sum;
	const char *label;
	size_t target;			/* in the order of the run */
	uint64_t x, other;		/* other: what tells panels of one target apart */
};

static int
by_series(const void *a, const void *b)
{
	const struct line_item *x = a, *y = b;
	int d;

	if (x->target != y->target)
		return x->target < y->target ? -1 : 1;
	if (x->other != y->other)
		return x->other < y->other ? -1 : 1;
	d = strcmp(x->label, y->label);
	if (d != 0)
		return d;
	return (x->x > y->x) - (x->x < y->x);
}

/* In the order in which kernels stand in the run. */
static int
by_point(const void *a, const void *b)
{
	const struct line_item *x = a, *y = b;

	if (x->target != y->target)
		return x->target < y->target ? -1 : 1;
	if (x->other != y->other)
		return x->other < y->other ? -1 : 1;
	return (x->p > y->p) - (x->p < y->p);
}

static size_t
target_rank(const struct run *run, const char *target)
{
	for (size_t i = 0; i < run->npoint; i++)
		if (run->point[i].target == target)
			return i;
	return run->npoint;
}

static void
collect(struct lines *l, struct chart *c, const struct summary *s)
{
	struct labels labels;
	char buf[LABEL_MAX];
	const char *target = NULL;
	size_t rank = 0;

	labels_find(&labels, s->run);
	for (size_t i = 0; i < s->run->npoint; i++) {
		const struct run_point *p = &s->run->point[i];
		const struct sum *sum = summary_find(s, p, l->metric);

		if (sum == NULL || p->size == 0 || p->threads == 0)
			continue;
		if (p->target != target)
			rank = target_rank(s->run, target = p->target);
		l->item = arena_grow(c->mem, l->item, l->n, sizeof(*l->item));
		l->item[l->n++] = (struct line_item){
			.p = p, .sum = sum, .target = rank,
			.label = arena_strdup(c->mem, label_point(&labels, p, buf)),
			.x = l->by_threads ? p->threads : p->size,
			.other = l->by_threads ? p->size : p->threads,
		};
	}
}

static bool
same_panel(const struct line_item *a, const struct line_item *b)
{
	return a->target == b->target && a->other == b->other;
}

/* Keep what makes a line: series with two places at least. */
static void
keep_lines(struct lines *l)
{
	size_t kept = 0, here = 0, single = 0;	/* here, single: in the panel so far */

	if (l->n == 0)
		return;
	qsort(l->item, l->n, sizeof(*l->item), by_series);
	for (size_t i = 0, j; i < l->n; i = j) {
		bool line = false;

		for (j = i + 1; j < l->n && same_panel(&l->item[i], &l->item[j]) &&
		     strcmp(l->item[i].label, l->item[j].label) == 0; j++)
			line |= l->item[j].x != l->item[j - 1].x;
		here += line;
		single += !line;
		if (j == l->n || !same_panel(&l->item[i], &l->item[j])) {
			l->single += here > 0 ? single : 0;
			here = single = 0;
		}
		for (size_t k = i; k < j && line; k++)
			l->item[kept++] = l->item[k];
	}
	l->n = kept;
	if (kept > 0)
		qsort(l->item, kept, sizeof(*l->item), by_point);
}

static const char *
panel_title(struct chart *c, const struct lines *l, const struct line_item *it, bool several)
{
	const char *target = chart_target_title(c, it->p);
	char buf[HUMAN_MAX];

	if (!several)
		return target;
	if (l->by_threads)
		return arena_printf(c->mem, "%s; %s", target, human_size(buf, it->other));
	return arena_printf(c->mem, "%s; %llu thread%s", target, (unsigned long long)it->other,
			    it->other == 1 ? "" : "s");
}

void
lines_chart(struct lines *l, struct chart *c, const struct summary *s)
{
	bool several = false;

	collect(l, c, s);
	keep_lines(l);
	c->xmin = c->xmax = c->ymin = c->ymax = NAN;
	for (size_t i = 1; i < l->n; i++)
		several |= l->item[i].other != l->item[0].other;
	for (size_t i = 0; i < l->n; i++) {
		const struct line_item *it = &l->item[i];
		const struct interval *v = &it->sum->v;
		struct chart_point p = { .x = (double)it->x, .y = v->est, .lo = v->lo, .hi = v->hi,
					 .a = NAN, .b = NAN, .n = it->sum->n };
		int panel = chart_panel(c, panel_title(c, l, it, several));
		struct chart_series *series = panel < 0 ? NULL
			: chart_series(c, (uint32_t)panel, it->label, it->p->control);

		c->dropped += panel < 0;
		if (series == NULL)
			continue;
		chart_add(c, series, p);
		chart_use(c, it->p);
		chart_widen(&c->ymin, &c->ymax, &p);
		c->xmin = isnan(c->xmin) ? p.x : fmin(c->xmin, p.x);
		c->xmax = isnan(c->xmax) ? p.x : fmax(c->xmax, p.x);
	}
	if (c->npanel == 0)
		return;
	c->xticks = chart_size_ticks(c, c->xmin, c->xmax);
	c->xmin /= 1.25;
	c->xmax *= 1.25;
	chart_style(c);
}

const char *
lines_left_out(const struct lines *l, struct chart *c)
{
	const char *single = l->single == 0 ? "" : arena_printf(c->mem,
		" Series of one place only (%zu) make no line and are left out.", l->single);

	return c->dropped == 0 ? single : arena_printf(c->mem,
		"%s %zu points found no room here and are in summary.csv only.", single, c->dropped);
}
