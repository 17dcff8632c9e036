/* SPDX-License-Identifier: BSD-2-Clause */
#include "readings.h"
#include "summary.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "csv.h"
#include "flag.h"
#include "reps.h"
#include "why.h"

#define DRAINED(l) (METRIC_LATENCY + LATENCY_##l)
#define ISSUE(l)   (METRIC_LATENCY + LATENCIES + LATENCY_##l)
const enum metric_id headline_order[HEADLINES] = {
	(enum metric_id)DRAINED(P50), METRIC_TIME, (enum metric_id)DRAINED(MEAN), (enum metric_id)ISSUE(P50),
	(enum metric_id)ISSUE(MEAN), METRIC_BANDWIDTH,
};

static bool
stale(const struct run *run)
{
	struct stat reps, repeats;

	if (!run->journal || fstatat(run->fd, "repeats.csv", &repeats, 0) < 0)
		return false;
	return fstatat(run->fd, "reps.csv", &reps, 0) < 0 ||
	       reps.st_mtim.tv_sec < repeats.st_mtim.tv_sec ||
	       (reps.st_mtim.tv_sec == repeats.st_mtim.tv_sec && reps.st_mtim.tv_nsec < repeats.st_mtim.tv_nsec);
}

enum { V_POINT, V_REP, V_METRIC, V_VALUE, V_CLEAN, V_NEEDED, V_BLOCK = V_NEEDED, V_COLUMNS };
static const char *const columns[] = { "point", "rep", "metric", "value", "clean", NULL };

static int
take(struct readings *r, size_t *room, struct csv *c, const int *col, const char *const *metric)
{
	const struct run_point *p;
	uint64_t point, rep, block;
	uint32_t m = 0;
	double v;

	while (metric[m] && strcmp(metric[m], c->field[col[V_METRIC]]) != 0)
		m++;
	if (metric[m] == NULL)
		return 0;
	if (csv_u64(c, col[V_POINT], &point) < 0 || csv_u64(c, col[V_REP], &rep) < 0 ||
	    csv_double(c, col[V_VALUE], &v) < 0)
		return -EINVAL;
	block = rep;
	if (col[V_BLOCK] >= 0 && csv_u64(c, col[V_BLOCK], &block) < 0)
		return -EINVAL;
	p = run_point(r->run, point);
	if (p == NULL)
		return csv_fail(c, "point %s is not in points.csv", c->field[col[V_POINT]]);
	if (r->n == *room) {
		struct reading *more = realloc(r->v, (*room ? *room * 2 : 4096) * sizeof(*more));

		if (more == NULL)
			return -ENOMEM;
		*room = *room ? *room * 2 : 4096;
		r->v = more;
	}
	r->v[r->n++] = (struct reading){
		.at = (uint32_t)(p - r->run->point), .rep = (uint32_t)rep, .block = (uint32_t)block, .metric = m,
		.clean = strcmp(c->field[col[V_CLEAN]], "0") != 0, .v = v,
	};
	return 0;
}

static int
by_point(const void *a, const void *b)
{
	const struct reading *x = a, *y = b;

	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	if (x->metric != y->metric)
		return x->metric < y->metric ? -1 : 1;
	return (x->rep > y->rep) - (x->rep < y->rep);
}

static int
read_file(struct readings *r, const char *const *metric, char *why, size_t len)
{
	struct csv c;
	size_t room = 0;
	int col[V_COLUMNS], err = csv_open(&c, r->run->fd, "reps.csv"), got = 0;

	if (err == 0)
		err = csv_columns(&c, columns, col);
	if (err == 0)
		col[V_BLOCK] = csv_column(&c, "block");	/* since 1.1 */
	while (err == 0 && (got = csv_next(&c)) > 0)
		err = take(r, &room, &c, col, metric);
	if (got < 0)
		err = got;
	if (err == 0 && c.torn)
		err = csv_fail(&c, "the file ends within line %lu", c.line + 1);
	if (err < 0 && err != -ENOENT)
		why_set(why, len, -err, "%s/%s", r->run->dir, err == -ENOMEM ? strerror(ENOMEM) : c.error);
	csv_close(&c);
	return err == -ENOENT ? 0 : err;
}

static void
find_quanta(struct readings *r)
{
	for (size_t i = 0; i < r->run->nrepeat; i++) {
		const struct run_repeat *rep = &r->run->repeat[i];
		const double ns = rep->quantum * 1e9 / r->run->hz;

		if (rep->timed && rep->ok && ns > r->quantum[rep->at])
			r->quantum[rep->at] = ns;
	}
}

bool
readings_near_floor(const struct readings *r, size_t at, double median_ns)
{
	return median_ns < NEAR_FLOOR_QUANTA * r->quantum[at];
}

int
readings_load(struct readings *r, const struct run *run, const char *const *metric, char *why, size_t len)
{
	int err = stale(run) ? reps_make(run, why, len) : 0;

	*r = (struct readings){ .run = run };
	r->first = calloc(run->npoint + 1, sizeof(*r->first));
	r->quantum = calloc(run->npoint + 1, sizeof(*r->quantum));
	if (err == 0 && (r->first == NULL || r->quantum == NULL))
		err = why_set(why, len, ENOMEM, "%s: out of memory", run->dir);
	if (err == 0)
		err = read_file(r, metric, why, len);
	if (err < 0) {
		readings_free(r);
		return err;
	}
	if (r->n > 0)
		qsort(r->v, r->n, sizeof(*r->v), by_point);
	find_quanta(r);
	for (size_t i = 0, at = 0; at <= run->npoint; at++) {
		while (i < r->n && r->v[i].at < at)
			i++;
		r->first[at] = i;
	}
	return 0;
}

void
readings_free(struct readings *r)
{
	free(r->v);
	free(r->first);
	free(r->quantum);
	*r = (struct readings){ 0 };
}

size_t
readings_all(const struct readings *r, size_t at, uint32_t metric, const struct reading **out)
{
	size_t n = 0;

	for (size_t i = r->first[at]; i < r->first[at + 1]; i++)
		if (r->v[i].metric == metric)
			out[n++] = &r->v[i];
	return n;
}

size_t
readings_of(const struct readings *r, size_t at, uint32_t metric, const struct reading **out)
{
	size_t all = readings_all(r, at, metric, out), clean = 0, n = 0;

	for (size_t i = 0; i < all; i++)
		clean += out[i]->clean;
	if (summary_uses(clean, all) != clean)
		return all;
	for (size_t i = 0; i < all; i++)
		if (out[i]->clean)
			out[n++] = out[i];
	return n;
}

size_t
readings_most(const struct readings *r)
{
	size_t most = 0;

	for (size_t at = 0; at < r->run->npoint; at++)
		if (r->first[at + 1] - r->first[at] > most)
			most = r->first[at + 1] - r->first[at];
	return most;
}
