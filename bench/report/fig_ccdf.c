/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How often an op took longer: the complementary distribution of single latencies,
 * all clean processes of a point merged.  A picture of the tail; the numbers with
 * intervals are the percentiles of the summary.
 */
#include <math.h>
#include <string.h>

#include "figure.h"
#include "human.h"
#include "intake.h"
#include "ladder.h"

/* A rung and the ops of its clean processes. */
struct tail { const struct rung *rung; struct hist *hist; uint32_t n; };

static struct tail *
tails_of(struct chart *c, const struct ladder *l, size_t *n)
{
	struct tail *t = arena_alloc(c->mem, l->n + 1, sizeof(*t));

	*n = 0;
	for (size_t i = 0; i < l->n; i++) {
		if (strcmp(l->rung[i].p->mode, "latency") != 0)
			continue;
		t[*n].rung = &l->rung[i];
		t[*n].hist = arena_alloc(c->mem, 1, sizeof(struct hist));
		hist_reset(t[(*n)++].hist);
	}
	return t;
}

static int
read_tails(struct tail *t, size_t n, const struct summary *s)
{
	struct intake in;
	int got = intake_open(&in, s->run);

	while (got >= 0 && (got = intake_next(&in)) > 0) {
		size_t k = 0;

		while (k < n && (size_t)(t[k].rung->p - s->run->point) != in.repeat->at)
			k++;
		if (k == n || (!intake_clean(&in) && t[k].rung->sum->n == t[k].rung->sum->clean))
			continue;
		for (size_t i = 0; i < in.nbin[STAMP_DRAINED]; i++) {
			const struct hist_bin *b = &in.bin[STAMP_DRAINED][i];

			hist_add_n(t[k].hist, b->lo + (b->hi - b->lo) / 2,
				   b->count > UINT32_MAX ? UINT32_MAX : (uint32_t)b->count);
		}
		t[k].n++;
	}
	intake_close(&in);
	return got < 0 ? got : 0;
}

/* Each decade of the share gets a mark, so that curves are told apart without colour. */
static void
put(struct chart *c, struct chart_series *series, const struct tail *t, double x, double y, double *decade)
{
	bool mark = y <= *decade;

	while (y <= *decade)
		*decade /= 10;
	chart_add(c, series, (struct chart_point){
		.x = x, .y = y, .lo = NAN, .hi = NAN, .a = mark ? y : NAN, .b = NAN, .n = t->n,
	});
}

/* The share at a time holds back to the time before it.  Of places closer than 3 % in y to the
 * last one only those before a greater step are needed. */
static void
add(struct chart *c, struct chart_series *series, const struct tail *t, double ns)
{
	double last = 2, left = (double)t->hist->n, all = left, before = NAN, y, decade = 1;
	struct hist_bin b;
	size_t at = 0;

	for (double x = 0; hist_next(t->hist, &at, &b); x = b.lo * ns, before = y) {
		y = left / all;
		left -= (double)b.count;
		if (y < last * 0.97 || left <= 0) {
			if (!isnan(before) && before != last)
				put(c, series, t, x, before, &decade);
			put(c, series, t, b.lo * ns, y, &decade);
			last = y;
		}
		c->xmax = isnan(c->xmax) ? b.hi * ns : fmax(c->xmax, b.hi * ns);
	}
	c->xmin = isnan(c->xmin) ? t->hist->min * ns : fmin(c->xmin, t->hist->min * ns);
	c->ymin = fmin(c->ymin, 0.7 / all);
}

int
figure_ccdf(struct chart *c, const struct summary *s)
{
	static const char *const columns[] = { "threads", "gap", "line", "tlb", NULL };
	struct ladder l;
	struct tail *t;
	size_t n;
	int err;
	char buf[HUMAN_MAX];

	ladder_make(&l, c->mem, s);
	t = tails_of(c, &l, &n);
	err = n > 0 && s->run->journal ? read_tails(t, n, s) : 0;
	if (err < 0)
		return err;
	c->xmin = c->xmax = NAN;
	c->ymin = 0.1;
	for (size_t i = 0; i < n; i++) {
		int panel = t[i].hist->n == 0 ? -1 : chart_panel(c, chart_target_title(c, t[i].rung->p));
		struct chart_series *series = panel < 0 ? NULL
			: chart_series(c, (uint32_t)panel, t[i].rung->label, t[i].rung->p->control);

		if (series == NULL)
			continue;
		add(c, series, &t[i], 1e9 / s->run->hz);
		chart_use(c, t[i].rung->p);
	}
	if (c->npanel == 0)
		return 0;
	c->xmin = fmax(c->xmin, 1) / 1.2;
	c->xmax *= 1.2;
	c->ymax = 1.3;
	c->xticks = chart_ns_ticks(c, c->xmin, c->xmax, 5);
	for (size_t i = 0; i < c->npanel; i++)
		c->panel[i].yticks = chart_share_ticks(c, c->ymin);
	c->xlabel = "latency of one op";
	c->ylabel = "ops that took at least as long";
	c->a = "mark";
	chart_style(c);
	human_size(buf, l.size);
	c->note = arena_printf(c->mem,
		"%s an op where nothing else is said; drained stamp; %s; clean processes merged, "
		"all where none is clean; %s.",
			       buf, chart_says(c, columns), chart_n(c));
	c->caption = arena_printf(c->mem,
		"Share of ops that took at least as long, both axes logarithmic; %s an op where "
		"nothing else is said, drained stamp. Shown: %s. The ops of all clean processes of "
		"a point are merged (%s), so the curve carries no interval: percentiles with "
		"intervals are in summary.csv. Steps as measured, nothing is smoothed; each curve "
		"ends at its slowest op.", buf, chart_says(c, columns), chart_n(c));
	chart_layout(c);
	return 0;
}
