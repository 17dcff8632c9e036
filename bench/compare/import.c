/* SPDX-License-Identifier: BSD-2-Clause */
#include "import.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "datadir.h"
#include "metric.h"
#include "spawn.h"
#include "text.h"
#include "why.h"

enum { FILE_MAX = 64 << 20, HASH_SECONDS = 60 };

struct import_source {
	struct imported *in;
	char *text, hash[65];		/* SHA-256 but for the newlines at its end, which come and go */
	const char *bench;		/* and which point of it is read, for messages */
	size_t point;
	char *why;
	size_t whylen;
};

static int
refuse(const struct import_source *s, const char *what, const char *field)
{
	return why_set(s->why, s->whylen, EINVAL, "%s: benchmark '%s', point %zu: %s '%.80s'", s->in->file, s->bench,
		       s->point, what, field);
}

/* A point that may gain more columns: a copy of base, or empty. */
static json_t *
new_point(const json_t *base, const char *bench)
{
	json_t *p = base ? json_copy((json_t *)base) : json_object();

	json_object_set_new(p, "metrics", json_object());
	json_object_set_new(p, "bench", json_string(bench));
	return p;
}

static double
number_of(const json_t *point, const char *key)
{
	const char *s = json_string_value(json_object_get(point, key));
	uint64_t n;

	return s && text_count(s, &n) == 0 && n > 0 ? (double)n : NAN;
}

/* And what follows from it: bandwidth, rate and time belong together. */
static void
put_metric(json_t *point, const char *metric, double value)
{
	json_t *m = json_object_get(point, "metrics");
	double size = number_of(point, "size"), threads = number_of(point, "threads");

	json_object_set_new(m, metric, json_real(value));
	if (strcmp(metric, metrics[METRIC_BANDWIDTH].name) != 0 || !(value > 0))
		return;
	if (size > 0)
		json_object_set_new(m, metrics[METRIC_RATE].name, json_real(value * 1e9 / size));
	if (size > 0 && threads > 0)
		json_object_set_new(m, metrics[METRIC_TIME].name, json_real(threads * size / value));
}

/* Does it stand anywhere in v, as a key or a text? */
static bool
names(json_t *v, const char *word)
{
	const char *key;
	json_t *inner;
	size_t k;

	json_array_foreach(v, k, inner)
		if (names(inner, word))
			return true;
	json_object_foreach(v, key, inner)
		if (strcmp(key, word) == 0 || names(inner, word))
			return true;
	return json_is_string(v) && strcmp(json_string_value(v), word) == 0;
}

/* What is unknown is refused by its name.  1: a value that nothing here is like. */
static int
check_fields(const struct import_source *s, json_t *config)
{
	json_t *fields = json_object_get(s->in->map, "fields"), *v, *have;
	const char *name;
	int unlike = 0;

	json_object_foreach(config, name, v)
		if (!names(fields, name))
			return refuse(s, "unknown field", name);
	json_object_foreach(json_object_get(fields, "only"), name, v) {
		have = json_object_get(config, name);
		if (!have)
			return refuse(s, "no field", name);
		unlike |= !json_equal(have, v);
	}
	json_object_foreach(json_object_get(fields, "unless"), name, v) {
		have = json_object_get(config, name);
		unlike |= have && json_number_value(have) != json_number_value(v);
	}
	return unlike;
}

/* The word of a field by the map of its name.  1: it has no counterpart here. */
static int
take_word(const struct import_source *s, json_t *point, json_t *v, const char *field)
{
	json_t *map = json_object_get(s->in->map, field), *to;
	char value[160];

	if (!json_is_string(v))
		return refuse(s, v ? "no word in field" : "no field", field);
	to = json_object_get(map, json_string_value(v));
	if (!to && !json_object_get(map, "*")) {
		snprintf(value, sizeof value, "%s=%.60s", field, json_string_value(v));
		return refuse(s, "unknown value", value);
	}
	return json_is_object(to) ? json_object_update(point, to) : 1;
}

static int
take_count(const struct import_source *s, json_t *point, json_t *v, const char *field, const char *column)
{
	char text[32];

	if (!json_is_integer(v) || json_integer_value(v) <= 0)
		return refuse(s, v ? "no whole number in field" : "no field", field);
	snprintf(text, sizeof text, "%lld", (long long)json_integer_value(v));
	json_object_set_new(point, column, json_string(text));
	return 0;
}

