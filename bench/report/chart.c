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

struct chart_series *
chart_series(struct chart *c, uint32_t panel, const char *name, bool control)
{
	size_t here = 0;

	for (size_t i = 0; i < c->nseries; i++) {
		if (c->series[i].panel != panel)
			continue;
		if (strcmp(c->series[i].name, name) == 0)
			return &c->series[i];
		here++;
	}
	if (here == CHART_SERIES) {
		c->dropped++;
		return NULL;
	}
	c->series = arena_grow(c->mem, c->series, c->nseries, sizeof(*c->series));
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
	bool behind = s->n == 0 || p.x > s->p[s->n - 1].x;

	for (size_t i = 0; i < s->n && !behind; i++)
		if (s->p[i].x == p.x)
			return;		/* the same point in two benches: once is enough */
	s->p = arena_grow(c->mem, s->p, s->n, sizeof(*s->p));
	s->p[s->n++] = p;
	if (!behind)
		qsort(s->p, s->n, sizeof(*s->p), by_x);
	if (p.n > 0) {
		c->n_least = c->n_least && c->n_least < p.n ? c->n_least : p.n;
		c->n_most = c->n_most > p.n ? c->n_most : p.n;
		c->missing += isnan(p.lo);
	}
}

void
chart_widen(double *lo, double *hi, const struct chart_point *p)
{
	double a = isnan(p->lo) ? p->y : p->lo, b = isnan(p->hi) ? p->y : p->hi;

	*lo = isnan(*lo) || a < *lo ? a : *lo;
	*hi = isnan(*hi) || b > *hi ? b : *hi;
}

/* Okabe and Ito's colours that carry on white, by kernel; greys are for controls. */
static const char *const colors[] = {
	"#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#000000",
};
enum { COLORS = sizeof(colors) / sizeof(colors[0]), SHAPES = 6, DASHES = 4 };
static const int shapes[SHAPES] = { 7, 5, 9, 15, 11, 13 }, open_shapes[SHAPES] = { 6, 4, 8, 14, 10, 12 };
static const int dashes[DASHES] = { 1, 5, 4, 3 }, control_dash[DASHES] = { 2, 3, 4, 5 };

/* The how-manieth kernel of its sort (control or not) a name begins with, in the run. */
static size_t
kernel_rank(const struct run *run, const char *name, bool control)
{
	const char *seen[256];
	size_t n = 0, k;

	for (size_t i = 0; i < run->npoint && n < 256; i++) {
		const struct run_point *p = &run->point[i];
		size_t len = strlen(p->kernel);

		if (p->control != control)
			continue;
		for (k = 0; k < n && seen[k] != p->kernel; k++)
			;
		if (k == n)
			seen[n++] = p->kernel;
		if (strncmp(name, p->kernel, len) == 0 && (name[len] == '\0' || name[len] == ' '))
			return k;
	}
	return n;
}

/* The how-manieth of the names of its kernel it is, whatever the order and the panel. */
static size_t
name_rank(const struct chart *c, const size_t *kernel, size_t at)
{
	const struct chart_series *s = c->series;
	size_t n = 0, k;

	for (size_t i = 0; i < c->nseries; i++) {
		if (s[i].control != s[at].control || kernel[i] != kernel[at] || strcmp(s[i].name, s[at].name) >= 0)
			continue;
		for (k = 0; k < i && strcmp(s[k].name, s[i].name) != 0; k++)
			;
		n += k == i;
	}
	return n;
}

static int
by_panel(const void *a, const void *b)
{
	const struct chart_series *x = a, *y = b;

	if (x->panel != y->panel)
		return x->panel < y->panel ? -1 : 1;
	return (x->p > y->p) - (x->p < y->p);
}

void
chart_style(struct chart *c)
{
	/* qsort is not stable: a pointer of its own keeps the order within a panel. */
	struct chart_point **kept = arena_alloc(c->mem, c->nseries + 1, sizeof(*kept));
	struct chart_point *order = arena_alloc(c->mem, c->nseries + 1, sizeof(*order));
	size_t *kernel = arena_alloc(c->mem, c->nseries + 1, sizeof(*kernel));

	for (size_t i = 0; i < c->nseries; i++)
		kernel[i] = kernel_rank(c->run, c->series[i].name, c->series[i].control);
	for (size_t i = 0; i < c->nseries; i++) {
		struct chart_series *s = &c->series[i];
		size_t k = kernel[i], same = name_rank(c, kernel, i);

		s->color = s->control ? "#767676" : colors[k % COLORS];
		s->point = (s->control ? open_shapes : shapes)[(k + same) % SHAPES];
		s->dash = s->control ? control_dash[(k + same) % DASHES] : dashes[(k / COLORS + same) % DASHES];
		kept[i] = s->p;
		s->p = &order[i];
	}
	qsort(c->series, c->nseries, sizeof(*c->series), by_panel);
	for (size_t i = 0; i < c->nseries; i++) {
		struct chart_series *s = &c->series[i];
		struct chart_panel *p = &c->panel[s->panel];

		s->p = kept[s->p - order];
		if (i == 0 || c->series[i - 1].panel != s->panel)
			p->first = i;
		p->last = i;
	}
}

/* Columns of the key, for the longest name, and how high it will be. */
static void
lay_key(struct chart *c)
{
	size_t n = 0, longest = 1, j;

	for (size_t i = 0; i < c->nseries; i++) {
		struct chart_series *s = &c->series[i];
		size_t len;

		s->shown = chart_elide(c, s->name, (size_t)((c->width - 1) / 0.066));
		len = strlen(s->shown);
		for (j = 0; j < i && strcmp(c->series[i].name, c->series[j].name) != 0; j++)
			;
		n += j == i;
		longest = len > longest ? len : longest;
	}
	c->key_columns = (size_t)fmax(1, 0.96 * c->width / (0.58 + 0.072 * (double)longest));
	c->key = 0.1 + 0.165 * (double)((n + c->key_columns - 1) / c->key_columns);
}

void
chart_layout(struct chart *c)
{
	const double left = 0.88, right = 0.2, top = 0.30, bottom = 0.46;
	size_t columns = c->npanel > 1 ? 2 : 1, rows = (c->npanel + columns - 1) / columns;
	double wide = columns == 2 ? 3.6 : 4.8, high = columns == 2 ? 2.5 : 3.0;

	c->width = wide * (double)columns;
	lay_key(c);
	c->foot = chart_foot(c);
	c->height = 0.25 + high * (double)rows + c->key + c->foot;
	for (size_t i = 0; i < c->npanel; i++) {
		double x = wide * (double)(i % columns), y = 0.25 + high * (double)(i / columns);
		struct chart_panel *p = &c->panel[i];

		p->shown = chart_fit_title(c, p->title, wide - left + right);
		p->left = (x + left) / c->width;
		p->right = (x + wide - right) / c->width;
		p->top = 1 - (y + top) / c->height;
		p->bottom = 1 - (y + high - bottom) / c->height;
	}
}
