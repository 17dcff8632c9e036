/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Writes to block devices side by side: BTT, raw, loop.  Lines against size; of one size, rows as
 * in the ladder.  Where one run has both a BTT (kind sector) and a raw device, what atomic sectors
 * cost: a panel of its own, or the words at the right of the rows.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "figure.h"
#include "human.h"
#include "label.h"

struct block {
	const struct run_point *p;
	const struct sum *sum;
	const char *kind, *label, *name;	/* name: with the device */
};

struct blocks {
	size_t n;
	struct block *b;
	bool one_size, one_target, ratio;	/* ratio: a BTT beside a raw device */
	size_t row[CHART_PANELS], longest;	/* of one size */
};

/* Writes that reach the device: no mapping, which is of the page cache, and no op that does
 * nothing. */
static bool
fits(const struct summary *s, const struct run_point *p)
{
	const char *kind = run_target(s->run, p->target, "kind");

	return summary_headline(s, p) && p->size > 0 && *run_field(s->run, p, "o_sync") == '\0' &&
	       strcmp(run_field(s->run, p, "moves"), "writes") == 0 &&
	       (strcmp(kind, "sector") == 0 || strcmp(kind, "raw") == 0 || strcmp(kind, "loop") == 0);
}

/* "sector on pm1s (BTT)"; the device is left out where there is one, and what it is where its
 * name says that. */
static void
name_all(struct chart *c, struct blocks *all)
{
	for (size_t i = 0; i < all->n; i++) {
		struct block *b = &all->b[i];
		const char *what = strcmp(b->kind, "sector") == 0 ? "BTT" : b->kind;

		b->name = all->one_target ? b->label
			: strcasestr(b->p->target, what)
			? arena_printf(c->mem, "%s on %s", b->label, b->p->target)
			: arena_printf(c->mem, "%s on %s (%s)", b->label, b->p->target, what);
	}
}

static struct blocks
collect(struct chart *c, const struct summary *s)
{
	struct blocks all = { .one_size = true, .one_target = true };
	uint64_t least = UINT64_MAX;
	struct labels labels;
	char buf[LABEL_MAX];

	labels_find(&labels, s->run);
	for (size_t i = 0; i < s->run->npoint; i++)
		if (fits(s, &s->run->point[i]) && s->run->point[i].threads < least)
			least = s->run->point[i].threads;
	for (size_t i = 0; i < s->run->npoint; i++) {
		const struct run_point *p = &s->run->point[i];

		if (p->threads != least || !fits(s, p))
			continue;
		all.b = arena_grow(c->mem, all.b, all.n, sizeof(*all.b));
		all.b[all.n++] = (struct block){
			.p = p, .sum = summary_headline(s, p), .kind = run_target(s->run, p->target, "kind"),
			.label = arena_strdup(c->mem, label_point(&labels, p, buf)),
		};
		all.one_size &= p->size == all.b[0].p->size;
		all.one_target &= p->target == all.b[0].p->target;
	}
	name_all(c, &all);
	return all;
}

/* The same op on a raw device, for a BTT; or NULL. */
static const struct block *
raw_of(const struct blocks *all, const struct block *btt, size_t *from)
{
	for (; strcmp(btt->kind, "sector") == 0 && *from < all->n; (*from)++) {
		const struct block *b = &all->b[*from];

		if (strcmp(b->kind, "raw") == 0 && strcmp(b->label, btt->label) == 0 && b->sum->v.est > 0 &&
		    b->p->size == btt->p->size && strcmp(b->p->mode, btt->p->mode) == 0)
			return &all->b[(*from)++];
	}
	return NULL;
}

/* The interval of a quotient from those of its sides: at least as wide as it should be. */
static struct chart_point
ratio(const struct block *btt, const struct block *raw)
{
	const struct interval *x = &btt->sum->v, *y = &raw->sum->v;

	return (struct chart_point){
		.x = (double)btt->p->size, .y = x->est / y->est, .lo = x->lo / y->hi, .hi = x->hi / y->lo,
		.a = NAN, .b = NAN, .n = btt->sum->n < raw->sum->n ? btt->sum->n : raw->sum->n,
	};
}

/* The panel it went to; -1: no room. */
static int
add(struct chart *c, const char *title, const struct block *b, const char *name, struct chart_point p)
{
	int panel = chart_panel(c, title);
	struct chart_series *s = panel < 0 ? NULL : chart_series(c, (uint32_t)panel, name, b->p->control);

	if (s == NULL)
		return -1;
	chart_add(c, s, p);
	chart_use(c, b->p);
	return panel;
}

static const char *
title_of(struct chart *c, const struct blocks *all, const struct block *b)
{
	const char *mode = strcmp(b->p->mode, "latency") == 0 ? "latency, drained stamp" : "amortised, throughput mode";

	return all->one_target ? arena_printf(c->mem, "%s; %s", chart_target_title(c, b->p), mode) : mode;
}

static struct chart_point
time_of(const struct block *b, double x)
{
	return (struct chart_point){ .x = x, .y = b->sum->v.est, .lo = b->sum->v.lo, .hi = b->sum->v.hi,
				     .a = NAN, .b = NAN, .n = b->sum->n };
}

static const char beside[] = "BTT beside raw";

