/* SPDX-License-Identifier: BSD-2-Clause */
/* plots/literature.tsv: published points beside ours, where they say the same thing. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "datadir.h"
#include "pivot.h"
#include "text.h"

enum { L_FIGURE, L_SERIES, L_MEDIUM, L_X, L_VALUE_X, L_METRIC, L_VALUE, L_STAMP, L_STATISTIC, L_LINE, L_SOURCE, LCOLUMNS };

/* Fields between tabs; false: not so many. */
static bool
split(char *line, char **field)
{
	size_t n = 0;

	line[strcspn(line, "\n")] = '\0';
	for (char *p = line; p && n < LCOLUMNS; n++) {
		field[n] = p;
		p = strchr(p, '\t');
		if (p)
			*p++ = '\0';
	}
	return n == LCOLUMNS;
}

/* The one value that all rows have; "" of several. */
static const char *
only(const struct pivot *pv, const char *name)
{
	const char *v = pv->n ? pick_field(pv->e[0].k, name) : "";

	for (size_t i = 1; i < pv->n; i++)
		if (strcmp(pick_field(pv->e[i].k, name), v) != 0)
			return "";
	return v;
}

/* Stamp, statistic, line and x must be ours; an amortised time or a rate has neither stamp nor line. */
static bool
agrees(const struct pivot *pv, char *const *field)
{
	const char *y = pv->f->y.name.name[0];
	const int m = metric_find(y);
	const bool latency = m >= 0 && metrics[m].latency;

	return strcmp(field[L_FIGURE], pv->f->overlay) == 0 && strcmp(field[L_X], pv->f->x.name.name[0]) == 0 &&
		strcmp(field[L_METRIC], y) == 0 && !pv->f->base &&
		strcmp(field[L_STAMP], latency ? stamp_name[metrics[m].stamp] : "-") == 0 &&
		strcmp(field[L_STATISTIC], latency ? "median" : "amortised") == 0 &&
		(!latency || strcmp(field[L_LINE], only(pv, "line")) == 0);
}

/* A panel whose medium is of the same sort. */
static bool
belongs(const struct chart *c, size_t panel, const char *medium)
{
	const char *title = strrchr(c->panel[panel].title, ':');

	if (!title)
		return false;
	if (strcmp(medium, "optane") == 0)
		return strncmp(title, ": optane", 8) == 0;
	return strncmp(title + 2, medium, strlen(medium)) == 0;
}

size_t
literature_add(struct chart *c, const struct pivot *pv)
{
	char line[1024], *field[LCOLUMNS];
	FILE *f = fopen(arena_printf(c->mem, "%s/plots/literature.tsv", data_dir()), "re");
	size_t added = 0;

	while (f && fgets(line, sizeof line, f)) {
		uint64_t x;

		if (*line == '#' || !split(line, field) || !agrees(pv, field) || text_size(field[L_VALUE_X], &x))
			continue;
		for (size_t p = 0; p < c->npanel; p++) {
			const char *name = arena_printf(c->mem, "%s, %s", field[L_SERIES], field[L_SOURCE]);
			struct chart_series *s = belongs(c, p, field[L_MEDIUM]) ? chart_series(c, (uint32_t)p, name, false) : NULL;

			if (!s)
				continue;
			s->published = true;
			s->kernel = arena_strndup(c->mem, field[L_SERIES], strcspn(field[L_SERIES], " "));
			chart_add(c, s, (struct chart_point){ .x = (double)x, .y = strtod(field[L_VALUE], NULL), .lo = NAN, .hi = NAN,
							      .a = NAN, .b = NAN });
			c->xmin = fmin(c->xmin, (double)x);
			c->xmax = fmax(c->xmax, (double)x);
			added++;
		}
	}
	if (f)
		fclose(f);
	return added;
}
