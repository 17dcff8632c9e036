/* SPDX-License-Identifier: BSD-2-Clause */
/* chart_write: NAME.dat and NAME.vars.gp. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "chart.h"
#include "replace.h"

/* Single quotes: gnuplot expands nothing between them, no backquotes either; it reads
 * no quote at their start, so a quote becomes an apostrophe. */
static void
quoted(FILE *f, const char *s)
{
	fputc('\'', f);
	for (; *s; s++)
		if (*s == '\'')
			fputs("’", f);
		else
			fputc((unsigned char)*s < 32 ? ' ' : *s, f);
	fputc('\'', f);
}

static void
text(FILE *f, const char *name, const char *s)
{
	fprintf(f, "%s = ", name);
	quoted(f, s ? s : "");
	fputc('\n', f);
}

static void
number(FILE *f, const char *name, double v)
{
	if (isnan(v))
		fprintf(f, "%s = NaN\n", name);
	else
		fprintf(f, "%s = %.10g\n", name, v);
}

/* A bound of a range: "*" leaves it to gnuplot. */
static void
range(FILE *f, double lo, double hi)
{
	char a[32] = "*", b[32] = "*";

	if (!isnan(lo))
		snprintf(a, sizeof(a), "%.10g", lo);
	if (!isnan(hi))
		snprintf(b, sizeof(b), "%.10g", hi);
	fprintf(f, "'[%s:%s]'", a, b);
}

static void
panel_range(FILE *f, const struct chart *c, const struct chart_panel *p)
{
	bool own = p->ymin != 0 || p->ymax != 0;

	range(f, own ? p->ymin : c->ymin, own ? p->ymax : c->ymax);
}

#define ARRAY(f, name, n, i, ...) do { \
	fprintf(f, "array %s[%zu] = [", name, (size_t)(n)); \
	for (size_t i = 0; i < (n); i++) { \
		fputs(i ? ", " : "", f); \
		__VA_ARGS__; \
	} \
	fputs("]\n", f); \
} while (0)

static void
panels(FILE *f, const struct chart *c)
{
	const struct chart_panel *p = c->panel;

	fprintf(f, "PANELS = %zu\n", c->npanel);
	ARRAY(f, "P_TITLE", c->npanel, i, quoted(f, p[i].shown));
	ARRAY(f, "P_SUBTITLE", c->npanel, i, quoted(f, p[i].subtitle ? p[i].subtitle : ""));
	ARRAY(f, "P_FIRST", c->npanel, i, fprintf(f, "%zu", p[i].first + 1));
	ARRAY(f, "P_LAST", c->npanel, i, fprintf(f, "%zu", p[i].last + 1));
	ARRAY(f, "P_LEFT", c->npanel, i, fprintf(f, "%.5f", p[i].left));
	ARRAY(f, "P_RIGHT", c->npanel, i, fprintf(f, "%.5f", p[i].right));
	ARRAY(f, "P_TOP", c->npanel, i, fprintf(f, "%.5f", p[i].top));
	ARRAY(f, "P_BOTTOM", c->npanel, i, fprintf(f, "%.5f", p[i].bottom));
	ARRAY(f, "P_YTICKS", c->npanel, i, quoted(f, p[i].yticks ? p[i].yticks : ""));
	ARRAY(f, "P_Y2TICKS", c->npanel, i, quoted(f, p[i].y2ticks ? p[i].y2ticks : ""));
	ARRAY(f,
		"P_YLABEL",
		c->npanel, i, quoted(f, p[i].ylabel ? p[i].ylabel : c->ylabel ? c->ylabel : ""));
	ARRAY(f, "P_YRANGE", c->npanel, i, panel_range(f, c, &p[i]));
	ARRAY(f, "P_LINEAR", c->npanel, i, fprintf(f, "%d", p[i].linear));
}

/* The first series of every name: what the key shows. */
static void
key(FILE *f, const struct chart *c)
{
	size_t first[CHART_PANELS * CHART_SERIES], n = 0, k;

	for (size_t i = 0; i < c->nseries; i++) {
		for (k = 0; k < n && strcmp(c->series[first[k]].name, c->series[i].name) != 0; k++)
			;
		if (k == n)
			first[n++] = i;
	}
	fprintf(f, "KEYS = %zu\n", n);
	ARRAY(f, "KEY", n, i, fprintf(f, "%zu", first[i] + 1));
}

