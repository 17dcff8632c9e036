/* SPDX-License-Identifier: BSD-2-Clause */
/* The form of rows: one a strategy, panels below each other, in one order. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "human.h"
#include "pivot.h"

enum { ROWS_MAX = 40 };

/* Each word's place among all: by what it took in the first panel that has it, the amortised last. */
struct rank { const char *word; double v; size_t panel; bool amortised; };

static int
by_rank(const void *a, const void *b)
{
	const struct rank *x = a, *y = b;

	if (x->amortised != y->amortised)
		return x->amortised ? 1 : -1;
	if (x->v != y->v)
		return x->v < y->v ? -1 : 1;
	return strcmp(x->word, y->word);
}

static size_t
ranked(const struct chart *c, const struct pivot *pv, struct rank *r)
{
	size_t n = 0, k;

	for (size_t i = 0; i < pv->n; i++) {
		const struct entry *e = &pv->e[i];
		size_t panel = 0;

		while (panel < c->npanel && strcmp(c->panel[panel].title, e->panel) != 0)
			panel++;
		for (k = 0; k < n && (strcmp(r[k].word, e->word) != 0 || r[k].amortised != e->k->amortised); k++)
			;
		if (k < n && (panel > r[k].panel || (panel == r[k].panel && e->k->v >= r[k].v)))
			continue;
		r[k] = (struct rank){ e->word, e->k->v, panel, e->k->amortised };
		n += k == n;
	}
	if (n > 0)
		qsort(r, n, sizeof *r, by_rank);
	return n;
}

static const char *
row_name(struct chart *c, const struct pivot *pv, const struct entry *e)
{
	char buf[HUMAN_MAX];
	const char *size = pv->f->data == DATA_LADDER && e->k->p->size != pv->all->size
		? arena_printf(c->mem, " %s", human_size(buf, e->k->p->size)) : "";

	return arena_printf(c->mem, "%s%s%s", e->word, size, e->k->amortised && !chart_narrow(c) ? " (amortised)" : "");
}

/* What stands at the right: durability where rows are strategies, else the number. */
static const char *
row_text(struct chart *c, const struct pivot *pv, const struct pick *k, bool safety)
{
	char buf[HUMAN_MAX], says[DURABLE_TEXT];

	/* In one column of a paper there is no room for what was tested. */
	if (safety)
		return arena_strdup(c->mem, durable_tested(says, k->p->durable, k->p->medium,
							   c->page.width > 0 && c->page.width < 5 ? "" : k->p->tested));
	if (pv->series.n > 0)
		return "";
	if (strcmp(form_unit(pv->f), "ns") == 0)
		return arena_strdup(c->mem, human_ns(buf, k->v));
	return isnan(k->lo) ? arena_printf(c->mem, "%.3g", k->v) : arena_printf(c->mem, "%.3g [%.3g, %.3g]", k->v, k->lo, k->hi);
}

static void
one_row(struct chart *c, const struct pivot *pv, const struct entry *e, size_t row, bool safety)
{
	const char *text = row_text(c, pv, e->k, safety);
	struct chart_series *s = form_series(c, e, safety ? durable_says(e->k->p->durable, e->k->p->medium) : pv->series.n ? e->series : e->k->p->kernel);
	struct chart_point p = form_point(e->k, (double)row);

	if (!s)
		return;
	p.text = text;
	p.name = row_name(c, pv, e);
	chart_add(c, s, p);
	chart_widen(&c->xmin, &c->xmax, &p);
	for (int i = 0; i < 2; i++) {
		const double t = i ? p.b : p.a;

		c->xmax = t > c->xmax ? t : c->xmax;
	}
	c->right = fmax(c->right, *text ? 0.3 + 0.066 * (double)chart_letters(text) : 0);
	if (safety)
		s->kernel = NULL;
}

/* One order of rows in all panels; those that came from throughput windows stand apart. */
void
form_rows(struct chart *c, struct pivot *pv)
{
	const bool safety = pv->series.n == 0 && !pv->f->base && strcmp(form_unit(pv->f), "ns") == 0;
	struct rank *r = arena_alloc(c->mem, pv->n + 1, sizeof *r);
	size_t n;

	n = ranked(c, pv, r);
	c->right = 0.12;
	for (size_t p = 0; p < c->npanel; p++)
		for (size_t k = 0, single = 0; k < n; k++) {	/* single: rows of single ops */
			bool here = false;

			for (size_t i = 0; i < pv->n; i++) {
				const struct entry *e = &pv->e[i];

				if (strcmp(e->word, r[k].word) != 0 || e->k->amortised != r[k].amortised ||
				    strcmp(e->panel, c->panel[p].title) != 0)
					continue;
				if (!here && c->panel[p].rows == ROWS_MAX) {
					chart_leave(c, e->panel, e->word);
					break;
				}
				if (!here && r[k].amortised && !c->panel[p].apart && single > 0)
					c->panel[p].apart = single;
				if (!here) {
					const char *name = row_name(c, pv, e);

					chart_row_tick(c, &c->panel[p].yticks, name, ++c->panel[p].rows);
					c->longest = chart_letters(name) > c->longest ? chart_letters(name) : c->longest;
				}
				single += !here && !r[k].amortised;
				here = true;
				one_row(c, pv, e, c->panel[p].rows, safety);
			}
		}
	if (safety)
		c->right = fmax(c->right, 0.75);
}

/* The x axis of rows: times by decades, ratios and counts as they are. */
void
form_row_axis(struct chart *c, const struct figure *f)
{
	const char *unit = form_unit(f);
	const double room = (c->page.width > 0 ? c->page.width : 7.2) - c->right - fmin(2, 0.07 * (double)c->longest);
	const bool log = strcmp(unit, "ns") == 0 || c->xmax > 20 * c->xmin;

	if (!isnan(c->level))
		chart_widen(&c->xmin, &c->xmax, &(struct chart_point){ .y = c->level, .lo = NAN, .hi = NAN });
	c->xscale = log && c->xmin > 0 ? SCALE_LOG : SCALE_LINEAR;
	c->xmin = c->xscale == SCALE_LOG ? c->xmin / 1.4 : 0;
	c->xmax *= c->xscale == SCALE_LOG ? 1.4 : 1.05;
	c->xticks = chart_ticks(c, unit, c->xscale, c->xmin, c->xmax, (int)fmax(2, room / 0.6));
}
