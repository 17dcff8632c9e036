/* SPDX-License-Identifier: BSD-2-Clause */
#include "summary.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "counted.h"
#include "flag.h"
#include "human.h"
#include "modes.h"
#include "readings.h"
#include "replace.h"
#include "row.h"
#include "why.h"

/* Rates by way of times: 1 / the median of 1 / x. */
static void
turn(struct interval *i)
{
	double lo = i->lo;

	i->est = 1 / i->est;
	i->lo = 1 / i->hi;
	i->hi = 1 / lo;
}

/* Where two groups of repeats mean something, and repeats that are all the same nothing but a step
 * of the clock: not in the tails, which differ anyway, nor at the ends. */
static bool
is_middle(uint32_t metric)
{
	return metric <= METRIC_BANDWIDTH || (metric < METRICS && metrics[metric].quantile == 0.5);
}

/* The row of the n readings of one point and metric; x has room for them.  0 or -ENOMEM. */
static int
make_row(const struct summary *s, double quantum, struct sum *row, const struct reading *v, size_t n, double *x)
{
	bool rate = v->metric < METRICS && metrics[v->metric].rate, counted, clean_only;
	int err;

	*row = (struct sum){ .at = v->at, .metric = v->metric, .total = (uint32_t)n };
	for (size_t i = 0; i < n; i++)
		row->clean += v[i].clean;
	/* What disturbs a clock does not disturb a count. */
	counted = summary_counted(s, row);
	clean_only = !counted && repeats_used(row->clean, n) < n;
	for (size_t i = 0; i < n; i++)
		if (v[i].clean || !clean_only)
			x[row->n++] = rate && v[i].v > 0 ? 1 / v[i].v : v[i].v;
	err = stats_median(x, row->n, CONFIDENCE, &row->v);
	if (err < 0)
		return err;
	if (!counted && row->n > row->clean)
		row->flags |= 1u << SUM_FEW_CLEAN;
	/* Never without clean data (METHOD 2). */
	if (!counted && (row->flags >> SUM_FEW_CLEAN & 1 || !row->v.has ||
			 (row->v.hi - row->v.lo) / 2 > s->run->point[row->at].precision * row->v.est ||
			 (is_middle(row->metric) && !(row->v.hi > row->v.lo))))
		row->flags |= 1u << SUM_NOT_CONVERGED;
	if (is_middle(row->metric)) {
		bool ns = metrics[row->metric].latency;

		stats_sort(x, row->n);
		if (modes_two(x, row->n, ns ? quantum : 0))
			row->flags |= 1u << SUM_BIMODAL;
	}
	if (rate)
		turn(&row->v);
	return 0;
}

