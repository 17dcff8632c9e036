/* SPDX-License-Identifier: BSD-2-Clause */
#include "summary.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "counted.h"
#include "csv.h"
#include "flag.h"
#include "sumrow.h"
#include "why.h"

struct values { struct value *v; size_t n, size; };

static int
by_point(const void *a, const void *b)
{
	const struct value *x = a, *y = b;

	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	if (x->metric != y->metric)
		return x->metric < y->metric ? -1 : 1;
	return (x->rep > y->rep) - (x->rep < y->rep);
}

static int
add_metric(struct summary *s, const char *name, uint32_t *out)
{
	char **other = realloc(s->other, (s->nother + 1) * sizeof(*other)), **unit, buf[64];
	const char *u = counted_unit(s->run, name, buf, sizeof(buf));

	if (other == NULL)
		return -ENOMEM;
	s->other = other;
	unit = realloc(s->unit, (s->nother + 1) * sizeof(*unit));
	if (unit == NULL)
		return -ENOMEM;
	s->unit = unit;
	other[s->nother] = strdup(name);
	unit[s->nother] = u ? strdup(u) : NULL;
	if (other[s->nother] == NULL)
		return -ENOMEM;
	*out = (uint32_t)(METRICS + s->nother++);
	return 0;
}

static int
metric_of(struct summary *s, const char *name, uint32_t *out)
{
	int m = metric_find(name);

	if (m >= 0) {
		*out = (uint32_t)m;
		return 0;
	}
	for (size_t i = 0; i < s->nother; i++)
		if (strcmp(s->other[i], name) == 0) {
			*out = (uint32_t)(METRICS + i);
			return 0;
		}
	return add_metric(s, name, out);
}

enum { V_POINT, V_REP, V_METRIC, V_VALUE, V_CLEAN, V_COLUMNS };
static const char *const reps_column[] = { "point", "rep", "metric", "value", "clean", NULL };

static int
take(struct summary *s, struct values *all, struct csv *c, const int *col)
{
	const struct run_point *p;
	uint64_t point, rep;
	struct value *v;

	if (all->n == all->size) {
		all->size = all->size ? all->size * 2 : 4096;
		v = realloc(all->v, all->size * sizeof(*v));
		if (v == NULL)
			return -ENOMEM;
		all->v = v;
	}
	v = &all->v[all->n];
	if (csv_u64(c, col[V_POINT], &point) < 0 || csv_u64(c, col[V_REP], &rep) < 0 ||
	    csv_double(c, col[V_VALUE], &v->v) < 0)
		return -EINVAL;
	p = run_point(s->run, point);
	if (p == NULL)
		return csv_fail(c, "point %s is not in points.csv", c->field[col[V_POINT]]);
	v->at = (uint32_t)(p - s->run->point);
	v->rep = (uint32_t)rep;
	v->clean = strcmp(c->field[col[V_CLEAN]], "0") != 0;
	all->n++;
	return metric_of(s, c->field[col[V_METRIC]], &v->metric);
}

static int
read_reps(struct summary *s, struct values *all, char *why, size_t len)
{
	struct csv c;
	int col[V_COLUMNS], err = csv_open(&c, s->run->fd, "reps.csv"), got = 0;

	if (err == 0)
		err = csv_columns(&c, reps_column, col);
	while (err == 0 && (got = csv_next(&c)) > 0)
		err = take(s, all, &c, col);
	if (got < 0)
		err = got;
	if (err == 0 && c.torn)
		err = csv_fail(&c, "the file ends within line %lu", c.line + 1);
	if (err < 0 && err != -ENOENT)
		why_set(why, len, -err, "%s/%s", s->run->dir, err == -ENOMEM ? strerror(ENOMEM) : c.error);
	csv_close(&c);
	return err == -ENOENT ? 0 : err;
}

/* A percentile that some process could not support is no percentile of the point. */
static bool
supported(const struct sum *row, const struct sum *p50)
{
	return row->n == p50->n && row->clean == p50->clean;
}

static int
make_rows(struct summary *s, const struct sumfacts *f, const struct values *all)
{
	double *x = malloc((all->n + 1) * sizeof(*x));
	const struct sum *p50 = NULL;
	int err = 0;

	s->row = malloc((all->n + 1) * sizeof(*s->row));
	if (x == NULL || s->row == NULL)
		err = -ENOMEM;
	for (size_t i = 0, j; i < all->n && err == 0; i = j) {
		const struct value *v = &all->v[i];
		struct sum *row = &s->row[s->n];

		for (j = i; j < all->n && all->v[j].at == v->at && all->v[j].metric == v->metric;)
			j++;
		err = sumrow_make(s, f, row, v, j - i, x);
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

int
summary_make(struct summary *s, const struct run *run, char *why, size_t len)
{
	struct values all = { 0 };
	struct sumfacts facts = { 0 };
	int err;

	*s = (struct summary){ .run = run };
	s->first = calloc(run->npoint + 1, sizeof(*s->first));
	err = s->first ? read_reps(s, &all, why, len) : -ENOMEM;
	if (err == 0)
		err = sumfacts_find(&facts, run);
	if (err == 0 && all.n > 0) {
		qsort(all.v, all.n, sizeof(*all.v), by_point);
		err = make_rows(s, &facts, &all);
	}
	if (err == 0)
		sumrow_flags(s, &facts);
	sumfacts_free(&facts);
	free(all.v);
	if (err == -ENOMEM)
		why_set(why, len, ENOMEM, "%s: out of memory", run->dir);
	if (err == 0 && (err = summary_write(s)) < 0)
		why_set(why, len, -err, "%s/summary.csv: %s", run->dir, strerror(-err));
	if (err < 0)
		summary_free(s);
	return err;
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
	const enum metric_id order[] = {
		metric_latency(STAMP_DRAINED, LATENCY_P50), METRIC_TIME,
		metric_latency(STAMP_DRAINED, LATENCY_MEAN), metric_latency(STAMP_ISSUE, LATENCY_P50),
	};
	const struct sum *r = NULL, *time;

	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]) && r == NULL; i++)
		r = summary_find(s, p, order[i]);
	/* METHOD 1: so near to the floor the clock says less than the count of ops. */
	if (r && r->flags >> SUM_NEAR_TIMER_FLOOR & 1 && (time = summary_find(s, p, METRIC_TIME)) != NULL)
		r = time;
	return r;
}
