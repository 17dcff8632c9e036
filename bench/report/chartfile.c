/* SPDX-License-Identifier: BSD-2-Clause */
/* chart_write: NAME.dat, NAME.vars.gp and, for LaTeX, NAME.tex.gp. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "chart.h"
#include "replace.h"

/* What is written to: words for LaTeX have its characters masked. */
struct sheet { FILE *f; bool tex; };

/* What LaTeX would take for its own, and what its fonts may lack. */
static const struct { const char *text, *tex; } masks[] = {
	{ "_", "\\_" }, { "%", "\\%" }, { "&", "\\&" }, { "#", "\\#" }, { "$", "\\$" }, { "{", "\\{" }, { "}", "\\}" },
	{ "~", "\\textasciitilde{}" }, { "^", "\\textasciicircum{}" }, { "<", "\\textless{}" }, { ">", "\\textgreater{}" },
	{ "\\", "/" }, { "\u00a0", "~" }, { "…", "\\ldots{}" }, { "µ", "\\textmu{}" }, { "×", "$\\times$" },
};

/* The mask of what stands at s, every backslash so many times.  The bytes that it stands for; 0: none. */
static size_t
mask(struct sheet *o, const char *s, int backslashes)
{
	for (size_t i = 0; o->tex && i < sizeof masks / sizeof *masks; i++) {
		if (strncmp(s, masks[i].text, strlen(masks[i].text)) != 0)
			continue;
		for (const char *t = masks[i].tex; *t; t++)
			for (int n = *t == '\\' ? backslashes : 1; n > 0; n--)
				fputc(*t, o->f);
		return strlen(masks[i].text);
	}
	return 0;
}

/* Single quotes: gnuplot expands nothing between them, no backquotes either; it reads
 * no quote at their start, so a quote becomes an apostrophe. */
static void
quoted(struct sheet *o, const char *s)
{
	fputc('\'', o->f);
	for (size_t n; s && *s; s += n ? n : 1)
		if ((n = mask(o, s, 1)) > 0)
			;
		else if (*s == '\'')
			fputs(o->tex ? "\\textquoteright{}" : "’", o->f);
		else
			fputc((unsigned char)*s < 32 ? ' ' : *s, o->f);
	fputc('\'', o->f);
}

/* LaTeX has sizes of its own. */
static void
small(struct sheet *o, const char *s)
{
	if (o->tex)
		fputs("'{\\scriptsize '.", o->f);
	quoted(o, s);
	fputs(o->tex ? ".'}'" : "", o->f);
}

/* Ticks are evaluated: words between double quotes, in which a backslash is doubled, and which are formats. */
static void
ticks(struct sheet *o, const char *s)
{
	bool in = false;

	fputc('\'', o->f);
	for (size_t n; s && *s; s += n ? n : 1) {
		in ^= *s == '"';
		n = in ? mask(o, s, 2) : 0;
		if (n == 0 || *s == '%')
			fputc(*s, o->f);
		n += n && s[0] == '%' && s[1] == '%';
	}
	fputc('\'', o->f);
}

static void
text(struct sheet *o, const char *name, const char *s)
{
	fprintf(o->f, "%s = ", name);
	quoted(o, s);
	fputc('\n', o->f);
}

static void
number(struct sheet *o, const char *name, double v)
{
	if (isnan(v))
		fprintf(o->f, "%s = NaN\n", name);
	else
		fprintf(o->f, "%s = %.10g\n", name, v);
}

/* A bound of a range: "*" leaves it to gnuplot. */
static void
range(FILE *f, double lo, double hi)
{
	char a[32] = "*", b[32] = "*";

	if (!isnan(lo))
		snprintf(a, sizeof a, "%.10g", lo);
	if (!isnan(hi))
		snprintf(b, sizeof b, "%.10g", hi);
	fprintf(f, "'[%s:%s]'", a, b);
}

#define ARRAY(o, name, n, i, ...) do { \
	fprintf((o)->f, "array %s[%zu] = [", name, (size_t)(n) ? (size_t)(n) : 1); \
	for (size_t i = 0; i < (n); i++) { \
		fputs(i ? ", " : "", (o)->f); \
		__VA_ARGS__; \
	} \
	fputs((n) ? "]\n" : "0]\n", (o)->f); \
} while (0)

/* The same ticks without their labels. */
static void
blank(FILE *f, const char *name, const char *s)
{
	bool in = false;

	fprintf(f, "%s = '", name);
	for (s = s ? s : ""; *s; s++) {
		in ^= *s == '"';
		if (!in || *s == '"')
			fputc(*s, f);
	}
	fputs("'\n", f);
}