static void
lines(struct chart *c, const struct blocks *all)
{
	const struct block *b, *raw;
	size_t from;

	for (b = all->b; b < all->b + all->n; b++) {
		struct chart_point p = time_of(b, (double)b->p->size);

		add(c, title_of(c, all, b), b, b->name, p);
		chart_widen(&c->ymin, &c->ymax, &p);
		c->xmin = isnan(c->xmin) ? p.x : fmin(c->xmin, p.x);
		c->xmax = isnan(c->xmax) ? p.x : fmax(c->xmax, p.x);
	}
	for (b = all->b; b < all->b + all->n; b++)
		for (from = 0; (raw = raw_of(all, b, &from)); )
			add(c, beside, b, arena_printf(c->mem, "%s %s / %s, %s", b->label, b->p->target,
						       raw->p->target, b->p->mode), ratio(b, raw));
	c->xticks = chart_size_ticks(c, c->xmin, c->xmax);
	c->xmin /= 1.25;
	c->xmax *= 1.25;
	c->xlabel = "bytes per op";
	c->ylabel = "time of one write";
	chart_style(c);
	for (size_t i = 0; i < c->npanel; i++) {
		struct chart_panel *p = &c->panel[i];

		p->linear = strcmp(p->title, beside) == 0;
		p->yticks = p->linear ? NULL : chart_ns_ticks(c, c->ymin / 1.3, c->ymax * 1.3, 10);
		p->ymin = p->linear ? 0 : c->ymin / 1.3;
		p->ymax = p->linear ? NAN : c->ymax * 1.3;
		p->ylabel = p->linear ? "times as long as raw" : NULL;
	}
}

static int
by_time(const void *a, const void *b)
{
	const struct block *x = a, *y = b;
	int d = strcmp(x->p->mode, y->p->mode);		/* latency first */

	if (d != 0)
		return d;
	if (x->sum->v.est != y->sum->v.est)
		return x->sum->v.est < y->sum->v.est ? -1 : 1;
	return (x->p > y->p) - (x->p < y->p);
}

/* How often as long as on the first raw device; "" without one. */
static const char *
against_raw(struct chart *c, const struct blocks *all, const struct block *b)
{
	size_t from = 0;
	const struct block *raw = raw_of(all, b, &from);
	struct chart_point p;

	if (raw == NULL)
		return "";
	p = ratio(b, raw);
	return isnan(p.lo) ? arena_printf(c->mem, "%.2f × %s", p.y, raw->p->target)
		: arena_printf(c->mem, "%.2f [%.2f, %.2f] × %s", p.y, p.lo, p.hi, raw->p->target);
}

static void
rows(struct chart *c, struct blocks *all)
{
	qsort(all->b, all->n, sizeof(*all->b), by_time);
	for (const struct block *b = all->b; b < all->b + all->n; b++) {
		const char *title = title_of(c, all, b);
		int panel = chart_panel(c, title);
		struct chart_point p = time_of(b, (double)all->row[panel] + 1);

		p.text = against_raw(c, all, b);
		p.name = b->name;
		all->ratio |= *p.text != '\0';
		if (add(c, title, b, b->name, p) < 0)
			continue;
		chart_row_tick(c, &c->panel[panel].yticks, b->name, ++all->row[panel]);
		chart_widen(&c->xmin, &c->xmax, &p);
		all->longest = strlen(b->name) > all->longest ? strlen(b->name) : all->longest;
	}
	c->xmin /= 1.4;
	c->xmax *= 1.4;
	c->xticks = chart_ns_ticks(c, c->xmin, c->xmax, 8);
	c->xlabel = "time of one write";
	chart_style(c);
}

static void
words(struct chart *c, const struct blocks *all)
{
	static const char *const columns[] = { "threads", "gap", "size", NULL }, *const no_size[] = { "threads", "gap", NULL };
	struct chart_media media = { 0 };
	const char *had;
	bool control = false;

	for (size_t i = 0; i < all->n; i++) {
		chart_medium(c, &media, all->b[i].p->medium);
		control |= all->b[i].p->control;
	}
	had = chart_says(c, all->one_size ? columns : no_size);
	c->note = arena_printf(c->mem,
		"%s; %s; bars: exact 95\u00a0%% interval; %s.%s",
		chart_media(c, &media), had, chart_n(c),
		control ? " Grey, open: controls, which promise no durability." : "");
	c->caption = arena_printf(c->mem,
		"Time of one write to a block device: median over the processes with its exact "
		"95\u00a0%% interval. Shown: %s; %s; %s. Kernels on mappings, which are of the page cache, "
		"and those that write nothing are left out. Only a device of kind sector (BTT) promises "
		"that a sector is all old or all new after a power cut. Ratios carry the widest interval "
		"that those of their sides allow.%s",
		chart_media(c, &media), had, chart_n(c),
		c->dropped ? " Some series found no room and are in summary.csv only." : "");
}

int
figure_sector_raw(struct chart *c, const struct summary *s)
{
	struct blocks all = collect(c, s);

	c->xmin = c->xmax = c->ymin = c->ymax = NAN;
	if (all.n == 0)
		return 0;
	if (all.one_size)
		rows(c, &all);
	else
		lines(c, &all);
	words(c, &all);
	if (all.one_size)
		chart_row_layout(c, all.row, all.longest, all.ratio ? 2.0 : 0.3, false);
	else
		chart_layout(c);
	return 0;
}
