/* SPDX-License-Identifier: BSD-2-Clause */
/* Sections of report.html: what is missing, environment, files. */
#include <stdlib.h>
#include <string.h>

#include "html.h"
#include "report_part.h"
#include "tables.h"
#include "tally.h"
#include "text.h"

/* "clwb on loop, msync on loop": what a reason struck, each pair once. */
static void
part_pairs(FILE *f, const struct run *run, enum run_state state, const char *reason)
{
	const struct run_point *seen[24];
	size_t n = 0, more = 0, k;

	for (size_t i = 0; i < run->npoint; i++) {
		const struct run_point *p = &run->point[i];

		if (p->state != state || strcmp(p->reason, reason) != 0)
			continue;
		for (k = 0; k < n && (seen[k]->kernel != p->kernel || seen[k]->target != p->target); k++)
			;
		if (k < n)
			continue;
		if (n == sizeof(seen) / sizeof(seen[0])) {
			more++;
			continue;
		}
		seen[n++] = p;
		html(f, "%s%s on %s", n > 1 ? ", " : "", p->kernel, p->target);
	}
	fputs(more ? " and others" : "", f);
}

static void
part_state(FILE *f, const struct run *run, enum run_state state, const char *title)
{
	struct tally t;

	tally_points(&t, run, state);
	if (t.total == 0)
		return;
	html(f, "<h3>%s: %zu</h3>\n<div class=\"wide\"><table>\n<thead><tr><th "
		"class=\"n\">points</th><th>reason</th>"
	     "<th>strategies</th></tr></thead>\n<tbody>\n", title, t.total);
	for (size_t i = 0; i < t.n; i++) {
		html(f, "<tr><td class=\"n\">%zu</td><td>%s</td><td "
			"class=\"why\">", t.row[i].points,
		     *t.row[i].reason ? t.row[i].reason : "no reason given");
		part_pairs(f, run, state, t.row[i].reason);
		fputs("</td></tr>\n", f);
	}
	fputs("</tbody></table></div>\n", f);
	if (t.more > 0)
		html(f, "<p>%zu more points are in points.csv.</p>\n", t.more);
}

void
part_missing(FILE *f, const struct run *run)
{
	size_t missing = 0, pending = 0;

	for (size_t i = 0; i < run->npoint; i++) {
		missing += run->point[i].state != RUN_OK;
		pending += run->point[i].state == RUN_PENDING;
	}
	fputs("<section id=\"missing\">\n<h2>Points without a number</h2>\n", f);
	fputs(missing ? "" : "<p>Every point was measured.</p>\n", f);
	part_state(f, run, RUN_FAIL, "Failed");
	part_state(f, run, RUN_SKIP, "Skipped");
	if (pending > 0)
		html(f, "<h3>Not finished: %zu</h3>\n<p>What they have so far is shown above; "
		     "<code>run-bench resume</code> measures the rest.</p>\n", pending);
	fputs("</section>\n", f);
}

static void
part_pair(FILE *f, const char *name, const char *value)
{
	if (*value)
		html(f, "<tr><th>%s</th><td>%s</td></tr>\n", name, value);
}

/* An object as rows "a.b.c  value". */
static void
part_json(FILE *f, const char *name, json_t *v, int depth)
{
	const char *key;
	char path[200], text[64] = "";
	json_t *x;
	size_t i;

	if (json_is_object(v) && depth < 6) {
		json_object_foreach(v, key, x) {
			snprintf(path, sizeof(path), "%s%s%s", name, *name ? "." : "", key);
			part_json(f, path, x, depth + 1);
		}
	} else if (json_is_array(v)) {
		json_array_foreach(v, i, x) {
			snprintf(path, sizeof(path), "%s[%zu]", name, i);
			part_json(f, path, x, depth + 1);
		}
	} else {
		if (json_is_integer(v))
			snprintf(text, sizeof(text), "%lld", (long long)json_integer_value(v));
		else if (json_is_real(v))
			snprintf(text, sizeof(text), "%.10g", json_real_value(v));
		part_pair(f, name, json_is_string(v) ? json_string_value(v) : json_is_true(v) ? "yes" : json_is_false(v) ? "no" : text);
	}
}

void
part_environment(FILE *f, const struct run *run)
{
	static const struct { const char *key, *title; } part[] = {
		{ "host", "Machine" }, { "timer", "Timer" }, { "tool", "Program" },
		{ "tuning", "Tuning" }, { "config", "Configuration" }, { "doctor", "Findings" },
	};

	fputs("<section id=\"environment\">\n<h2>Environment</h2>\n", f);
	for (size_t i = 0; i < sizeof(part) / sizeof(part[0]); i++) {
		json_t *v = run_json(run, part[i].key);

		if (v == NULL || (json_is_object(v) && json_object_size(v) == 0) ||
		    (json_is_array(v) && json_array_size(v) == 0))
			continue;
		html(f, "<h3>%s</h3>\n<table class=\"pairs\"><tbody>\n", part[i].title);
		part_json(f, json_is_object(v) ? "" : part[i].key, v, 0);
		fputs("</tbody></table>\n", f);
	}
	fputs("</section>\n", f);
}

static void
part_word(FILE *f, const char *s)
{
	char *word = NULL;
	size_t len;
	FILE *m = open_memstream(&word, &len);

	if (!m)
		return;
	text_word(s, m);
	fclose(m);
	html(f, "%s", word ? word : "");
	free(word);
}

void
part_reproduce(FILE *f, const struct run *run)
{
	json_t *argv = run_json(run, "argv"), *word, *seed = run_json(run, "seed");
	size_t i;

	fputs("<section id=\"reproduce\">\n<h2>Files and reproduction</h2>\n<table "
	      "class=\"pairs\"><tbody>\n", f);
	for (i = 0; i < TABLES; i++)
		part_pair(f, tables[i].file, tables[i].doc);
	part_pair(f, "run.json", "What ran, on what, how it ended.");
	part_pair(f, "config.yaml", "The configuration as it was given; config.resolved.json has "
				    "every default.");
	part_pair(f, "env/", "The machine in full.");
	part_pair(f, "plots/", "Every figure as SVG and PDF, its data (.dat), its words (.vars.gp) and its script (.gp).");
	fputs("</tbody></table>\n<p>Measured with</p>\n<pre>", f);
	json_array_foreach(argv, i, word) {
		fputs(i ? " " : "", f);
		part_word(f, json_is_string(word) ? json_string_value(word) : "");
	}
	fputs("</pre>\n", f);
	if (json_is_integer(seed))
		fprintf(f, "<p>Its seed was %lld: with <code>--set seed=%lld</code> the same points run in the same order at "
			"the same offsets.</p>\n", (long long)json_integer_value(seed), (long long)json_integer_value(seed));
	fputs("<p>In this directory, the tables, figures and this page are made again, and one figure is redrawn after its "
	      "script or its words were edited, with</p>\n<pre>run-bench report .\ncd plots &amp;&amp; gnuplot "
	      "ladder.gp</pre>\n</section>\n", f);
}
