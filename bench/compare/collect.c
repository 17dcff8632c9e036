/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "collect.h"
#include "flag.h"
#include "outlier.h"
#include "readings.h"
#include "rule.h"
#include "stats.h"
#include "summary.h"

const char *const machine_name[MACHINES] = {
	[M_HOST] = "host", [M_BOOT] = "boot", [M_BIOS] = "bios", [M_MICROCODE] = "microcode", [M_CPU] = "cpu",
	[M_OS_KERNEL] = "os_kernel", [M_STARTED] = "started",
};

const char *
machine_text(const struct run *run, enum machine_column m)
{
	static const char *const path[MACHINES] = {
		[M_HOST] = "host.name", [M_BOOT] = "host.boot_id", [M_BIOS] = "host.bios.version",
		[M_MICROCODE] = "host.microcode", [M_CPU] = "host.cpu", [M_OS_KERNEL] = "host.kernel", [M_STARTED] = "started",
	};

	return m == M_HOST ? run_host(run) : run_text(run, path[m]);
}

int
collect_fail(struct collect *c, int err, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(c->error, sizeof c->error, fmt, ap);
	va_end(ap);
	return -err;
}

static int
run_sql(struct collect *c, const char *sql)
{
	char *why = NULL;

	if (sqlite3_exec(c->db, sql, NULL, NULL, &why) == SQLITE_OK)
		return 0;
	collect_fail(c, EIO, "%s", why ? why : "SQLite failed");
	sqlite3_free(why);
	return -EIO;
}

static int
prepare(struct collect *c, const char *sql, sqlite3_stmt **out)
{
	if (sqlite3_prepare_v2(c->db, sql, -1, out, NULL) == SQLITE_OK)
		return 0;
	return collect_fail(c, EIO, "%s", sqlite3_errmsg(c->db));
}

static int
step(struct collect *c, sqlite3_stmt *s)
{
	int rc = sqlite3_step(s);

	sqlite3_reset(s);
	if (rc == SQLITE_DONE)
		return 0;
	return collect_fail(c, EIO, "%s", sqlite3_errmsg(c->db));
}

static const char *
quoted(struct collect *c, const char *name)
{
	char *q = arena_printf(&c->mem, "\"%s\"", name);

	/* Names come from files. */
	for (char *p = q + 1; p[1]; p++)
		if (*p == '"')
			*p = '_';
	return q;
}

static bool
older(const struct run *run, const char *a, const char *b)
{
	struct stat x, y;

	if (fstatat(run->fd, a, &x, 0) < 0)
		return true;
	return fstatat(run->fd, b, &y, 0) == 0 && (x.st_mtim.tv_sec < y.st_mtim.tv_sec ||
		(x.st_mtim.tv_sec == y.st_mtim.tv_sec && x.st_mtim.tv_nsec < y.st_mtim.tv_nsec));
}

/* What summary.csv should be, made again. */
static int
make_summary(struct collect *c, const struct run *run, struct csv *csv)
{
	struct summary s;
	FILE *f = tmpfile();
	int err = f ? summary_make(&s, run, c->error, sizeof c->error) : collect_fail(c, errno, "a temporary file");

	if (err == 0) {
		err = summary_print(&s, f);
		err = err < 0 ? err : csv_open_stream(csv, f, "summary.csv");
		summary_free(&s);
	}
	if (f)
		fclose(f);
	return err;
}

static int
open_summary(struct collect *c, const struct run *run, struct csv *csv)
{
	int err;

	if (older(run, "summary.csv", "reps.csv") || older(run, "summary.csv", "repeats.csv"))
		return make_summary(c, run, csv);
	err = csv_open(csv, run->fd, "summary.csv");
	return err < 0 ? collect_fail(c, -err, "%s/%s", run->dir, csv->error) : 0;
}

int
collect_announce(struct collect *c, const struct run *run)
{
	struct csv csv = { .fd = -1 };
	int err = open_summary(c, run, &csv);

	for (size_t i = 0; i < csv.nfield && err == 0; i++) {
		size_t k = 0;

		while (k < c->ncolumn && strcmp(c->column[k], csv.header[i]) != 0)
			k++;
		if (k < c->ncolumn)
			continue;
		c->column = arena_grow(&c->mem, c->column, c->ncolumn, sizeof *c->column);
		c->column[c->ncolumn++] = arena_strdup(&c->mem, csv.header[i]);
	}
	csv_close(&csv);
	return err;
}

