/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Writes to block devices side by side: BTT, raw, loop.  Where one run has both a
 * BTT (kind sector) and a raw device, a second panel shows what atomic sectors cost.
 */
#include <math.h>
#include <string.h>

#include "figure.h"
#include "label.h"

struct block {
	const struct run_point *p;
	const struct sum *sum;
	const char *kind, *label;
};

static size_t
collect(struct chart *c, const struct summary *s, struct block **out)
{
	struct labels labels;
	struct block *b = NULL;
	uint64_t least = UINT64_MAX;
	char buf[LABEL_MAX];
	size_t n = 0, kept = 0;

	labels_find(&labels, s->run);
	for (size_t i = 0; i < s->run->npoint; i++) {
		const struct run_point *p = &s->run->point[i];
		const char *kind = run_target(s->run, p->target, "kind");
		const struct sum *sum = summary_headline(s, p);

		if (sum == NULL || p->size == 0 || strcmp(run_field(s->run, p,
			"moves"), "reads") == 0 ||
		    (strcmp(kind,
			"sector") != 0 && strcmp(kind, "raw") != 0 && strcmp(kind, "loop") != 0))
			continue;
		b = arena_grow(c->mem, b, n, sizeof(*b));
		b[n++] = (struct block){ p, sum, kind, arena_strdup(c->mem, label_point(&labels, p, buf)) };
		least = p->threads < least ? p->threads : least;
	}
	for (size_t i = 0; i < n; i++)
		if (b[i].p->threads == least)
			b[kept++] = b[i];
	*out = b;
	return kept;
}

static void
add(struct chart *c, int panel, const char *name, bool control, struct chart_point p)
{
	struct chart_series *s = panel < 0 ? NULL : chart_series(c, (uint32_t)panel, name, control);

	if (s == NULL)
		return;
	chart_add(c, s, p);
	c->xmin = isnan(c->xmin) ? p.x : fmin(c->xmin, p.x);
	c->xmax = isnan(c->xmax) ? p.x : fmax(c->xmax, p.x);
}

static void
times(struct chart *c, const struct block *b, size_t n, const char *mode, const char *title)
{
	for (size_t i = 0; i < n; i++) {
		const struct interval *v = &b[i].sum->v;

		if (strcmp(b[i].p->mode, mode) != 0)
			continue;
		add(c, chart_panel(c, title),
		    arena_printf(c->mem,
			"%s on %s (%s, %s)", b[i].label, b[i].p->target, b[i].kind, b[i].p->medium),
		    b[i].p->control,
		    (struct chart_point){ .x = (double)b[i].p->size, .y = v->est, .lo = v->lo, .hi = v->hi,
					  .a = NAN, .b = NAN, .n = b[i].sum->n });
		chart_use(c, b[i].p);
		c->ymin = fmin(isnan(c->ymin) ? v->est : c->ymin, v->has ? v->lo : v->est);
		c->ymax = fmax(isnan(c->ymax) ? v->est : c->ymax, v->has ? v->hi : v->est);
	}
}

/* The interval of a quotient from those of its sides: at least as wide as it should be. */
static void
ratios(struct chart *c, const struct block *b, size_t n)
{
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < n; k++) {
			const struct interval *x = &b[i].sum->v, *y = &b[k].sum->v;
			uint32_t nx = b[i].sum->n, ny = b[k].sum->n;

			if (strcmp(b[i].kind, "sector") != 0 || strcmp(b[k].kind, "raw") != 0 ||
			    strcmp(b[i].label, b[k].label) != 0 || b[i].p->size != b[k].p->size ||
			    strcmp(b[i].p->mode, b[k].p->mode) != 0 || !(y->est > 0))
				continue;
			add(c, chart_panel(c, "BTT beside raw"),
			    arena_printf(c->mem,
				"%s, %s: %s / %s", b[i].label, b[i].p->mode, b[i].p->target,
					 b[k].p->target), false,
			    (struct chart_point){ .x = (double)b[i].p->size, .y = x->est / y->est,
						  .lo = x->lo / y->hi, .hi = x->hi / y->lo,
						  .a = NAN, .b = NAN, .n = nx < ny ? nx : ny });
		}
}

/* Here devices are to be told apart, not kernels. */
static void
look(struct chart *c)
{
	size_t n = 0, k;

	for (size_t i = 0; i < c->nseries; i++) {
		for (k = 0; k < i && strcmp(c->series[k].name, c->series[i].name) != 0; k++)
			;
		if (k == i) {
			chart_look(&c->series[i], n++);
			continue;
		}
		c->series[i].color = c->series[k].color;
		c->series[i].point = c->series[k].point;
		c->series[i].dash = c->series[k].dash;
	}
}

static void
finish(struct chart *c)
{
	static const char *const columns[] = { "medium", "threads", "gap", NULL };

	c->xticks = chart_size_ticks(c, c->xmin, c->xmax);
	c->xmin /= 1.25;
	c->xmax *= 1.25;
	c->ymin /= 1.3;
	c->ymax *= 1.3;
	for (size_t i = 0; i < c->npanel; i++) {
		struct chart_panel *p = &c->panel[i];

		if (strcmp(p->title, "BTT beside raw") != 0) {
			p->yticks = chart_ns_ticks(c, c->ymin, c->ymax);
			continue;
		}
		p->linear = true;
		p->ymax = NAN;
		p->ylabel = "times the raw device";
	}
	c->xlabel = "bytes per op";
	c->ylabel = "time of one write";
	chart_style(c);
	look(c);
	chart_layout(c);
	c->note = arena_printf(c->mem,
		"%s; bars: exact 95 %% interval; %s.", chart_says(c, columns), chart_n(c));
	c->caption = arena_printf(c->mem,
		"Time of one write to a block device: median over the processes with its exact 95 "
		"%% interval. Shown: %s; %s. Only a device of kind sector (BTT) promises that a "
		"sector is all old or all new after a power cut. Ratios carry the widest interval "
		"that those of their sides allow.",
		chart_says(c, columns), chart_n(c));
}

int
figure_sector_raw(struct chart *c, const struct summary *s)
{
	struct block *b = NULL;
	size_t n = collect(c, s, &b);

	c->xmin = c->xmax = c->ymin = c->ymax = NAN;
	times(c, b, n, "latency", "latency, drained stamp");
	times(c, b, n, "throughput", "amortised, throughput mode");
	ratios(c, b, n);
	if (c->npanel > 0)
		finish(c);
	return 0;
}
