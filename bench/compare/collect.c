/* SPDX-License-Identifier: BSD-2-Clause */
#include "collect.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>

#include "readings.h"
#include "summary.h"

const char *const machine_name[MACHINES] = {
	[M_HOST] = "host", [M_BOOT] = "boot", [M_BIOS] = "bios", [M_MICROCODE] = "microcode", [M_CPU] = "cpu",
	[M_OS_KERNEL] = "os_kernel", [M_STARTED] = "started",
};

/* The first text or number under one of these keys, wherever it stands. */
static const char *
search(const json_t *o, const char *const *keys)
{
	const char *name, *found;
	json_t *v;

	for (const char *const *k = keys; *k; k++)
		if ((found = json_string_value(json_object_get(o, *k))) && *found)
			return found;
	json_object_foreach((json_t *)o, name, v)
		if (json_is_object(v) && *(found = search(v, keys)))
			return found;
	return "";
}

const char *
machine_text(const struct run *run, enum machine_column m)
{
	static const char *const bios[] = { "bios_version", "bios", NULL }, *const code[] = { "microcode", NULL };

	switch (m) {
	case M_HOST: {
		const char *name = run_text(run, "host.name");

		return *name || run->npoint == 0 ? name : run_field(run, &run->point[0], "host");
	}
	case M_BOOT:
		return run_text(run, "host.boot_id");
	case M_BIOS: {
		const char *version = search(run_json(run, "host"), bios);

		return *version ? version : search(run->json, bios);
	}
	case M_MICROCODE:
		return search(run->json, code);
	case M_CPU:
		return run_text(run, "host.cpu");
	case M_OS_KERNEL:
		return run_text(run, "host.kernel");
	default:
		return run_text(run, "started");
	}
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

int
collect_sql(struct collect *c, const char *sql)
{
	char *why = NULL;

	if (sqlite3_exec(c->db, sql, NULL, NULL, &why) == SQLITE_OK)
		return 0;
	collect_fail(c, EIO, "%s", why ? why : "SQLite failed");
	sqlite3_free(why);
	return -EIO;
}

const char *
collect_quoted(struct collect *c, const char *name)
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

/* summary.csv, made when it is missing or older than what it comes from. */
static int
refresh(struct collect *c, const struct run *run)
{
	static const char *const nothing[] = { NULL };
	struct readings r;
	struct summary s;
	int err;

	if (!older(run, "summary.csv", "reps.csv") && !older(run, "summary.csv", "repeats.csv"))
		return 0;
	err = readings_load(&r, run, nothing, c->error, sizeof c->error);
	if (err == 0) {
		readings_free(&r);
		err = summary_make(&s, run, c->error, sizeof c->error);
	}
	if (err == 0)
		summary_free(&s);
	return err;
}

static int
open_summary(struct collect *c, const struct run *run, struct csv *csv)
{
	int err = csv_open(csv, run->fd, "summary.csv");

	return err < 0 ? collect_fail(c, -err, "%s/%s", run->dir, csv->error) : 0;
}

int
collect_announce(struct collect *c, const struct run *run)
{
	struct csv csv = { .fd = -1 };
	int err = refresh(c, run);

	if (err == 0)
		err = open_summary(c, run, &csv);
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
prepare(struct collect *c, const char *sql, sqlite3_stmt **out)
{
	if (sqlite3_prepare_v2(c->db, sql, -1, out, NULL) == SQLITE_OK)
		return 0;
	return collect_fail(c, EIO, "%s", sqlite3_errmsg(c->db));
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
		results = arena_printf(&c->mem, "%s%s%s %s", results, comma, collect_quoted(c, c->column[i]),
				       type_of(c->column[i]));
		put_result = arena_printf(&c->mem, "%s%s?", put_result, comma);
		comma = ", ";
	}
	err = collect_sql(c, arena_printf(&c->mem, "%s, status TEXT, tool TEXT, dir TEXT)", runs));
	if (err == 0 && c->ncolumn > 0)
		err = collect_sql(c, arena_printf(&c->mem, "%s)", results));
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
	err = collect_sql(c, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN");
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
		err = collect_sql(c, "CREATE INDEX results_run ON results(run_id)");
	return err < 0 ? err : collect_sql(c, "COMMIT");
}

void
collect_close(struct collect *c)
{
	sqlite3_finalize(c->put_run);
	sqlite3_finalize(c->put_result);
	sqlite3_close(c->db);
	arena_free(&c->mem);
}