/* The words alone: what another sheet says in its own way. */
static void
words(struct sheet *o, const struct chart *c)
{
	const struct chart_panel *p = c->panel;
	const struct chart_series *s = c->series;

	ARRAY(o, "TITLE", c->titles.n, i, quoted(o, c->titles.line[i]));
	ARRAY(o, "NOTE", c->notes.n, i, small(o, c->notes.line[i]));
	text(o, "XLABEL", c->xlabel);
	text(o, "YLABEL", c->ylabel);
	text(o, "XLEVEL_TEXT", c->xlevel_text);
	fputs("XTICKS = ", o->f);
	ticks(o, c->xticks);
	fputc('\n', o->f);
	ARRAY(o, "P_TITLE", c->npanel, i, quoted(o, p[i].shown));
	ARRAY(o, "P_SUBTITLE", c->npanel, i, quoted(o, p[i].subtitle));
	ARRAY(o, "P_YTICKS", c->npanel, i, ticks(o, p[i].yticks));
	ARRAY(o, "P_Y2TICKS", c->npanel, i, ticks(o, p[i].y2ticks));
	ARRAY(o, "S_NAME", c->nseries, i, quoted(o, s[i].shown ? s[i].shown : s[i].name));
}

enum what { ALL, BARS, MARKS };
static const char *const array_of[] = { [ALL] = "P_SERIES", [BARS] = "P_BARS", [MARKS] = "P_MARKS" };

static bool
has(const struct chart_series *s, enum what w)
{
	for (size_t i = 0; i < s->n; i++)
		if (w == ALL || (w == BARS ? !isnan(s->p[i].lo) : !isnan(s->p[i].a) || !isnan(s->p[i].b)))
			return true;
	return false;
}

/* The series of a panel that have something of the sort: gnuplot warns of those without. */
static void
series_list(FILE *f, const struct chart *c, const struct chart_panel *p, enum what w)
{
	const char *sep = "";

	fputc('\'', f);
	for (size_t i = p->first; i <= p->last && i < c->nseries; i++)
		if (has(&c->series[i], w)) {
			fprintf(f, "%s%zu", sep, i + 1);
			sep = " ";
		}
	fputc('\'', f);
}

static void
panels(struct sheet *o, const struct chart *c)
{
	const struct chart_panel *p = c->panel;
	FILE *f = o->f;

	fprintf(f, "PANELS = %zu\n", c->npanel);
	for (enum what w = ALL; w <= MARKS; w++)
		ARRAY(o, array_of[w], c->npanel, i, series_list(f, c, &p[i], w));
	ARRAY(o, "P_YMIN", c->npanel, i, fprintf(f, "%.10g", p[i].ymin));
	ARRAY(o, "P_ROWS", c->npanel, i, fprintf(f, "%zu", p[i].rows));
	ARRAY(o, "P_APART", c->npanel, i, fprintf(f, "%zu", p[i].apart));
	ARRAY(o, "P_LEFT", c->npanel, i, fprintf(f, "%.5f", p[i].left));
	ARRAY(o, "P_RIGHT", c->npanel, i, fprintf(f, "%.5f", p[i].right));
	ARRAY(o, "P_TOP", c->npanel, i, fprintf(f, "%.5f", p[i].top));
	ARRAY(o, "P_BOTTOM", c->npanel, i, fprintf(f, "%.5f", p[i].bottom));
	ARRAY(o, "P_YRANGE", c->npanel, i, range(f, p[i].ymin, p[i].ymax));
	ARRAY(o, "P_LINEAR", c->npanel, i, fprintf(f, "%d", p[i].linear));
}

/* The first series of every name: what the key shows. */
static void
key(struct sheet *o, const struct chart *c)
{
	size_t first[CHART_PANELS * CHART_SERIES], n = 0, k;

	for (size_t i = 0; i < c->nseries; i++) {
		for (k = 0; k < n && strcmp(c->series[first[k]].name, c->series[i].name) != 0; k++)
			;
		if (k == n)
			first[n++] = i;
	}
	fprintf(o->f, "KEYS = %zu\nKEY_COLUMNS = %zu\n", n, c->key_columns);
	ARRAY(o, "KEY", n, i, fprintf(o->f, "%zu", first[i] + 1));
}

