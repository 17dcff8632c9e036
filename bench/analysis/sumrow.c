/* SPDX-License-Identifier: BSD-2-Clause */
#include "sumrow.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "flag.h"
#include "modes.h"

#define CONFIDENCE 0.95

int
sumfacts_find(struct sumfacts *f, const struct run *run)
{
	int notes = run_column(run, "notes");

	f->flags = calloc(run->npoint + 1, sizeof(*f->flags));
	f->quantum = calloc(run->npoint + 1, sizeof(*f->quantum));
	if (f->flags == NULL || f->quantum == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < run->npoint && notes >= 0; i++)
		f->flags[i] = flags_parse(run->point[i].field[notes]);
	for (size_t i = 0; i < run->nrepeat; i++) {
		const struct run_repeat *r = &run->repeat[i];
		double q = isnan(r->quantum) ? 0 : r->quantum * 1e9 / run->hz;

		if (!r->timed || !r->ok)
			continue;
		f->flags[r->at] |= r->flags;
		f->quantum[r->at] = fmax(f->quantum[r->at], q);
	}
	return 0;
}

void
sumfacts_free(struct sumfacts *f)
{
	free(f->flags);
	free(f->quantum);
}

size_t
summary_uses(size_t clean, size_t total)
{
	return clean >= stats_median_needs(CONFIDENCE) ? clean : total;
}

/* Rates by way of times: 1 / the median of 1 / x. */
static void
turn(struct interval *i)
{
	double lo = i->lo;

	i->est = 1 / i->est;
	i->lo = 1 / i->hi;
	i->hi = 1 / lo;
}

static int
ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Where two groups of repeats mean something: not in the tails, whose repeats differ anyway. */
static bool
may_have_modes(uint32_t metric)
{
	return metric <= METRIC_BANDWIDTH || (metric < METRICS && metrics[metric].quantile == 0.5);
}

int
sumrow_make(const struct summary *s, const struct sumfacts *f, struct sum *row, const struct value *v, size_t n,
	    double *x)
{
	bool rate = v->metric < METRICS && metrics[v->metric].rate, counted, clean_only;
	int err;

	*row = (struct sum){ .at = v->at, .metric = v->metric, .total = (uint32_t)n };
	for (size_t i = 0; i < n; i++)
		row->clean += v[i].clean;
	/* What disturbs a clock does not disturb a count. */
	counted = summary_counted(s, row);
	clean_only = !counted && summary_uses(row->clean, n) < n;
	for (size_t i = 0; i < n; i++)
		if (v[i].clean || !clean_only)
			x[row->n++] = rate && v[i].v > 0 ? 1 / v[i].v : v[i].v;
	err = stats_median(x, row->n, CONFIDENCE, &row->v);
	if (err < 0)
		return err;
	if (!counted && row->n > row->clean)
		row->flags |= 1u << SUM_FEW_CLEAN;
	if (!counted && (!row->v.has || (row->v.hi - row->v.lo) / 2 > s->run->point[row->at].precision * row->v.est))
		row->flags |= 1u << SUM_NOT_CONVERGED;
	if (may_have_modes(row->metric)) {
		bool ns = metrics[row->metric].latency;

		qsort(x, row->n, sizeof(*x), ascending);
		if (modes_two(x, row->n, ns ? f->quantum[row->at] : 0))
			row->flags |= 1u << SUM_BIMODAL;
	}
	if (rate)
		turn(&row->v);
	return 0;
}

/* What the journal and the plan know of a point, on all its rows. */
void
sumrow_flags(struct summary *s, const struct sumfacts *f)
{
	const struct run *run = s->run;

	for (size_t i = 0; i < s->n; i++) {
		struct sum *r = &s->row[i];
		const struct metric *m = r->metric < METRICS ? &metrics[r->metric] : NULL;
		const struct sum *p50;
		uint32_t flags = f->flags[r->at];

		if (m && (r->metric == METRIC_FLOOR_ISSUE || r->metric == METRIC_FLOOR_DRAINED)) {
			r->flags &= 1u << SUM_FEW_CLEAN;
			continue;
		}
		if (!m || !m->latency)
			flags &= ~(1u << SUM_CLIPPED);
		if (summary_counted(s, r))
			flags &= 1u << SUM_CACHE_RESIDENT;
		r->flags |= flags;
		if (!m || !m->latency)
			continue;
		p50 = summary_find(s, &run->point[r->at], metric_latency(m->stamp, LATENCY_P50));
		if (p50 && p50->v.est < NEAR_FLOOR_QUANTA * f->quantum[r->at])
			r->flags |= 1u << SUM_NEAR_TIMER_FLOOR;
	}
}