static const char *
type_of(const char *column)
{
	static const char *const whole[] = { "point", "size", "threads", "stride", "working_set", "page_size", "n",
					     "clean", "total", NULL };
	static const char *const real[] = { "median", "lo", "hi", NULL };

	for (const char *const *w = whole; *w; w++)
		if (strcmp(*w, column) == 0)
			return "INTEGER";
	for (const char *const *w = real; *w; w++)
		if (strcmp(*w, column) == 0)
			return "REAL";
	return "TEXT";
}

static int
make_tables(struct collect *c)
{
	const char *runs = "CREATE TABLE runs (run_id TEXT PRIMARY KEY", *results = "CREATE TABLE results (", *comma = "";
	const char *put_run = "INSERT INTO runs VALUES (?", *put_result = "INSERT INTO results VALUES (";
	int err;

	for (int m = 0; m < MACHINES; m++) {
		runs = arena_printf(&c->mem, "%s, %s TEXT", runs, machine_name[m]);
		put_run = arena_printf(&c->mem, "%s, ?", put_run);
	}
	for (size_t i = 0; i < c->ncolumn; i++) {
		results = arena_printf(&c->mem, "%s%s%s %s", results, comma, quoted(c, c->column[i]),
				       type_of(c->column[i]));
		put_result = arena_printf(&c->mem, "%s%s?", put_result, comma);
		comma = ", ";
	}
	err = run_sql(c, arena_printf(&c->mem, "%s, status TEXT, tool TEXT, dir TEXT)", runs));
	if (err == 0 && c->ncolumn > 0)
		err = run_sql(c, arena_printf(&c->mem, "%s)", results));
	if (err == 0)
		err = prepare(c, arena_printf(&c->mem, "%s, ?, ?, ?)", put_run), &c->put_run);
	if (err == 0 && c->ncolumn > 0)
		err = prepare(c, arena_printf(&c->mem, "%s)", put_result), &c->put_result);
	return err;
}

int
collect_start(struct collect *c, const char *sqlite, FILE *csv)
{
	int err;

	if (sqlite3_open(sqlite, &c->db) != SQLITE_OK)
		return collect_fail(c, EIO, "%s: %s", sqlite, c->db ? sqlite3_errmsg(c->db) : "out of memory");
	err = run_sql(c, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN");
	if (err == 0)
		err = make_tables(c);
	c->csv = (struct csv_out){ .file = csv };
	for (int m = M_BOOT; m < MACHINES; m++)
		csv_put(&c->csv, machine_name[m]);
	for (size_t i = 0; i < c->ncolumn; i++)
		csv_put(&c->csv, c->column[i]);
	csv_end(&c->csv);
	return err;
}

int
collect_finish(struct collect *c)
{
	int err = 0;

	if (c->ncolumn > 0)
		err = run_sql(c, "CREATE INDEX results_run ON results(run_id)");
	return err < 0 ? err : run_sql(c, "COMMIT");
}

void
collect_close(struct collect *c)
{
	sqlite3_finalize(c->put_run);
	sqlite3_finalize(c->put_result);
	sqlite3_close(c->db);
	arena_free(&c->mem);
}

static void
bind(sqlite3_stmt *s, int at, const char *v)
{
	if (v && *v)
		sqlite3_bind_text(s, at, v, -1, SQLITE_TRANSIENT);
	else
		sqlite3_bind_null(s, at);
}

/* One run into the collection; its headlines for the outliers. */
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
					  "durable", "why", "tested", "tested_bound", NULL };

	for (const char *const *n = no; *n; n++)
		if (strcmp(*n, column) == 0)
			return false;
	return true;
}

/* A point of one run, as far as it was read. */
struct collected {
	char *point;
	const char *axes, *label;
	uint32_t has;			/* 1 << metric_id */
	bool near;			/* the clock is too coarse for the drained median */
	double median[METRICS];
};

