/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Lines of medians: latency and bandwidth against size, bandwidth against threads.
 * A panel is one target, and one thread count or size where there are several.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "figure.h"
#include "human.h"
#include "label.h"

/* One number that can be drawn. */
struct item {
	const struct run_point *p;
	const struct sum *sum;
	const char *label;
	size_t target;			/* in the order of the run */
	uint64_t x, other;		/* other: what tells panels of one target apart */
};

struct lines {
	enum metric_id metric;
	bool by_threads;
	size_t n;
	struct item *item;
};

static int
by_series(const void *a, const void *b)
{
	const struct item *x = a, *y = b;
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
	const struct item *x = a, *y = b;

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
		l->item[l->n++] = (struct item){
			.p = p, .sum = sum, .target = rank,
			.label = arena_strdup(c->mem, label_point(&labels, p, buf)),
			.x = l->by_threads ? p->threads : p->size,
			.other = l->by_threads ? p->size : p->threads,
		};
	}
}

static bool
same_panel(const struct item *a, const struct item *b)
{
	return a->target == b->target && a->other == b->other;
}

/* Keep panels that have a line, one series with two places at least. */
static void
keep_lines(struct lines *l)
{
	size_t kept = 0;

	if (l->n == 0)
		return;
	qsort(l->item, l->n, sizeof(*l->item), by_series);
	for (size_t i = 0, j; i < l->n; i = j) {
		bool line = false;

		for (j = i; j < l->n && same_panel(&l->item[i], &l->item[j]); j++)
			line |= j > i && l->item[j].x != l->item[j - 1].x &&
				strcmp(l->item[j].label, l->item[j - 1].label) == 0;
		for (size_t k = i; k < j && line; k++)
			l->item[kept++] = l->item[k];
	}
	l->n = kept;
	if (kept > 0)
		qsort(l->item, kept, sizeof(*l->item), by_point);
}

static const char *
panel_title(struct chart *c, const struct lines *l, const struct item *it, bool several)
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

static void
widen(double *lo, double *hi, const struct chart_point *p)
{
	double a = isnan(p->lo) ? p->y : p->lo, b = isnan(p->hi) ? p->y : p->hi;

	*lo = isnan(*lo) || a < *lo ? a : *lo;
	*hi = isnan(*hi) || b > *hi ? b : *hi;
}

static void
fill(struct lines *l, struct chart *c)
{
	bool several = false;

	c->xmin = c->xmax = c->ymin = c->ymax = NAN;
	for (size_t i = 1; i < l->n; i++)
		several |= l->item[i].other != l->item[0].other;
	for (size_t i = 0; i < l->n; i++) {
		const struct item *it = &l->item[i];
		const struct interval *v = &it->sum->v;
		struct chart_point p = { .x = (double)it->x, .y = v->est, .lo = v->lo, .hi = v->hi,
					 .a = NAN, .b = NAN, .n = it->sum->n };
		int panel = chart_panel(c, panel_title(c, l, it, several));
		struct chart_series *s = panel < 0 ? NULL
			: chart_series(c, (uint32_t)panel, it->label, it->p->control);

		c->dropped += panel < 0;
		if (s == NULL)
			continue;
		chart_add(c, s, p);
		chart_use(c, it->p);
		widen(&c->ymin, &c->ymax, &p);
		c->xmin = isnan(c->xmin) ? p.x : fmin(c->xmin, p.x);
		c->xmax = isnan(c->xmax) ? p.x : fmax(c->xmax, p.x);
	}
	if (c->npanel == 0)
		return;
	c->xticks = chart_size_ticks(c, c->xmin, c->xmax);
	c->xmin /= 1.25;
	c->xmax *= 1.25;
	chart_style(c);
	chart_layout(c);
}

static const char *
left_out(struct chart *c)
{
	return c->dropped == 0 ? "" : arena_printf(c->mem,
		" %zu series found no room here and are in summary.csv only.", c->dropped);
}

