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
#include "datadir.h"
#include "gnuplot.h"

enum { ROWS_MAX = 60 };

static const char *
right_word(struct arena *mem, const struct compared *r)
{
	const bool apart = r->c.verdict == OUTCOME_SINGLE || r->c.verdict == OUTCOME_UNCLEAR;
	char buf[COMPARED_RATIO];

	return arena_printf(mem, "%s%s %s", compared_ratio(buf, r->c.ratio.est), apart ? "," : "",
			    outcome_name[r->c.verdict]);
}

static void
add(struct chart *c, const struct comparison *x, const struct compared *r, uint32_t panel)
{
	struct chart_series *s = chart_series(c, panel, outcome_name[r->c.verdict], false);
	const char *label = compared_label(&x->p, r->row), *right = right_word(c->mem, r);
	const struct interval *i = &r->c.ratio;
	const size_t n = r->c.nbase < r->c.ncand ? r->c.nbase : r->c.ncand, row = ++c->panel[panel].rows;

	chart_add(c, s, (struct chart_point){
		.x = (double)row, .y = i->est, .lo = i->has ? i->lo : NAN, .hi = i->has ? i->hi : NAN,
		.a = NAN, .b = NAN, .n = (uint32_t)n, .text = outcome_name[r->c.verdict], .name = label,
	});
	c->xmin = fmin(c->xmin, i->has ? i->lo : i->est);
	c->xmax = fmax(c->xmax, i->has ? i->hi : i->est);
	c->longest = chart_letters(label) > c->longest ? chart_letters(label) : c->longest;
	c->right = fmax(c->right, 0.16 + 0.068 * (double)chart_letters(right));
	chart_row_tick(c, &c->panel[panel].yticks, label, row);
	chart_row_tick(c, &c->panel[panel].y2ticks, right, row);
}

static void
words(struct chart *c, const struct compare_view *v)
{
	const struct comparison *x = v->c;
	struct chart_media media = { 0 };

	for (size_t s = 0; s < v->nsource; s++)
		for (size_t i = 0; i < v->source[s].run->npoint; i++)
			chart_medium(c->mem, &media, v->source[s].run->point[i].medium);
	c->title = arena_printf(c->mem, "Time against %s", chart_elide(c, x->p.column[0], 80));
	c->xlabel = "ratio of times: left of 1 is faster";
	c->note = arena_printf(c->mem, "Bar: 95\u00a0%% interval of the Hodges-Lehmann ratio, %s; Holm over %zu rows, margin "
			       "%g %%; same: the 90\u00a0%% interval lies within it; %s%s%s.", x->paired ? "in pairs" : "unpaired", x->n, 100 * x->margin,
			       chart_media(c->mem, &media), x->one_host && !v->columns ? "; host effect not separable" : "",
			       c->nleft ? "; further rows are in compare.csv" : "");
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
	bool mark = false;

	c->xmin = 1 / (1 + 2 * x->margin);
	c->xmax = 1 + 2 * x->margin;
	for (size_t i = 0; i < x->n; i++) {
		const struct compared *r = &x->row[i];
		int panel = panel_of(c, v, r->column);

		if (panel < 0 || c->panel[panel].rows == ROWS_MAX) {
			chart_leave(c, "", compared_label(&x->p, r->row));
			continue;
		}
		mark |= !isnan(r->c.p);
		add(c, x, r, (uint32_t)panel);
	}
	c->xmin /= 1.03;
	c->xmax *= 1.03;
	c->xscale = SCALE_LOG;
	c->level = mark ? 1 + x->margin : NAN;
	words(c, v);
	chart_order(c);
	c->xticks = chart_ticks(c, "", SCALE_LOG, c->xmin, c->xmax, chart_narrow(c) ? 4 : 8);
}

static int
draw(struct chart *c, int fd, char *why, size_t len)
{
	struct figure forest = { .name = "forest", .title = c->title, .form = FORM_FOREST };
	struct gnuplot g = { .shown = "" };
	struct palette pal;
	int rc = palette_load(&pal, c->mem, arena_printf(c->mem, "%s/plots", data_dir()), why, len);

	if (rc == 0)
		chart_style(c, &pal);
	chart_row_layout(c);
	rc = chart_write(c, "forest", fd);
	if (rc == 0 && gnuplot_draw(&g, fd, &forest) < 0)
		snprintf(why, len, "%s", g.why);
	return rc;
}

int
compare_figure(const struct compare_view *v, const char *dir, bool png, FILE *err)
{
	struct chart c = { .mem = v->c->p.mem, .form = FORM_FOREST, .xname = "row", .yname = "ratio", .xlevel = NAN, .level = NAN,
			   .page = { .formats = png ? "svg pdf png" : "svg pdf" } };
	char why[4400] = "";
	int fd, rc;

	if (v->c->n == 0)
		return 0;
	if (mkdir(dir, 0777) < 0 && errno != EEXIST)
		return -errno;
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	build(&c, v);
	rc = draw(&c, fd, why, sizeof(why));
	if (*why)
		fprintf(err, "%s\n", why);
	close(fd);
	return rc;
}
