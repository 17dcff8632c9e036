/* SPDX-License-Identifier: BSD-2-Clause */
/* JSON: an array of benchmarks, each with points of a config and results. */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "import.h"
#include "why.h"

struct at {
	struct imported *in;
	const char *bench;
	size_t point;
	char *why;
	size_t whylen;
};

static int
refuse(const struct at *a, const char *what, const char *field)
{
	return why_set(a->why, a->whylen, EINVAL, "%s: benchmark '%s', point %zu: %s '%.80s'", a->in->file, a->bench,
		       a->point, what, field);
}

static bool
lists(json_t *array, const char *word)
{
	size_t i;
	json_t *v;

	json_array_foreach(array, i, v)
		if (strcmp(json_string_value(v), word) == 0)
			return true;
	return false;
}

/* Is it named in one of the lists: required, optional, by mode ...? */
static bool
known(json_t *fields, const char *name)
{
	json_t *list;
	const char *key, *mode;

	json_object_foreach(fields, key, list) {
		json_t *inner;

		if (json_is_array(list) ? lists(list, name) : json_object_get(list, name) != NULL)
			return true;
		json_object_foreach(list, mode, inner)
			if (lists(inner, name))
				return true;
	}
	return false;
}

static int
check_there(const struct at *a, json_t *config, json_t *list)
{
	size_t i;
	json_t *v;

	json_array_foreach(list, i, v)
		if (json_object_get(config, json_string_value(v)) == NULL)
			return refuse(a, "no field", json_string_value(v));
	return 0;
}

static bool
same_value(json_t *a, json_t *b)
{
	if (json_is_number(a) && json_is_number(b))
		return json_number_value(a) == json_number_value(b);
	return json_equal(a, b);
}

/* What is unknown or missing is refused by its name.  1: a value that nothing here is like. */
static int
check_fields(const struct at *a, json_t *config)
{
	json_t *fields = json_object_get(a->in->map, "fields"), *v;
	const char *name, *mode = json_string_value(json_object_get(config, "exec_mode"));
	int err, unlike = 0;

	json_object_foreach(config, name, v)
		if (!known(fields, name))
			return refuse(a, "unknown field", name);
	err = check_there(a, config, json_object_get(fields, "required"));
	if (err == 0 && mode)
		err = check_there(a, config, json_object_get(json_object_get(fields, "by_mode"), mode));
	if (err < 0)
		return err;
	json_object_foreach(json_object_get(fields, "only"), name, v) {
		if (json_object_get(config, name) == NULL)
			return refuse(a, "no field", name);
		unlike |= !same_value(json_object_get(config, name), v);
	}
	json_object_foreach(json_object_get(fields, "unless"), name, v)
		unlike |= json_object_get(config, name) && !same_value(json_object_get(config, name), v);
	return unlike;
}

/* Translate the value of a field by the map of its name.  1: it has no counterpart here. */
static int
translate(const struct at *a, json_t *point, json_t *config, const char *field, bool needed)
{
	json_t *v = json_object_get(config, field), *to;
	char value[160];

	if (v == NULL)
		return needed ? refuse(a, "no field", field) : 0;
	if (!json_is_string(v))
		return refuse(a, "no word in field", field);
	to = json_object_get(json_object_get(a->in->map, field), json_string_value(v));
	if (to == NULL) {
		snprintf(value, sizeof value, "%s=%.60s", field, json_string_value(v));
		return refuse(a, "unknown value", value);
	}
	if (json_is_null(to))
		return 1;
	import_merge(point, to);
	return 0;
}

static int
take_count(const struct at *a, json_t *point, json_t *config, const char *field, const char *column)
{
	json_t *v = json_object_get(config, field);
	char text[32];

	if (v == NULL)
		return refuse(a, "no field", field);
	if (!json_is_integer(v) || json_integer_value(v) <= 0)
		return refuse(a, "no whole number in field", field);
	snprintf(text, sizeof text, "%lld", (long long)json_integer_value(v));
	json_object_set_new(point, column, json_string(text));
	return 0;
}

static int
take_latency(const struct at *a, json_t *point, json_t *results)
{
	json_t *names = json_object_get(a->in->map, "latency"), *latency = json_object_get(results, "latency"), *metric;
	const char *field;

	if (!json_is_object(latency))
		return refuse(a, "no field", "latency");
	json_object_foreach(names, field, metric) {
		json_t *v = json_object_get(latency, field);

		if (!json_is_number(v))
			return refuse(a, "no number in field latency", field);
		import_metric(point, json_string_value(metric), json_number_value(v));
	}
	return 0;
}

static int
take_bandwidth(const struct at *a, json_t *point, json_t *results)
{
	json_t *v = json_object_get(results, "bandwidth");

	if (v == NULL)
		return refuse(a, "no field", "bandwidth");
	if (!json_is_number(v) || !(json_number_value(v) > 0))
		return refuse(a, "no number in field", "bandwidth");
	import_metric(point, "bandwidth_gbs",
		      json_number_value(v) * json_number_value(json_object_get(a->in->map, "gb_per_unit")));
	return 0;
}

