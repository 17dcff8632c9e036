/* SPDX-License-Identifier: BSD-2-Clause */
/* An import as a results directory: run.json, points.csv, reps.csv with one repeat each. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "env.h"
#include "import.h"
#include "results.h"
#include "row.h"
#include "tables.h"
#include "text.h"
#include "why.h"

enum { PARAMS_MAX = 32 };

struct params { const char *name[PARAMS_MAX]; size_t n; };

static const char *
text_of(json_t *point, const char *column)
{
	const char *s = json_string_value(json_object_get(point, column));

	return s ? s : "";
}

/* The p_ columns that any point has. */
static void
find_params(const struct imported *in, struct params *p)
{
	size_t i, k;
	const char *name;
	json_t *point, *v;

	json_array_foreach(in->points, i, point)
		json_object_foreach(point, name, v) {
			if (strncmp(name, "p_", 2) != 0)
				continue;
			for (k = 0; k < p->n && strcmp(p->name[k], name + 2) != 0; k++)
				;
			if (k == p->n && k < PARAMS_MAX)
				p->name[p->n++] = name + 2;
		}
}

static void
put_point(struct row *row, const struct params *p, json_t *point)
{
	char name[80];

	for (const struct column *c = tables[TABLE_POINTS].column; c->name; c++) {
		const bool params = strcmp(c->name, "p_*") == 0;

		for (size_t k = 0; params && k < p->n; k++) {
			snprintf(name, sizeof name, "p_%s", p->name[k]);
			row_text(row, c->name, text_of(point, name));
		}
		if (!params)
			row_text(row, c->name, text_of(point, c->name));
	}
	row_end(row);
}

static FILE *
open_in(const struct results *r, const char *name)
{
	char path[PATH_BUF];

	snprintf(path, sizeof path, "%s/%s", r->dir, name);
	return fopen(path, "we");
}

/* Every row is whole, and all of them reached the file. */
static int
end_table(struct row *row)
{
	const int rc = fclose(row->out.file) == 0 ? 0 : -errno;

	return row->rc ? row->rc : rc;
}

static int
write_points(const struct imported *in, const struct results *r)
{
	struct params p = { 0 };
	struct row row;
	FILE *f = open_in(r, "points.csv");
	json_t *point;
	size_t i;

	if (!f)
		return -errno;
	find_params(in, &p);
	row = row_in(f, TABLE_POINTS, p.n);
	table_header(f, TABLE_POINTS, p.name, p.n);
	json_array_foreach(in->points, i, point) {
		json_object_set_new(point, "run_id", json_string(r->id));
		json_object_set_new(point, "host", json_string(in->name));
		json_object_set_new(point, "point", json_sprintf("%zu", i));
		json_object_set_new(point, "status", json_string("ok"));
		put_point(&row, &p, point);
	}
	return end_table(&row);
}

static int
write_reps(const struct imported *in, const struct results *r)
{
	FILE *f = open_in(r, "reps.csv");
	struct row row = row_in(f, TABLE_REPS, 0);
	const char *metric;
	json_t *point, *v;
	size_t i;

	if (!f)
		return -errno;
	table_header(f, TABLE_REPS, NULL, 0);
	json_array_foreach(in->points, i, point)
		json_object_foreach(json_object_get(point, "metrics"), metric, v) {
			row_u64(&row, "point", i);
			row_u64(&row, "rep", 0);
			row_u64(&row, "block", 0);
			row_text(&row, "metric", metric);
			row_double(&row, "value", json_real_value(v));
			row_u64(&row, "clean", 1);
			row_end(&row);
		}
	return end_table(&row);
}

static json_t *
targets_of(const struct imported *in)
{
	json_t *list = json_array(), *point, *t;
	size_t i, k;

	json_array_foreach(in->points, i, point) {
		const char *name = text_of(point, "target");

		json_array_foreach(list, k, t)
			if (strcmp(json_string_value(json_object_get(t, "name")), name) == 0)
				break;
		if (k == json_array_size(list))
			json_array_append_new(list, json_pack("{s:s, s:s, s:s}", "name", name,
				"role", text_of(point, "role"), "medium", text_of(point, "medium")));
	}
	return list;
}

static json_t *
host_of(const struct imported *in)
{
	json_t *host = in->host ? json_deep_copy(in->host) : json_object();

	json_object_set_new(host, "name", json_string(in->name));
	return host;
}

static json_t *
run_json_of(const struct imported *in, const char *id)
{
	const char *tool = json_string_value(json_object_get(in->map, "tool"));

	return json_pack("{s:s, s:s, s:s, s:s, s:o, s:{s:s}, s:{s:s, s:s, s:s, s:s, s:i, s:i, s:s}, s:o,"
			 " s:{s:i, s:b}, s:{s:i}}",
		"schema", "daxmark.run/1.0", "status", "ok", "name", in->name, "run_id", id,
		"host", host_of(in), "tool", "name", tool ? tool : "",
		"imported", "file", in->file, "format", json_string_value(json_object_get(in->map, "format")),
		"source", json_string_value(json_object_get(in->map, "source")), "by", version_text,
		"n", 1, "not_imported", (int)in->passed, "note", in->note ? in->note : "",
		"targets", targets_of(in), "config", "precision", 5, "quick", 0,
		"quality", "points", (int)json_array_size(in->points));
}

static int
write_json(const struct imported *in, const struct results *r)
{
	FILE *f = open_in(r, "run.json");
	json_t *j = f ? run_json_of(in, r->id) : NULL;
	int err = j ? 0 : -ENOMEM;

	if (f == NULL)
		return -errno;
	if (err == 0 && (json_dumpf(j, f, JSON_INDENT(1)) < 0 || fputc('\n', f) == EOF))
		err = -EIO;
	json_decref(j);
	return fclose(f) == 0 || err < 0 ? err : -errno;
}

/* A new results directory without a journal, seen under its name once it is whole; an import is
 * not the latest run. */
static int
show(struct results *r, char *out, size_t len)
{
	static const char *const empty[] = { "hist.csv", "samples.csv", "counters.csv", "repeats.csv" };
	char path[PATH_BUF];

	for (size_t i = 0; i < 4; i++) {
		snprintf(path, sizeof path, "%s/%s", r->dir, empty[i]);
		unlink(path);
	}
	snprintf(out, len, "%.*s%s", (int)(strrchr(r->dir, '/') + 1 - r->dir), r->dir, r->id);
	return rename(r->dir, out) == 0 ? 0 : -errno;
}

int
import_write(const struct imported *in, const char *parent, char *out, size_t len, char *why, size_t whylen)
{
	struct results r;
	int err = results_create(&r, parent, in->name, why, whylen);

	if (err < 0)
		return err;
	err = write_points(in, &r);
	if (err == 0)
		err = write_reps(in, &r);
	if (err == 0)
		err = write_json(in, &r);
	if (err == 0)
		err = show(&r, out, len);
	if (err < 0)
		why_set(why, whylen, -err, "%s: %s", r.dir, strerror(-err));
	results_close(&r);
	return err;
}
