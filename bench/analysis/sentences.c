/* SPDX-License-Identifier: BSD-2-Clause */
#include "sentences.h"

#include <math.h>
#include <string.h>

#include "human.h"

enum { NAMED_MAX = 5 };

/* The rungs of one target. */
struct rungs { const struct ladder *l; size_t from, to; };

static const struct run_point *
point_of(const struct rungs *s)
{
	return s->l->rung[s->from].p;
}

/* Rungs that can be held against each other: of the ladder's size, by one thread, of one op; all of
 * them latencies, or all amortised times. */
static bool
counts(const struct rungs *s, const struct rung *r, bool latency)
{
	return !r->p->control && r->p->size == s->l->size && r->p->threads <= 1 &&
	       r->p->unit <= 1 && (r->sum->metric != METRIC_TIME) == latency;
}

static size_t
number(const struct rungs *s, enum durable_class d, bool latency)
{
	size_t n = 0;

	for (size_t i = s->from; i < s->to; i++)
		n += s->l->rung[i].p->durable == d && counts(s, &s->l->rung[i], latency);
	return n;
}

/* "2.3", "12", "2,900": two digits that count. */
static const char *
times(struct arena *mem, double x)
{
	const double step = x < 10 ? 0.1 : pow(10, floor(log10(x)) - 1), two = round(x / step) * step;

	if (x < 9.95)
		return arena_printf(mem, "%.1f", two);
	if (two < 1000)
		return arena_printf(mem, "%.0f", two);
	if (two < 1e6)
		return arena_printf(mem, "%d,%03d", (int)(two / 1000), (int)fmod(two, 1000));
	return arena_printf(mem, "%.1e", x);
}

static const char *
cost(struct arena *mem, const struct rung *r)
{
	char num[HUMAN_MAX];

	return arena_printf(mem, "%s %s", r->label, human_interval(num, &r->sum->v));
}

/* The dearest against the cheapest. */
static const char *
apart(struct arena *mem, const struct rung *low, const struct rung *high)
{
	const struct interval *a = &low->sum->v, *b = &high->sum->v;

	if (!a->has || !b->has)
		return arena_printf(mem, "%s times as long (too few repeats for an interval)", times(mem, b->est / a->est));
	if (b->lo <= a->hi)
		return "too close to tell apart";
	return arena_printf(mem, "%s times as long", times(mem, b->est / a->est));
}

static const char *
lead(struct arena *mem, const struct rungs *s)
{
	const struct run_point *p = point_of(s);
	char size[HUMAN_MAX];

	human_size(size, s->l->size);
	if (medium_persistent(p->medium))
		return arena_printf(mem, "%s made durable on %s: ", size, p->target);
	if (p->medium == MEDIUM_UNKNOWN)
		return arena_printf(mem, "%s made durable on %s, if it is pmem (nobody said): ", size, p->target);
	return arena_printf(mem, "%s made durable on %s, if it were pmem (it is %s): ", size, p->target,
			    medium_name[p->medium]);
}

static const char *
durable_sentence(struct arena *mem, const struct rungs *s, bool latency)
{
	const struct rung *low = NULL, *high = NULL;
	const size_t n = number(s, DURABLE_YES, latency);

	/* By median: the first is the cheapest. */
	for (size_t i = s->from; i < s->to; i++) {
		const struct rung *r = &s->l->rung[i];

		if (r->p->durable != DURABLE_YES || !counts(s, r, latency))
			continue;
		low = low ? low : r;
		high = r;
	}
	if (!low)
		return arena_printf(mem, "%snothing that was measured %s.", lead(mem, s),
				    number(s, DURABLE_UNKNOWN, latency) ? "is known to do it" : "does it");
	if (n == 1)
		return arena_printf(mem, "%s%s%s.", lead(mem, s), cost(mem, low), latency ? "" : " amortised");
	return arena_printf(mem, "%s%s%s, %s%s; %s.", lead(mem, s), cost(mem, low), n > 2 ? " (the cheapest)" : "",
			    cost(mem, high), latency ? "" : ", amortised", apart(mem, low, high));
}

/* "clwb, store and 3 more", each once. */
static const char *
names(struct arena *mem, const struct rungs *s, enum durable_class d, bool latency)
{
	const char *list = "";
	const size_t n = number(s, d, latency);
	size_t k = 0;

	for (size_t i = s->from; i < s->to && k < NAMED_MAX; i++)
		if (s->l->rung[i].p->durable == d && counts(s, &s->l->rung[i], latency)) {
			list = arena_printf(mem, "%s%s%s", list, k ? ", " : "", s->l->rung[i].label);
			k++;
		}
	return n > NAMED_MAX ? arena_printf(mem, "%s and %zu more", list, n - NAMED_MAX) : list;
}

static const char *
other_sentences(struct arena *mem, const struct rungs *s, bool latency)
{
	static const struct { enum durable_class d; const char *says; } rest[] = {
		{ DURABLE_NO, "Not durable" }, { DURABLE_METADATA_UNSAFE, "Data durable, metadata not" },
		{ DURABLE_EADR_ONLY, "Durable with eADR alone" }, { DURABLE_UNKNOWN, "Not known whether durable" },
	};
	const char *text = "";

	for (size_t i = 0; i < sizeof rest / sizeof *rest; i++)
		if (number(s, rest[i].d, latency) > 0)
			text = arena_printf(mem, "%s %s: %s.", text, rest[i].says, names(mem, s, rest[i].d, latency));
	return text;
}

static bool
has(const struct rungs *s, bool latency)
{
	size_t n = 0;

	for (int d = 0; d < DURABLES; d++)
		n += number(s, (enum durable_class)d, latency);
	return n > 0;
}

const char *const *
sentences_make(const struct ladder *l, struct arena *mem, size_t *n)
{
	const char **out = arena_alloc(mem, l->n + 1, sizeof *out);
	struct rungs s = { l, 0, 0 };

	*n = 0;
	for (s.from = 0; s.from < l->n; s.from = s.to) {
		bool latency;

		for (s.to = s.from; s.to < l->n && l->rung[s.to].p->target == point_of(&s)->target; s.to++)
			;
		latency = has(&s, true);
		if (latency || has(&s, false))
			out[(*n)++] = arena_printf(mem, "%s%s", durable_sentence(mem, &s, latency),
						   other_sentences(mem, &s, latency));
	}
	return out;
}
