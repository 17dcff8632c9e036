/* SPDX-License-Identifier: BSD-2-Clause */
/* One run into the collection; its headlines for the outliers. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "collect.h"
#include "flag.h"
#include "readings.h"

static int
step(struct collect *c, sqlite3_stmt *s)
{
	int rc = sqlite3_step(s);

	sqlite3_reset(s);
	if (rc == SQLITE_DONE)
		return 0;
	return collect_fail(c, EIO, "%s", sqlite3_errmsg(c->db));
}

static void
bind(sqlite3_stmt *s, int at, const char *v)
{
	if (v && *v)
		sqlite3_bind_text(s, at, v, -1, SQLITE_TRANSIENT);
	else
		sqlite3_bind_null(s, at);
}

static int
add_run(struct collect *c, const struct run *run)
{
	int at = 1;

	bind(c->put_run, at++, run_text(run, "run_id"));
	for (int m = 0; m < MACHINES; m++)
		bind(c->put_run, at++, machine_text(run, (enum machine_column)m));
	bind(c->put_run, at++, run_text(run, "status"));
	bind(c->put_run, at++, run_text(run, "tool.version"));
	bind(c->put_run, at, run->dir);
	if (step(c, c->put_run) < 0)
		return collect_fail(c, EEXIST, "%s: run %s was collected twice?  %s", run->dir,
				    run_text(run, "run_id"), sqlite3_errmsg(c->db));
	c->nruns++;
	return 0;
}

static int
add_row(struct collect *c, const struct run *run, const struct csv *csv, const int *from)
{
	for (int m = M_BOOT; m < MACHINES; m++)
		csv_put(&c->csv, machine_text(run, (enum machine_column)m));
	for (size_t i = 0; i < c->ncolumn; i++) {
		const char *v = from[i] < 0 ? "" : csv->field[from[i]];

		csv_put(&c->csv, v);
		bind(c->put_result, (int)i + 1, v);
	}
	csv_end(&c->csv);
	c->nresults++;
	return step(c, c->put_result);
}

/* What stands before `metric` and is an axis: the same in every run of the same experiment. */
static bool
in_key(const char *column)
{
	static const char *const no[] = { "run_id", "host", "point", "bench", "target", "control", "moves", "notes",
					  "durable", "why", NULL };

	for (const char *const *n = no; *n; n++)
		if (strcmp(*n, column) == 0)
			return false;
	return true;
}

struct best { char *point; int rank; double v; const char *key, *label; };

static int
rank_of(const char *metric)
{
	for (int i = 0; i < HEADLINES; i++)
		if (strcmp(metrics[headline_order[i]].name, metric) == 0)
			return i;
	return HEADLINES;
}

static void
flush(struct collect *c, struct best *b, const char *host)
{
	if (b->rank < HEADLINES && b->v > 0) {
		c->point = arena_grow(&c->mem, c->point, c->npoint, sizeof *c->point);
		c->point[c->npoint++] = (struct tally_point){ b->key, b->label, host, b->v };
	}
	free(b->point);
	*b = (struct best){ .rank = HEADLINES };
}

enum { W_POINT, W_METRIC, W_MEDIAN, W_FLAGS, WHERE };
static const char *const where_name[] = { "point", "metric", "median", "flags", NULL };

static void
consider(struct collect *c, struct best *b, const char *host, const struct csv *csv, const int *w)
{
	int rank = rank_of(csv->field[w[W_METRIC]]);
	const char *key = "", *label = "";

	if (b->point == NULL || strcmp(b->point, csv->field[w[W_POINT]]) != 0) {
		flush(c, b, host);
		b->point = strdup(csv->field[w[W_POINT]]);
	}
	/* Then the amortised time, which stands before it, is the better number. */
	if (rank == 0 && flags_parse(csv->field[w[W_FLAGS]]) >> SUM_NEAR_TIMER_FLOOR & 1)
		rank = 1;
	if (rank >= b->rank)
		return;
	for (int i = 0; i < w[W_METRIC]; i++) {
		if (!*csv->field[i] || !in_key(csv->header[i]))
			continue;
		key = arena_printf(&c->mem, "%s%s=%s;", key, csv->header[i], csv->field[i]);
		label = arena_printf(&c->mem, "%s%s%s=%s", label, *label ? " " : "", csv->header[i], csv->field[i]);
	}
	b->rank = rank;
	b->v = strtod(csv->field[w[W_MEDIAN]], NULL);
	b->key = arena_printf(&c->mem, "%s%s", key, csv->field[w[W_METRIC]]);
	b->label = label;
}

int
collect_add(struct collect *c, const struct run *run)
{
	struct csv csv = { .fd = -1 };
	struct best best = { .rank = HEADLINES };
	const char *host = arena_strdup(&c->mem, machine_text(run, M_HOST));
	int *from = arena_alloc(&c->mem, c->ncolumn + 1, sizeof *from), w[WHERE];
	int err = add_run(c, run), got = 0;

	if (err == 0 && (err = csv_open(&csv, run->fd, "summary.csv")) < 0)
		err = collect_fail(c, -err, "%s/%s", run->dir, csv.error);
	for (size_t i = 0; i < c->ncolumn && err == 0; i++)
		from[i] = csv_column(&csv, c->column[i]);
	if (err == 0 && (err = csv_columns(&csv, where_name, w)) < 0)
		collect_fail(c, EINVAL, "%s/%s", run->dir, csv.error);
	while (err == 0 && (got = csv_next(&csv)) > 0) {
		consider(c, &best, host, &csv, w);
		err = add_row(c, run, &csv, from);
	}
	if (err == 0 && got < 0)
		err = collect_fail(c, -got, "%s/%s", run->dir, csv.error);
	flush(c, &best, host);
	csv_close(&csv);
	return err;
}
