/* SPDX-License-Identifier: BSD-2-Clause */
/* report.html: what was found, the ladder, what to hold against it, figures; the rest is in report_end.c. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "flag.h"
#include "html.h"
#include "human.h"
#include "ladder.h"
#include "chart.h"
#include "replace.h"
#include "report.h"
#include "report_part.h"
#include "sentences.h"

/* The first point of each target, in the order of the run. */
static size_t
targets(const struct run *run, const struct run_point **out, size_t max)
{
	size_t n = 0, k;

	for (size_t i = 0; i < run->npoint && n < max; i++) {
		for (k = 0; k < n && out[k]->target != run->point[i].target; k++)
			;
		if (k == n)
			out[n++] = &run->point[i];
	}
	return n;
}

static void
part_title(FILE *f, const struct run *run)
{
	const char *cpu = run_text(run, "host.cpu"), *started = run_text(run, "started");

	html(f, "<header>\n<h1>%s</h1>\n<p class=\"by\">%s%s%s<br>measured %s with daxmark %s</p>\n"
	     "<nav><a href=\"#headline\">Strategies</a><a href=\"#what\">Caveats</a><a href=\"#figures\">Figures</a>"
	     "<a href=\"#missing\">Not measured</a>", *run_text(run, "name") ? run_text(run, "name") : "A run",
	     run_text(run, "host.name"), *cpu ? ", " : "", cpu, *started ? started : "at an unknown time",
	     run_text(run, "tool.version"));
	if (json_array_size(run_json(run, "counters")) > 0)
		fputs("<a href=\"#counters\">Counters</a>", f);
	fputs("<a href=\"#environment\">Environment</a><a href=\"#reproduce\">Files and reproduction</a></nav>\n</header>\n", f);
}

static void
part_targets(FILE *f, const struct run *run, const struct run_point **t, size_t n)
{
	static const char *const key[] = { "kind", "domain", "path", "device", "fstype" };

	fputs("<div class=\"wide\"><table>\n<thead><tr><th>target</th><th>medium</th><th>kind</th>"
		"<th>persistence domain</th><th>path</th><th>device</th><th>file system</th>"
		"</tr></thead>\n<tbody>\n", f);
	for (size_t i = 0; i < n; i++) {
		html(f, "<tr><td class=\"s\">%s</td><td>%s", t[i]->target, medium_name[t[i]->medium]);
		fputs(medium_persistent(t[i]->medium) ? "" : " <span class=\"soft\">(not persistent memory)</span>", f);
		for (size_t k = 0; k < sizeof(key) / sizeof(key[0]); k++)
			html(f, "</td><td>%s", run_target(run, t[i]->target, key[k]));
		fputs("</td></tr>\n", f);
	}
	fputs("</tbody></table></div>\n", f);
}

static void
part_what(FILE *f, const struct report *r)
{
	const struct run *run = r->s->run;
	const struct run_point *t[256];
	size_t n = targets(run, t, 256), state[4] = { 0 }, real = 0;
	const char *status = run_text(run, "status");

	for (size_t i = 0; i < run->npoint; i++)
		state[run->point[i].state]++;
	for (size_t i = 0; i < n; i++)
		real += medium_persistent(t[i]->medium);
	fprintf(f,
		"<section id=\"what\">\n<h2>What was measured, and what to hold against it</h2>\n<p>%zu points on %zu target%s: "
		"%zu measured, %zu skipped",
		run->npoint, n, n == 1 ? "" : "s", state[RUN_OK], state[RUN_SKIP]);
	if (state[RUN_FAIL] > 0)
		fprintf(f, ", %zu failed", state[RUN_FAIL]);
	if (state[RUN_PENDING] > 0)
		fprintf(f, ", %zu not finished", state[RUN_PENDING]);
	fprintf(f,
		". Each number is the median over repeats, every one a fresh process, in square "
		"brackets its exact 95&nbsp;%% interval. Nothing is subtracted and nothing "
		"smoothed.%s</p>\n",
		run->quick ? " This was a --quick run: few repeats, a fixed schedule." : "");
	if (*status && strcmp(status, "ok") != 0)
		html(f, "<div class=\"note bad\"><p>This run ended with status <b>%s</b>: what follows is what there "
		     "is.</p></div>\n", status);
	if (real == 0 && n > 0)
		fputs("<div class=\"note\"><p><b>No target of this run is persistent memory.</b> The numbers show CPU, kernel "
		      "and harness, not a device; what is said of durability holds for a medium that keeps its persistence "
		      "domain.</p></div>\n", f);
	part_targets(f, run, t, n);
	part_checks(f, r);
	part_quality(f, r);
	fputs("</section>\n", f);
}

