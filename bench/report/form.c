/* SPDX-License-Identifier: BSD-2-Clause */
/* The forms that are made of medians: lines, steps, rows, bars, stack, heat. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "human.h"
#include "pivot.h"
#include "text.h"

enum { WORDS_MAX = 64 };

const char *
form_unit(const struct figure *f)
{
	const char *y = (f->form == FORM_HEAT ? &f->z : &f->y)->name.name[0];
	const int m = metric_find(y);

	if (f->base == BASE_RATIO || f->base == BASE_MEDIAN)
		return "";
	return m >= 0 ? metrics[m].unit : strcmp(y, "headline") == 0 ? "ns" : strcmp(y, "share") == 0 ? "share" : "";
}

struct chart_series *
form_series(struct chart *c, const struct entry *e, const char *name)
{
	const int panel = chart_panel(c, e->panel);
	struct chart_series *s = panel < 0 ? NULL : chart_series(c, (uint32_t)panel, name, e->k->p->control);

	if (panel < 0)
		chart_leave(c, e->panel, name);
	if (s)
		s->kernel = strncmp(name, e->k->p->kernel, strlen(e->k->p->kernel)) == 0 ? e->k->p->kernel : NULL;
	return s;
}

struct chart_point
form_point(const struct pick *k, double x)
{
	return (struct chart_point){ .x = x, .y = k->v, .lo = k->lo, .hi = k->hi, .a = k->tail[0], .b = k->tail[1], .n = k->n };
}

/* The different words of x (or of y), numbers by size, else as they come. */
struct wordlist { size_t n, most; const char *word[WORDS_MAX]; double x[WORDS_MAX]; };

static size_t
word_at(struct wordlist *w, const char *word, double x)
{
	size_t i = 0, at;

	while (i < w->n && strcmp(w->word[i], word) != 0)
		i++;
	if (i < w->n)
		return i;
	if (w->n == (w->most ? w->most : WORDS_MAX))
		return WORDS_MAX;
	for (at = w->n; at > 0 && w->x[at - 1] > x; at--) {
		w->word[at] = w->word[at - 1];
		w->x[at] = w->x[at - 1];
	}
	w->word[at] = word;
	w->x[at] = x;
	w->n++;
	return at;
}

/* As many as have room below an axis. */
static void
words_of(struct wordlist *w, const struct chart *c, const struct pivot *pv)
{
	*w = (struct wordlist){ .most = (size_t)fmin(WORDS_MAX - 1, chart_span(c) / 0.14) };
	for (size_t i = 0; i < pv->n; i++)
		word_at(w, pv->e[i].word, pv->e[i].x);
}

/* Words below an axis, slanted where they would touch. */
static void
word_ticks(struct chart *c, const struct wordlist *w)
{
	const double slot = chart_span(c) / (double)(w->n ? w->n : 1);
	size_t longest = 0;

	for (size_t i = 0; i < w->n; i++)
		longest = chart_letters(w->word[i]) > longest ? chart_letters(w->word[i]) : longest;
	c->slanted = (double)longest * 0.07 > slot;
	c->longest = longest < 18 ? longest : 18;
	for (size_t i = 0; i < w->n; i++)
		chart_row_tick(c, &c->xticks, chart_elide(c, w->word[i], 18), i + 1);
	c->xmin = 0.4;
	c->xmax = (double)w->n + 0.6;
	c->xscale = SCALE_LINEAR;
}

/* The x axis of numbers. */
static void
number_axis(struct chart *c, const struct figure *f)
{
	const int most = (int)fmax(2, chart_span(c) / 0.44);
	const char *unit = strstr(f->x.name.name[0], "size") || strstr(f->x.name.name[0], "working_set") ? "bytes"
		: f->data == DATA_HIST ? "ns" : "";
	enum figure_scale s = f->x.scale;
	double lo = c->xmin, hi = c->xmax;

	if (s == SCALE_AUTO)
		s = lo > 0 && hi / lo >= 4 ? SCALE_LOG2 : SCALE_LINEAR;
	if (!(lo > 0) && s != SCALE_LINEAR)
		s = SCALE_LINEAR;
	if (s == SCALE_LINEAR) {
		const double pad = hi > lo ? (hi - lo) * 0.04 : 1;

		c->xmin = lo - pad;
		c->xmax = hi + pad;
		c->xticks = chart_ticks(c, unit, s, lo, hi > lo ? hi : lo + 1, *unit == 'b' ? most / 2 : most);
	} else {
		c->xmin = lo / 1.25;
		c->xmax = hi * 1.25;
		c->xticks = chart_ticks(c, unit, s, s == SCALE_LOG ? c->xmin : lo, s == SCALE_LOG ? c->xmax : hi,
					*unit == 'n' ? most * 2 / 3 : most);
	}
	c->xscale = s;
}

