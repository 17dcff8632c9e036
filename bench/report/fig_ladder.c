/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The strategy ladder: what each way to make bytes durable costs, and whether it
 * does.  One panel a target, one row a strategy, the same axis for all.
 */
#include <ctype.h>
#include <math.h>
#include <string.h>

#include "figure.h"
#include "human.h"
#include "ladder.h"

enum { ROWS_MAX = 40 };

/* A colour, a shape and a word for every answer: none of them alone. */
static const struct { const char *durable, *color; int point; const char *glyph; } looks[] = {
	{ "yes", "#009E73", 7, "●" }, { "eadr-only", "#E69F00", 13, "◆" },
	{ "metadata-unsafe", "#D55E00", 9, "▲" }, { "no", "#767676", 5, "■" },
};
enum { LOOKS = sizeof(looks) / sizeof(looks[0]) };

static size_t
look_of(const char *durable)
{
	size_t i = 0;

	while (i + 1 < LOOKS && strcmp(looks[i].durable, durable) != 0)
		i++;
	return i;
}

static double
quantile(const struct summary *s, const struct run_point *p, enum latency l)
{
	const struct sum *r = summary_find(s, p, metric_latency(STAMP_DRAINED, l));

	return r ? r->v.est : NAN;
}

/* Panels below each other, as high as they have rows. */
static void
layout(struct chart *c, const size_t *rows)
{
	const double head = 0.25, row = 0.17, top = 0.32, bottom = 0.16, axis = 0.34;
	double y = head;

	c->key = 0.24;
	c->width = 7.2;
	c->height = head + axis + c->key + CHART_NOTE;
	for (size_t i = 0; i < c->npanel; i++)
		c->height += top + bottom + row * (double)rows[i];
	for (size_t i = 0; i < c->npanel; i++) {
		struct chart_panel *p = &c->panel[i];

		p->left = 1.75 / c->width;
		p->right = 1 - 1.25 / c->width;
		p->top = 1 - (y + top) / c->height;
		y += top + bottom + row * (double)rows[i];
		p->bottom = 1 - (y - 0.06) / c->height;
	}
}

/* Between double quotes gnuplot runs what stands in backquotes: plain characters only. */
static void
tick(struct chart *c, const char **ticks, const char *a, const char *b, size_t row)
{
	char *label = arena_printf(c->mem, "%s%s", a, b);

	for (char *p = label; *p; p++)
		if (!isalnum((unsigned char)*p) && !strchr(
			" ._,=+%:/()-", *p) && !((unsigned char)*p & 0x80))
			*p = '_';
	*ticks = arena_printf(c->mem,
		"%s%s\"%s\" %zu", *ticks ? *ticks : "", *ticks ? ", " : "", label, row);
}

static void
add(struct chart *c, const struct summary *s, const struct rung *r, uint32_t panel, size_t row)
{
	size_t look = look_of(r->p->durable);
	struct chart_series *series = chart_series(c, panel, looks[look].durable, false);
	struct chart_point p = {
		.x = (double)row, .y = r->sum->v.est, .lo = r->sum->v.lo, .hi = r->sum->v.hi,
		.a = quantile(s, r->p, LATENCY_P99), .b = quantile(s, r->p, LATENCY_P999),
		.n = r->sum->n, .text = r->p->durable,
	};
	double most = fmax(fmax(p.y, p.hi), fmax(p.a, p.b));	/* fmax passes NaN over */
	bool amortised = strcmp(r->p->mode, "latency") != 0;

	series->color = looks[look].color;
	series->point = looks[look].point;
	series->dash = 1;
	chart_add(c, series, p);
	chart_use(c, r->p);
	c->ymin = isnan(c->ymin) ? p.y : fmin(c->ymin, p.y);
	c->ymax = isnan(c->ymax) ? most : fmax(c->ymax, most);
	tick(c, &c->panel[panel].yticks, r->label, amortised ? ", amortised" : "", row);
	tick(c, &c->panel[panel].y2ticks, looks[look].glyph, arena_printf(c->mem,
		" %s", r->p->durable), row);
	c->panel[panel].ymin = (double)row + 0.6;	/* row 1 on top */
	c->panel[panel].ymax = 0.4;
}

/* Blocks of the data file in the order of the panels. */
static void
order(struct chart *c)
{
	struct chart_series *sorted = arena_alloc(c->mem, c->nseries, sizeof(*sorted));
	size_t n = 0;

	for (size_t panel = 0; panel < c->npanel; panel++) {
		c->panel[panel].first = n;
		for (size_t i = 0; i < c->nseries; i++)
			if (c->series[i].panel == panel)
				sorted[n++] = c->series[i];
		c->panel[panel].last = n - 1;
	}
	c->series = sorted;
}

static void
words(struct chart *c, uint64_t size)
{
	static const char *const columns[] = { "threads", "gap", "line", NULL };
	const char *had = chart_says(c, columns);
	char buf[HUMAN_MAX];

	human_size(buf, size);
	c->a = "p99";
	c->b = "p99.9";
	c->xlabel = "time per op";
	c->note = arena_printf(c->mem,
		"%s an op where nothing else is said; drained stamp; %s; bar: exact 95 %% "
		"interval, thin: to p99 and p99.9; %s.", buf, had, chart_n(c));
	c->caption = arena_printf(c->mem,
		"Time of one op of %s (another size where the row says so) for each strategy, "
		"fastest first: median over the processes of the drained latency, its exact 95 %% "
		"interval, thin lines to the 99th and 99.9th percentile where they are supported; "
		"rows marked amortised come from throughput mode. Shown: %s; %s. Colour, shape and "
		"the word at the right say whether the data survive a power cut if the medium "
		"keeps its persistence domain.%s", buf, had, chart_n(c),
		c->dropped ? " Rows beyond 40 a target are in summary.csv only." : "");
}

int
figure_ladder(struct chart *c, const struct summary *s)
{
	size_t rows[CHART_PANELS] = { 0 };
	struct ladder l;

	c->ymin = c->ymax = NAN;
	ladder_make(&l, c->mem, s);
	for (size_t i = 0; i < l.n; i++) {
		int panel = chart_panel(c, chart_target_title(c, l.rung[i].p));

		if (panel < 0 || rows[panel] == ROWS_MAX)
			c->dropped++;
		else
			add(c, s, &l.rung[i], (uint32_t)panel, ++rows[panel]);
	}
	if (c->npanel == 0)
		return 0;
	c->ymin /= 1.4;
	c->ymax *= 1.4;
	c->xmin = c->ymin;
	c->xmax = c->ymax;
	c->xticks = chart_ns_ticks(c, c->xmin, c->xmax);
	order(c);
	layout(c, rows);
	words(c, l.size);
	return 0;
}