static void
flush(struct collect *c, struct collected *p, const char *host)
{
	const enum metric_id m = headline_of(p->has, p->near);

	if (m < METRICS && p->median[m] > 0) {
		c->point = arena_grow(&c->mem, c->point, c->npoint, sizeof *c->point);
		c->point[c->npoint++] = (struct tally_point){
			arena_printf(&c->mem, "%s%s", p->axes, metrics[m].name), p->label, host, p->median[m],
		};
	}
	free(p->point);
	*p = (struct collected){ 0 };
}

enum { W_POINT, W_METRIC, W_MEDIAN, W_FLAGS, WHERE };
static const char *const where_name[] = { "point", "metric", "median", "flags", NULL };

static void
begin(struct collect *c, struct collected *p, const struct csv *csv, const int *w)
{
	const char *axes = "", *label = "";

	for (int i = 0; i < w[W_METRIC]; i++) {
		if (!*csv->field[i] || !in_key(csv->header[i]))
			continue;
		axes = arena_printf(&c->mem, "%s%s=%s;", axes, csv->header[i], csv->field[i]);
		label = arena_printf(&c->mem, "%s%s%s=%s", label, *label ? " " : "", csv->header[i], csv->field[i]);
	}
	*p = (struct collected){ .point = strdup(csv->field[w[W_POINT]]), .axes = axes, .label = label };
}

static void
take_metric(struct collect *c, struct collected *p, const char *host, const struct csv *csv, const int *w)
{
	const int m = metric_find(csv->field[w[W_METRIC]]);

	if (!p->point || strcmp(p->point, csv->field[w[W_POINT]]) != 0) {
		flush(c, p, host);
		begin(c, p, csv, w);
	}
	if (m < 0)
		return;
	p->has |= 1u << m;
	p->median[m] = strtod(csv->field[w[W_MEDIAN]], NULL);
	if (m == (int)metric_latency(STAMP_DRAINED, LATENCY_P50))
		p->near = flags_parse(csv->field[w[W_FLAGS]]) >> SUM_NEAR_TIMER_FLOOR & 1;
}

int
collect_add(struct collect *c, const struct run *run)
{
	struct csv csv = { .fd = -1 };
	struct collected point = { 0 };
	const char *host = arena_strdup(&c->mem, machine_text(run, M_HOST));
	int *from = arena_alloc(&c->mem, c->ncolumn + 1, sizeof *from), w[WHERE];
	int err = add_run(c, run), got = 0;

	if (err == 0)
		err = open_summary(c, run, &csv);
	for (size_t i = 0; i < c->ncolumn && err == 0; i++)
		from[i] = csv_column(&csv, c->column[i]);
	if (err == 0 && (err = csv_columns(&csv, where_name, w)) < 0)
		collect_fail(c, EINVAL, "%s/%s", run->dir, csv.error);
	while (err == 0 && (got = csv_next(&csv)) > 0) {
		take_metric(c, &point, host, &csv, w);
		err = add_row(c, run, &csv, from);
	}
	if (err == 0 && got < 0)
		err = collect_fail(c, -got, "%s/%s", run->dir, csv.error);
	flush(c, &point, host);
	csv_close(&csv);
	return err;
}

/* The hosts that stand apart, point by point: the modified z-score of the hosts' medians. */
#define LEAST_EFFECT 0.05		/* apart by less than this matters to nobody */

static int
by_key(const void *a, const void *b)
{
	const struct tally_point *x = a, *y = b;
	int c = strcmp(x->key, y->key);

	if (c == 0)
		c = strcmp(x->host, y->host);
	return c ? c : (x->v > y->v) - (x->v < y->v);
}

static struct fleet_host *
host_of(struct collect *c, const char *name)
{
	for (size_t i = 0; i < c->nhost; i++)
		if (strcmp(c->host[i].name, name) == 0)
			return &c->host[i];
	c->host = arena_grow(&c->mem, c->host, c->nhost, sizeof *c->host);
	c->host[c->nhost] = (struct fleet_host){ .name = name, .worst = "" };
	return &c->host[c->nhost++];
}

