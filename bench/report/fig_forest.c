/* SPDX-License-Identifier: BSD-2-Clause */
/* The forest plot of a comparison: one panel a column, one row a point, ratio with interval. */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "chart.h"
#include "compareout.h"
#include "gnuplot.h"

enum { ROWS_MAX = 60 };

/* A colour and a shape for every verdict; the word stands at the right. */
static const struct { const char *color; int point; } looks[OUTCOMES] = {
	[OUTCOME_FASTER] = { "#0072B2", 7 }, [OUTCOME_SLOWER] = { "#D55E00", 9 },
	[OUTCOME_SAME] = { "#009E73", 5 }, [OUTCOME_UNCLEAR] = { "#767676", 6 },
	[OUTCOME_SINGLE] = { "#CC79A7", 12 },
};

/* Between double quotes gnuplot runs what stands in backquotes: plain characters only. */
static void
tick(struct chart *c, const char **ticks, const char *text, size_t row)
{
	char *label = arena_strdup(c->mem, text);

	for (char *p = label; *p; p++)
		if (!isalnum((unsigned char)*p) && !strchr(" ._,=+:/()-", *p) && !((unsigned char)*p & 0x80))
			*p = '_';
	*ticks = arena_printf(c->mem, "%s%s\"%s\" %zu", *ticks ? *ticks : "", *ticks ? ", " : "", label, row);
}

static const char *
right_word(struct arena *mem, const struct compared *r)
{
	if (r->c.verdict == OUTCOME_SINGLE || r->c.verdict == OUTCOME_UNCLEAR)
		return arena_printf(mem, "%.3g, %s", r->c.ratio.est, outcome_name[r->c.verdict]);
	return arena_printf(mem, "%.3g %s", r->c.ratio.est, outcome_name[r->c.verdict]);
}

static void
add(struct chart *c, const struct comparison *x, const struct compared *r, uint32_t panel, size_t row)
{
	struct chart_series *s = chart_series(c, panel, outcome_name[r->c.verdict], false);
	const struct interval *i = &r->c.ratio;
	size_t n = r->c.nbase < r->c.ncand ? r->c.nbase : r->c.ncand;

	s->color = looks[r->c.verdict].color;
	s->point = looks[r->c.verdict].point;
	s->dash = 1;
	chart_add(c, s, (struct chart_point){
		.x = (double)row, .y = i->est, .lo = i->has ? i->lo : NAN, .hi = i->has ? i->hi : NAN,
		.a = NAN, .b = NAN, .n = (uint32_t)n, .text = outcome_name[r->c.verdict],
	});
	c->xmin = fmin(c->xmin, i->has ? i->lo : i->est);
	c->xmax = fmax(c->xmax, i->has ? i->hi : i->est);
	tick(c, &c->panel[panel].yticks, compared_label(&x->p, r->row), row);
	tick(c, &c->panel[panel].y2ticks, right_word(c->mem, r), row);
	c->panel[panel].ymin = (double)row + 0.6;	/* row 1 on top */
	c->panel[panel].ymax = 0.4;
}

static void
order(struct chart *c)
{
	struct chart_series *sorted = arena_alloc(c->mem, c->nseries, sizeof *sorted);
	size_t n = 0;

	for (size_t panel = 0; panel < c->npanel; panel++) {
		c->panel[panel].first = n;
		for (size_t i = 0; i < c->nseries; i++)
			if (c->series[i].panel == panel)
				sorted[n++] = c->series[i];
		c->panel[panel].last = n - 1;
	}
	c->series = sorted;
}

/* Ratios that stand well apart on a logarithmic axis of this width. */
static const char *
ratio_ticks(struct chart *c)
{
	static const double fine[] = { 0.8, 0.85, 0.9, 0.95, 1, 1.05, 1.1, 1.15, 1.2, 1.25, 0 };
	static const double middle[] = { 0.1, 0.2, 0.33, 0.5, 0.67, 0.8, 1, 1.25, 1.5, 2, 3, 5, 10, 0 };
	static const double wide[] = { 1e-4, 1e-3, 0.01, 0.1, 1, 10, 100, 1e3, 1e4, 0 };
	double span = c->xmax / c->xmin;
	const char *out = "";

	for (const double *t = span < 1.6 ? fine : span < 40 ? middle : wide; *t > 0; t++)
		if (*t >= c->xmin && *t <= c->xmax)
			out = arena_printf(c->mem, "%s%s\"%g\" %g", out, *out ? ", " : "", *t, *t);
	return out;
}

