/* SPDX-License-Identifier: BSD-2-Clause */
/* Sections of report.html on what its numbers are worth: checks, flags, disturbance. */
#include "flag.h"
#include "html.h"
#include "report_part.h"

static void
put_list(FILE *f, const json_t *list, const char *between)
{
	json_t *x;
	size_t i;

	json_array_foreach(list, i, x)
		html(f, "%s%s", i ? between : "", json_is_string(x) ? json_string_value(x) : "");
}

/* What the times per op are means of, and what the intervals cover. */
static void
put_kept(const struct summary *s, FILE *f)
{
	double least = 1;
	size_t n = 0;

	for (size_t i = 0; i < s->n; i++)
		if (s->row[i].metric == METRIC_KEPT) {
			least = s->row[i].v.est < least ? s->row[i].v.est : least;
			n++;
		}
	if (n > 0)
		fprintf(f, " Amortised times are means over the chunks of about 100 us in which nobody took the thread's "
			"CPU: at least %.0f %% of the time of each point (<code>kept</code>; the mean over all of it is "
			"<code>time_whole_ns</code>).", 100 * least);
	fputs(" Intervals cover the spread of the processes of this run, not drift from run to run: several runs "
	      "of one config show that.", f);
}

/* Points whose headline carries each flag, and how many repeats were clean. */
static void
part_counts(FILE *f, const struct summary *s)
{
	size_t flagged[SUMMARY_FLAGS] = { 0 }, clean = 0, total = 0, points = 0;
	uint64_t checked = 0;

	for (size_t i = 0; i < s->run->npoint; i++) {
		const struct sum *h = summary_headline(s, &s->run->point[i]);

		if (h == NULL)
			continue;
		points++;
		clean += h->clean;
		total += h->total;
		for (size_t k = 0; k < SUMMARY_FLAGS; k++)
			flagged[k] += h->flags >> k & 1;
	}
	if (2 * clean < total && s->run->quick)
		fprintf(f, "<div class=\"note\"><p><b>A quick look:</b> %zu of %zu rows rest on disturbed repeats, too. "
			"Something else ran on these CPUs, and times may be too long; a run without --quick makes up "
			"for more of them.</p></div>\n", flagged[SUM_FEW_CLEAN], points);
	else if (2 * clean < total)
		fputs("<div class=\"note bad\"><p><b>Most repeats were disturbed.</b> Something else ran on "
		      "these CPUs: times are too long and their intervals too wide. Measure again on a quiet "
		      "machine.</p></div>\n", f);
	for (size_t i = 0; i < s->run->nrepeat; i++)
		checked += s->run->repeat[i].checked;
	fprintf(f,
		"<p>%zu of %zu timed repeats were clean: their threads had their CPUs for at least half of the "
		"time, as far as this machine can tell.", clean, total);
	put_kept(s, f);
	if (checked > 0)
		fprintf(f,
			" %llu slots were read back and held what was written.",
			(unsigned long long)checked);
	fputs("</p>\n", f);
	for (size_t k = 0, any = 0; k <= SUMMARY_FLAGS; k++) {
		if (k == SUMMARY_FLAGS)
			fputs(any ? "</tbody></table>\n" : "", f);
		else if (flagged[k] > 0) {
			fputs(any++ ? "" : "<table class=\"pairs\"><tbody>\n", f);
			fprintf(f,
				"<tr><td class=\"n\">%zu of %zu points</td><td><b>%s</b>: "
				"%s</td></tr>\n", flagged[k],
				points, summary_flags[k].name, summary_flags[k].doc);
		}
	}
}

/* Taint by taint: how often, or that this machine cannot tell. */
static void
part_taints(FILE *f, const struct taints *t)
{
	size_t blind = 0;

	if (t->windows == 0)
		return;
	fprintf(f, "<p>%llu of %llu windows of the timed repeats (%.1f&nbsp;%%) carry a taint. Taints tell "
		"what happened; what decides is how much time was lost.</p>\n<table class=\"pairs\"><tbody>\n",
		(unsigned long long)t->tainted, (unsigned long long)t->windows,
		100.0 * (double)t->tainted / (double)t->windows);
	for (int k = 0; k < TAINT_COUNT; k++) {
		blind += t->known && !(t->available >> k & 1);
		if (t->by[k] == 0)
			continue;
		html(f, "<tr><td class=\"n\">%.1f&nbsp;%%</td><td><b>%s</b>: %s</td></tr>\n",
		     100.0 * (double)t->by[k] / (double)t->windows, taint_rows[k].name, taint_rows[k].doc);
	}
	fputs("</tbody></table>\n", f);
	if (!t->known)
		fputs("<p class=\"soft\">What this machine could not tell is not recorded.</p>\n", f);
	if (blind == 0)
		return;
	fputs("<p class=\"soft\">This machine cannot tell, so it is unavailable and not clean: ", f);
	for (int k = 0, n = 0; k < TAINT_COUNT; k++)
		if (!(t->available >> k & 1))
			fprintf(f, "%s%s", n++ ? ", " : "", taint_rows[k].name);
	fputs(".</p>\n", f);
}

