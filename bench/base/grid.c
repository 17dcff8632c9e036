/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <libsmartcols/libsmartcols.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "grid.h"
#include "wrap.h"

enum { COLUMNS = 72, LEAST = 10 };

struct grid {
	size_t columns, rows;
	struct { char *heading; int flags; size_t widest, width; } column[COLUMNS];
	char **cell;			/* columns of them a row */
	bool lost;			/* there was no memory */
};

struct grid *
grid_new(void)
{
	return calloc(1, sizeof(struct grid));
}

static char *
keep(struct grid *g, size_t column, const char *text)
{
	char *copy = strdup(text);
	const size_t n = strlen(text);

	g->lost |= !copy;
	if (n > g->column[column].widest)
		g->column[column].widest = n;
	return copy;
}

void
grid_column(struct grid *g, const char *heading, int flags)
{
	if (!g || g->columns == COLUMNS)
		return;
	g->column[g->columns].flags = flags;
	g->column[g->columns].widest = 1;
	g->column[g->columns].heading = keep(g, g->columns, heading);
	g->columns++;
}

void
grid_row(struct grid *g, const char *const *text)
{
	char **cell = g ? reallocarray(g->cell, (g->rows + 1) * g->columns, sizeof *cell) : NULL;

	if (!cell) {
		if (g)
			g->lost = true;
		return;
	}
	g->cell = cell;
	for (size_t c = 0; c < g->columns; c++)
		cell[g->rows * g->columns + c] = keep(g, c, text[c]);
	g->rows++;
}

/* Those that may be broken share what the others leave of the line: the narrow get what they
 * want, the rest of it is shared alike. */
static void
share(struct grid *g, size_t width)
{
	size_t room = width, open = 0, settled;

	for (size_t c = 0; c < g->columns; c++) {
		const bool fixed = !(g->column[c].flags & GRID_WRAP);
		const size_t takes = (c > 0) + (fixed ? g->column[c].widest : 0);

		room -= takes < room ? takes : room;
		open += !fixed;
		g->column[c].width = fixed ? g->column[c].widest : 0;
	}
	do {
		settled = 0;
		for (size_t c = 0; c < g->columns; c++)
			if (!g->column[c].width && g->column[c].widest <= room / open) {
				g->column[c].width = g->column[c].widest;
				room -= g->column[c].width;
				open--;
				settled++;
			}
	} while (settled && open);
	for (size_t c = 0; c < g->columns; c++)
		if (!g->column[c].width)
			g->column[c].width = room / open > LEAST ? room / open : LEAST;
}

static struct libscols_table *
new_table(const struct grid *g, FILE *f)
{
	struct libscols_table *t;

	scols_init_debug(0);
	t = scols_new_table();
	for (size_t c = 0; t && c < g->columns; c++) {
		const bool right = g->column[c].flags & GRID_RIGHT;
		struct libscols_column *column = scols_table_new_column(t, g->column[c].heading, 0,
									right ? SCOLS_FL_RIGHT : SCOLS_FL_WRAP);

		if (!column || right)
			continue;
		scols_column_set_safechars(column, "\n");
		scols_column_set_wrapfunc(column, scols_wrapnl_chunksize, scols_wrapnl_nextchunk, NULL);
	}
	if (t) {
		scols_table_set_stream(t, f);
		scols_table_set_termforce(t, SCOLS_TERMFORCE_NEVER);	/* it is made to fit here */
	}
	return t;
}

static int
add_row(struct libscols_table *t, const struct grid *g, char *const *cell, bool fit)
{
	struct libscols_line *line = scols_table_new_line(t, NULL);

	for (size_t c = 0; line && c < g->columns; c++) {
		const bool broken = fit && g->column[c].flags & GRID_WRAP && cell[c][0];
		char *text = broken ? wrap_text(cell[c], g->column[c].width) : strdup(cell[c]);

		if (!text || scols_line_refer_data(line, c, text) != 0)
			return -ENOMEM;
	}
	return line ? 0 : -ENOMEM;
}

void
grid_free(struct grid *g)
{
	for (size_t k = 0; g && k < g->rows * g->columns; k++)
		free(g->cell[k]);
	for (size_t c = 0; g && c < g->columns; c++)
		free(g->column[c].heading);
	if (g)
		free(g->cell);
	free(g);
}

int
grid_print(struct grid *g, FILE *f)
{
	struct libscols_table *t = NULL;
	const bool fit = isatty(fileno(f)) || getenv("COLUMNS");
	int rc = g && !g->lost ? 0 : -ENOMEM;

	if (rc == 0) {
		share(g, wrap_width(f));
		t = new_table(g, f);
		rc = t ? 0 : -ENOMEM;
	}
	for (size_t r = 0; rc == 0 && r < g->rows; r++)
		rc = add_row(t, g, g->cell + r * g->columns, fit);
	if (rc == 0)
		rc = scols_print_table(t);
	scols_unref_table(t);
	grid_free(g);
	return rc;
}