static int
take_access(const struct at *a, json_t *point, json_t *config, json_t *results)
{
	int err = translate(a, point, config, "exec_mode", true);

	if (err == 0)
		err = translate(a, point, config, "random_distribution", false);
	if (err == 0)
		err = translate(a, point, config, "operation", true);
	if (err == 0 && json_object_get(point, "kernel") == NULL)
		err = translate(a, point, config, "persist_instruction", true);
	if (err == 0)
		err = take_count(a, point, config, "access_size", "size");
	return err ? err : take_bandwidth(a, point, results);
}

/* 1: it has no counterpart here. */
static int
take_custom(const struct at *a, json_t *point, json_t *config, json_t *results)
{
	const char *op = json_string_value(json_object_get(config, "custom_operations"));
	json_t *to;

	if (op == NULL)
		return refuse(a, "no field", "custom_operations");
	to = json_object_get(json_object_get(a->in->map, "custom_operations"), op);
	if (to == NULL || json_object_get(results, "latency") == NULL)
		return 1;
	import_merge(point, to);
	return take_latency(a, point, results);
}

static int
take_point(const struct at *a, json_t *entry)
{
	json_t *config = json_object_get(entry, "config"), *results = json_object_get(entry, "results"), *point;
	const char *mode;
	int err;

	if (!json_is_object(config) || !json_is_object(results))
		return refuse(a, "no field", json_is_object(config) ? "results" : "config");
	err = check_fields(a, config);
	if (err != 0) {
		a->in->passed += err > 0;
		return err < 0 ? err : 0;
	}
	point = import_point(NULL);
	json_object_set_new(point, "bench", json_string(a->bench));
	mode = json_string_value(json_object_get(config, "exec_mode"));
	err = translate(a, point, config, "memory_type", true);
	if (err == 0)
		err = translate(a, point, config, "numa_pattern", true);
	if (err == 0)
		err = take_count(a, point, config, "number_threads", "threads");
	if (err == 0)
		err = take_count(a, point, config, "memory_range", "working_set");
	if (err == 0)
		err = mode && strcmp(mode, "custom") == 0 ? take_custom(a, point, config, results)
							  : take_access(a, point, config, results);
	if (err == 0)
		json_array_append(a->in->points, point);
	a->in->passed += err == 1;
	json_decref(point);
	return err < 0 ? err : 0;
}

static int
take_bench(struct at *a, json_t *bench)
{
	const char *type = json_string_value(json_object_get(bench, "bm_type"));
	json_t *list = json_object_get(bench, "benchmarks"), *entry;
	int err = 0;

	a->bench = json_string_value(json_object_get(bench, "bm_name"));
	a->point = 0;
	if (a->bench == NULL) {
		a->bench = "?";
		return refuse(a, "no field", "bm_name");
	}
	if (!json_is_array(list))
		return refuse(a, "no field", "benchmarks");
	if (type == NULL)
		return refuse(a, "no field", "bm_type");
	/* Two workloads at a time: nothing here is like them. */
	if (strcmp(type, "parallel") == 0) {
		a->in->passed += json_array_size(list);
		return 0;
	}
	if (strcmp(type, "single") != 0)
		return refuse(a, "unknown bm_type", type);
	json_array_foreach(list, a->point, entry)
		if ((err = take_point(a, entry)) < 0)
			break;
	return err;
}

/* The machine of a file whose every byte is known. */
static int
take_host(struct imported *in, char *why, size_t len)
{
	char hex[65];
	int err = import_hash(in->file, hex, why, len);
	size_t i;
	json_t *v;

	if (err < 0)
		return err;
	json_array_foreach(json_object_get(in->map, "published"), i, v) {
		const char *sha = json_string_value(json_object_get(v, "sha256"));

		if (sha && strcmp(sha, hex) == 0)
			in->host = json_object_get(v, "host");
	}
	return 0;
}

int
import_bench(struct imported *in, char *why, size_t len)
{
	struct at a = { .in = in, .why = why, .whylen = len };
	json_error_t e;
	json_t *all = json_load_file(in->file, JSON_REJECT_DUPLICATES, &e), *bench;
	size_t i;
	int err = 0;

	if (all == NULL)
		return why_set(why, len, EINVAL, e.line > 0 ? "%s:%d:%d: %s" : "%s%.0d%.0d: %s", in->file, e.line,
			       e.column, e.text);
	if (!json_is_array(all))
		err = why_set(why, len, EINVAL, "%s: not an array of benchmarks, so not of PerMA-Bench", in->file);
	json_array_foreach(all, i, bench)
		if ((err = take_bench(&a, bench)) < 0)
			break;
	if (err == 0)
		err = take_host(in, why, len);
	json_decref(all);
	return err;
}