/* The same ticks without their labels. */
static void
blank(FILE *f, const char *name, const char *ticks)
{
	bool in = false;

	fprintf(f, "%s = '", name);
	for (const char *s = ticks ? ticks : ""; *s; s++) {
		if (*s == '"')
			in = !in;
		if (!in || *s == '"')
			fputc(*s, f);
	}
	fputs("'\n", f);
}

static void
vars(FILE *f, const struct chart *c, const char *name)
{
	const struct chart_series *s = c->series;

	fprintf(f,
		"# Words, ranges and layout of this figure; `gnuplot %s.gp` draws it again.\n",
		name);
	text(f, "NAME", name);
	text(f, "TITLE", c->title);
	fprintf(f, "NOTES = %zu\n", c->nnote);
	ARRAY(f, "NOTE", c->nnote ? c->nnote : 1, i, quoted(f, c->nnote ? c->notes[i] : ""));
	text(f, "XLABEL", c->xlabel);
	number(f, "W", c->width);
	number(f, "H", c->height);
	number(f, "FOOT", c->foot);
	number(f, "KEY_HIGH", c->key);
	fprintf(f, "KEY_COLUMNS = %zu\nROWS = %d\n", c->key_columns, c->rows);
	fputs("XRANGE = ", f);
	range(f, c->xmin, c->xmax);
	fputs("\nYRANGE = ", f);
	range(f, c->ymin, c->ymax);
	fputc('\n', f);
	text(f, "XTICKS", c->xticks);
	blank(f, "XGRID", c->xticks);
	number(f, "LEVEL", c->line);
	panels(f, c);
	fprintf(f, "SERIES = %zu\n", c->nseries);
	ARRAY(f, "S_NAME", c->nseries, i, quoted(f, s[i].shown ? s[i].shown : s[i].name));
	ARRAY(f, "S_COLOR", c->nseries, i, quoted(f, s[i].color));
	ARRAY(f, "S_POINT", c->nseries, i, fprintf(f, "%d", s[i].point));
	ARRAY(f, "S_DASH", c->nseries, i, fprintf(f, "%d", s[i].dash));
	key(f, c);
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
	for (; *s; s++)
		fputc((unsigned char)*s < 32 ? ' ' : *s == '"' || *s == '\\' ? '\'' : *s, f);
}

static void
data(FILE *f, const struct chart *c)
{
	fprintf(f,
		"# %s\n# %s\n# One block a series, two empty lines between them. Columns:\n# "
		"x\ty\tlo\thi\tn\t%s\t%s\ttext%s\n# lo, hi: exact 95 %% interval; NaN: none\n",
		c->title, c->note ? c->note : "", c->a ? c->a : "-", c->b ? c->b : "-", c->rows ? "\tname" : "");
	for (size_t i = 0; i < c->nseries; i++) {
		const struct chart_series *s = &c->series[i];

		fputs(i ? "\n\n# " : "# ", f);
		plain(f, c->panel[s->panel].title);
		fputs(" | ", f);
		plain(f, s->name);
		fputc('\n', f);
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
			plain(f, p->text ? p->text : "");
			fputs(p->name ? "\"\t\"" : "", f);
			plain(f, p->name ? p->name : "");
			fputs("\"\n", f);
		}
	}
}

int
chart_write(const struct chart *c, const char *name, int dirfd)
{
	char file[128];
	struct replace r;
	int err;

	snprintf(file, sizeof(file), "%s.dat", name);
	err = replace_open(&r, dirfd, file);
	if (err < 0)
		return err;
	data(r.file, c);
	err = replace_close(&r, 0);
	snprintf(file, sizeof(file), "%s.vars.gp", name);
	if (err < 0 || (err = replace_open(&r, dirfd, file)) < 0)
		return err;
	vars(r.file, c, name);
	return replace_close(&r, 0);
}
