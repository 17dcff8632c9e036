/* SPDX-License-Identifier: BSD-2-Clause */
/* report.html: what was measured, the headline, figures; the rest is in report_end.c. */
#include <errno.h>
#include <string.h>

#include "flag.h"
#include "html.h"
#include "human.h"
#include "ladder.h"
#include "chart.h"
#include "replace.h"
#include "report.h"
#include "report_part.h"

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
	const char *version = run_text(run, "tool.version"), *started = run_text(run, "started");

	fputs("<header>\n<h1>", f);
	html_text(f, *run_text(run, "name") ? run_text(run, "name") : "A run");
	fputs("</h1>\n<p class=\"by\">", f);
	html_text(f, run_text(run, "host.name"));
	fputs(*run_text(run, "host.cpu") ? ", " : "", f);
	html_text(f, run_text(run, "host.cpu"));
	fputs("<br>measured ", f);
	html_text(f, *started ? started : "at an unknown time");
	fputs(" with daxmark ", f);
	html_text(f, version);
	fputs(
		"</p>\n<nav><a href=\"#what\">What was measured</a><a "
		"href=\"#headline\">Strategies</a><a href=\"#figures\">Figures</a><a "
		"href=\"#missing\">Not measured</a>", f);
	if (json_array_size(run_json(run, "counters")) > 0)
		fputs("<a href=\"#counters\">Counters</a>", f);
	fputs(
		"<a href=\"#environment\">Environment</a><a "
		"href=\"#reproduce\">Files and reproduction</a></nav>\n</header>\n", f);
}

static void
part_targets(FILE *f, const struct run *run, const struct run_point **t, size_t n)
{
	static const char *const key[] = { "kind", "domain", "path", "device", "fstype" };

	fputs(
		"<div class=\"wide\"><table>\n<thead><tr><th>target</th><th>medium</th><th>kind</th>"
		"<th>persistence domain</th><th>path</th><th>device</th><th>file system</th>"
		"</tr></thead>\n<tbody>\n", f);
	for (size_t i = 0; i < n; i++) {
		fputs("<tr><td class=\"s\">", f);
		html_text(f, t[i]->target);
		fputs("</td><td>", f);
		html_text(f, medium_name[t[i]->medium]);
		fputs(medium_persistent(t[i]->medium) ? "" :
			" <span class=\"soft\">(not persistent memory)</span>", f);
		for (size_t k = 0; k < sizeof(key) / sizeof(key[0]); k++) {
			fputs("</td><td>", f);
			html_text(f, run_target(run, t[i]->target, key[k]));
		}
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
		"<section id=\"what\">\n<h2>What was measured</h2>\n<p>%zu points on %zu target%s: "
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
	if (*status && strcmp(status, "ok") != 0) {
		fputs("<div class=\"note bad\"><p>This run ended with status <b>", f);
		html_text(f, status);
		fputs("</b>: what follows is what there is.</p></div>\n", f);
	}
	if (real == 0 && n > 0)
		fputs(
			"<div class=\"note\"><p><b>No target of this run is persistent memory.</b> "
			"The numbers show CPU, kernel and harness, not a device; what is said of "
			"durability holds for a medium that keeps its persistence "
			"domain.</p></div>\n", f);
	part_targets(f, run, t, n);
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
		p->durable == DURABLE_UNKNOWN ? "unknown" : hollow ? "yes, if pmem" : durable_name[p->durable]);
}

static void
part_flags(FILE *f, uint32_t flags)
{
	char text[256], *at;

	flags_text(flags, text, sizeof(text));
	for (char *p = text; *p && (at = strchr(p, '|')); p = at + 1)
		*at = ' ';
	fputs("<b>", f);
	html_text(f, text);
	fputs("</b>", f);
}

/* common: flags that all rows carry, said once. */
static void
part_rung(FILE *f, const struct rung *r, uint32_t common)
{
	char num[HUMAN_MAX];

	fprintf(f, "<tr%s><td class=\"s\">", r->p->control ? " class=\"control\"" : "");
	html_text(f, r->label);
	fprintf(f,
		"</td><td>%s</td><td class=\"n\">",
		r->sum->metric == METRIC_TIME ? "amortised" : "latency");
	human_interval(num, &r->sum->v);
	html_text(f, num);
	fprintf(f,
		"</td><td class=\"n\">%u</td><td class=\"n\">%u/%u</td><td>",
		r->sum->n, r->sum->clean, r->sum->total);
	durable(f, r->p);
	fputs("</td><td class=\"why\">", f);
	html_text(f, r->p->why);
	if (r->sum->flags & ~common) {
		fputs("; ", f);
		part_flags(f, r->sum->flags & ~common);
	}
	fputs("</td></tr>\n", f);
}

