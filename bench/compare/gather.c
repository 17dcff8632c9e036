/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "gather.h"
#include "csv.h"
#include "flag.h"
#include "stats.h"
#include "text.h"
#include "why.h"

enum { NAMES_MAX = 256, LIST_MAX = 12 };

struct metric_names { char *v[NAMES_MAX]; size_t n; };

static void
add_name(struct metric_names *l, const char *name)
{
	for (size_t i = 0; i < l->n; i++)
		if (strcmp(l->v[i], name) == 0)
			return;
	if (l->n < NAMES_MAX && (l->v[l->n] = strdup(name)) != NULL)
		l->n++;
}

static void
read_names(struct metric_names *l, const struct run *run)
{
	struct csv c;
	int col = csv_open(&c, run->fd, "reps.csv") < 0 ? -1 : csv_column(&c, "metric");

	while (col >= 0 && csv_next(&c) > 0)
		add_name(l, c.field[col]);
	csv_close(&c);
}

static int
say_names(const struct metric_names *l, const char *metric, char *why, size_t len)
{
	char list[LIST_MAX * 48] = "";
	struct guess g;
	size_t at = 0;

	guess_start(&g, metric);
	for (size_t i = 0; i < l->n; i++) {
		guess_try(&g, l->v[i]);
		if (i < LIST_MAX)
			at += (size_t)snprintf(list + at, sizeof list - at, "%s%.40s", i ? ", " : "", l->v[i]);
	}
	if (l->n == 0)
		return why_set(why, len, EINVAL, "--metric: these runs have no '%.64s', and no other metric", metric);
	if (g.best)
		return why_set(why, len, EINVAL, "--metric: these runs have no '%.64s'; did you mean '%s'?", metric, g.best);
	return why_set(why, len, EINVAL, "--metric: these runs have no '%.64s', but %s%s", metric, list,
		       l->n > LIST_MAX ? " ..." : "");
}

/* A metric that no repeat of the runs has: the nearest one, or those that reps.csv has.  -EINVAL
 * with why. */
static int
no_such_metric(const struct compared_run *source, size_t n, const char *metric, char *why, size_t len)
{
	struct metric_names l = { .n = 0 };
	int err;

	for (size_t s = 0; s < n; s++)
		read_names(&l, source[s].run);
	err = say_names(&l, metric, why, len);
	for (size_t i = 0; i < l.n; i++)
		free(l.v[i]);
	return err;
}

static void
take_metrics(struct gather *g, const char *metric)
{
	for (size_t i = 0; i < HEADLINES && !metric; i++)
		g->metric[g->nmetric++] = metrics[headline_order[i]].name;
	if (metric) {
		int m = metric_find(metric);

		g->metric[g->nmetric++] = metric;
		if (m >= 0 && metrics[m].quantile > 0 && metrics[m].quantile != 0.5) {
			g->every = 1;
			g->metric[1] = metrics[metric_latency(metrics[m].stamp, LATENCY_P50)].name;
		}
	}
	for (size_t i = 0; i < g->nmetric; i++) {
		int m = metric_find(g->metric[i]);

		g->rate[i] = m >= 0 && metrics[m].rate;
	}
}

static void
number_units(struct gather *g)
{
	g->unit = arena_alloc(g->mem, g->nsource, sizeof *g->unit);
	for (size_t s = 0; s < g->nsource; s++) {
		size_t k = 0;

		while (g->kind == UNIT_HOST && k < s &&
		       strcmp(run_host(g->source[k].run), run_host(g->source[s].run)) != 0)
			k++;
		g->unit[s] = (uint32_t)(g->kind == UNIT_HOST ? k : s);
	}
}

/* Has any repeat the metric that was asked for? */
static bool
anywhere(const struct gather *g)
{
	for (size_t s = 0; s < g->nsource; s++)
		for (size_t i = 0; i < g->readings[s].n; i++)
			if (g->readings[s].v[i].metric == 0)
				return true;
	return false;
}

