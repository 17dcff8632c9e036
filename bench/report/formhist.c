/* SPDX-License-Identifier: BSD-2-Clause */
/* The forms that are made of single ops: how many took at least as long, and how many how long. */
#include <math.h>

#include "pivot.h"

enum { BINS = 12 };			/* a decade of a histogram */

/* Each decade of the share gets a mark, so that curves are told apart without colour. */
static void
put(struct chart *c, struct chart_series *s, const struct pick *k, double x, double y, double *decade)
{
	const bool mark = y <= *decade;

	while (y <= *decade)
		*decade /= 10;
	chart_add(c, s, (struct chart_point){ .x = x, .y = y, .lo = NAN, .hi = NAN, .a = mark ? y : NAN, .b = NAN, .n = k->n });
}

/* The share at a time holds back to the time before it.  Of places closer than 3 % in y to the
 * last one only those before a greater step are needed. */
static void
tail(struct chart *c, struct chart_series *s, const struct pick *k, double ns)
{
	double last = 2, left = (double)k->hist->n, all = left, before = NAN, y, decade = 1;
	struct hist_bin b;
	size_t at = 0;

	for (double x = 0; hist_next(k->hist, &at, &b); x = b.lo * ns, before = y) {
		y = left / all;
		left -= (double)b.count;
		if (y < last * 0.97 || left <= 0) {
			if (!isnan(before) && before != last)
				put(c, s, k, x, before, &decade);
			put(c, s, k, b.lo * ns, y, &decade);
			last = y;
		}
	}
	c->ymin = isnan(c->ymin) ? 0.7 / all : fmin(c->ymin, 0.7 / all);
}

static void
edge(struct chart *c, struct chart_series *s, const struct pick *k, double x, double y)
{
	chart_add(c, s, (struct chart_point){ .x = x, .y = y, .lo = NAN, .hi = NAN, .a = NAN, .b = NAN, .n = k->n });
}

/* The share of ops in each twelfth of a decade, as edges of steps. */
static void
histogram(struct chart *c, struct chart_series *s, const struct pick *k, double ns)
{
	const double all = (double)k->hist->n;
	double sum = 0;
	long bin, have = -1;
	struct hist_bin b;
	size_t at = 0;

	while (hist_next(k->hist, &at, &b)) {
		bin = lround(floor(log10(fmax((b.lo + (b.hi - b.lo) / 2.0) * ns, 1)) * BINS));
		if (have < 0)
			edge(c, s, k, 0.999 * pow(10, (double)bin / BINS), 0);
		if (have >= 0 && bin != have)
			edge(c, s, k, pow(10, (double)have / BINS), sum / all);
		if (have >= 0 && bin > have + 1)
			edge(c, s, k, pow(10, (double)(have + 1) / BINS), 0);
		sum = have >= 0 && bin == have ? sum : 0;
		sum += (double)b.count;
		have = bin;
	}
	edge(c, s, k, pow(10, (double)have / BINS), sum / all);
	edge(c, s, k, pow(10, (double)(have + 1) / BINS), 0);
}

void
form_hist(struct chart *c, const struct pivot *pv)
{
	for (size_t i = 0; i < pv->n; i++) {
		const struct pick *k = pv->e[i].k;
		const double ns = 1e9 / k->from->s->run->hz;
		struct chart_series *s = k->hist->n ? form_series(c, &pv->e[i], pv->e[i].series) : NULL;

		if (!s || s->n > 0)
			continue;
		if (pv->f->form == FORM_CCDF)
			tail(c, s, k, ns);
		else
			histogram(c, s, k, ns);
		c->xmin = isnan(c->xmin) ? k->hist->min * ns : fmin(c->xmin, k->hist->min * ns);
		c->xmax = isnan(c->xmax) ? k->hist->max * ns : fmax(c->xmax, k->hist->max * ns);
	}
	c->xmin = fmax(c->xmin, 1);
	c->a = "mark";
	for (size_t i = 0; i < c->npanel && pv->f->form == FORM_CCDF; i++) {
		c->panel[i].ymin = fmin(c->ymin, 0.1);
		c->panel[i].ymax = 1.3;
		c->panel[i].yticks = chart_ticks(c, "share", SCALE_LOG, c->panel[i].ymin, 1, 6);
	}
}
