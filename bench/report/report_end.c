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
		fputs(n > 1 ? ", " : "", f);
		html_text(f, p->kernel);
		fputs(" on ", f);
		html_text(f, p->target);
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
	fprintf(f,
		"<h3>%s: %zu</h3>\n<div class=\"wide\"><table>\n<thead><tr><th "
		"class=\"n\">points</th><th>reason</th><th>strategies</th></tr></thead>\n<tbody>\n",
		title, t.total);
	for (size_t i = 0; i < t.n; i++) {
		fprintf(f, "<tr><td class=\"n\">%zu</td><td>", t.row[i].points);
		html_text(f, *t.row[i].reason ? t.row[i].reason : "no reason given");
		fputs("</td><td class=\"why\">", f);
		part_pairs(f, run, state, t.row[i].reason);
		fputs("</td></tr>\n", f);
	}
	fputs("</tbody></table></div>\n", f);
	if (t.more > 0)
		fprintf(f, "<p>%zu more points are in points.csv.</p>\n", t.more);
}

void
part_missing(FILE *f, const struct run *run)
{
	struct tally t[3];

	fputs("<section id=\"missing\">\n<h2>Points without a number</h2>\n", f);
	tally_points(&t[0], run, RUN_FAIL);
	tally_points(&t[1], run, RUN_SKIP);
	tally_points(&t[2], run, RUN_PENDING);
	if (t[0].total + t[1].total + t[2].total == 0)
		fputs("<p>Every point was measured.</p>\n", f);
	part_state(f, run, RUN_FAIL, "Failed");
	part_state(f, run, RUN_SKIP, "Skipped");
	if (t[2].total > 0)
		fprintf(f,
			"<h3>Not finished: %zu</h3>\n<p>What they have so far is shown above; "
			"<code>run-bench resume</code> measures the rest.</p>\n", t[2].total);
	fputs("</section>\n", f);
}

/* An object as rows "a.b.c  value"; lists of plain values on one line. */
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
	} else if (json_is_string(v)) {
		html_pair(f, name, json_string_value(v));
	} else {
		if (json_is_integer(v))
			snprintf(text, sizeof(text), "%lld", (long long)json_integer_value(v));
		else if (json_is_real(v))
			snprintf(text, sizeof(text), "%.10g", json_real_value(v));
		else if (json_is_boolean(v))
			snprintf(text, sizeof(text), "%s", json_is_true(v) ? "yes" : "no");
		html_pair(f, name, text);
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
		fprintf(f, "<h3>%s</h3>\n<table class=\"pairs\"><tbody>\n", part[i].title);
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
	html_text(f, word ? word : "");
	free(word);
}

void
part_reproduce(FILE *f, const struct run *run)
{
	json_t *argv = run_json(run, "argv"), *word;
	long long seed = json_integer_value(run_json(run, "seed"));
	size_t i;

	fputs(
		"<section id=\"reproduce\">\n<h2>Files and reproduction</h2>\n<table "
		"class=\"pairs\"><tbody>\n", f);
	for (i = 0; i < TABLES; i++)
		html_pair(f, tables[i].file, tables[i].doc);
	html_pair(f, "run.json", "What ran, on what, how it ended.");
	html_pair(f, "config.yaml",
		"The configuration as it was given; config.resolved.json has every default.");
	html_pair(f, "env/", "The machine in full.");
	html_pair(f, "plots/",
		"Every figure as SVG and PDF, its data (.dat), its words (.vars.gp) and its script "
		"(.gp).");
	fputs("</tbody></table>\n<p>Measured with</p>\n<pre>", f);
	json_array_foreach(argv, i, word) {
		fputs(i ? " " : "", f);
		part_word(f, json_is_string(word) ? json_string_value(word) : "");
	}
	fputs("</pre>\n", f);
	if (json_is_integer(run_json(run, "seed")))
		fprintf(f,
			"<p>Its seed was %lld: with <code>--set seed=%lld</code> the same points "
			"run in the same order at the same offsets.</p>\n", seed, seed);
	fputs(
		"<p>In this directory, the tables, figures and this page are made again, and one "
		"figure is redrawn after its script or its words were edited, "
		"with</p>\n<pre>run-bench report .\ncd plots &amp;&amp; gnuplot "
		"ladder.gp</pre>\n</section>\n", f);
}
