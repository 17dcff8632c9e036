/* SPDX-License-Identifier: BSD-2-Clause */
#include "palette.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Filled ones are one above their open ones. */
static const int open_points[] = { 6, 4, 8, 14, 10, 12 };
static const char *const colors[] = { "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#B07800" };
static const int dashes[] = { 1, 5, 4, 3 };
enum { POINTS = sizeof open_points / sizeof *open_points, COLORS = sizeof colors / sizeof *colors,
       DASHES = sizeof dashes / sizeof *dashes };

static int
take(struct palette *p, struct arena *mem, char *line)
{
	char *save, *name = strtok_r(line, "\t\n", &save), *color = strtok_r(NULL, "\t\n", &save);
	char *point = strtok_r(NULL, "\t\n", &save), *dash = strtok_r(NULL, "\t\n", &save);
	struct palette_row row;

	if (!dash || *color != '#' || strlen(color) != 7 || strspn(color + 1, "0123456789abcdefABCDEF") != 6 ||
	    palette_find(p, name, strlen(name)))
		return -EINVAL;
	row = (struct palette_row){ arena_strdup(mem, name), { arena_strdup(mem, color), atoi(point), atoi(dash) } };
	p->row = arena_grow(mem, p->row, p->n, sizeof *p->row);
	p->row[p->n++] = row;
	return row.look.point > 0 && row.look.dash > 0 ? 0 : -EINVAL;
}

int
palette_load(struct palette *p, struct arena *mem, const char *dir, char *why, size_t len)
{
	const char *path = arena_printf(mem, "%s/palette.tsv", dir);
	char line[256];
	FILE *f = fopen(path, "re");
	int rc = 0;

	*p = (struct palette){ 0 };
	if (!f) {
		rc = -errno;
		snprintf(why, len, "%s: %s", path, strerror(-rc));
		return rc;
	}
	for (unsigned n = 1; rc == 0 && fgets(line, sizeof line, f); n++)
		if (*line != '#' && *line != '\n' && (rc = take(p, mem, line)) < 0)
			snprintf(why, len, "%s:%u: expected a new name, #RRGGBB, point and dash, "
					   "with tabs between",
				 path, n);
	fclose(f);
	return rc;
}

const struct palette_look *
palette_find(const struct palette *p, const char *name, size_t len)
{
	for (size_t i = 0; i < p->n; i++)
		if (strlen(p->row[i].name) == len && strncmp(p->row[i].name, name, len) == 0)
			return &p->row[i].look;
	return NULL;
}

struct palette_look
palette_other(const char *name)
{
	unsigned h = 2166136261u;	/* FNV-1a */

	for (; *name; name++)
		h = (h ^ (unsigned char)*name) * 16777619u;
	return (struct palette_look){ colors[h % COLORS], open_points[h / COLORS % POINTS] + 1, dashes[0] };
}

struct palette_look
palette_variant(struct palette_look l, size_t nth)
{
	size_t p = 0, d = 0;
	int filled = 0;

	while (p < POINTS && open_points[p] != l.point && open_points[p] + 1 != l.point)
		p++;
	while (d < DASHES && dashes[d] != l.dash)
		d++;
	if (p < POINTS && nth > 0) {
		filled = l.point - open_points[p];
		l.point = open_points[(p + nth) % POINTS] + filled;
		l.dash = dashes[(d + nth) % DASHES];
	}
	return l;
}
