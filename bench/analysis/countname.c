/* SPDX-License-Identifier: BSD-2-Clause */
/* Metrics of counts by their names: kind, unit, scale (counted.h). */
#include <stdio.h>
#include <string.h>

#include "counted.h"

static bool
ends(const char *s, const char *end)
{
	size_t n = strlen(s), m = strlen(end);

	return n > m && strcmp(s + n - m, end) == 0;
}

static const char *
text(const json_t *object, const char *key)
{
	const char *s = json_string_value(json_object_get(object, key));

	return s ? s : "";
}

static json_t *
entry_as(const struct run *run, const char *name, size_t len, bool system)
{
	json_t *all = json_object_get(run->json, "counters"), *e;
	size_t i;

	json_array_foreach(all, i, e) {
		const char *asked = text(e, "event");

		if (strlen(asked) == len && strncmp(asked, name, len) == 0 &&
		    (!system || strcmp(text(e, "scope"), "system") == 0))
			return e;
	}
	return NULL;
}

/* The event's entry in run.json; its name as a metric has @system, as asked for it may not. */
static json_t *
entry(const struct run *run, const char *name, size_t len)
{
	json_t *e = entry_as(run, name, len, false);
	size_t n = strlen(COUNTED_SYSTEM);

	if (e == NULL && len > n && strncmp(name + len - n, COUNTED_SYSTEM, n) == 0)
		e = entry_as(run, name, len - n, true);
	return e;
}

double
counted_scale(const struct run *run, const char *name)
{
	double v = json_number_value(json_object_get(entry(run, name, strlen(name)), "scale"));

	return v > 0 ? v : 1;
}

static const char *
unit_of_set(const struct run *run, const char *metric)
{
	json_t *set, *m;
	size_t i, k;

	json_array_foreach(json_object_get(run->json, "event_sets"), i, set) {
		const char *name = text(set, "name");
		size_t n = strlen(name);

		if (strncmp(metric, name, n) != 0 || metric[n] != '.')
			continue;
		json_array_foreach(json_object_get(set, "metrics"), k, m)
			if (strcmp(metric + n + 1, text(m, "name")) == 0)
				return text(m, "unit");
	}
	return NULL;
}

static bool
of_a_set(const struct run *run, const char *event)
{
	json_t *set, *e;
	size_t i, k;

	json_array_foreach(json_object_get(run->json, "event_sets"), i, set)
		json_array_foreach(json_object_get(set, "events"), k, e)
			if (strcmp(event, text(e, "event")) == 0)
				return true;
	return false;
}

/* The metric's kind and, of an event, its entry. */
static enum counted_kind
classify(const struct run *run, const char *metric, json_t **e)
{
	const bool byte = ends(metric, COUNTED_BYTE), running = ends(metric, COUNTED_SHARE);
	size_t n = strlen(metric) - (byte ? strlen(COUNTED_BYTE) : running ? strlen(COUNTED_SHARE) : 0);

	*e = NULL;
	if (unit_of_set(run, metric))
		return COUNTED_SET;
	*e = entry(run, metric, n);
	if (*e == NULL)
		return COUNTED_NONE;
	return byte ? COUNTED_PER_BYTE : running ? COUNTED_RUNNING : COUNTED_EVENT;
}

enum counted_kind
counted_kind(const struct run *run, const char *metric, bool *in_set)
{
	json_t *e;
	enum counted_kind kind = classify(run, metric, &e);

	*in_set = e && of_a_set(run, text(e, "event"));
	return kind;
}

const char *
counted_unit(const struct run *run, const char *metric, char *buf, size_t len)
{
	json_t *e;

	switch (classify(run, metric, &e)) {
	case COUNTED_NONE: return NULL;
	case COUNTED_SET: return unit_of_set(run, metric);
	case COUNTED_RUNNING: return "1";
	default: break;
	}
	snprintf(buf, len, "%s/%s", *text(e, "unit") ? text(e, "unit") : "1", ends(metric, COUNTED_BYTE) ? "B" : "op");
	return buf;
}
