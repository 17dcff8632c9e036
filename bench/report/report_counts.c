/* SPDX-License-Identifier: BSD-2-Clause */
/* Section of report.html: what was counted per op, what could not be, and why. */
#include <stdlib.h>
#include <string.h>

#include "counted.h"
#include "count_table.h"
#include "html.h"
#include "human.h"
#include "label.h"
#include "report_part.h"

enum { ROWS_MAX = 500 };	/* summary.csv has all */

static void
part_row(FILE *f, const struct count_table *c, const struct labels *l, const struct run_point *p)
{
	char buf[LABEL_MAX], num[HUMAN_MAX];

	html(f, p->control ? "<tr class=\"control\"><td>%s" : "<tr><td>%s", p->target);
	html(f, "</td><td class=\"s\">%s</td><td class=\"n\">%s</td><td "
		"class=\"n\">%llu</td>", label_point(l, p, buf),
	     p->size ? human_size(num, p->size) : "", (unsigned long long)p->threads);
	for (size_t i = 0; i < c->n; i++)
		fprintf(f, "<td class=\"n\">%s</td>", count_table_cell(c, p, i, num, sizeof(num)));
	fputs("</tr>\n", f);
}

/* The name of a set on a line of its own: narrow columns. */
static void
part_head(FILE *f, const struct run *run, const struct count_column *k)
{
	char buf[COUNTED_NAME + 64], *name = buf, *dot;
	bool in_set;

	count_table_head(k, buf, sizeof(buf));
	fputs("<th class=\"n\">", f);
	dot = strchr(buf, '.');
	if (dot && counted_kind(run, k->name, &in_set) == COUNTED_SET) {
		*dot = '\0';
		html(f, "%s<br>", buf);
		name = dot + 1;
	}
	html(f, "%s", name);
}

static void
part_table(FILE *f, const struct count_table *c)
{
	const struct run *run = c->s->run;
	struct labels l;
	size_t rows = 0;

	labels_find(&l, run);
	fputs("<div class=\"wide\"><table>\n<thead><tr><th>target</th><th>strategy</th><th "
	      "class=\"n\">size</th>"
	      "<th class=\"n\">threads</th>", f);
	for (size_t i = 0; i < c->n; i++) {
		part_head(f, run, &c->column[i]);
		fputs("</th>", f);
	}
	fputs("</tr></thead>\n<tbody>\n", f);
	for (size_t i = 0; i < run->npoint; i++)
		if (count_table_any(c, &run->point[i]) && rows++ < ROWS_MAX)
			part_row(f, c, &l, &run->point[i]);
	fputs("</tbody></table></div>\n", f);
	if (rows > ROWS_MAX)
		fprintf(f, "<p>... and %zu more points in summary.csv.</p>\n", rows - ROWS_MAX);
}

/* Points that have this metric, and the least of its medians. */
static size_t
points_with(const struct summary *s, const char *name, double *least)
{
	size_t n = 0;

	for (size_t i = 0; i < s->n; i++) {
		const struct sum *r = &s->row[i];

		if (r->metric < METRICS || strcmp(s->other[r->metric - METRICS], name) != 0)
			continue;
		if (n++ == 0 || r->v.est < *least)
			*least = r->v.est;
	}
	return n;
}

/* Points with a counting repeat that succeeded. */
static size_t
points_counted(const struct run *run)
{
	bool *seen = calloc(run->npoint + 1, sizeof(*seen));
	size_t n = 0;

	for (size_t k = 0; seen && k < run->nrepeat; k++) {
		const struct run_repeat *r = &run->repeat[k];

		if (r->timed || !r->ok)
			continue;
		n += !seen[r->at];
		seen[r->at] = true;
	}
	free(seen);
	return n;
}

static const char *
text(const json_t *e, const char *key)
{
	const char *s = json_string_value(json_object_get(e, key));

	return s ? s : "";
}

static void
part_event(FILE *f, const struct summary *s, json_t *e, size_t points)
{
	char name[COUNTED_NAME + 16], running[COUNTED_NAME + 32];
	const char *event = text(e, "event"), *scope = text(e, "scope");
	double least = 1, share = 1;
	size_t n;

	snprintf(name, sizeof(name), "%.*s%s", COUNTED_NAME - 20, event,
		 strcmp(scope, "system") == 0 && !strstr(event, COUNTED_SYSTEM) ? COUNTED_SYSTEM : "");
	snprintf(running, sizeof(running), "%s" COUNTED_SHARE, name);
	n = points_with(s, name, &least);
	points_with(s, running, &share);
	html(f, "<tr><td class=\"s\">%s</td><td>%s</td><td>%s</td><td "
		"class=\"n\">", event, scope, text(e, "proof"));
	if (!json_is_true(json_object_get(e, "available"))) {
		html(f, "none</td><td class=\"why\">%s", text(e, "why"));
	} else if (n == 0) {
		fputs("none</td><td class=\"why\">it never ran: ask for fewer events at a time, "
		      "or see what else holds the "
		      "counters", f);
	} else {
		html(f, "%zu of %zu</td><td class=\"why\">", n, points);
		if (share < 1)
			html(f, "for %.0f&nbsp;%% of the time at the least, scaled up: more "
				"events than counters", 100 * share);
		html(f, "%s%s", share < 1 && *text(e, "proof_why") ? "; " : "",
		     text(e, "proof_why"));
	}
	fputs("</td></tr>\n", f);
}

void
part_counters(FILE *f, const struct summary *s)
{
	json_t *matrix = run_json(s->run, "counters"), *e;
	size_t i, points = points_counted(s->run);
	struct count_table c;

	count_table_find(&c, s);
	if (json_array_size(matrix) == 0 && c.n == 0)
		return;
	fputs("<section id=\"counters\">\n<h2>Counters</h2>\n<p>Counted in repeats of their own, "
	      "whose times do not "
	      "count; each cell is the median over them. In latency mode the harness's own work "
	      "between two "
	      "ops is counted, too. <i>@system</i> counts all CPUs, kernel threads and "
	      "neighbours included. What was not counted is not 0 but \"-\". Counts per byte are in "
	      "summary.csv.</p>\n", f);
	if (c.n > 0)
		part_table(f, &c);
	fputs("<h3>What could be counted</h3>\n<p><i>checked</i>: before the run it read what a "
	      "load of known size did; "
	      "<i>open</i>: a claim of the event's name alone.</p>\n<div "
	      "class=\"wide\"><table>\n<thead><tr><th>event</th><th>scope</th>"
	      "<th>proof</th><th class=\"n\">points</th><th>why not, and what mends "
	      "it</th></tr></thead>\n<tbody>\n", f);
	json_array_foreach(matrix, i, e)
		part_event(f, s, e, points);
	fputs("</tbody></table></div>\n</section>\n", f);
}
