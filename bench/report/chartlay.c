/* SPDX-License-Identifier: BSD-2-Clause */
/* Where everything stands: inches of type at 8 pt, whatever the width. */
#include <ctype.h>
#include <math.h>
#include <string.h>

#include "chart.h"

/* Of a letter of 8 pt, of 6.5 pt (notes), of 9 pt (titles), of a line of these. */
#define LETTER 0.068
#define SMALL  0.0545
#define LARGE  0.077
/* What gnuplot takes a letter of an SVG's key for, wider than it is: with less room it warns. */
#define SVG_LETTER 0.079
static const double line_note = 0.125, line_title = 0.17, line_key = 0.175;

/* Title above, note below. */
static void
lay_words(struct chart *c)
{
	c->titles.n = c->notes.n = 0;
	if (!c->page.bare) {
		chart_wrap(c, &c->titles, c->title, (size_t)((c->width - 0.2) / LARGE), 3);
		chart_wrap(c, &c->notes, c->note ? c->note : "", (size_t)((c->width - 0.2) / SMALL), CHART_LINES);
	}
	c->head = c->titles.n ? 0.08 + line_title * (double)c->titles.n : 0.02;
	c->foot = 0.06 + line_note * (double)c->notes.n;
}

/* Does a word beside each mark say what the key would? */
static bool
said_beside(const struct chart *c)
{
	const struct chart_series *s = c->series;

	return c->form == FORM_ROWS && c->nseries > 0 && s->n > 0 && s->p[0].text && strcmp(s->p[0].text, s->name) == 0;
}

/* Columns of the key, for the longest name, and how high it will be. */
static void
lay_key(struct chart *c)
{
	size_t n = 0, longest = 1, j;

	for (size_t i = 0; i < c->nseries; i++) {
		struct chart_series *s = &c->series[i];
		size_t len;

		s->shown = chart_elide(c, s->name, (size_t)((c->width - 0.54) / SVG_LETTER));
		len = chart_letters(s->shown);
		for (j = 0; j < i && strcmp(c->series[i].name, c->series[j].name) != 0; j++)
			;
		n += j == i;
		longest = len > longest ? len : longest;
	}
	c->key_columns = (size_t)fmax(1, 0.96 * c->width / (0.48 + SVG_LETTER * (double)longest));
	c->key = c->form != FORM_HEAT && !said_beside(c) && (n > 1 || c->form != FORM_ROWS) ? 0.1 + line_key * (double)((n + c->key_columns - 1) / c->key_columns) : 0.04;
}

/* Two columns of panels where the page is wide enough. */
static size_t
columns(const struct chart *c)
{
	return c->npanel > 1 && (c->page.width == 0 || c->page.width > 5) ? 2 : 1;
}

static const double grid_left = 0.80, grid_right = 0.14;

static double
panel_width(const struct chart *c)
{
	if (c->page.width > 0)
		return c->page.width / (double)columns(c);
	return columns(c) == 2 ? 3.6 : 4.8;
}

double
chart_span(const struct chart *c)
{
	return panel_width(c) - grid_left - grid_right;
}

void
chart_layout(struct chart *c)
{
	const size_t cols = columns(c), rows = (c->npanel + cols - 1) / cols;
	const double wide = panel_width(c), top = 0.28, slant = c->slanted ? 0.058 * (double)c->longest : 0;
	const double bottom = (c->xlabel && *c->xlabel ? 0.42 : 0.26) + slant;
	const double high = fmin(3.0, fmax(1.9, 0.62 * wide)) + slant;

	c->width = wide * (double)cols;
	c->ylabel = chart_elide(c, c->ylabel, (size_t)((high - top - bottom + 0.12) / LETTER));
	lay_key(c);
	lay_words(c);
	c->height = c->head + high * (double)rows + c->key + c->foot;
	for (size_t i = 0; i < c->npanel; i++) {
		const double x = wide * (double)(i % cols), y = c->head + high * (double)(i / cols);
		struct chart_panel *p = &c->panel[i];

		p->shown = chart_fit_title(c, p->title, (size_t)((wide - 0.15) / LETTER));
		p->left = (x + grid_left) / c->width;
		p->right = (x + wide - grid_right) / c->width;
		p->top = 1 - (y + top) / c->height;
		p->bottom = 1 - (y + high - bottom) / c->height;
	}
}

/* Between double quotes gnuplot runs what stands in backquotes: plain characters only. */
void
chart_row_tick(struct chart *c, const char **ticks, const char *text, size_t row)
{
	char *label = arena_strdup(c->mem, text);

	for (char *p = label; *p; p++)
		if (!isalnum((unsigned char)*p) && !strchr(" ._,=+:/()-<>[]", *p) && !((unsigned char)*p & 0x80))
			*p = '_';
	*ticks = arena_printf(c->mem, "%s%s\"%s\" %zu", *ticks ? *ticks : "", *ticks ? ", " : "", label, row);
}

/* The words of the ticks, each at most so many letters. */
static const char *
cut_ticks(struct chart *c, const char *ticks, size_t most)
{
	const char *out = "";

	for (const char *s = ticks; s && *s == '"'; ) {
		const size_t n = strcspn(s + 1, "\""), rest = strcspn(s + n + 2, "\"");

		out = arena_printf(c->mem, "%s\"%s\"%.*s", out, chart_elide(c, arena_strndup(c->mem, s + 1, n), most),
				   (int)rest, s + n + 2);
		s += n + 2 + rest;
	}
	return out;
}

/* Above a panel's rows, inches. */
static double
title_height(const struct chart_panel *p)
{
	return p->subtitle ? 0.42 : 0.27;
}

void
chart_row_layout(struct chart *c)
{
	const double row = 0.165, bottom = 0.14, slant = c->slanted ? 0.058 * (double)c->xlongest : 0;
	const double axis = (c->xlabel && *c->xlabel ? 0.40 : 0.26) + slant;
	double y, left, room;

	c->width = c->page.width > 0 ? c->page.width : 7.2;
	left = fmin(0.45 * c->width, fmax(0.6, LETTER * (double)c->longest + 0.12));
	room = c->width - c->right - 0.9;
	left = fmax(0.5, fmin(left, room));
	lay_key(c);
	lay_words(c);
	y = c->head;
	c->height = c->head + axis + c->key + c->foot;
	for (size_t i = 0; i < c->npanel; i++)
		c->height += title_height(&c->panel[i]) + bottom + row * (double)c->panel[i].rows;
	for (size_t i = 0; i < c->npanel; i++) {
		struct chart_panel *p = &c->panel[i];
		const double top = title_height(p);

		p->left = left / c->width;
		p->right = 1 - c->right / c->width;
		p->shown = chart_fit_title(c, p->title, (size_t)((c->width - 0.75) / LETTER));
		p->yticks = cut_ticks(c, p->yticks, (size_t)((left - 0.08) / LETTER));
		if (p->subtitle)
			p->subtitle = chart_elide(c, p->subtitle, (size_t)((c->width - c->right - 0.1) / SMALL));
		p->top = 1 - (y + top) / c->height;
		y += top + bottom + row * (double)p->rows;
		p->bottom = 1 - (y - 0.06) / c->height;
		p->ymin = (double)p->rows + 0.6;	/* row 1 on top */
		p->ymax = 0.4;
	}
}