int
gather_open(struct gather *g, struct arena *mem, const struct compared_run *source, size_t nsource, enum compare_unit kind,
	    const char *metric, char *why, size_t len)
{
	size_t most = nsource;
	int err = 0;

	*g = (struct gather){ .mem = mem, .source = source, .nsource = nsource, .kind = kind };
	g->readings = arena_alloc(mem, nsource, sizeof *g->readings);
	take_metrics(g, metric);
	number_units(g);
	for (size_t s = 0; s < nsource && err == 0; s++) {
		err = readings_load(&g->readings[s], source[s].run, g->metric, why, len);
		if (err < 0)
			break;
		if (readings_most(&g->readings[s]) > most)
			most = readings_most(&g->readings[s]);
	}
	if (err == 0 && metric && !anywhere(g))
		err = no_such_metric(source, nsource, metric, why, len);
	g->scratch = arena_alloc(mem, most + 1, sizeof *g->scratch);
	g->x = arena_alloc(mem, most + 1, sizeof *g->x);
	if (err < 0)
		gather_close(g);
	return err;
}

void
gather_close(struct gather *g)
{
	for (size_t s = 0; s < g->nsource; s++)
		readings_free(&g->readings[s]);
}

static const struct point_known *
known(const struct gather *g, const struct place *p)
{
	const struct readings *r = &g->readings[p->source];

	return &r->known[p->point - r->run->point];
}

static size_t
point_readings(const struct gather *g, const struct place *p, uint32_t metric)
{
	const struct readings *r = &g->readings[p->source];
	size_t at = (size_t)(p->point - r->run->point);

	return g->disturbed ? readings_all(r, at, metric, g->scratch) : readings_of(r, at, metric, g->scratch);
}

struct clean_of { size_t clean, n; };

static struct clean_of
count(const struct gather *g, const struct place *p, uint32_t metric)
{
	struct clean_of t = { .n = point_readings(g, p, metric) };

	for (size_t i = 0; i < t.n; i++)
		t.clean += g->scratch[i]->clean;
	return t;
}

/* Published percentiles come without their median: nothing to be held against. */
static bool
supported(const struct gather *g, const struct place *p, struct clean_of *have, struct clean_of *of)
{
	if (g->every == 0)
		return true;
	*have = count(g, p, 0);
	*of = count(g, p, g->every);
	return of->n == 0 || (have->n == of->n && have->clean == of->clean);
}

bool
gather_has(const struct gather *g, const struct place *cell, uint32_t metric)
{
	struct clean_of have, of;

	for (const struct place *p = cell; p; p = p->next)
		if (point_readings(g, p, metric) == 0 || !supported(g, p, &have, &of))
			return false;
	return cell != NULL;
}

bool
gather_short(const struct gather *g, const struct place *cell, size_t *have, size_t *of)
{
	struct clean_of some, all;

	for (const struct place *p = cell; p; p = p->next)
		if (!supported(g, p, &some, &all)) {
			*have = some.n;
			*of = all.n;
			return true;
		}
	return false;
}

static double
median(double *x, size_t n)
{
	struct interval i;

	return stats_median(x, n, 0.95, &i) < 0 ? NAN : i.est;
}

bool
gather_coarse(struct gather *g, const struct place *cell, double share)
{
	const int first = metric_find(g->metric[0]);

	if (first < 0 || !metrics[first].latency || !(metrics[first].quantile > 0))
		return false;
	for (const struct place *p = cell; p; p = p->next) {
		const size_t n = point_readings(g, p, 0);

		for (size_t i = 0; i < n; i++)
			g->x[i] = g->scratch[i]->v;
		if (n && coarse_clock(median(g->x, n), known(g, p)->quantum, share))
			return true;
	}
	return false;
}