/* The word, its shape and its colour say the same; on media that keep nothing yes is hollow. */
static void
durable(FILE *f, const struct run_point *p)
{
	static const struct { const char *style, *shape; } looks[DURABLES] = {
		[DURABLE_NO] = { "no", "■" }, [DURABLE_METADATA_UNSAFE] = { "unsafe", "▲" },
		[DURABLE_EADR_ONLY] = { "unsafe", "◆" }, [DURABLE_YES] = { "yes", "●" }, [DURABLE_UNKNOWN] = { "no", "×" },
	};
	const bool hollow = p->durable == DURABLE_YES && !medium_persistent(p->medium);

	fprintf(f, "<span class=\"d %s\">%s %s</span>", looks[p->durable].style, hollow ? "○" : looks[p->durable].shape,
		durable_says(p->durable, p->medium));
}

/* What the laboratory has seen of it, on which Linux, and what that leaves open. */
static void
tested(FILE *f, const struct run *run, const struct run_point *p)
{
	const double bound = strtod(run_field(run, p, "tested_bound"), NULL);
	int major, minor;

	if (!*p->tested || strcmp(p->tested, "rule") == 0)
		return;
	html(f, "; tested: %s", p->tested);
	if (sscanf(run_text(run, "host.kernel"), "%d.%d", &major, &minor) == 2)
		fprintf(f, " on Linux %d.%d", major, minor);
	if (bound > 0)
		fprintf(f, ", under %.2g&nbsp;%%", 100 * bound);
}

static void
part_flags(FILE *f, uint32_t flags)
{
	char text[256], *at;

	flags_text(flags, text, sizeof(text));
	for (char *p = text; *p && (at = strchr(p, '|')); p = at + 1)
		*at = ' ';
	html(f, "<b>%s</b>", text);
}

/* common: flags that all rows carry, said once. */
static void
part_rung(FILE *f, const struct summary *s, const struct rung *r, uint32_t common)
{
	char num[HUMAN_MAX], kept[SUMMARY_KEPT];

	html(f, r->p->control ? "<tr class=\"control\"><td class=\"s\">%s" : "<tr><td class=\"s\">%s", r->label);
	html(f, "</td><td class=\"n\">%s</td><td>", human_interval(num, &r->sum->v));
	durable(f, r->p);
	html(f, "</td><td class=\"why\">%s", r->p->why);
	tested(f, s->run, r->p);
	if (r->sum->flags & ~common) {
		fputs("; ", f);
		part_flags(f, r->sum->flags & ~common);
	}
	fprintf(f, "</td><td>%s</td><td class=\"n\">%u</td><td class=\"n\">%u/%u</td><td class=\"n\">",
		r->sum->metric == METRIC_TIME ? "amortised" : "latency", r->sum->n, r->sum->clean, r->sum->total);
	html(f, "%s</td></tr>\n", summary_kept(s, r->sum, r->p, kept));
}

/* What was found, before all else. */
static void
part_found(FILE *f, const struct report *r, const struct ladder *l, struct arena *mem)
{
	size_t n;
	const char *const *said = sentences_make(l, mem, &n);

	fputs("<section id=\"found\">\n", f);
	part_contradiction(f, r);
	for (size_t i = 0; i < n; i++)
		html(f, "<p class=\"found\">%s</p>\n", said[i]);
	fputs("</section>\n", f);
}

static void
part_ladder(FILE *f, const struct summary *s, const struct ladder *l, uint32_t common)
{
	const char *target = NULL;

	if (l->n == 0)
		return;
	fputs("<div class=\"wide\"><table class=\"ladder\">\n<thead><tr><th>strategy</th><th class=\"n\">median [interval]</th>"
	      "<th>durable?</th><th>why</th><th>per op</th><th class=\"n\">n</th><th class=\"n\">clean</th>"
	      "<th class=\"n\">kept</th></tr></thead>\n", f);
	for (size_t i = 0; i < l->n; i++) {
		if (l->rung[i].p->target != target) {
			fputs(target ? "</tbody>\n<tbody><tr>" : "<tbody><tr>", f);
			target = l->rung[i].p->target;
			html(f, "<th class=\"group\" colspan=\"8\">%s <span class=\"soft\">(%s)</span></th></tr>\n", target,
			     medium_name[l->rung[i].p->medium]);
		}
		part_rung(f, s, &l->rung[i], common);
	}
	fputs("</tbody></table></div>\n", f);
}

static void
part_figure(FILE *f, int dirfd, const struct drawn *d, size_t number)
{
	static const char *const ext[] = { "svg", "pdf", "dat", "vars.gp", "gp" };
	const char *name = d->figure->name;

	fprintf(f, "<figure id=\"fig-%s\">\n<div class=\"sheet\">", name);
	if (!d->svg || html_svg(f, dirfd, name, d->figure->title) < 0)
		fputs("<p class=\"soft\">Not drawn: gnuplot was not there or failed. Its data and script are in "
		      "plots/.</p>", f);
	html(f, "</div>\n<figcaption><b>Figure %zu.</b> %s<span class=\"files\">plots/: ", number, d->caption);
	for (int k = 0; k < 5; k++)
		fprintf(f, "<a href=\"plots/%s.%s\">%s.%s</a> ", name, ext[k], name, ext[k]);
	fputs("</span></figcaption>\n</figure>\n", f);
}

