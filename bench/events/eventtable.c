/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <libsmartcols/libsmartcols.h>
#include <stdbool.h>
#include <string.h>
#include "eventtable.h"
#include "wrap.h"

enum { COLUMNS_MAX = 4, CELL = 1200, LAST_LEAST = 30 };

/* The last column takes what the others leave of the line. */
struct layout {
	const char *heading[COLUMNS_MAX];
	size_t columns;
	void (*fill)(const json_t *row, char cell[COLUMNS_MAX][CELL]);
};

static const char *
string(const json_t *o, const char *key)
{
	const char *s = json_string_value(json_object_get(o, key));

	return s ? s : "";
}

static void
event_row(const json_t *o, char cell[COLUMNS_MAX][CELL])
{
	const bool here = json_is_true(json_object_get(o, "here"));

	snprintf(cell[0], CELL, "%s", string(o, "event"));
	snprintf(cell[1], CELL, "%s", here ? string(o, "scope") : "n/a");
	snprintf(cell[2], CELL, "%s", here ? string(o, "unit") : "");
	snprintf(cell[3], CELL, "%s", here ? string(o, "doc") : string(o, "why"));
}

/* When none of them can be counted, the first reason says it for all. */
static const char *
set_reason(const json_t *events, size_t *here)
{
	const char *why = "";
	size_t k;
	json_t *e;

	*here = 0;
	json_array_foreach(events, k, e) {
		*here += json_is_true(json_object_get(e, "here"));
		if (!why[0])
			why = string(e, "why");
	}
	return why;
}

static void
set_row(const json_t *o, char cell[COLUMNS_MAX][CELL])
{
	const json_t *events = json_object_get(o, "events");
	size_t here;
	const char *why = set_reason(events, &here);

	snprintf(cell[0], CELL, "%s", string(o, "set"));
	snprintf(cell[1], CELL, "%zu of %zu", here, json_array_size(events));
	snprintf(cell[2], CELL, "%s%s%s", string(o, "doc"), why[0] ? "; " : "", why);
}

/* What is left for the last column. */
static size_t
last_width(const struct layout *l, const json_t *rows, size_t width)
{
	size_t used = 0, most, k;
	char cell[COLUMNS_MAX][CELL];
	json_t *o;

	for (size_t c = 0; c + 1 < l->columns; c++) {
		most = strlen(l->heading[c]);
		json_array_foreach(rows, k, o) {
			l->fill(o, cell);
			if (strlen(cell[c]) > most)
				most = strlen(cell[c]);
		}
		used += most + 1;
	}
	return width > used + LAST_LEAST ? width - used : LAST_LEAST;
}

static struct libscols_table *
new_table(const struct layout *l, FILE *f)
{
	struct libscols_table *t = scols_new_table();

	for (size_t c = 0; t && c < l->columns; c++) {
		struct libscols_column *last = scols_table_new_column(t, l->heading[c], 0, c + 1 < l->columns ? 0 :
								      SCOLS_FL_WRAP);

		if (last && c + 1 == l->columns) {
			scols_column_set_safechars(last, "\n");
			scols_column_set_wrapfunc(last, scols_wrapnl_chunksize, scols_wrapnl_nextchunk, NULL);
		}
	}
	if (t) {
		scols_table_set_stream(t, f);
		scols_table_set_termforce(t, SCOLS_TERMFORCE_NEVER);	/* it is made to fit here */
	}
	return t;
}

static int
add_row(struct libscols_table *t, const struct layout *l, const json_t *o, size_t width)
{
	struct libscols_line *line = scols_table_new_line(t, NULL);
	char cell[COLUMNS_MAX][CELL], *broken;

	if (!line)
		return -ENOMEM;
	l->fill(o, cell);
	for (size_t c = 0; c + 1 < l->columns; c++)
		scols_line_set_data(line, c, cell[c]);
	broken = wrap_text(cell[l->columns - 1], width);
	return broken && scols_line_refer_data(line, l->columns - 1, broken) == 0 ? 0 : -ENOMEM;
}

static int
print(FILE *f, const struct layout *l, const json_t *rows)
{
	struct libscols_table *t = new_table(l, f);
	const size_t width = last_width(l, rows, wrap_width(f));
	int rc = t ? 0 : -ENOMEM;
	size_t k;
	json_t *o;

	json_array_foreach(rows, k, o)
		if (rc == 0)
			rc = add_row(t, l, o, width);
	if (rc == 0)
		rc = scols_print_table(t);
	scols_unref_table(t);
	return rc;
}

/* Some hundred core events that all lack the same thing are one line. */
static json_t *
without_core(const json_t *events)
{
	json_t *few = json_array(), *o;
	size_t k, missing = 0;

	json_array_foreach(events, k, o)
		if (strcmp(string(o, "kind"), "core") != 0 || json_is_true(json_object_get(o, "here")))
			json_array_append(few, o);
		else if (missing++ == 0)
			json_array_append_new(few, json_pack("{s:s, s:b, s:s}", "event", "core (libpfm4)", "here", 0,
							     "why", string(o, "why")));
	return few;
}

int
eventtable_print(FILE *f, const json_t *all)
{
	static const struct layout events = {
		{ "EVENT", "SCOPE", "UNIT", "WHAT IT COUNTS, OR WHY IT CANNOT" }, 4, event_row,
	}, sets = {
		{ "SET", "HERE", "WHAT IT IS FOR" }, 3, set_row,
	};
	json_t *few = without_core(json_object_get(all, "events"));
	int rc;

	scols_init_debug(0);
	rc = print(f, &events, few);
	fputc('\n', f);
	if (rc == 0)
		rc = print(f, &sets, json_object_get(all, "sets"));
	json_decref(few);
	return rc;
}