static void
part_headline(FILE *f, const struct summary *s, struct arena *mem)
{
	const char *target = NULL;
	struct ladder l;
	char size[HUMAN_MAX];
	uint32_t common;

	ladder_make(&l, mem, s);
	common = l.n > 1 ? UINT32_MAX : 0;
	for (size_t i = 0; i < l.n; i++)
		common &= l.rung[i].sum->flags;
	fprintf(f,
		"<section id=\"headline\">\n<h2>What each strategy costs, and what it "
		"buys</h2>\n<p>Time of one op of <b>%s</b> (another size where the row says so), "
		"one thread. Latency: drained stamp, every op on its own; amortised: many ops "
		"between two clock reads. Grey rows are controls. <i>clean</i> counts repeats "
		"whose threads had their CPUs for at least half of the time.", human_size(size, l.size));
	if (common) {
		fputs(" All rows: ", f);
		part_flags(f, common);
		fputs(".", f);
	}
	fputs("</p>\n", f);
	if (l.n == 0)
		fputs("<p>No point was measured.</p>\n", f);
	else
		fputs(
			"<div class=\"wide\"><table>\n<thead><tr><th>strategy</th><th>per "
			"op</th><th class=\"n\">median [interval]</th><th class=\"n\">n</th><th "
			"class=\"n\">clean</th><th>durable?</th><th style=\"min-width:16rem\">why</th></tr></thead>\n", f);
	for (size_t i = 0; i < l.n; i++) {
		if (l.rung[i].p->target != target) {
			fputs(target ? "</tbody>\n<tbody><tr>" : "<tbody><tr>", f);
			target = l.rung[i].p->target;
			fputs("<th class=\"group\" colspan=\"7\">", f);
			html_text(f, target);
			fputs(" <span class=\"soft\">(", f);
			html_text(f, medium_name[l.rung[i].p->medium]);
			fputs(")</span></th></tr>\n", f);
		}
		part_rung(f, &l.rung[i], common);
	}
	fputs(l.n ? "</tbody></table></div>\n</section>\n" : "</section>\n", f);
}

void
part_figures(FILE *f, int dirfd, const struct drawn *d, size_t n)
{
	size_t number = 0;

	fputs("<section id=\"figures\">\n<h2>Figures</h2>\n", f);
	for (size_t i = 0; i < n; i++) {
		const char *name = d[i].figure->name;

		if (d[i].caption == NULL)
			continue;
		fprintf(f, "<figure id=\"fig-%s\">\n<div class=\"sheet\">", name);
		if (!d[i].svg || html_svg(f, dirfd, name, d[i].figure->title) < 0)
			fputs(
				"<p class=\"soft\">Not drawn: gnuplot was not there or failed. Its "
				"data and script are in plots/.</p>", f);
		fprintf(f, "</div>\n<figcaption><b>Figure %zu. ", ++number);
		html_text(f, d[i].figure->title);
		fputs(".</b> ", f);
		html_text(f, d[i].caption);
		fputs("<span class=\"files\">plots/: ", f);
		for (int k = 0; k < 5; k++) {
			static const char *const ext[] = { "svg", "pdf", "dat", "vars.gp", "gp" };

			fprintf(f,
				"<a href=\"plots/%s.%s\">%s.%s</a> ", name, ext[k], name, ext[k]);
		}
		fputs("</span></figcaption>\n</figure>\n", f);
	}
	if (number == 0)
		fputs("<p>No figure has data.</p>\n", f);
	fputs("</section>\n", f);
}

int
report_html(const struct report *r, const struct drawn *drawn, size_t n)
{
	const struct summary *s = r->s;
	struct arena mem = { 0 };
	struct replace out;
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
	part_checks(out.file, r);
	part_what(out.file, r);
	part_headline(out.file, s, &mem);
	part_figures(out.file, s->run->fd, drawn, n);
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

		fputs("<tr><td class=\"s\">", f);
		html_text(f, input[i].label);
		for (size_t k = 0; k < sizeof path / sizeof *path; k++) {
			fputs("</td><td>", f);
			html_text(f, run_text(run, path[k]));
		}
		fprintf(f, "</td><td>%zu", run->npoint);
		if (*report_unfinished(run, left, sizeof left)) {
			fputs(" <b>", f);
			html_text(f, left);
			fputs("</b>", f);
		}
		fputs("</td><td>", f);
		html_text(f, run->dir);
		fputs("</td></tr>\n", f);
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
	part_figures(out.file, dirfd, drawn, n);
	fputs("</main>\n</body>\n</html>\n", out.file);
	return replace_close(&out, 0);
}
