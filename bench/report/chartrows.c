/* SPDX-License-Identifier: BSD-2-Clause */
/* Charts of rows: panels below each other, as high as they have rows. */
#include <ctype.h>
#include <math.h>
#include <string.h>

#include "chart.h"

/* Between double quotes gnuplot runs what stands in backquotes: plain characters only. */
void
chart_row_tick(struct chart *c, const char **ticks, const char *text, size_t row)
{
	char *label = arena_strdup(c->mem, chart_elide(c, text, 48));

	for (char *p = label; *p; p++)
		if (!isalnum((unsigned char)*p) && !strchr(" ._,=+:/()-", *p) && !((unsigned char)*p & 0x80))
			*p = '_';
	*ticks = arena_printf(c->mem, "%s%s\"%s\" %zu", *ticks ? *ticks : "", *ticks ? ", " : "", label, row);
}

void
chart_row_order(struct chart *c)
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

void
chart_row_layout(struct chart *c, const size_t *rows, size_t longest, double right, bool key)
{
	const double head = 0.25, row = 0.17, bottom = 0.16, axis = 0.40;
	double y = head, left = fmin(3.2, fmax(1.2, 0.065 * (double)longest + 0.15)), middle, room;

	c->rows = true;
	c->width = 7.2;
	middle = (left + c->width - right) / 2;
	room = 2 * fmin(middle, c->width - middle) - 0.2;
	c->key = key ? 0.25 : 0.05;
	c->key_columns = 6;
	c->foot = chart_foot(c);
	c->height = head + axis + c->key + c->foot;
	for (size_t i = 0; i < c->npanel; i++)
		c->height += (c->panel[i].subtitle ? 0.46 : 0.32) + bottom + row * (double)rows[i];
	for (size_t i = 0; i < c->npanel; i++) {
		struct chart_panel *p = &c->panel[i];
		const double top = p->subtitle ? 0.46 : 0.32;

		p->left = left / c->width;
		p->right = 1 - right / c->width;
		p->shown = chart_fit_title(c, p->title, c->width - left - right);
		if (p->subtitle)
			p->subtitle = chart_elide(c, p->subtitle, (size_t)(room * 19));
		p->top = 1 - (y + top) / c->height;
		y += top + bottom + row * (double)rows[i];
		p->bottom = 1 - (y - 0.06) / c->height;
		p->ymin = (double)rows[i] + 0.6;	/* row 1 on top */
		p->ymax = 0.4;
	}
}
