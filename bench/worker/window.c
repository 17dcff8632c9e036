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

	if (w->i >= s->limit)
		return 1;
	if (s->ops)
		return ops >= s->ops;
	return took >= s->max_ticks || (took >= s->ticks && ops >= WINDOW_MIN_OPS);
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
		n = s->limit - w->i < w->chunk ? s->limit - w->i : w->chunk;
		if (s->ops && s->ops - (w->i - w->first) < n)
			n = s->ops - (w->i - w->first);
		rc = k->run(work, w->i, w->i + n);
		w->i += n;
		now = stamp_issue(tsc);
		w->mark[w->nmark++] = (struct mark){ w->i, now };
		/* Powers of two, so that fence intervals end where chunks end. */
		if ((now - last) * CHUNKS < s->ticks || w->nmark > WINDOW_MARKS / 2)
			w->chunk *= 2;
	} while (rc == 0 && w->nmark < WINDOW_MARKS && !enough(s, w, now));
	w->end = stamp_drained(tsc);
	w->mark[w->nmark - 1].t = w->end;
	return rc;
}

/* tsc and drained are constants here, so that nothing but the stamps surrounds the op. */
static inline __attribute__((always_inline)) int
latency(const struct kernel *k, const struct work *work, const struct window_spec *s,
	struct window *w, int tsc, int drained)
{
	int (*const run)(const struct work *, uint64_t, uint64_t) = k->run;
	const int lines = s->line;
	uint64_t a, b;
	int rc = 0;

	w->start = wait_begin(s->begin, tsc);
	do {
		if (lines == LINE_COLD)
			lines_cold(work_addr(work, work->slots, w->i), work->size);
		else if (lines == LINE_HOT)
			lines_hot(work_addr(work, work->slots, w->i), work->size);
		if (s->gap == GAP_DRAINED)
			drain();
		a = stamp_start(tsc);
		rc = run(work, w->i, w->i + 1);
		b = drained ? stamp_drained(tsc) : stamp_issue(tsc);
		w->i++;
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