static int
take_metric(const struct import_source *s, json_t *point, json_t *from, const char *field, const char *metric, double unit)
{
	json_t *v = json_object_get(from, field);

	if (!json_is_number(v) || !(json_number_value(v) > 0))
		return refuse(s, v ? "no number in field" : "no field", field);
	put_metric(point, metric, json_number_value(v) * unit);
	return 0;
}

/* custom: one op at a time, with its latencies; else many in a row, with their bandwidth. */
static int
take_results(const struct import_source *s, json_t *point, json_t *results, bool custom)
{
	json_t *map = s->in->map, *latency = json_object_get(results, "latency"), *metric;
	const char *field;
	int rc = 0;

	if (!custom)
		return take_metric(s, point, results, "bandwidth", metrics[METRIC_BANDWIDTH].name,
				   json_number_value(json_object_get(map, "gb_per_unit")));
	if (!latency)
		return 1;
	json_object_foreach(json_object_get(map, "latency"), field, metric)
		if (rc == 0)
			rc = take_metric(s, point, latency, field, json_string_value(metric), 1);
	return rc;
}

/* 1: it has no counterpart here. */
static int
take_point(const struct import_source *s, json_t *config, json_t *results, json_t *point)
{
	static const struct { const char *field, *column, *mode; } step[] = {
		{ "exec_mode", NULL, "" }, { "memory_type", NULL, "" }, { "numa_pattern", NULL, "" },
		{ "number_threads", "threads", "" }, { "memory_range", "working_set", "" },
		{ "custom_operations", NULL, "custom" }, { "random_distribution", NULL, "random" },
		{ "operation", NULL, "sequential random" }, { "access_size", "size", "sequential random" },
		{ "persist_instruction", NULL, "sequential random" },
	};
	const char *mode = json_string_value(json_object_get(config, "exec_mode"));
	int rc = !json_is_object(config) ? refuse(s, "no field", "config") :
		 !json_is_object(results) ? refuse(s, "no field", "results") : check_fields(s, config);

	for (size_t k = 0; rc == 0 && k < sizeof step / sizeof *step; k++) {
		json_t *v = json_object_get(config, step[k].field);

		if (*step[k].mode && !strstr(step[k].mode, mode))
			continue;
		/* A read has its kernel from the operation. */
		if (k + 1 == sizeof step / sizeof *step && json_object_get(point, "kernel"))
			continue;
		rc = step[k].column ? take_count(s, point, v, step[k].field, step[k].column) :
		     take_word(s, point, v, step[k].field);
	}
	return rc ? rc : take_results(s, point, results, strcmp(mode, "custom") == 0);
}

static int
take_bench(struct import_source *s, json_t *bench)
{
	const char *name = json_string_value(json_object_get(bench, "bm_name"));
	const char *type = json_string_value(json_object_get(bench, "bm_type"));
	json_t *list = json_object_get(bench, "benchmarks"), *entry;
	int rc = 0;

	s->bench = name ? name : "?";
	s->point = 0;
	if (!name || !json_is_array(list) || !type)
		return refuse(s, "no field", !name ? "bm_name" : type ? "benchmarks" : "bm_type");
	/* Two workloads at a time: nothing here is like them. */
	if (strcmp(type, "parallel") == 0) {
		s->in->passed += json_array_size(list);
		return 0;
	}
	if (strcmp(type, "single") != 0)
		return refuse(s, "unknown bm_type", type);
	for (; rc >= 0 && (entry = json_array_get(list, s->point)); s->point++) {
		json_t *point = new_point(NULL, name);

		rc = take_point(s, json_object_get(entry, "config"), json_object_get(entry, "results"), point);
		if (rc == 0)
			json_array_append(s->in->points, point);
		s->in->passed += rc == 1;
		json_decref(point);
	}
	return rc < 0 ? rc : 0;
}

