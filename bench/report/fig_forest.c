/* SPDX-License-Identifier: BSD-2-Clause */
/* The forest plot of a comparison: one panel a column, one row a point, ratio with interval. */
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

static const char *
right_word(struct arena *mem, const struct compared *r)
{
	const bool apart = r->c.verdict == OUTCOME_SINGLE || r->c.verdict == OUTCOME_UNCLEAR;
	char buf[COMPARED_RATIO];

	return arena_printf(mem, "%s%s %s", compared_ratio(buf, r->c.ratio.est), apart ? "," : "",
			    outcome_name[r->c.verdict]);
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
		.name = compared_label(&x->p, r->row),
	});
	c->xmin = fmin(c->xmin, i->has ? i->lo : i->est);
	c->xmax = fmax(c->xmax, i->has ? i->hi : i->est);
	chart_row_tick(c, &c->panel[panel].yticks, compared_label(&x->p, r->row), row);
	chart_row_tick(c, &c->panel[panel].y2ticks, right_word(c->mem, r), row);
}

/* Ratios that stand well apart on a logarithmic axis of this width. */
static const char *
ratio_ticks(struct chart *c)
{
	static const double fine[] = { 0.8, 0.85, 0.9, 0.95, 1, 1.05, 1.1, 1.15, 1.2, 1.25, 0 };
	static const double middle[] = { 0.1, 0.2, 0.33, 0.5, 0.67, 0.8, 1, 1.25, 1.5, 2, 3, 5, 10, 0 };
	static const double far[] = { 0.05, 0.1, 0.2, 0.33, 0.5, 1, 2, 3, 5, 10, 20, 0 };
	static const double wide[] = { 1e-4, 1e-3, 0.01, 0.1, 1, 10, 100, 1e3, 1e4, 0 };
	double span = c->xmax / c->xmin;
	const char *out = "";

	for (const double *t = span < 1.6 ? fine : span < 8 ? middle : span < 40 ? far : wide; *t > 0; t++)
		if (*t >= c->xmin && *t <= c->xmax)
			out = arena_printf(c->mem, "%s%s\"%g\" %g", out, *out ? ", " : "", *t, *t);
	return out;
}

static void
words(struct chart *c, const struct compare_view *v)
{
	const struct comparison *x = v->c;
	struct chart_media media = { 0 };

	for (size_t s = 0; s < v->nsource; s++)
		for (size_t i = 0; i < v->source[s].run->npoint; i++)
			chart_medium(c, &media, v->source[s].run->point[i].medium);
	c->title = arena_printf(c->mem, "Time against %s", chart_elide(c, x->p.column[0], 80));
	c->xlabel = "ratio of times: left of 1 is faster, right is slower";
	c->note = arena_printf(c->mem, "Bar: 95\u00a0%% interval of the Hodges-Lehmann ratio, %s; Holm over %zu rows, margin "
			       "%g %%; same: the 90\u00a0%% interval lies within it; %s%s%s.", x->paired ? "in pairs" : "unpaired", x->n, 100 * x->margin,
			       chart_media(c, &media), x->one_host && !v->columns ? "; host effect not separable" : "",
			       c->dropped ? "; further rows are in compare.csv" : "");
}

/* The run behind a side of one run; "" of others. */
static const char *
side_run(const struct compare_view *v, size_t column)
{
	for (size_t s = 0; s < v->nsource && !v->columns && v->nsource == v->sides; s++)
		if (v->source[s].side == column)
			return run_text(v->source[s].run, "run_id");
	return "";
}

/* The panel of a column, with the runs below its title. */
static int
panel_of(struct chart *c, const struct compare_view *v, size_t column)
{
	const char *run = side_run(v, column), *base = side_run(v, 0);
	int panel = chart_panel(c, arena_printf(c->mem, "%s against %s", v->c->p.column[column], v->c->p.column[0]));

	if (panel >= 0 && *run && *base)
		c->panel[panel].subtitle = arena_printf(c->mem, "%s against %s", run, base);
	return panel;
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
		int panel = panel_of(c, v, r->column);

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
	words(c, v);
	chart_row_order(c);
	chart_row_layout(c, rows, longest, 1.15, true);
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