static int
positive(const struct numbers *out)
{
	for (size_t i = 0; i < out->n; i++)
		if (!(out->v[i] > 0) || isinf(out->v[i]))
			return isnan(out->v[i]) ? -ENOMEM : -EDOM;
	return 0;
}

/* One run: its repeats. */
static void
repeats(struct gather *g, const struct place *p, uint32_t metric, struct numbers *out)
{
	out->n = point_readings(g, p, metric);
	out->v = arena_alloc(g->mem, out->n, sizeof *out->v);
	out->block = arena_alloc(g->mem, out->n, sizeof *out->block);
	for (size_t i = 0; i < out->n; i++) {
		out->v[i] = g->rate[metric] ? 1 / g->scratch[i]->v : g->scratch[i]->v;
		out->block[i] = g->scratch[i]->block;
	}
}

void
gather_blocks(struct numbers *x)
{
	size_t n = 0;

	for (size_t i = 0; i < x->n; i++) {
		n += i > 0 && x->block[i] != x->block[i - 1];
		x->v[n] = x->v[i];
		x->block[n] = x->block[i];
	}
	x->n = x->n ? n + 1 : 0;
}

static double
run_median(struct gather *g, const struct place *p, uint32_t metric)
{
	size_t n = point_readings(g, p, metric);

	for (size_t i = 0; i < n; i++)
		g->x[i] = g->rate[metric] ? 1 / g->scratch[i]->v : g->scratch[i]->v;
	return median(g->x, n);
}

/* Several runs: the median of the medians of each unit's runs, units ascending. */
static void
units(struct gather *g, const struct place *cell, uint32_t metric, struct numbers *out)
{
	double *of = arena_alloc(g->mem, g->nsource, sizeof *of);
	const struct place **who = arena_alloc(g->mem, g->nsource, sizeof *who);

	out->v = arena_alloc(g->mem, g->nsource, sizeof *out->v);
	out->block = arena_alloc(g->mem, g->nsource, sizeof *out->block);
	for (const struct place *p = cell; p; p = p->next) {
		of[p->source] = run_median(g, p, metric);
		who[p->source] = p;
	}
	for (uint32_t u = 0; u < g->nsource; u++) {
		size_t n = 0;

		for (size_t s = 0; s < g->nsource; s++)
			if (who[s] && g->unit[s] == u)
				g->x[n++] = of[s];
		if (n == 0)
			continue;
		out->v[out->n] = median(g->x, n);
		out->block[out->n++] = u;
	}
}

static void
add_flags(const struct gather *g, const struct place *cell, uint32_t metric, struct numbers *out)
{
	int m = metric_find(g->metric[metric]);
	bool latency = m >= 0 && metrics[m].latency;

	for (const struct place *p = cell; p; p = p->next) {
		size_t at = (size_t)(p->point - g->source[p->source].run->point);
		uint32_t flags = known(g, p)->flags;
		size_t n;

		if (!latency)
			flags &= ~(1u << SUM_CLIPPED);
		else if (near_floor(out->median, known(g, p)->quantum))
			flags |= 1u << SUM_NEAR_TIMER_FLOOR;
		else if (coarse_clock(out->median, known(g, p)->quantum, COARSE_SHARE))
			flags |= 1u << SUM_COARSE_CLOCK;
		n = readings_of(&g->readings[p->source], at, metric, g->scratch);
		for (size_t i = 0; i < n; i++)
			if (!g->scratch[i]->clean)
				flags |= 1u << SUM_FEW_CLEAN;
		out->flags |= flags;
	}
}

int
gather_cell(struct gather *g, const struct place *cell, uint32_t metric, struct numbers *out)
{
	double m;

	*out = (struct numbers){ 0 };
	if (g->kind == UNIT_PROCESS)
		repeats(g, cell, metric, out);
	else
		units(g, cell, metric, out);
	m = median(out->v, out->n);
	out->median = g->rate[metric] ? 1 / m : m;
	add_flags(g, cell, metric, out);
	return positive(out);
}