/* JSON of PerMA-Bench: an array of benchmarks, each with points of a config and results. */
static int
read_bench(struct import_source *s)
{
	json_error_t e;
	json_t *all = json_loads(s->text, JSON_REJECT_DUPLICATES, &e), *v;
	int rc = 0;
	size_t k;

	if (!all)
		return why_set(s->why, s->whylen, EINVAL, "%s:%d:%d: %s", s->in->file, e.line, e.column, e.text);
	if (!json_is_array(all))
		rc = why_set(s->why, s->whylen, EINVAL, "%s: not an array of benchmarks, so not of PerMA-Bench", s->in->file);
	json_array_foreach(all, k, v)
		if (rc == 0)
			rc = take_bench(s, v);
	json_decref(all);
	/* The machine of a file whose every byte is known. */
	json_array_foreach(json_object_get(s->in->map, "published"), k, v)
		if (strcmp(json_string_value(json_object_get(v, "sha256")), s->hash) == 0)
			s->in->host = json_object_get(v, "host");
	return rc;
}

/* A column is a point of its own, or one more metric of the record's point. */
static void
take_number(struct import_source *s, json_t *map, json_t *base, json_t *to, double v)
{
	const char *metric = json_string_value(json_object_get(to, "metric"));
	json_t *unit = json_object_get(map, "per_unit"), *point;

	v *= unit ? json_number_value(unit) : 1;
	if (metric) {
		put_metric(base, metric, v);
		return;
	}
	point = new_point(base, s->in->name);
	json_object_update(point, to);
	put_metric(point, json_string_value(json_object_get(map, "metric")), v);
	json_array_append_new(s->in->points, point);
}

/* Its first field is the value of an axis, or stands for columns; null: no counterpart here. */
static int
take_record(struct import_source *s, json_t *map, char *line)
{
	json_t *base = new_point(json_object_get(map, "point"), s->in->name), *to;
	const char *axis = json_string_value(json_object_get(map, "axis")), *first = strsep(&line, ",");
	json_t *row = axis ? NULL : json_object_get(json_object_get(map, "row"), first);
	char *field, *end = NULL;
	int rc = 0;

	if (axis)
		json_object_set_new(base, axis, json_string(first));
	else if (row)
		json_object_update(base, row);
	for (size_t k = 0; rc == 0 && (field = strsep(&line, ",")); k++) {
		const double v = strtod(field, &end);

		to = json_array_get(json_object_get(map, "columns"), k);
		if (end == field || *end)
			rc = why_set(s->why, s->whylen, EINVAL, "%s: no number: '%.40s'", s->in->file, field);
		else if (json_is_object(to) && (axis || json_is_object(row)))
			take_number(s, map, base, to, v);
		else
			s->in->passed += json_is_object(to);
	}
	if (json_object_size(json_object_get(base, "metrics")) > 0)
		json_array_append(s->in->points, base);
	json_decref(base);
	return rc;
}

static int
unknown_file(struct import_source *s, json_t *files, const char *base)
{
	const char *reason = json_string_value(json_object_get(json_object_get(s->in->map, "refused"), base));
	const char *name, *last = "";
	char list[300] = "";
	size_t n = 0;
	json_t *v;

	if (reason)
		return why_set(s->why, s->whylen, EINVAL, "%s: has no counterpart here: %s", s->in->file, reason);
	json_object_foreach(files, name, v)
		if (n < sizeof list && strncmp(name, last, 2) != 0) {
			n += (size_t)snprintf(list + n, sizeof list - n, " %.2s", name);
			last = name;
		}
	return why_set(s->why, s->whylen, EINVAL, "%s: not the name of a figure's data that can be imported; those "
		       "of OptaneStudy that begin with%s can", s->in->file, list);
}

/* CSV of OptaneStudy, the data of one published figure: known to the byte, for a number may be cut
 * in two and still be one. */
static int
read_table(struct import_source *s)
{
	json_t *files = json_object_get(s->in->map, "files"), *map;
	const char *base = strrchr(s->in->file, '/'), *want;
	char *rest = s->text, *line;
	int rc = 0;

	base = base ? base + 1 : s->in->file;
	map = json_object_get(files, base);
	if (!map)
		return unknown_file(s, files, base);
	want = json_string_value(json_object_get(map, "sha256"));
	if (!want || strcmp(want, s->hash) != 0)
		return why_set(s->why, s->whylen, EINVAL, "%s: not the published file: its SHA-256 begins with %.12s, that of "
			       "the published one with %.12s; cut short, or edited?", s->in->file, s->hash, want ? want : "nothing");
	s->in->host = json_object_get(s->in->map, "host");
	s->in->note = json_string_value(json_object_get(map, "note"));
	strsep(&rest, "\n");	/* the header */
	while (rc == 0 && (line = strsep(&rest, "\n"))) {
		line[strcspn(line, "\r")] = '\0';
		rc = take_record(s, map, line);
	}
	return rc;
}