/* The y axis of one panel that holds lo..hi: from zero, or by decades where a line would lie on it. */
static void
value_axis(struct chart *c, const struct figure *f, struct chart_panel *p, double lo, double hi)
{
	const char *unit = form_unit(f);
	enum figure_scale s = f->form == FORM_HEAT ? SCALE_LINEAR : f->y.scale;

	if (s == SCALE_AUTO)
		s = (strcmp(unit, "ns") == 0 || !(hi < 30 * lo)) && lo > 0 && f->form != FORM_STACK ? SCALE_LOG : SCALE_LINEAR;
	if (!(lo > 0) && s == SCALE_LOG)
		s = SCALE_LINEAR;
	p->linear = s != SCALE_LOG;
	if (p->linear) {
		p->ymin = fmin(0, lo < 0 ? lo * 1.1 : 0);
		p->ymax = hi > p->ymin ? hi + 0.08 * (hi - p->ymin) : p->ymin + 1;
		if (f->base == BASE_MEDIAN && lo > 0)
			p->ymin = fmax(0, lo - 0.1 * (hi - lo));
	} else {
		p->ymin = lo / (f->form == FORM_BARS ? 2 : 1.3);
		p->ymax = hi * 1.3;
	}
	p->yticks = chart_ticks(c, unit, s, p->ymin, p->ymax, 7);
}

/* Times share one axis, so that panels can be held against each other; other panels have their own. */
static void
value_axes(struct chart *c, const struct figure *f)
{
	const bool common = strcmp(form_unit(f), "ns") == 0;

	c->ymin = c->ymax = NAN;
	for (size_t i = 0; i < c->npanel; i++) {
		if (!common || i == 0)
			c->ymin = c->ymax = NAN;
		for (size_t k = 0; k < c->nseries; k++)
			for (size_t j = 0; j < c->series[k].n && (common || c->series[k].panel == i); j++)
				chart_widen(&c->ymin, &c->ymax, &c->series[k].p[j]);
		if (!isnan(c->level) && (common || f->base))
			chart_widen(&c->ymin, &c->ymax, &(struct chart_point){ .y = c->level, .lo = NAN, .hi = NAN });
		value_axis(c, f, &c->panel[i], c->ymin, c->ymax);
	}
}

/* The series of an entry, the at-th of the words below the axis; NULL: no room for one of them. */
static struct chart_series *
placed(struct chart *c, const struct entry *e, double at)
{
	if (at < WORDS_MAX)
		return form_series(c, e, e->series);
	chart_leave(c, "", e->word);
	return NULL;
}

static void
lines(struct chart *c, struct pivot *pv)
{
	struct wordlist w;

	words_of(&w, c, pv);
	for (size_t i = 0; i < pv->n; i++) {
		const struct entry *e = &pv->e[i];
		const double x = pv->words ? (double)word_at(&w, e->word, e->x) + 1 : e->x;
		struct chart_series *s = placed(c, e, pv->words ? x - 1 : 0);

		if (!s)
			continue;
		chart_add(c, s, form_point(e->k, x));
		c->xmin = isnan(c->xmin) ? x : fmin(c->xmin, x);
		c->xmax = isnan(c->xmax) ? x : fmax(c->xmax, x);
	}
	if (pv->words)
		word_ticks(c, &w);
}

static size_t
distinct_series(const struct pivot *pv, struct wordlist *w)
{
	*w = (struct wordlist){ 0 };
	for (size_t i = 0; i < pv->n; i++)
		word_at(w, pv->e[i].series, 0);
	return w->n;
}

