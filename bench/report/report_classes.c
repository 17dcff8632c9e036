/* SPDX-License-Identifier: BSD-2-Clause */
/* report.html of what scripts/powercut leaves: what was cut, how often, what was lost. */
#include <stdlib.h>
#include <string.h>

#include "html.h"
#include "replace.h"
#include "report_part.h"

struct class_count { size_t kept, lost, yes_lost, unseen; };

/* A column that holds a number; 0 where it is none. */
static unsigned long
number(const struct run *run, const struct run_point *p, const char *column)
{
	return strtoul(run_field(run, p, column), NULL, 10);
}

static struct class_count
count(const struct run *run)
{
	struct class_count n = { 0 };

	for (size_t i = 0; i < run->npoint; i++) {
		const struct run_point *p = &run->point[i];
		const bool lost = number(run, p, "lost_cuts") > 0;

		n.unseen += number(run, p, "cuts") == 0;
		n.lost += lost;
		n.kept += !lost && number(run, p, "cuts") > 0;
		n.yes_lost += lost && p->durable == DURABLE_YES;
	}
	return n;
}

static void
part_found(FILE *f, const struct run *run)
{
	const struct class_count n = count(run);

	fprintf(f, "<section id=\"found\">\n%s<p class=\"found\">Of %zu classes %zu lost an op "
		   "that was acknowledged, and %zu did not",
		n.yes_lost ? "<div class=\"note bad\">" : "", run->npoint, n.lost, n.kept);
	if (n.unseen)
		fprintf(f, "; %zu were never seen", n.unseen);
	fprintf(f, ". %s</p>%s\n</section>\n", n.yes_lost ? "<b>The durable column says yes of "
							    "something that was lost.</b>" :
		"Nothing of which the durable column says yes was lost.",
		n.yes_lost ? "</div>" : "");
}

static void
part_how(FILE *f, const struct run *run)
{
	html(f, "<section id=\"how\">\n<h2>How it was asked</h2>\n<p>%.0f times the power of a "
		"virtual machine with Linux %s was cut: "
	     "it was stopped, what its NVDIMMs held was copied, the file systems recovered from "
	     "the copies, and each op that had "
	     "been acknowledged was looked for. A <i>class</i> is one op on one target. There is "
	     "no CPU cache in this: of a flush "
	     "that is missing it says nothing. Where nothing was lost in <i>n</i> rounds that do "
	     "not hang together, fewer than "
	     "3/<i>n</i> are with 95&nbsp;%% confidence: the "
	     "bound.</p>\n</section>\n", run_number(run, "cuts"), run_text(run, "linux"));
}

static void
part_class(FILE *f, const struct run *run, const struct run_point *p)
{
	static const char *const style[DURABLES] = {
		[DURABLE_NO] = "no", [DURABLE_METADATA_UNSAFE] = "unsafe", [DURABLE_EADR_ONLY] = "unsafe", [DURABLE_YES] = "yes",
		[DURABLE_UNKNOWN] = "no",
	};
	const char *bound = run_field(run, p, "upper_bound");

	html(f, "<tr><td>%s</td><td class=\"s\">%s</td><td>%s</td>", run_field(run, p, "place"), run_field(run, p, "op"),
	     run_field(run, p, "beside"));
	fprintf(f, "<td><span class=\"d %s\">%s</span></td><td class=\"n\">%s%lu/%lu%s</td><td "
		   "class=\"n\">", style[p->durable],
		durable_says(p->durable, MEDIUM_PMEM), number(run, p, "lost_cuts") ? "<b>" : "", number(run, p, "lost_cuts"),
		number(run, p, "cuts"), number(run, p, "lost_cuts") ? "</b>" : "");
	if (*bound && strtod(bound, NULL) < 1)
		fprintf(f, "%.2g&nbsp;%%", 100 * strtod(bound, NULL));
	html(f, "</td><td class=\"why\">%s</td></tr>\n", *run_field(run, p, "example") ? run_field(run, p, "example") : p->why);
}

static void
part_classes(FILE *f, const struct run *run)
{
	fputs("<section id=\"classes\">\n<h2>Classes</h2>\n<div "
	      "class=\"wide\"><table>\n<thead><tr><th>on</th>"
	      "<th>op</th><th>beside it</th><th>durable?</th><th class=\"n\">lost/cuts</th><th "
	      "class=\"n\">bound</th>"
	      "<th>an example, or why</th></tr></thead>\n<tbody>\n", f);
	for (size_t i = 0; i < run->npoint; i++)
		part_class(f, run, &run->point[i]);
	fputs("</tbody></table></div>\n</section>\n", f);
}

int
report_classes_html(const struct run *run, const struct drawn *drawn, size_t n)
{
	struct replace out;
	int err = replace_open(&out, run->fd, "report.html");

	if (err < 0)
		return err;
	html_head(out.file, "What a power cut takes");
	html(out.file, "<header>\n<h1>What a power cut takes: %s</h1>\n<p class=\"by\">Linux %s "
		       "in a virtual machine on %s<br>begun "
	     "%s</p>\n</header>\n", run_text(run, "name"), run_text(run, "linux"), run_text(run, "host.name"), run_text(run, "started"));
	part_found(out.file, run);
	part_figures(out.file, run->fd, drawn, n, NULL);
	part_how(out.file, run);
	part_classes(out.file, run);
	fputs("</main>\n</body>\n</html>\n", out.file);
	return replace_close(&out, 0);
}