static void
vars(struct sheet *o, const struct chart *c, const char *name)
{
	const struct chart_series *s = c->series;
	FILE *f = o->f;

	fprintf(f, "# Words, ranges and layout of this figure; `gnuplot %s.gp` draws it again.\n", name);
	text(o, "NAME", name);
	text(o, "FONT", c->page.font ? c->page.font : "");
	fprintf(f, "if (!exists('FORMATS')) { FORMATS = '%s' }\n", c->page.formats ? c->page.formats : "svg pdf");
	number(o, "W", c->width);
	number(o, "H", c->height);
	number(o, "HEAD", c->head);
	number(o, "FOOT", c->foot);
	number(o, "KEY_HIGH", c->key);
	fprintf(f, "TITLES = %zu\nNOTES = %zu\nRINGS = %zu\n", c->titles.n, c->notes.n, c->nring);
	number(o, "XLOG", c->xscale == SCALE_LOG2 ? 2 : c->xscale == SCALE_LOG ? 10 : 0);
	number(o, "SLANTED", c->slanted);
	fputs("XRANGE = ", f);
	range(f, c->xmin, c->xmax);
	fputc('\n', f);
	blank(f, "XGRID", c->xticks);
	number(o, "LEVEL", c->level);
	number(o, "XLEVEL", c->xlevel);
	number(o, "BOX", c->box);
	panels(o, c);
	fprintf(f, "SERIES = %zu\n", c->nseries);
	ARRAY(o, "S_COLOR", c->nseries, i, fprintf(f, "'%s'", s[i].look.color ? s[i].look.color : "#000000"));
	ARRAY(o, "S_POINT", c->nseries, i, fprintf(f, "%d", s[i].look.point));
	ARRAY(o, "S_DASH", c->nseries, i, fprintf(f, "%d", s[i].look.dash));
	ARRAY(o, "R_PANEL", c->nring, i, fprintf(f, "%u", c->ring[i].panel + 1));
	ARRAY(o, "R_X", c->nring, i, fprintf(f, "%.10g", c->ring[i].x));
	ARRAY(o, "R_Y", c->nring, i, fprintf(f, "%.10g", c->ring[i].y));
	key(o, c);
	words(o, c);
}

static void
cell(FILE *f, double v)
{
	if (isnan(v))
		fputs("\tNaN", f);
	else
		fprintf(f, "\t%.10g", v);
}

/* What stands on one line of the data, or between double quotes there. */
static void
plain(FILE *f, const char *s)
{
	for (; s && *s; s++)
		fputc((unsigned char)*s < 32 ? ' ' : *s == '"' || *s == '\\' ? '\'' : *s, f);
}

static void
data(FILE *f, const struct chart *c)
{
	fputs("# ", f);
	plain(f, c->title);
	fputs("\n# ", f);
	plain(f, c->note);
	fputs("\n# One block a series, two empty lines between them. lo, hi: 95 % interval; n: repeats; NaN: none\n", f);
	for (size_t i = 0; i < c->nseries; i++) {
		const struct chart_series *s = &c->series[i];

		fputs(i ? "\n\n# " : "# ", f);
		plain(f, c->panel[s->panel].title);
		fputs(" | ", f);
		plain(f, s->name);
		fprintf(f, "\n%s\t%s\tlo\thi\tn\t%s\t%s\ttext\tname\n", c->xname, c->yname, c->a ? c->a : "a", c->b ? c->b : "b");
		for (size_t k = 0; k < s->n; k++) {
			const struct chart_point *p = &s->p[k];

			fprintf(f, "%.10g", p->x);
			cell(f, p->y);
			cell(f, p->lo);
			cell(f, p->hi);
			fprintf(f, "\t%u", p->n);
			cell(f, p->a);
			cell(f, p->b);
			fputs("\t\"", f);
			plain(f, p->text);
			fputs("\"\t\"", f);
			plain(f, p->name);
			fputs("\"\n", f);
		}
	}
}

static int
sheet(const struct chart *c, const char *name, const char *suffix, int dirfd,
      void (*write)(struct sheet *, const struct chart *, const char *), bool tex)
{
	char file[160];
	struct replace r;
	int err;

	snprintf(file, sizeof file, "%s.%s", name, suffix);
	err = replace_open(&r, dirfd, file);
	if (err < 0)
		return err;
	write(&(struct sheet){ r.file, tex }, c, name);
	return replace_close(&r, 0);
}

static void
write_data(struct sheet *o, const struct chart *c, const char *name)
{
	(void)name;
	data(o->f, c);
}

static void
write_tex(struct sheet *o, const struct chart *c, const char *name)
{
	fprintf(o->f, "# The words of %s.vars.gp for LaTeX.\n", name);
	words(o, c);
}

int
chart_write(const struct chart *c, const char *name, int dirfd)
{
	int err = sheet(c, name, "dat", dirfd, write_data, false);

	if (err == 0)
		err = sheet(c, name, "vars.gp", dirfd, vars, false);
	if (err == 0 && c->page.formats && strstr(c->page.formats, "tex"))
		err = sheet(c, name, "tex.gp", dirfd, write_tex, true);
	return err;
}