/* What the system's sha256sum says. */
static int
hash(struct import_source *s)
{
	char *const argv[] = { "sha256sum", NULL };
	int in = memfd_create("text", MFD_CLOEXEC), out = memfd_create("hash", MFD_CLOEXEC), rc = 0;
	const size_t n = strlen(s->text);

	if (in < 0 || out < 0 || write(in, s->text, n) != (ssize_t)n || lseek(in, 0, SEEK_SET) != 0)
		rc = -EIO;
	if (rc == 0)
		rc = spawn_run(&(struct spawn){
			.argv = argv, .in = in, .out = out, .err = STDERR_FILENO, .seconds = HASH_SECONDS,
		});
	rc = rc > 0 ? -EIO : rc;
	if (rc == 0 && pread(out, s->hash, 64, 0) != 64)
		rc = -EIO;
	if (in >= 0)
		close(in);
	if (out >= 0)
		close(out);
	return rc == 0 ? 0 : why_set(s->why, s->whylen, -rc, rc == -ENOENT ? "%s: needs sha256sum, which is not installed" :
				     "%s: no hash of it", s->in->file);
}

static int
load_text(struct import_source *s)
{
	FILE *f = fopen(s->in->file, "re");
	size_t n;

	if (!f)
		return why_set(s->why, s->whylen, errno, "%s: %s", s->in->file, strerror(errno));
	s->text = malloc(FILE_MAX);
	n = s->text ? fread(s->text, 1, FILE_MAX - 1, f) : 0;
	if (!s->text || ferror(f) || !feof(f)) {
		fclose(f);
		return why_set(s->why, s->whylen, EFBIG, "%s: cannot be read, or above %d MiB", s->in->file, FILE_MAX >> 20);
	}
	fclose(f);
	while (n > 0 && strchr("\r\n", s->text[n - 1]))
		n--;
	s->text[n] = '\0';
	return hash(s);
}

static int
load_map(struct import_source *s, const char *name)
{
	char path[4200];
	json_error_t e;

	snprintf(path, sizeof path, "%.4000s/configs/import/%s.json", data_dir(), name);
	s->in->map = json_load_file(path, JSON_REJECT_DUPLICATES, &e);
	return s->in->map ? 0 : why_set(s->why, s->whylen, EINVAL, "%s: line %d: %s", path, e.line < 0 ? 0 : e.line, e.text);
}

static void
take_name(struct imported *in)
{
	const char *base = strrchr(in->file, '/'), *dot;
	size_t len;

	base = base ? base + 1 : in->file;
	dot = strrchr(base, '.');
	len = dot && dot != base ? (size_t)(dot - base) : strlen(base);
	snprintf(in->name, sizeof in->name, "%.*s", (int)(len < 64 ? len : 64), base);
	for (char *p = in->name; *p; p++)
		if (!strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-", *p))
			*p = '_';
}

/* What a file is: by its end, for a broken one shall be told by its own errors. */
int
import_read(struct imported *in, const char *file, char *why, size_t len)
{
	struct import_source s = { .in = in, .why = why, .whylen = len };
	const char *end = strrchr(file, '.');
	const bool json = end && strcmp(end, ".json") == 0;
	int rc;

	*in = (struct imported){ .file = file, .points = json_array() };
	if (!json && (!end || strcmp(end, ".csv") != 0))
		return why_set(why, len, EINVAL, "%s: neither a .json of PerMA-Bench nor a .csv of OptaneStudy", file);
	take_name(in);
	rc = load_map(&s, json ? "perma-bench" : "optanestudy");
	if (rc == 0)
		rc = load_text(&s);
	if (rc == 0)
		rc = json ? read_bench(&s) : read_table(&s);
	free(s.text);
	if (rc == 0 && json_array_size(in->points) == 0)
		return why_set(why, len, EINVAL, "%s: no point in it has a counterpart here", file);
	return rc;
}

void
import_free(struct imported *in)
{
	json_decref(in->map);
	json_decref(in->points);
	*in = (struct imported){ 0 };
}