/* What could be seen and says nothing of some kernels. */
static void
part_not_applicable(FILE *f, const struct run *run)
{
	json_t *none = run_json(run, "taints.not_applicable"), *of;
	const char *name;
	size_t n = 0;

	json_object_foreach(none, name, of) {
		fprintf(f, "%s%s (", n++ ? "; " : "<p class=\"soft\">Not applicable, neither clean nor disturbed: ", name);
		put_list(f, of, ", ");
		fputs(")", f);
	}
	fputs(n ? ".</p>\n" : "", f);
}

static void
part_budget(FILE *f, const struct run *run)
{
	json_t *list = run_json(run, "budget.gave_up");

	if (!json_is_array(list))
		return;
	fprintf(f, "<p>Time: %.1f s of %.1f s were used; given up: ", run_number(run, "budget.used_s"),
		run_number(run, "budget.asked_s"));
	put_list(f, list, "; ");
	fputs(json_array_size(list) ? "." : "nothing.", f);
	fputs(json_is_true(run_json(run, "budget.resumed")) ? " Then it was resumed without one.</p>\n" : "</p>\n", f);
}

void
part_quality(FILE *f, const struct report *r)
{
	const struct summary *s = r->s;
	json_t *warnings = run_json(s->run, "quality.warnings");

	fputs("<h3>Quality</h3>\n", f);
	if (json_array_size(warnings) > 0) {
		fputs("<div class=\"note\"><ul>\n<li>", f);
		put_list(f, warnings, "</li>\n<li>");
		fputs("</li>\n</ul></div>\n", f);
	}
	part_budget(f, s->run);
	part_counts(f, s);
	part_taints(f, r->taints);
	part_not_applicable(f, s->run);
}

static void
part_check(FILE *f, const struct selftest *t)
{
	const bool warned = t->verdict == VERDICT_WARN;
	char looked[40] = "";

	if (warned)
		snprintf(looked, sizeof looked, "%u of %u", t->failed, t->looked);
	else if (t->looked > 0)
		snprintf(looked, sizeof looked, "%u", t->looked);
	html(f, warned ? "<tr><td><b>%s</b></td>" : "<tr><td>%s</td>", verdict_name[t->verdict]);
	html(f, "<td>%s</td><td class=\"n\">%s</td><td class=\"why\">%s</td></tr>\n", t->name, looked, t->detail);
}

/* First of all: may these numbers be believed? */
void
part_contradiction(FILE *f, const struct report *r)
{
	const size_t warned = selftest_warned(r->check);

	if (warned > 0)
		fprintf(f, "<div class=\"note bad\"><p><b>This run contradicts itself.</b> %zu of its <a href=\"#checks\">"
			"checks</a> failed: do not trust its numbers before you know why.</p></div>\n", warned);
}

void
part_checks(FILE *f, const struct report *r)
{
	const size_t warned = selftest_warned(r->check);
	size_t none = 0;

	for (int k = 0; k < SELFTESTS; k++)
		none += r->check[k].verdict == VERDICT_NONE;
	fprintf(f, "<details id=\"checks\"%s><summary>Checks: %zu passed, %zu failed, %zu had nothing to look at"
		"</summary>\n<div class=\"wide\"><table>\n<thead><tr><th>verdict</th><th>what must hold</th>"
		"<th class=\"n\">looked at</th><th>detail</th></tr></thead>\n<tbody>\n",
		warned ? " open" : "", SELFTESTS - warned - none, warned, none);
	for (int k = 0; k < SELFTESTS; k++)
		part_check(f, &r->check[k]);
	fputs("</tbody></table></div></details>\n", f);
}
