/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdlib.h>
#include "cut.h"
#include "stats.h"

#define STALLED 2.0			/* times the median */

/* Stretch k of a window: from the mark before it, or the window's start. */
struct stretch { uint64_t ops, ticks, from_t, to_t; uint32_t from, to; bool disturbed; };

static struct stretch
stretch(const struct window *w, uint32_t k, uint64_t unit)
{
	const struct mark *m = &w->mark[k];
	const struct mark start = { w->first, w->start, 0, 0 }, *p = k ? m - 1 : &start;
	struct stretch s = {
		.ops = m->i - p->i, .ticks = m->t - p->t, .from_t = p->t, .to_t = m->t,
		.from = p->nlat, .to = m->nlat, .disturbed = m->disturbed != 0,
	};

	if (w->nlat == 0)
		return s;
	s.ops = (s.to - s.from) * unit;
	s.ticks = 0;
	for (uint32_t i = s.from; i < s.to; i++)
		s.ticks += w->lat[i];
	return s;
}

/* The median of what an op takes in a stretch; 0: none. */
static double
usual(const struct window *w, uint64_t unit, double *v)
{
	uint32_t n = 0;

	for (uint32_t k = 0; k < w->nmark; k++) {
		const struct stretch s = stretch(w, k, unit);

		if (s.ops && !s.disturbed)
			v[n++] = (double)s.ticks / (double)s.ops;
	}
	stats_sort(v, n);
	return n ? stats_sorted_median(v, n) : 0;
}

static void
add(struct cut *c, const struct stretch *s)
{
	if (c->stretches++ == 0)
		c->from = s->from;
	c->to = s->to;
	c->ops += s->ops;
	c->ticks += s->ticks;
	c->disturbed += s->disturbed;
	if (!s->disturbed) {
		c->kept_ops += s->ops;
		c->kept_ticks += s->ticks;
	}
}

int
window_cut(const struct window *w, uint64_t begin, uint64_t end, uint64_t unit, struct cut *c)
{
	double *v = calloc(w->nmark + 1, sizeof *v), most;

	*c = (struct cut){ 0 };
	if (!v)
		return -ENOMEM;
	most = STALLED * usual(w, unit, v);
	free(v);
	for (uint32_t k = 0; k < w->nmark; k++) {
		const struct stretch s = stretch(w, k, unit);
		/* Single slow ops are what latency is about. */
		const bool stalled = w->nlat == 0 && !s.disturbed && most > 0 && (double)s.ticks > most * (double)s.ops;

		if (s.disturbed || stalled)
			c->lost_ticks += s.to_t - s.from_t;
		if (s.from_t < begin || s.to_t > end)
			continue;
		add(c, &s);
		c->stalled += stalled;
	}
	/* One unit, or one unbroken wait, may be longer than the time common to all. */
	for (uint32_t k = 0; k < w->nmark && begin < end && !c->stretches; k++) {
		const struct stretch s = stretch(w, k, unit);

		if (s.from_t < end && s.to_t > begin)
			add(c, &s);
	}
	return c->stretches ? 0 : -ENODATA;
}
