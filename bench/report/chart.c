/* SPDX-License-Identifier: BSD-2-Clause */
#include "chart.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

int
chart_panel(struct chart *c, const char *title)
{
	for (size_t i = 0; i < c->npanel; i++)
		if (strcmp(c->panel[i].title, title) == 0)
			return (int)i;
	if (c->npanel == CHART_PANELS)
		return -1;
	c->panel[c->npanel].title = arena_strdup(c->mem, title);
	return (int)c->npanel++;
}

void
chart_leave(struct chart *c, const char *panel, const char *name)
{
	for (size_t i = 0; i < c->nleft; i++)
		if (strcmp(c->left[i].panel, panel) == 0 && strcmp(c->left[i].name, name) == 0)
			return;
	c->left = arena_grow(c->mem, c->left, c->nleft, sizeof *c->left);
	c->left[c->nleft].panel = arena_strdup(c->mem, panel);
	c->left[c->nleft++].name = arena_strdup(c->mem, name);
}

struct chart_series *
chart_series(struct chart *c, uint32_t panel, const char *name, bool control)
{
	const size_t most = chart_narrow(c) ? CHART_NAMES / 2 : CHART_NAMES;
	size_t here = 0;
	bool known = false;

	for (size_t i = 0; i < c->nseries; i++) {
		const bool same = strcmp(c->series[i].name, name) == 0;

		if (same && c->series[i].panel == panel)
			return &c->series[i];
		known |= same;
		here += c->series[i].panel == panel;
	}
	if (here == CHART_SERIES || (!known && c->nname == most)) {
		chart_leave(c, c->panel[panel].title, name);
		return NULL;
	}
	c->nname += !known;
	c->series = arena_grow(c->mem, c->series, c->nseries, sizeof *c->series);
	c->series[c->nseries] = (struct chart_series){
		.name = arena_strdup(c->mem, name), .panel = panel, .control = control,
	};
	return &c->series[c->nseries++];
}

static int
by_x(const void *a, const void *b)
{
	const struct chart_point *x = a, *y = b;

	return (x->x > y->x) - (x->x < y->x);
}

void
chart_add(struct chart *c, struct chart_series *s, struct chart_point p)
{
	const bool behind = s->n == 0 || p.x > s->p[s->n - 1].x;

	for (size_t i = 0; i < s->n && !behind; i++)
		if (s->p[i].x == p.x && (c->form != FORM_MATRIX || s->p[i].y == p.y))
			return;		/* the same point in two benches: once is enough */
	s->p = arena_grow(c->mem, s->p, s->n, sizeof *s->p);
	s->p[s->n++] = p;
	if (!behind)
		qsort(s->p, s->n, sizeof *s->p, by_x);
	if (p.n > 0) {
		c->n_least = c->n_least && c->n_least < p.n ? c->n_least : p.n;
		c->n_most = c->n_most > p.n ? c->n_most : p.n;
	}
}

void
chart_widen(double *lo, double *hi, const struct chart_point *p)
{
	double a = isnan(p->lo) ? p->y : p->lo, b = isnan(p->hi) ? p->y : p->hi;

	*lo = isnan(*lo) || a < *lo ? a : *lo;
	*hi = isnan(*hi) || b > *hi ? b : *hi;
}

void
chart_order(struct chart *c)
{
	struct chart_series *sorted = arena_alloc(c->mem, c->nseries + 1, sizeof *sorted);
	size_t n = 0, kept = 0;

	for (size_t panel = 0; panel < c->npanel; panel++) {
		const size_t first = n;

		for (size_t i = 0; i < c->nseries; i++)
			if (c->series[i].panel == panel) {
				sorted[n] = c->series[i];
				sorted[n++].panel = (uint32_t)kept;
			}
		if (n == first)
			continue;
		c->panel[kept] = c->panel[panel];
		c->panel[kept].first = first;
		c->panel[kept++].last = n - 1;
	}
	c->npanel = kept;
	c->series = sorted;
}

/* What a series is called after: its kernel, or the word of the palette that it begins with; else
 * itself. */
static const char *
root(const struct chart *c, const struct palette *pal, const struct chart_series *s)
{
	const size_t n = strcspn(s->name, " ,");

	if (s->kernel)
		return s->kernel;
	return !palette_find(pal, s->name, strlen(s->name)) && palette_find(pal, s->name, n)
		? arena_strndup(c->mem, s->name, n) : s->name;
}

/* The how-manieth of the names of its root it is, whatever the order and the panel. */
static size_t
rank(const struct chart *c, const char *const *root_of, size_t at)
{
	const struct chart_series *s = c->series;
	size_t n = 0, k;

	for (size_t i = 0; i < c->nseries; i++) {
		if (strcmp(root_of[i], root_of[at]) != 0 || strcmp(s[i].name, s[at].name) >= 0)
			continue;
		for (k = 0; k < i && strcmp(s[k].name, s[i].name) != 0; k++)
			;
		n += k == i;
	}
	return n;
}

/* Names that are no strategy and would have one colour are moved on, while there are others. */
static void
part(struct chart *c, size_t at)
{
	struct chart_series *s = c->series;

	for (size_t tries = 0; tries < 12; tries++) {
		size_t i = 0;

		while (i < at && (strcmp(s[i].name, s[at].name) == 0 || strcmp(s[i].look.color, s[at].look.color) != 0))
			i++;
		if (i == at)
			return;
		s[at].look = palette_other(arena_printf(c->mem, "%s%zu", s[at].name, tries));
	}
}

void
chart_style(struct chart *c, const struct palette *pal)
{
	const char **root_of = arena_alloc(c->mem, c->nseries + 1, sizeof *root_of);

	for (size_t i = 0; i < c->nseries; i++)
		root_of[i] = root(c, pal, &c->series[i]);
	for (size_t i = 0; i < c->nseries; i++) {
		struct chart_series *s = &c->series[i];
		const struct palette_look *l = palette_find(pal, root_of[i], strlen(root_of[i]));

		s->look = palette_variant(l ? *l : palette_other(root_of[i]), rank(c, root_of, i));
		if (s->published && s->look.point % 2)
			s->look.point--;
		if (s->published)
			s->look.dash = 2;
		if (!l && !s->kernel)
			part(c, i);
		/* The same name in another panel. */
		for (size_t k = 0; k < i; k++)
			if (strcmp(c->series[k].name, s->name) == 0)
				s->look = c->series[k].look;
	}
}