/* From zero, or by decades where a line would lie on it. */
static void
bandwidth_axis(struct chart *c, struct chart_panel *p)
{
	double lo = NAN, hi = NAN;

	for (size_t i = p->first; i <= p->last; i++)
		for (size_t k = 0; k < c->series[i].n; k++)
			widen(&lo, &hi, &c->series[i].p[k]);
	p->linear = hi < 30 * lo;
	p->ymin = p->linear ? 0 : lo / 1.5;
	p->ymax = p->linear ? NAN : hi * 1.5;
	p->ylabel = p->linear ? "GB/s, all threads together" : NULL;
	if (!p->linear)
		p->yticks = chart_bandwidth_ticks(c, p->ymin, p->ymax);
}

static void
bandwidth(struct chart *c, const char *const *columns, const char *against)
{
	if (c->npanel == 0)
		return;
	c->ylabel = "all threads together";
	for (size_t i = 0; i < c->npanel; i++)
		bandwidth_axis(c, &c->panel[i]);
	c->note = arena_printf(c->mem,
		"Throughput mode; 1 GB = 10^9 bytes; %s; bars: exact 95 %% interval; %s.",
			       chart_says(c, columns), chart_n(c));
	c->caption = arena_printf(c->mem,
		"Bytes made durable, or read, per second against %s, throughput mode: many ops "
		"between two clock reads, the final drain inside. Median over the processes with "
		"its exact 95 %% interval. Shown: %s; %s. Grey: controls, which promise no "
		"durability. Lines join medians, nothing is smoothed.%s",
		against, chart_says(c, columns), chart_n(c), left_out(c));
}

int
figure_bandwidth_size(struct chart *c, const struct summary *s)
{
	static const char *const columns[] = { "threads", "pattern", "working_set", NULL };
	struct lines l = { .metric = METRIC_BANDWIDTH };

	collect(&l, c, s);
	keep_lines(&l);
	fill(&l, c);
	c->xlabel = "bytes per op";
	bandwidth(c, columns, "the size of an op");
	return 0;
}

int
figure_bandwidth_threads(struct chart *c, const struct summary *s)
{
	static const char *const columns[] = { "size", "pattern", "placement", NULL };
	struct lines l = { .metric = METRIC_BANDWIDTH, .by_threads = true };

	collect(&l, c, s);
	keep_lines(&l);
	fill(&l, c);
	c->xlabel = "threads";
	bandwidth(c, columns, "the number of threads");
	return 0;
}

/* The floor that the processes measured with the drained stamp: a level to hold latencies against. */
static double
floor_level(const struct chart *c, const struct summary *s)
{
	double sum = 0;
	size_t n = 0;

	for (size_t i = 0; i < c->nused; i++) {
		const struct sum *f = summary_find(s, c->used[i], METRIC_FLOOR_DRAINED);

		if (f != NULL) {
			sum += f->v.est;
			n++;
		}
	}
	return n ? sum / (double)n : NAN;
}

int
figure_latency_size(struct chart *c, const struct summary *s)
{
	static const char *const columns[] = { "threads", "gap", "line", "pattern", NULL };
	struct lines l = { .metric = metric_latency(STAMP_DRAINED, LATENCY_P50) };

	collect(&l, c, s);
	keep_lines(&l);
	fill(&l, c);
	if (c->npanel == 0)
		return 0;
	c->line = floor_level(c, s);
	if (!isnan(c->line))
		c->ymin = fmin(c->ymin, c->line);
	c->ymin /= 1.3;
	c->ymax *= 1.3;
	for (size_t i = 0; i < c->npanel; i++)
		c->panel[i].yticks = chart_ns_ticks(c, c->ymin, c->ymax);
	c->xlabel = "bytes per op";
	c->ylabel = "median latency of one op";
	c->note = arena_printf(c->mem,
		"Drained stamp; %s; bars: exact 95 %% interval; %s; dotted: the timer's floor.",
			       chart_says(c, columns), chart_n(c));
	c->caption = arena_printf(c->mem,
		"Median latency of one op against its size, drained stamp (MFENCE before the end "
		"stamp), over the processes, with its exact 95 %% interval. Shown: %s; %s. The "
		"dotted line is the empty op in the same loop; nothing is subtracted. Grey: "
		"controls, which promise no durability.%s",
		chart_says(c, columns), chart_n(c), left_out(c));
	return 0;
}