static int
note(struct collect *c, sqlite3_stmt *put, const struct tally_point *p, double v, double median, double z, size_t n)
{
	struct fleet_host *h = host_of(c, p->host);
	bool apart = fabs(z) > OUTLIER_Z && fabs(log(v / median)) > log1p(LEAST_EFFECT);

	h->points++;
	if (!apart)
		return 0;
	h->outlying++;
	if (fabs(z) > fabs(h->z)) {
		h->z = z;
		h->worst = p->label;
	}
	sqlite3_bind_text(put, 1, p->host, -1, SQLITE_STATIC);
	sqlite3_bind_text(put, 2, p->label, -1, SQLITE_STATIC);
	sqlite3_bind_text(put, 3, strrchr(p->key, ';') ? strrchr(p->key, ';') + 1 : p->key, -1, SQLITE_STATIC);
	sqlite3_bind_double(put, 4, v);
	sqlite3_bind_double(put, 5, median);
	sqlite3_bind_double(put, 6, z);
	sqlite3_bind_int64(put, 7, (sqlite3_int64)n);
	return step(c, put);
}

/* One point on all hosts: p[0..n) in the order of the hosts, each host's runs together. */
static int
judge(struct collect *c, sqlite3_stmt *put, const struct tally_point *p, size_t n)
{
	double *v = arena_alloc(&c->mem, n, sizeof *v), *z = arena_alloc(&c->mem, n, sizeof *z);
	double *of = arena_alloc(&c->mem, n, sizeof *of), median = 0;
	const struct tally_point **who = arena_alloc(&c->mem, n, sizeof *who);
	size_t hosts = 0;
	int err;

	for (size_t i = 0, j; i < n; i = j) {
		for (j = i; j < n && strcmp(p[j].host, p[i].host) == 0; j++)
			of[j - i] = p[j].v;
		who[hosts] = &p[i];
		v[hosts++] = log(stats_sorted_median(of, j - i));
	}
	if (hosts < OUTLIER_LEAST) {
		for (size_t i = 0; i < hosts; i++)
			host_of(c, who[i]->host)->points++;
		return 0;
	}
	err = outlier_z(v, hosts, z, &median);
	for (size_t i = 0; i < hosts && err == 0; i++)
		err = note(c, put, who[i], exp(v[i]), exp(median), z[i], hosts);
	return err;
}

static int
put_hosts(struct collect *c)
{
	sqlite3_stmt *put = NULL;
	int err = prepare(c, "INSERT INTO hosts VALUES (?, ?, ?, ?, ?)", &put);

	for (size_t i = 0; i < c->nhost && err == 0; i++) {
		const struct fleet_host *h = &c->host[i];

		sqlite3_bind_text(put, 1, h->name, -1, SQLITE_STATIC);
		sqlite3_bind_int64(put, 2, (sqlite3_int64)h->points);
		sqlite3_bind_int64(put, 3, (sqlite3_int64)h->outlying);
		sqlite3_bind_double(put, 4, h->z);
		sqlite3_bind_text(put, 5, h->worst, -1, SQLITE_STATIC);
		err = step(c, put);
	}
	sqlite3_finalize(put);
	return err;
}

int
collect_outliers(struct collect *c)
{
	sqlite3_stmt *put = NULL;
	int err = run_sql(c, "CREATE TABLE outliers (host TEXT, point TEXT, metric TEXT, value REAL, median REAL, "
			      "z REAL, hosts INTEGER);"
			      "CREATE TABLE hosts (host TEXT, points INTEGER, outlying INTEGER, z REAL, worst TEXT)");

	if (err == 0)
		err = prepare(c, "INSERT INTO outliers VALUES (?, ?, ?, ?, ?, ?, ?)", &put);
	if (c->npoint > 0)
		qsort(c->point, c->npoint, sizeof *c->point, by_key);
	for (size_t i = 0, j; i < c->npoint && err == 0; i = j) {
		for (j = i; j < c->npoint && strcmp(c->point[j].key, c->point[i].key) == 0; j++)
			;
		err = judge(c, put, &c->point[i], j - i);
	}
	sqlite3_finalize(put);
	return err < 0 ? err : put_hosts(c);
}