/* The figure that stands above all others, or NULL. */
static const struct drawn *
first_figure(const struct drawn *d, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (d[i].caption && strcmp(d[i].figure->name, "ladder") == 0)
			return &d[i];
	return NULL;
}

static void
part_headline(FILE *f, const struct summary *s, const struct ladder *l, const struct drawn *first)
{
	uint32_t common = l->n > 1 ? UINT32_MAX : 0;
	char size[HUMAN_MAX];

	for (size_t i = 0; i < l->n; i++)
		common &= l->rung[i].sum->flags;
	fputs("<section id=\"headline\">\n<h2>What each strategy costs, and what it buys</h2>\n", f);
	if (first)
		part_figure(f, s->run->fd, first, 1);
	fprintf(f,
		"<p>Time of one op of <b>%s</b> (another size where the row says so), one thread. Latency: drained stamp, "
		"every op on its own; amortised: many ops between two clock reads. Grey rows are controls. <i>clean</i> "
		"counts repeats whose threads had their CPUs for at least half of the time, <i>kept</i> says what share of the "
		"windows an amortised time is the mean of, and the mean over all of them.", human_size(size, l->size));
	if (common) {
		fputs(" All rows: ", f);
		part_flags(f, common);
		fputs(".", f);
	}
	fputs(l->n ? "</p>\n" : "</p>\n<p>No point was measured.</p>\n", f);
	part_ladder(f, s, l, common);
	fputs("</section>\n", f);
}

void
part_figures(FILE *f, int dirfd, const struct drawn *d, size_t n, const struct drawn *first)
{
	size_t number = first != NULL;

	fputs("<section id=\"figures\">\n<h2>Figures</h2>\n", f);
	for (size_t i = 0; i < n; i++)
		if (d[i].caption && &d[i] != first)
			part_figure(f, dirfd, &d[i], ++number);
	if (number == 0)
		fputs("<p>No figure has data.</p>\n", f);
	fputs("</section>\n", f);
}

int
report_html(const struct report *r, const struct drawn *drawn, size_t n)
{
	const struct drawn *first = first_figure(drawn, n);
	const struct summary *s = r->s;
	struct arena mem = { 0 };
	struct replace out;
	struct ladder l;
	char title[300];
	int err = replace_open(&out, s->run->fd, "report.html");

	if (err < 0)
		return err;
	if (setjmp(mem.oom)) {
		arena_free(&mem);
		return replace_close(&out, -ENOMEM);
	}
	snprintf(title, sizeof(title), "%s on %s", run_text(s->run, "name"), run_text(s->run,
		"host.name"));
	html_head(out.file, title);
	part_title(out.file, s->run);
	ladder_make(&l, &mem, s);
	part_found(out.file, r, &l, &mem);
	part_headline(out.file, s, &l, first);
	part_what(out.file, r);
	part_figures(out.file, s->run->fd, drawn, n, first);
	part_counters(out.file, s);
	part_missing(out.file, s->run);
	part_environment(out.file, s->run);
	part_reproduce(out.file, s->run);
	fputs("</main>\n</body>\n</html>\n", out.file);
	arena_free(&mem);
	return replace_close(&out, 0);
}

/* The runs that the figures hold side by side. */
static void
part_runs(FILE *f, const struct input *input, size_t n)
{
	static const char *const path[] = { "host.name", "host.kernel", "host.cpu", "started" };
	char left[160];

	fputs("<section id=\"runs\">\n<h2>Runs</h2>\n<div class=\"wide\"><table>\n<thead><tr><th>run</th><th>host</th><th>Linux</th>"
	      "<th>CPU</th><th>measured</th><th>points</th><th>directory</th></tr></thead>\n<tbody>\n", f);
	for (size_t i = 0; i < n; i++) {
		const struct run *run = input[i].s->run;

		html(f, "<tr><td class=\"s\">%s", input[i].label);
		for (size_t k = 0; k < sizeof path / sizeof *path; k++)
			html(f, "</td><td>%s", run_text(run, path[k]));
		html(f, "</td><td>%zu", run->npoint);
		if (*run_unfinished(run, left, sizeof left))
			html(f, " <b>%s</b>", left);
		html(f, "</td><td>%s</td></tr>\n", run->dir);
	}
	fputs("</tbody></table></div>\n</section>\n", f);
}

int
report_runs_html(const struct input *input, size_t ninput, const struct drawn *drawn, size_t n, int dirfd)
{
	struct replace out;
	int err = replace_open(&out, dirfd, "report.html");

	if (err < 0)
		return err;
	html_head(out.file, "Several runs side by side");
	fputs("<header>\n<h1>Several runs side by side</h1>\n<p>Medians with their intervals, as each run has them; "
	      "<code>run-bench compare</code> tests what differs.</p>\n</header>\n", out.file);
	part_runs(out.file, input, ninput);
	part_figures(out.file, dirfd, drawn, n, NULL);
	fputs("</main>\n</body>\n</html>\n", out.file);
	return replace_close(&out, 0);
}