/* What the journal and the plan know of a point, on all its rows. */
static void
add_flags(struct summary *s, const struct point_known *known)
{
	const struct run *run = s->run;

	for (size_t i = 0; i < s->n; i++) {
		struct sum *r = &s->row[i];
		const struct metric *m = r->metric < METRICS ? &metrics[r->metric] : NULL;
		const struct sum *p50;
		uint32_t flags = known[r->at].flags;

		if (m && (r->metric == METRIC_FLOOR_ISSUE || r->metric == METRIC_FLOOR_DRAINED)) {
			r->flags &= 1u << SUM_FEW_CLEAN;
			continue;
		}
		if (m && (r->metric == METRIC_KEPT || r->metric == METRIC_DISTURBED_OPS)) {
			r->flags = 0;
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
		if (p50 && near_floor(p50->v.est, known[r->at].quantum))
			r->flags |= 1u << SUM_NEAR_TIMER_FLOOR;
		else if (p50 && coarse_clock(p50->v.est, known[r->at].quantum, COARSE_SHARE))
			r->flags |= 1u << SUM_COARSE_CLOCK;
	}
}

/* A percentile that some process could not support is no percentile of the point. */
static bool
supported(const struct sum *row, const struct sum *p50)
{
	return row->n == p50->n && row->clean == p50->clean;
}

static int
make_rows(struct summary *s, const struct readings *all)
{
	double *x = malloc((all->n + 1) * sizeof(*x));
	const struct sum *p50 = NULL;
	int err = 0;

	s->row = malloc((all->n + 1) * sizeof(*s->row));
	if (x == NULL || s->row == NULL)
		err = -ENOMEM;
	for (size_t i = 0, j; i < all->n && err == 0; i = j) {
		const struct reading *v = &all->v[i];
		struct sum *row = &s->row[s->n];

		for (j = i; j < all->n && all->v[j].at == v->at && all->v[j].metric == v->metric;)
			j++;
		err = make_row(s, all->known[v->at].quantum, row, v, j - i, x);
		if (err == 0 && row->metric < METRICS && metrics[row->metric].quantile > 0) {
			if (metrics[row->metric].quantile == 0.5)
				p50 = row;
			else if (p50 == NULL || p50->at != row->at || !supported(row, p50))
				continue;
		}
		s->n++;
	}
	free(x);
	for (size_t i = 0, at = 0; err == 0 && at <= s->run->npoint; at++) {
		while (i < s->n && s->row[i].at < at)
			i++;
		s->first[at] = i;
	}
	return err;
}

/* Names and units of what metric.h has not. */
static int
take_others(struct summary *s, const struct readings *all)
{
	const size_t n = all->nmetric - METRICS;
	char buf[64];

	s->other = calloc(n + 1, sizeof(*s->other));
	s->unit = calloc(n + 1, sizeof(*s->unit));
	if (s->other == NULL || s->unit == NULL)
		return -ENOMEM;
	for (; s->nother < n; s->nother++) {
		const char *name = all->metric[METRICS + s->nother], *unit = counted_unit(s->run, name, buf, sizeof(buf));

		s->other[s->nother] = strdup(name);
		s->unit[s->nother] = unit ? strdup(unit) : NULL;
		if (s->other[s->nother] == NULL)
			return -ENOMEM;
	}
	return 0;
}

static int
make(struct summary *s, const struct readings *all)
{
	int err = take_others(s, all);

	s->first = calloc(s->run->npoint + 1, sizeof(*s->first));
	if (err == 0)
		err = s->first ? make_rows(s, all) : -ENOMEM;
	if (err == 0)
		add_flags(s, all->known);
	return err;
}

int
summary_make(struct summary *s, const struct run *run, char *why, size_t len)
{
	struct readings all;
	int err = readings_load(&all, run, NULL, why, len);

	*s = (struct summary){ .run = run };
	if (err < 0)
		return err;
	err = make(s, &all);
	readings_free(&all);
	if (err < 0)
		why_set(why, len, -err, "%s: %s", run->dir, strerror(-err));
	if (err < 0)
		summary_free(s);
	return err;
}

/* The columns of points.csv up to `durable`, then those of a row. */
static void
write_row(struct row *o, const struct summary *s, const struct sum *r, size_t ncolumn)
{
	const struct run_point *p = &s->run->point[r->at];
	char flags[256];

	for (size_t i = 0; i < ncolumn; i++)
		csv_put(&o->out, p->field[i]);
	row_text(o, "metric", r->metric < METRICS ? metrics[r->metric].name : s->other[r->metric - METRICS]);
	row_text(o, "unit", r->metric < METRICS ? metrics[r->metric].unit :
		 summary_counted(s, r) ? s->unit[r->metric - METRICS] : "");
	row_u64(o, "n", r->n);
	row_double(o, "median", r->v.est);
	row_double(o, "lo", r->v.lo);
	row_double(o, "hi", r->v.hi);
	row_u64(o, "clean", r->clean);
	row_u64(o, "total", r->total);
	row_text(o, "flags", flags_text(r->flags, flags, sizeof(flags)));
	row_end(o);
}

int
summary_print(const struct summary *s, FILE *f)
{
	struct row row = row_in(f, TABLE_SUMMARY, 0);
	const int durable = run_column(s->run, "durable");
	const size_t ncolumn = durable < 0 ? s->run->ncolumn : (size_t)durable + 1;

	for (size_t i = 0; i < ncolumn; i++)
		csv_put(&row.out, s->run->column[i]);
	for (const struct column *c = tables[TABLE_SUMMARY].column; c->name; c++)
		csv_put(&row.out, c->name);
	csv_end(&row.out);
	for (size_t i = 0; i < s->n; i++)
		write_row(&row, s, &s->row[i], ncolumn);
	return row.rc;
}

int
summary_write(const struct summary *s)
{
	struct replace file;
	int err = replace_open(&file, s->run->fd, "summary.csv");

	return err < 0 ? err : replace_close(&file, summary_print(s, file.file));
}

void
summary_free(struct summary *s)
{
	for (size_t i = 0; i < s->nother; i++) {
		free(s->other[i]);
		free(s->unit[i]);
	}
	free(s->other);
	free(s->unit);
	free(s->row);
	free(s->first);
	*s = (struct summary){ 0 };
}

bool
summary_counted(const struct summary *s, const struct sum *r)
{
	return r->metric >= METRICS && s->unit[r->metric - METRICS] != NULL;
}

const struct sum *
summary_find(const struct summary *s, const struct run_point *p, enum metric_id m)
{
	size_t at = (size_t)(p - s->run->point);

	for (size_t i = s->first[at]; i < s->first[at + 1]; i++)
		if (s->row[i].metric == m)
			return &s->row[i];
	return NULL;
}

const struct sum *
summary_headline(const struct summary *s, const struct run_point *p)
{
	const size_t at = (size_t)(p - s->run->point);
	const struct sum *median = summary_find(s, p, metric_latency(STAMP_DRAINED, LATENCY_P50));
	const bool near = median && median->flags >> SUM_NEAR_TIMER_FLOOR & 1;
	uint32_t has = 0;

	for (size_t i = s->first[at]; i < s->first[at + 1]; i++)
		if (s->row[i].metric < METRICS && strcmp(metrics[s->row[i].metric].unit, "ns") == 0)
			has |= 1u << s->row[i].metric;
	return summary_find(s, p, headline_of(has, near));
}

const char *
summary_kept(const struct summary *s, const struct sum *headline, const struct run_point *p, char buf[SUMMARY_KEPT])
{
	const struct sum *kept = summary_find(s, p, METRIC_KEPT), *whole = summary_find(s, p, METRIC_WHOLE);
	char ns[HUMAN_MAX];

	buf[0] = '\0';
	if (headline->metric == METRIC_TIME && kept && whole)
		snprintf(buf, SUMMARY_KEPT, "%.0f %% of %s", kept->v.est * 100, human_ns(ns, whole->v.est));
	return buf;
}
