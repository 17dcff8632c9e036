/* SPDX-License-Identifier: BSD-2-Clause */
/* The laboratory's verdicts: a panel a place, a row an op, a column what ran beside. */
#include <math.h>
#include <string.h>

#include "pivot.h"

enum { COLUMNS_MAX = 16, ROWS_MAX = 40 };
struct class_grid { size_t n; const char *column[COLUMNS_MAX]; };

/* The colour of a cell: what the rule says of it matters where something was lost. */
static const char *
verdict(const struct pick *k)
{
	return k->v > 0 ? k->p->durable == DURABLE_YES ? "lost, though durable says yes" : "lost"
		: k->p->durable == DURABLE_YES ? "kept" : "kept, not promised";
}

/* From 0; COLUMNS_MAX: no room. */
static size_t
column(struct class_grid *g, const char *name)
{
	size_t i = 0;

	while (i < g->n && strcmp(g->column[i], name) != 0)
		i++;
	if (i == g->n && i < COLUMNS_MAX)
		g->column[g->n++] = name;
	return i;
}

/* The row of an op in its panel, from 1; 0: no room. */
static size_t
row(struct chart *c, const struct pivot *pv, size_t at)
{
	const struct entry *e = &pv->e[at];
	struct chart_panel *p = &c->panel[chart_panel(c, e->panel)];
	size_t before = 0;

	for (size_t i = 0; i < at; i++) {
		bool first = strcmp(pv->e[i].panel, e->panel) == 0;

		for (size_t k = 0; k < i && first; k++)
			first = strcmp(pv->e[k].panel, e->panel) != 0 || strcmp(pv->e[k].word, pv->e[i].word) != 0;
		before += first;
		if (strcmp(pv->e[i].panel, e->panel) == 0 && strcmp(pv->e[i].word, e->word) == 0)
			return before <= ROWS_MAX ? before : 0;
	}
	if (p->rows == ROWS_MAX)
		return 0;
	chart_row_tick(c, &p->yticks, e->word, ++p->rows);
	c->longest = chart_letters(e->word) > c->longest ? chart_letters(e->word) : c->longest;
	return p->rows;
}

/* "dedupe, other" of dedupe@other: what gnuplot would take for a macro. */
static const char *
column_words(struct chart *c, const char *name)
{
	const char *at = strchr(name, '@');

	return at ? arena_printf(c->mem, "%.*s, %s", (int)(at - name), name, at + 1) : *name ? name : "alone";
}

/* Below the columns; slanted where they do not stand side by side. */
static void
column_ticks(struct chart *c, const struct class_grid *g)
{
	const double wide = c->page.width > 0 ? c->page.width : 7.2;

	for (size_t i = 0; i < g->n; i++) {
		const char *words = column_words(c, g->column[i]);

		chart_row_tick(c, &c->xticks, words, i + 1);
		c->xlongest = chart_letters(words) > c->xlongest ? chart_letters(words) : c->xlongest;
	}
	/* The names of the rows have at most 0.45 of the width. */
	c->slanted = (0.55 * wide - 0.14) / (double)(g->n ? g->n : 1) < 0.075 * (double)c->xlongest;
	c->xmin = 0.4;
	c->xmax = (double)g->n + 0.6;
	c->xscale = SCALE_LINEAR;
}

static bool
same_cell(const struct entry *a, const struct entry *b)
{
	return strcmp(a->panel, b->panel) == 0 && strcmp(a->word, b->word) == 0 && strcmp(a->series, b->series) == 0;
}

/* Several targets of one class, such as pages of 4K and of 2M, are one cell: all of their cuts. */
static void
gather(struct pivot *pv)
{
	size_t n = 0, k;

	for (size_t i = 0; i < pv->n; i++) {
		struct pick *sum = arena_alloc(pv->mem, 1, sizeof *sum);

		for (k = 0; k < n && !same_cell(&pv->e[k], &pv->e[i]); k++)
			;
		*sum = *pv->e[i].k;
		if (k < n) {
			sum->n += pv->e[k].k->n;
			sum->clean += pv->e[k].k->clean;
			sum->v = 1 - (double)sum->clean / (double)sum->n;
		} else {
			pv->e[n++] = pv->e[i];
		}
		pv->e[k].k = sum;
	}
	pv->n = n;
}

void
form_matrix(struct chart *c, struct pivot *pv)
{
	struct class_grid g = { 0 };

	gather(pv);
	for (size_t i = 0; i < pv->n; i++) {
		const struct entry *e = &pv->e[i];
		const bool room = chart_panel(c, e->panel) >= 0;
		const size_t at = column(&g, e->series), y = room ? row(c, pv, i) : 0;
		struct chart_series *s = y && at < COLUMNS_MAX ? form_series(c, e, verdict(e->k)) : NULL;

		if (!s) {
			chart_leave(c, e->panel, e->word);
			continue;
		}
		s->kernel = NULL;
		chart_add(c, s, (struct chart_point){
			.x = (double)y, .y = (double)at + 1, .lo = NAN, .hi = NAN, .a = e->k->v, .b = NAN, .n = e->k->n,
			.text = arena_printf(c->mem, "%u/%u", e->k->n - e->k->clean, e->k->n), .name = e->word,
		});
	}
	column_ticks(c, &g);
	c->right = 0.14;
	c->a = "lost";
}