static void
layout(struct chart *c, const size_t *rows, size_t longest)
{
	const double head = 0.25, row = 0.17, top = 0.32, bottom = 0.16, axis = 0.34;
	double y = head, left = fmin(3.4, fmax(1.2, 0.062 * (double)longest + 0.15));

	c->key = 0.24;
	c->width = 7.2;
	c->height = head + axis + c->key + CHART_NOTE;
	for (size_t i = 0; i < c->npanel; i++)
		c->height += top + bottom + row * (double)rows[i];
	for (size_t i = 0; i < c->npanel; i++) {
		struct chart_panel *p = &c->panel[i];

		p->left = left / c->width;
		p->right = 1 - 1.15 / c->width;
		p->top = 1 - (y + top) / c->height;
		y += top + bottom + row * (double)rows[i];
		p->bottom = 1 - (y - 0.06) / c->height;
	}
}

static void
words(struct chart *c, const struct compare_view *v)
{
	const struct comparison *x = v->c;
	const char *media = "", *last = "";

	for (size_t s = 0; s < v->nsource; s++)
		for (size_t i = 0; i < v->source[s].run->npoint; i++) {
			const char *m = v->source[s].run->point[i].medium;

			if (strcmp(m, last) == 0 || strstr(media, m))
				continue;
			media = arena_printf(c->mem, "%s%s%s", media, *media ? ", " : "", m);
			last = m;
		}
	c->title = arena_printf(c->mem, "Time against %s", x->p.column[0]);
	c->xlabel = "ratio of times: left of 1 is faster, right is slower";
	c->note = arena_printf(c->mem, "Medium: %s. Bar: 95 %% interval of the Hodges-Lehmann ratio, %s; Holm over %zu "
			       "rows, margin %g %%%s%s.", media, x->paired ? "in pairs" : "unpaired", x->n,
			       100 * x->margin, x->one_host && !v->columns ? "; host effect not separable" : "",
			       c->dropped ? "; further rows are in compare.csv" : "");
}

/* A side of one run by the run's name. */
static const char *
side_name(struct chart *c, const struct compare_view *v, size_t column)
{
	const char *name = v->c->p.column[column];

	for (size_t s = 0; s < v->nsource && !v->columns && v->nsource == v->sides; s++)
		if (v->source[s].side == column && *run_text(v->source[s].run, "run_id"))
			return arena_printf(c->mem, "%s (%s)", name, run_text(v->source[s].run, "run_id"));
	return name;
}

static void
build(struct chart *c, const struct compare_view *v)
{
	const struct comparison *x = v->c;
	size_t rows[CHART_PANELS] = { 0 }, longest = 0;
	bool mark = false;

	c->xmin = 1 / (1 + 2 * x->margin);
	c->xmax = 1 + 2 * x->margin;
	for (size_t i = 0; i < x->n; i++) {
		const struct compared *r = &x->row[i];
		size_t len = strlen(compared_label(&x->p, r->row));
		int panel = chart_panel(c, arena_printf(c->mem, "%s against %s", side_name(c, v, r->column),
							   side_name(c, v, 0)));

		if (panel < 0 || rows[panel] == ROWS_MAX) {
			c->dropped++;
			continue;
		}
		mark |= !isnan(r->c.p);
		longest = len > longest ? len : longest;
		add(c, x, r, (uint32_t)panel, ++rows[panel]);
	}
	c->xmin /= 1.03;
	c->xmax *= 1.03;
	c->ymin = c->ymax = NAN;
	c->line = mark ? 1 + x->margin : NAN;
	c->xticks = ratio_ticks(c);
	order(c);
	layout(c, rows, longest);
	words(c, v);
}

/* forest.gp asks for it. */
static int
ask_png(int dirfd)
{
	int fd = openat(dirfd, "forest.vars.gp", O_WRONLY | O_APPEND | O_CLOEXEC | O_NOFOLLOW), err;

	if (fd < 0)
		return -errno;
	err = write(fd, "PNG = 1\n", 8) == 8 ? 0 : -EIO;
	return close(fd) < 0 && err == 0 ? -errno : err;
}

int
compare_figure(const struct compare_view *v, const char *dir, bool png, FILE *err)
{
	struct chart c = { .mem = v->c->p.mem, .run = v->source[0].run, .line = NAN };
	struct gnuplot g = { 0 };
	int fd, rc;

	if (v->c->n == 0)
		return 0;
	if (mkdir(dir, 0777) < 0 && errno != EEXIST)
		return -errno;
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	build(&c, v);
	rc = chart_write(&c, "forest", fd);
	if (rc == 0 && png)
		rc = ask_png(fd);
	if (rc == 0 && gnuplot_draw(&g, fd, "forest") < 0 && *g.why)
		fprintf(err, "%s\n", g.why);
	close(fd);
	return rc;
}
