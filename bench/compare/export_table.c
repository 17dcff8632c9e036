/* SPDX-License-Identifier: BSD-2-Clause */
/* The report's sentences and its table of strategies, for a text: Markdown and LaTeX. */
#include <errno.h>
#include <string.h>

#include "export.h"
#include "human.h"
#include "ladder.h"
#include "sentences.h"
#include "summary.h"

/* A language's words: an escape for each byte that it would take for its own.  UTF-8 is left alone:
 * every LaTeX since 2018 reads it. */
struct markup {
	const char *(*escape)(char c);	/* NULL: it stands for itself */
	const char *begin, *end;	/* of the table */
	const char *cell, *row, *group;	/* between cells; behind a row; between targets */
	const char *note;		/* before a sentence, "" where it is a paragraph */
};

static const char *
md_escape(char c)
{
	switch (c) {
	case '|': return "\\|";
	case '\\': return "\\\\";
	case '`': return "\\`";
	case '*': return "\\*";
	case '_': return "\\_";
	case '[': return "\\[";
	case ']': return "\\]";
	case '<': return "&lt;";
	case '&': return "&amp;";
	case '\n': return " ";
	default: return NULL;
	}
}

static const char *
tex_escape(char c)
{
	switch (c) {
	case '\\': return "\\textbackslash{}";
	case '{': return "\\{";
	case '}': return "\\}";
	case '$': return "\\$";
	case '&': return "\\&";
	case '#': return "\\#";
	case '%': return "\\%";
	case '_': return "\\_";
	case '^': return "\\^{}";
	case '~': return "\\~{}";
	case '<': return "\\textless{}";
	case '>': return "\\textgreater{}";
	case '|': return "\\textbar{}";
	case '\n': return " ";
	default: return NULL;
	}
}

static const struct markup md = {
	md_escape,
	"| target | strategy | per op | median [95 % interval] | n | durable? |\n|---|---|---|--:|--:|---|\n",
	"", " | ", " |\n", "", "",
};
static const struct markup tex = {
	tex_escape,
	"\\begin{tabular}{lllrrl}\n\\hline\ntarget & strategy & per op & median [95\\,\\% interval] & $n$ & durable? "
	"\\\\\n\\hline\n",
	"\\hline\n\\end{tabular}\n", " & ", " \\\\\n", "\\hline\n", "% ",
};

static void
put(const struct markup *m, const char *text, FILE *f)
{
	for (; *text; text++)
		if (m->escape(*text))
			fputs(m->escape(*text), f);
		else
			fputc(*text, f);
}

static void
put_rung(const struct markup *m, const struct rung *r, FILE *f)
{
	char num[HUMAN_MAX], n[16], says[DURABLE_TEXT];
	const char *cell[6];

	snprintf(n, sizeof n, "%u", r->sum->n);
	cell[0] = r->p->target;
	cell[1] = r->label;
	cell[2] = r->sum->metric == METRIC_TIME ? "amortised" : "latency";
	cell[3] = human_interval(num, &r->sum->v);
	cell[4] = n;
	cell[5] = durable_tested(says, r->p->durable, r->p->medium, r->p->tested);
	fputs(m == &md ? "| " : "", f);
	for (int i = 0; i < 6; i++) {
		fputs(i ? m->cell : "", f);
		put(m, cell[i], f);
	}
	fputs(m->row, f);
}

static void
put_table(const struct markup *m, const struct ladder *l, struct arena *mem, FILE *f)
{
	size_t n;
	const char *const *said = sentences_make(l, mem, &n);

	for (size_t i = 0; i < n; i++) {
		fputs(m->note, f);
		put(m, said[i], f);
		fputs("\n\n", f);
	}
	fputs(m->begin, f);
	for (size_t i = 0; i < l->n; i++) {
		if (i > 0 && l->rung[i].p->target != l->rung[i - 1].p->target)
			fputs(m->group, f);
		put_rung(m, &l->rung[i], f);
	}
	fputs(m->end, f);
}

static int
export_table(struct export *x, const struct markup *m, FILE *f)
{
	struct arena mem = { 0 };
	struct summary s;
	struct ladder l;
	int err = summary_make(&s, x->run, x->why, sizeof x->why);

	if (err < 0)
		return err;
	if (setjmp(mem.oom)) {
		err = -ENOMEM;
	} else {
		ladder_make(&l, &mem, &s);
		put_table(m, &l, &mem, f);
	}
	arena_free(&mem);
	summary_free(&s);
	return err;
}

int
export_md(struct export *x, FILE *f)
{
	return export_table(x, &md, f);
}

int
export_tex(struct export *x, FILE *f)
{
	return export_table(x, &tex, f);
}