/* Bars side by side in the slot of their word; of a stack each stands on the one before. */
static void
bars(struct chart *c, struct pivot *pv)
{
	const bool stack = pv->f->form == FORM_STACK;
	struct wordlist w, s;
	const size_t n = distinct_series(pv, &s);
	const double wide = stack ? 0.7 : 0.84 / (double)(n ? n : 1);
	double *top = arena_alloc(c->mem, CHART_PANELS * WORDS_MAX, sizeof *top);

	words_of(&w, c, pv);
	c->box = wide * (n > 1 && !stack ? 0.46 : 0.4);
	for (size_t i = 0; i < pv->n; i++) {
		const struct entry *e = &pv->e[i];
		const size_t at = word_at(&w, e->word, e->x), k = word_at(&s, e->series, 0);
		struct chart_series *series = placed(c, e, (double)at);
		struct chart_point p = form_point(e->k, (double)at + 1 + (stack ? 0 : ((double)k - (double)(n - 1) / 2) * wide));

		if (!series)
			continue;
		p.a = p.b = NAN;
		if (stack) {
			double *t = &top[series->panel * WORDS_MAX + at];

			p.a = *t;
			p.y = *t += e->k->v;
			p.lo = p.hi = NAN;
		}
		p.name = e->word;
		chart_add(c, series, p);
	}
	word_ticks(c, &w);
	if (stack)
		c->a = "from";
}

/* Light to dark; ratios from blue (less than one) over white to orange. */
static double
shade(double v, double lo, double hi, bool ratio)
{
	const double span = ratio ? fmax(fabs(log(lo)), fabs(log(hi))) : log(hi / lo);
	const double t = span > 0 ? ratio ? log(v) / span : log(v / lo) / span : 0;
	const double from[3] = { 255, 255, 255 }, less[3] = { 134, 184, 217 }, more[3] = { 240, 170, 105 };
	const double *to = ratio && t > 0 ? more : less;
	int rgb = 0;

	for (int i = 0; i < 3; i++)
		rgb = rgb << 8 | (int)lround(from[i] + (to[i] - from[i]) * fabs(t));
	return rgb;
}

static const char *
cell_text(struct chart *c, const char *unit, double v)
{
	char buf[HUMAN_MAX];

	return strcmp(unit, "ns") == 0 ? arena_strdup(c->mem, human_ns(buf, v))
		: strcmp(unit, "GB/s") == 0 ? arena_strdup(c->mem, human_bandwidth(buf, v)) : arena_printf(c->mem, "%.3g", v);
}

static void
heat(struct chart *c, struct pivot *pv)
{
	struct wordlist x, y = { 0 };
	double lo = NAN, hi = NAN;

	words_of(&x, c, pv);
	for (size_t i = 0; i < pv->n; i++) {
		uint64_t n = 0;

		word_at(&y, pv->e[i].series, text_size(pv->e[i].series, &n) == 0 ? (double)n : 0);
		chart_widen(&lo, &hi, &(struct chart_point){ .y = pv->e[i].k->v, .lo = NAN, .hi = NAN });
	}
	for (size_t i = 0; i < pv->n; i++) {
		const struct entry *e = &pv->e[i];
		const size_t row = word_at(&y, e->series, 0);
		struct chart_series *s = row < WORDS_MAX && e->k->v > 0 ? form_series(c, e, e->series) : NULL;

		if (!s)
			continue;
		s->kernel = NULL;
		chart_add(c, s, (struct chart_point){
			.x = (double)word_at(&x, e->word, e->x) + 1, .y = (double)row + 1, .lo = NAN, .hi = NAN, .n = e->k->n,
			.a = e->k->v, .b = shade(e->k->v, lo, hi, pv->f->base == BASE_RATIO),
			.text = cell_text(c, form_unit(pv->f), e->k->v), .name = e->series,
		});
	}
	for (size_t p = 0; p < c->npanel; p++) {
		c->panel[p].ymin = 0.5;
		c->panel[p].ymax = (double)y.n + 0.5;
		c->panel[p].linear = true;
		for (size_t i = 0; i < y.n; i++)
			chart_row_tick(c, &c->panel[p].yticks, chart_elide(c, y.word[i], 9), i + 1);
	}
	word_ticks(c, &x);
	c->xmin += 0.1;
	c->xmax -= 0.1;
	c->a = pv->f->z.name.name[0];
	c->b = "colour";
}

/* Where the line of one series passes that of another, between places that both have. */
static void
cross(struct chart *c, const struct chart_series *a, const struct chart_series *b)
{
	double x0 = NAN, a0 = NAN, b0 = NAN;

	for (size_t i = 0, k = 0; i < a->n && k < b->n; ) {
		const struct chart_point *p = &a->p[i], *q = &b->p[k];

		if (p->x != q->x) {
			p->x < q->x ? i++ : k++;
			continue;
		}
		if (!isnan(x0) && (a0 < b0) != (p->y < q->y) && c->nring < CHART_RINGS) {
			const double before = log(a0 / b0), after = log(p->y / q->y), t = before / (before - after);

			c->ring[c->nring].panel = a->panel;
			c->ring[c->nring].x = x0 * pow(p->x / x0, t);
			c->ring[c->nring++].y = a0 * pow(p->y / a0, t);
		}
		x0 = p->x;
		a0 = p->y;
		b0 = q->y;
		i++;
		k++;
	}
}

