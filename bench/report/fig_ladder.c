/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The strategy ladder: what each way to make bytes durable costs, and whether it
 * does.  One panel a target, one row a strategy, the same axis for all.
 */
#include <math.h>
#include <string.h>

#include "figure.h"
#include "human.h"
#include "ladder.h"

enum { ROWS_MAX = 40 };

/* A colour, a shape and a word for every answer: none of them alone. */
static const struct { const char *word, *color; int point; } looks[DURABLES] = {
	[DURABLE_YES] = { "yes", "#009E73", 7 }, [DURABLE_EADR_ONLY] = { "eadr-only", "#E69F00", 13 },
	[DURABLE_METADATA_UNSAFE] = { "metadata-unsafe", "#D55E00", 9 }, [DURABLE_NO] = { "no", "#767676", 5 },
	[DURABLE_UNKNOWN] = { "unknown", "#767676", 4 },
};

/* What the figure has, to say no more of it than can be seen. */
struct extent { size_t rows[CHART_PANELS], longest; bool p99, p999; };

/* An amortised row has no tail: beside its median a latency's would be another thing. */
static double
quantile(const struct summary *s, const struct rung *r, enum latency l)
{
	const struct sum *q = summary_find(s, r->p, metric_latency(STAMP_DRAINED, l));

	return q && r->sum->metric != METRIC_TIME ? q->v.est : NAN;
}

static void
add(struct chart *c, const struct summary *s, const struct rung *r, uint32_t panel, struct extent *e)
{
	const enum durable_class look = r->p->durable;
	size_t row = ++e->rows[panel];
	struct chart_series *series = chart_series(c, panel, looks[look].word, false);
	struct chart_point p = {
		.x = (double)row, .y = r->sum->v.est, .lo = r->sum->v.lo, .hi = r->sum->v.hi,
		.a = quantile(s, r, LATENCY_P99), .b = quantile(s, r, LATENCY_P999),
		.n = r->sum->n, .text = looks[look].word,
	};
	double most = fmax(fmax(p.y, p.hi), fmax(p.a, p.b));	/* fmax passes NaN over */
	const char *label = r->sum->metric != METRIC_TIME ? r->label
		: arena_printf(c->mem, "%s, amortised", r->label);

	series->color = looks[look].color;
	series->point = looks[look].point;
	series->dash = 1;
	p.name = label;
	chart_add(c, series, p);
	chart_use(c, r->p);
	c->ymin = isnan(c->ymin) ? p.y : fmin(c->ymin, p.y);
	c->ymax = isnan(c->ymax) ? most : fmax(c->ymax, most);
	chart_row_tick(c, &c->panel[panel].yticks, label, row);
	e->longest = strlen(label) > e->longest ? strlen(label) : e->longest;
	e->p99 |= !isnan(p.a) && isnan(p.b);
	e->p999 |= !isnan(p.b);
}

static const char *
tails(const struct extent *e)
{
	return e->p99 && e->p999 ? ", thin: to p99.9, or p99" : e->p999 ? ", thin: to p99.9"
		: e->p99 ? ", thin: to p99" : "";
}

static void
words(struct chart *c, uint64_t size, const struct extent *e)
{
	static const char *const columns[] = { "threads", "gap", "line", "tlb", NULL };
	const char *had = chart_says(c, columns);
	char buf[HUMAN_MAX];

	human_size(buf, size);
	c->a = "p99";
	c->b = "p99.9";
	c->xlabel = "time per op";
	c->note = arena_printf(c->mem,
		"%s an op where nothing else is said; drained stamp; %s; bar: exact 95\u00a0%% interval%s; %s. "
		"Durable is said as if the medium kept its persistence domain.%s",
		buf, had, tails(e), chart_n(c), c->dropped ? " Further rows are in summary.csv." : "");
	c->caption = arena_printf(c->mem,
		"Time of one op of %s (another size where the row says so) for each strategy, "
		"fastest first: median over the processes of the drained latency, its exact 95\u00a0%% "
		"interval, thin lines to the 99.9th percentile, or to the 99th where only that is "
		"supported; rows marked amortised come from throughput windows. Shown: %s; %s. Shape, colour "
		"and the word at the right say whether the data survive a power cut if the medium "
		"keeps its persistence domain.%s", buf, had, chart_n(c),
		c->dropped ? " Rows beyond 40 a target are in summary.csv only." : "");
}

int
figure_ladder(struct chart *c, const struct summary *s)
{
	struct extent e = { .longest = 0 };
	struct ladder l;

	c->ymin = c->ymax = NAN;
	ladder_make(&l, c->mem, s);
	for (size_t i = 0; i < l.n; i++) {
		int panel = chart_panel(c, chart_target_title(c, l.rung[i].p));

		if (panel < 0 || e.rows[panel] == ROWS_MAX)
			c->dropped++;
		else
			add(c, s, &l.rung[i], (uint32_t)panel, &e);
	}
	if (c->npanel == 0)
		return 0;
	c->ymin /= 1.4;
	c->ymax *= 1.4;
	c->xmin = c->ymin;
	c->xmax = c->ymax;
	c->xticks = chart_ns_ticks(c, c->xmin, c->xmax, 8);
	words(c, l.size, &e);
	chart_row_order(c);
	chart_row_layout(c, e.rows, e.longest, 1.4, true);
	return 0;
}
