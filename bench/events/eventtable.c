/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdbool.h>
#include <string.h>
#include "eventtable.h"
#include "grid.h"

static const char *
string(const json_t *o, const char *key)
{
	const char *s = json_string_value(json_object_get(o, key));

	return s ? s : "";
}

static void
event_row(struct grid *g, const json_t *o)
{
	const bool here = json_is_true(json_object_get(o, "here"));

	grid_row(g, (const char *[]){ string(o, "event"), here ? string(o, "scope") : "n/a",
				      here ? string(o, "unit") : "",
				      string(o, "proof"), string(o, here ? "doc" : "why") });
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
set_row(struct grid *g, const json_t *o)
{
	const json_t *events = json_object_get(o, "events");
	size_t here;
	const char *why = set_reason(events, &here);
	char count[48], what[1200];

	snprintf(count, sizeof count, "%zu of %zu", here, json_array_size(events));
	snprintf(what, sizeof what, "%s%s%s", string(o, "doc"), why[0] ? "; " : "", why);
	grid_row(g, (const char *[]){ string(o, "set"), count, what });
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
			json_array_append_new(few, json_pack("{s:s, s:b, s:s, s:s}", "event", "core (libpfm4)", "here", 0, "proof", "n/a",
							     "why", string(o, "why")));
	return few;
}

static int
print_events(FILE *f, const json_t *events)
{
	struct grid *g = grid_new();
	size_t k;
	json_t *o;

	grid_column(g, "EVENT", 0);
	grid_column(g, "SCOPE", 0);
	grid_column(g, "UNIT", 0);
	grid_column(g, "PROOF", 0);
	grid_column(g, "WHAT IT COUNTS, OR WHY IT CANNOT", GRID_WRAP);
	json_array_foreach(events, k, o)
		event_row(g, o);
	return grid_print(g, f);
}

static int
print_sets(FILE *f, const json_t *sets)
{
	struct grid *g = grid_new();
	size_t k;
	json_t *o;

	grid_column(g, "SET", 0);
	grid_column(g, "HERE", 0);
	grid_column(g, "WHAT IT IS FOR", GRID_WRAP);
	json_array_foreach(sets, k, o)
		set_row(g, o);
	return grid_print(g, f);
}

int
eventtable_print(FILE *f, const json_t *all)
{
	json_t *few = without_core(json_object_get(all, "events"));
	int rc = print_events(f, few);

	fputc('\n', f);
	if (rc == 0)
		rc = print_sets(f, json_object_get(all, "sets"));
	json_decref(few);
	return rc;
}