static bool
called(const struct chart_series *s, const char *name)
{
	return !s->control && (strcmp(name, "*") == 0 || (s->kernel && strcmp(s->kernel, name) == 0));
}

static void
marks(struct chart *c, const struct figure *f)
{
	for (size_t i = 0; i < c->nseries && f->cross[0]; i++)
		for (size_t k = 0; k < c->nseries; k++)
			if (i != k && c->series[i].panel == c->series[k].panel && called(&c->series[i], f->cross[0]) &&
			    called(&c->series[k], f->cross[1]) && !called(&c->series[k], f->cross[0]))
				cross(c, &c->series[i], &c->series[k]);
	if (f->at && strtod(f->at, NULL) >= c->xmin && strtod(f->at, NULL) <= c->xmax) {
		c->xlevel = strtod(f->at, NULL);
		c->xlevel_text = f->at_text;
	}
}

/* Is there a line whose crossings the figure is about? */
static bool
crossable(const struct chart *c, const struct figure *f)
{
	for (size_t i = 0; i < c->nseries; i++)
		if (called(&c->series[i], f->cross[0]))
			return true;
	return false;
}

/* Mean of the floors, or the clock's greatest step, of the points that are shown. */
static double
level(const struct pivot *pv)
{
	double sum = 0, step = 0;
	size_t n = 0;

	if (pv->f->base)
		return 1;
	if (!pv->f->level)
		return NAN;
	if (pv->f->level[0] != 'f' && pv->f->level[0] != 's')
		return strtod(pv->f->level, NULL);
	for (size_t i = 0; i < pv->n && pv->f->level[0] == 'f'; i++) {
		const struct sum *r = summary_find(pv->e[i].k->from->s, pv->e[i].k->p, METRIC_FLOOR_DRAINED);

		sum += r ? r->v.est : 0;
		n += r != NULL;
	}
	for (size_t r = 0; r < pv->all->ninput && pv->f->level[0] == 's'; r++) {
		const struct run *run = pv->all->input[r].s->run;

		for (size_t i = 0; i < run->nrepeat; i++)
			step = fmax(step, isnan(run->repeat[i].quantum) ? 0 : run->repeat[i].quantum * 1e9 / run->hz);
	}
	return pv->f->level[0] == 's' ? step > 0 ? step : NAN : n ? sum / (double)n : NAN;
}

void
form_build(struct chart *c, struct pivot *pv, const struct palette *pal)
{
	const struct figure *f = pv->f;

	c->xmin = c->xmax = c->ymin = c->ymax = c->xlevel = NAN;
	c->level = f->base == BASE_DIFFERENCE ? 0 : level(pv);
	c->xname = f->data == DATA_HIST ? "latency_ns" : f->x.name.name[0];
	c->yname = f->form == FORM_HEAT ? f->y.name.name[0] : f->base == BASE_RATIO || f->base == BASE_MEDIAN ? "ratio"
		: f->y.name.name[0];
	c->a = f->stat.n > 0 ? f->stat.name[0] : NULL;
	c->b = f->stat.n > 1 ? f->stat.name[1] : NULL;
	for (size_t i = 0; i < pv->n && f->data != DATA_HIST; i++)
		chart_panel(c, pv->e[i].panel);
	if (f->data == DATA_HIST)
		form_hist(c, pv);
	else if (f->form == FORM_MATRIX)
		form_matrix(c, pv);
	else if (f->form == FORM_ROWS)
		form_rows(c, pv);
	else if (f->form == FORM_BARS || f->form == FORM_STACK)
		bars(c, pv);
	else if (f->form == FORM_HEAT)
		heat(c, pv);
	else
		lines(c, pv);
	if (f->cross[0] && !crossable(c, f))
		c->npanel = 0;
	if (c->npanel == 0)
		return;
	if (c->page.literature && f->overlay && f->form == FORM_LINES && !pv->words)
		literature_add(c, pv);
	chart_order(c);
	if (f->form == FORM_ROWS)
		form_row_axis(c, f);
	else if (!pv->words || f->data == DATA_HIST)
		number_axis(c, f);
	if (f->form != FORM_ROWS && f->form != FORM_HEAT && f->form != FORM_CCDF && f->form != FORM_MATRIX)
		value_axes(c, f);
	chart_style(c, pal);
	marks(c, f);
}
