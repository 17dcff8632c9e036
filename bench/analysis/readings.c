/* SPDX-License-Identifier: BSD-2-Clause */
#include "readings.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "csv.h"
#include "flag.h"
#include "reps.h"
#include "why.h"

/* Is reps.csv missing or older than the journal? */
static bool
stale(const struct run *run)
{
	struct stat reps, repeats;

	if (!run->journal || run->nrepeat == 0 || fstatat(run->fd, "repeats.csv", &repeats, 0) < 0)
		return false;
	return fstatat(run->fd, "reps.csv", &reps, 0) < 0 ||
	       reps.st_mtim.tv_sec < repeats.st_mtim.tv_sec ||
	       (reps.st_mtim.tv_sec == repeats.st_mtim.tv_sec && reps.st_mtim.tv_nsec < repeats.st_mtim.tv_nsec);
}

enum { V_POINT, V_REP, V_METRIC, V_VALUE, V_CLEAN, V_NEEDED, V_BLOCK = V_NEEDED, V_COLUMNS };
static const char *const columns[] = { "point", "rep", "metric", "value", "clean", NULL };

static int
add_metric(struct readings *r, const char *name)
{
	char **more = realloc(r->metric, (r->nmetric + 1) * sizeof(*more));

	if (more == NULL)
		return -ENOMEM;
	r->metric = more;
	more[r->nmetric] = strdup(name);
	return more[r->nmetric] ? (int)r->nmetric++ : -ENOMEM;
}

/* Its index; -1: not asked for. */
static int
metric_of(struct readings *r, const char *name, bool all)
{
	for (size_t m = 0; m < r->nmetric; m++)
		if (strcmp(r->metric[m], name) == 0)
			return (int)m;
	return all ? add_metric(r, name) : -1;
}

static int
take(struct readings *r, size_t *room, struct csv *c, const int *col, bool all)
{
	const int m = metric_of(r, c->field[col[V_METRIC]], all);
	const struct run_point *p;
	uint64_t point, rep, block;
	double v;

	if (m < 0)
		return all ? m : 0;
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
		.at = (uint32_t)(p - r->run->point), .rep = (uint32_t)rep, .block = (uint32_t)block, .metric = (uint32_t)m,
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

/* from: what reps.csv should be; NULL: the file is it. */
static int
read_file(struct readings *r, bool all, FILE *from, char *why, size_t len)
{
	struct csv c;
	size_t room = 0;
	int col[V_COLUMNS], got = 0;
	int err = from ? csv_open_stream(&c, from, "reps.csv") : csv_open(&c, r->run->fd, "reps.csv");

	if (err == 0)
		err = csv_columns(&c, columns, col);
	if (err == 0)
		col[V_BLOCK] = csv_column(&c, "block");	/* since 1.1 */
	while (err == 0 && (got = csv_next(&c)) > 0)
		err = take(r, &room, &c, col, all);
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
find_known(struct readings *r)
{
	const int notes = run_column(r->run, "notes");

	for (size_t i = 0; i < r->run->npoint && notes >= 0; i++)
		r->known[i].flags = flags_parse(r->run->point[i].field[notes]);
	for (size_t i = 0; i < r->run->nrepeat; i++) {
		const struct run_repeat *rep = &r->run->repeat[i];
		const double ns = rep->quantum * 1e9 / r->run->hz;

		if (!rep->timed || !rep->ok)
			continue;
		r->known[rep->at].flags |= rep->flags;
		if (ns > r->known[rep->at].quantum)
			r->known[rep->at].quantum = ns;
	}
}

static int
name_metrics(struct readings *r, const char *const *metric)
{
	int rc = 0;

	for (int m = 0; metric ? metric[m] != NULL : m < METRICS; m++)
		if ((rc = add_metric(r, metric ? metric[m] : metrics[m].name)) < 0)
			return rc;
	return 0;
}

static void
index_points(struct readings *r)
{
	if (r->n > 0)
		qsort(r->v, r->n, sizeof(*r->v), by_point);
	for (size_t i = 0, at = 0; at <= r->run->npoint; at++) {
		while (i < r->n && r->v[i].at < at)
			i++;
		r->first[at] = i;
	}
}

/* What reps.csv should be, made again. */
static int
read_journal(struct readings *r, bool all, char *why, size_t len)
{
	FILE *f = tmpfile();
	int err = f ? reps_print(r->run, f, why, len) : why_set(why, len, errno, "a temporary file: %s", strerror(errno));

	if (err == 0)
		err = read_file(r, all, f, why, len);
	if (f)
		fclose(f);
	return err;
}

int
readings_load(struct readings *r, const struct run *run, const char *const *metric, char *why, size_t len)
{
	int err;

	*r = (struct readings){ .run = run };
	r->first = calloc(run->npoint + 1, sizeof(*r->first));
	r->known = calloc(run->npoint + 1, sizeof(*r->known));
	if (r->first == NULL || r->known == NULL || name_metrics(r, metric) < 0)
		err = why_set(why, len, ENOMEM, "%s: out of memory", run->dir);
	else
		err = stale(run) ? read_journal(r, metric == NULL, why, len) : read_file(r, metric == NULL, NULL, why, len);
	if (err < 0) {
		readings_free(r);
		return err;
	}
	index_points(r);
	find_known(r);
	return 0;
}

void
readings_free(struct readings *r)
{
	for (size_t m = 0; m < r->nmetric; m++)
		free(r->metric[m]);
	free(r->metric);
	free(r->v);
	free(r->first);
	free(r->known);
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
	if (repeats_used(clean, all) != clean)
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
