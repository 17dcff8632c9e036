/* SPDX-License-Identifier: BSD-2-Clause */
#include "clock.h"
#include "keys.h"
#include "window.h"

/* A chunk shall take at most this part of a window. */
#define CHUNKS 128

static uint64_t
wait_begin(uint64_t begin, int tsc)
{
	uint64_t now;

	while ((now = stamp_start(tsc)) < begin)
		spin_pause();
	return now;
}

static int
enough(const struct window_spec *s, const struct window *w, uint64_t now)
{
	uint64_t ops = w->i - w->first, took = now - w->start;

	if (s->limit - w->i < s->unit)
		return 1;
	if (s->ops)
		return ops >= s->ops;
	return took >= s->max_ticks || (took >= s->ticks && ops >= WINDOW_MIN_UNITS * s->unit);
}

/* Units until the limit, and until enough ops. */
static uint64_t
units_left(const struct window_spec *s, const struct window *w)
{
	const uint64_t done = w->i - w->first, left = (s->limit - w->i) / s->unit;
	const uint64_t wanted = s->ops ? (s->ops - done + s->unit - 1) / s->unit : UINT64_MAX;

	return left < wanted ? left : wanted;
}

static int
throughput(const struct kernel *k, const struct work *work, const struct window_spec *s,
	   struct window *w)
{
	int rc = 0, tsc = s->tsc;
	uint64_t last, now, n;

	w->start = now = wait_begin(s->begin, tsc);
	do {
		last = now;
		n = units_left(s, w);
		n = (n < w->chunk ? n : w->chunk) * s->unit;
		rc = k->run(work, w->i, w->i + n);
		w->i += n;
		now = stamp_issue(tsc);
		w->mark[w->nmark++] = (struct mark){ w->i, now };
		if ((now - last) * CHUNKS < s->ticks || w->nmark > WINDOW_MARKS / 2)
			w->chunk *= 2;
	} while (rc == 0 && w->nmark < WINDOW_MARKS && !enough(s, w, now));
	w->end = stamp_drained(tsc);
	w->mark[w->nmark - 1].t = w->end;
	return rc;
}

static void
set_lines(const char *p, size_t size, int line)
{
	if (line == LINE_COLD)
		lines_cold(p, size);
	else
		lines_hot(p, size);
}

/* tsc and drained are constants here, so that nothing but the stamps surrounds the unit. */
static inline __attribute__((always_inline)) int
latency(const struct kernel *k, const struct work *work, const struct window_spec *s,
	struct window *w, int tsc, int drained)
{
	int (*const run)(const struct work *, uint64_t, uint64_t) = k->run;
	const int lines = s->line;
	const uint64_t unit = s->unit;
	uint64_t a, b;
	int rc = 0;

	w->start = wait_begin(s->begin, tsc);
	do {
		for (uint64_t i = w->i; i < w->i + unit && lines != LINE_AS_IS; i++)
			set_lines(work_addr(work, work->slots, i), work->size, lines);
		if (s->gap == GAP_DRAINED)
			drain();
		a = stamp_start(tsc);
		rc = run(work, w->i, w->i + unit);
		b = drained ? stamp_drained(tsc) : stamp_issue(tsc);
		w->i += unit;
		w->sum += b - a;
		w->lat[w->nlat++] = b - a < UINT32_MAX ? (uint32_t)(b - a) : UINT32_MAX;
	} while (rc == 0 && w->nlat < WINDOW_LAT_MAX && !enough(s, w, b));
	w->end = stamp_drained(tsc);
	return rc;
}

int
window_run(const struct kernel *k, const struct work *work, const struct window_spec *s,
	   struct window *w)
{
	w->first = w->i;
	w->sum = 0;
	w->nmark = w->nlat = 0;
	if (w->chunk == 0)
		w->chunk = 1;
	if (!s->latency)
		return throughput(k, work, s, w);
	if (s->tsc)
		return s->drained ? latency(k, work, s, w, 1, 1) : latency(k, work, s, w, 1, 0);
	return s->drained ? latency(k, work, s, w, 0, 1) : latency(k, work, s, w, 0, 0);
}
