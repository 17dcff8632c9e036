/* SPDX-License-Identifier: BSD-2-Clause */
#include "clock.h"
#include "keys.h"
#include "window.h"

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
	uint64_t ops = s->latency ? w->nlat * s->unit : w->i - w->first, took = now - w->start;

	if (s->limit - w->i < s->unit)
		return 1;
	if (s->ops)
		return ops >= s->ops;
	return took >= s->max_ticks || (took >= s->ticks && ops >= WINDOW_MIN_UNITS * s->unit);
}

/* Of two stretches one, all over the window. */
static void
halve(struct window *w)
{
	for (uint32_t k = 0; k < w->nmark / 2; k++) {
		const uint32_t disturbed = w->mark[2 * k].disturbed | w->mark[2 * k + 1].disturbed;

		w->mark[k] = w->mark[2 * k + 1];
		w->mark[k].disturbed = disturbed;
	}
	w->nmark /= 2;
}

/* A stretch ends.  Returns what the next one shall take. */
static uint64_t
mark(struct window *w, uint64_t now, uint64_t chunk_ticks)
{
	w->mark[w->nmark++] = (struct mark){ w->i, now, w->nlat, preempt_seen(&w->preempt) };
	if (w->nmark == WINDOW_MARKS) {
		halve(w);
		chunk_ticks *= 2;
	}
	return chunk_ticks;
}

/* Units until the limit, and until enough ops. */
static uint64_t
units_left(const struct window_spec *s, const struct window *w)
{
	const uint64_t done = w->i - w->first, left = (s->limit - w->i) / s->unit;
	const uint64_t wanted = s->ops ? (s->ops - done + s->unit - 1) / s->unit : UINT64_MAX;

	return left < wanted ? left : wanted;
}

/* Calls grow to between half of chunk_ticks and all of it. */
static int
throughput(const struct kernel *k, const struct work *work, const struct window_spec *s,
	   struct window *w)
{
	uint64_t last, now, n, chunk_ticks = s->chunk_ticks;
	int rc = 0, tsc = s->tsc;

	w->start = now = wait_begin(s->begin, tsc);
	do {
		last = now;
		n = units_left(s, w);
		n = (n < w->chunk ? n : w->chunk) * s->unit;
		preempt_watch(&w->preempt);
		rc = k->run(work, w->i, w->i + n);
		w->i += n;
		now = stamp_issue(tsc);
		chunk_ticks = mark(w, now, chunk_ticks);
		if ((now - last) * 2 <= chunk_ticks)
			w->chunk *= 2;
		else if (now - last > 2 * chunk_ticks && w->chunk > 1 && !w->mark[w->nmark - 1].disturbed)
			w->chunk /= 2;
	} while (rc == 0 && !enough(s, w, now));
	w->end = stamp_drained(tsc);
	w->mark[w->nmark - 1].t = w->end;
	return rc;
}

/* Where the batch that begins at op i ends: with the pass over the slots at the latest, so that
 * its ops have different blocks (slots_block) and different slots. */
static uint64_t
batch_end(const struct work *work, const struct window_spec *s, uint64_t i)
{
	const uint64_t left = work->slots.mask + 1 - (i & work->slots.mask);
	const uint64_t n = left < s->batch ? left / s->unit * s->unit : s->batch;

	return i + (n ? n : s->unit);
}

/* Off the clock: the state in which the ops of the next batch shall find their lines, and what they
 * shall write.  Ops that come again to a slot of this pass are not reached. */
static void
make_ready(const struct work *work, const struct window_spec *s, struct window *w)
{
	const uint64_t end = batch_end(work, s, w->i), pass = w->i + work->slots.mask + 1;
	const uint64_t far = end + s->ahead < pass ? end + s->ahead : pass > end ? pass : end;
	uint64_t i = w->cold > w->i ? w->cold : w->i;

	for (; s->line == LINE_COLD && i < far; i++)
		lines_cold(work_addr(work, work->slots, i), work->size);
	w->cold = i;
	if (s->fill)
		s->fill(s->arg, w->i, end);
	for (i = w->i; s->line == LINE_HOT && i < end; i++)
		lines_hot(work_addr(work, work->slots, i), work->size);
	drain();
	w->ready = end;
}

/* tsc and drained are constants here, so that nothing but the stamps surrounds the unit. */
static inline __attribute__((always_inline)) int
latency(const struct kernel *k, const struct work *work, const struct window_spec *s,
	struct window *w, int tsc, int drained)
{
	int (*const run)(const struct work *, uint64_t, uint64_t) = k->run;
	const uint64_t unit = s->unit;
	const int gap = s->gap;
	uint64_t a, b, last, keep, chunk_ticks = s->chunk_ticks;
	int rc = 0;

	w->start = last = b = wait_begin(s->begin, tsc);
	preempt_watch(&w->preempt);
	do {
		if (w->i >= w->ready)
			make_ready(work, s, w);
		keep = w->i + (gap != GAP_DRAINED && !s->keep_all && w->ready - w->i > unit ? unit : 0);
		do {
			if (gap == GAP_DRAINED)
				drain();
			a = stamp_start(tsc);
			rc = run(work, w->i, w->i + unit);
			b = drained ? stamp_drained(tsc) : stamp_issue(tsc);
			if (w->i >= keep) {
				w->sum += b - a;
				w->lat[w->nlat++] = b - a < UINT32_MAX ? (uint32_t)(b - a) : UINT32_MAX;
			}
			w->i += unit;
		} while (rc == 0 && w->i < w->ready && w->nlat < WINDOW_LAT_MAX && !enough(s, w, b));
		if (b - last >= chunk_ticks) {
			chunk_ticks = mark(w, b, chunk_ticks);
			preempt_watch(&w->preempt);
			last = b;
		}
	} while (rc == 0 && w->nlat < WINDOW_LAT_MAX && !enough(s, w, b));
	w->end = stamp_drained(tsc);
	mark(w, w->end, chunk_ticks);
	return rc;
}

void
window_prepare(const struct work *work, const struct window_spec *s, struct window *w)
{
	if (s->latency && s->limit - w->i >= s->unit)
		make_ready(work, s, w);
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
