/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "counted.h"
#include "formula.h"

enum { C_POINT, C_REP, C_SCOPE, C_EVENT, C_VALUE, C_ENABLED, C_RUNNING, C_SCALED };
static const char *const column[] = {
	"point", "rep", "scope", "event", "value", "enabled_ns", "running_ns", NULL,
};
enum { COUNTS = sizeof(((struct counted *)0)->count) / sizeof(struct count), METRICS_MAX = 64 };

/* Less is the kernel's own way of starting a group. */
#define RUNNING_ALL 0.999

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

int
counted_open(struct counted *t, const struct run *run)
{
	int err;

	*t = (struct counted){ .run = run, .csv.fd = -1 };
	err = csv_open(&t->csv, run->fd, "counters.csv");
	if (err == -ENOENT) {
		t->csv.error[0] = '\0';
		return 0;
	}
	t->there = err == 0;
	t->col[C_SCALED] = err == 0 ? csv_column(&t->csv, "scaled") : -1;	/* since 1.1 */
	return err < 0 ? err : csv_columns(&t->csv, column, t->col);
}

/* Another place's row of the same event (since 1.2): the sum as older runs have it. */
static void
add_place(struct count *sum, const struct count *x)
{
	sum->value += x->value;
	sum->scaled += x->scaled;
	sum->enabled += x->enabled;
	sum->running += x->running;
}

static int
take_row(struct counted *t, const struct run_repeat *r)
{
	struct csv *c = &t->csv;
	struct count *x = &t->count[t->n];
	const char *event = c->field[t->col[C_EVENT]];
	uint64_t point, rep;

	if (csv_u64(c, t->col[C_POINT], &point) < 0 || csv_u64(c, t->col[C_REP], &rep) < 0)
		return -EINVAL;
	if (point != t->run->point[r->at].id || rep != r->rep)
		return 0;	/* of a repeat that failed */
	if (t->n == COUNTS)
		return csv_fail(c, "more than %d events", COUNTS);
	x->value = x->scaled = NAN;
	if (csv_double(c, t->col[C_ENABLED], &x->enabled) < 0 || csv_double(c, t->col[C_RUNNING], &x->running) < 0 ||
	    (x->running > 0 && csv_double(c, t->col[C_VALUE], &x->value) < 0) ||
	    (x->running > 0 && t->col[C_SCALED] >= 0 && csv_double(c, t->col[C_SCALED], &x->scaled) < 0))
		return -EINVAL;
	snprintf(x->name, sizeof(x->name), "%.*s%s", COUNTED_NAME - 20, event,
		 strcmp(c->field[t->col[C_SCOPE]], "system") == 0 && !ends(event, COUNTED_SYSTEM) ? COUNTED_SYSTEM : "");
	x->value *= counted_scale(t->run, x->name);
	x->scaled *= counted_scale(t->run, x->name);
	if (t->n && strcmp(t->count[t->n - 1].name, x->name) == 0)
		add_place(&t->count[t->n - 1], x);
	else
		t->n++;
	return 0;
}

int
counted_take(struct counted *t, const struct run_repeat *r)
{
	int got = 0, err = 0;

	t->n = 0;
	if (!t->there)
		return 0;
	t->csv.limit = r->counters_end;
	while (err == 0 && (got = csv_next(&t->csv)) > 0)
		err = take_row(t, r);
	if (err == 0 && got == 0 && t->csv.offset < r->counters_end)
		err = csv_fail(&t->csv, "the journal says %llu bytes, whole rows end at %llu",
			       (unsigned long long)r->counters_end, (unsigned long long)t->csv.offset);
	return got < 0 ? got : err;
}

void
counted_close(struct counted *t)
{
	csv_close(&t->csv);
}

/* The count as if it had been counted all the time; NaN: it was not counted. */
static double
estimate(const struct count *x)
{
	if (!(x->running > 0))
		return NAN;
	if (x->running >= x->enabled)
		return x->value;
	/* Older runs kept no more than the sums of all places. */
	return isnan(x->scaled) ? x->value * (x->enabled / x->running) : x->scaled;
}

/* What the formulas of a set may name. */
struct names {
	const struct counted *t;
	const struct counted_use *use;
	json_t *events;			/* of the set */
	size_t n;			/* metrics of the set that have been computed */
	const char *name[METRICS_MAX];
	double value[METRICS_MAX];
};

static bool
same(const char *name, size_t n, const char *known)
{
	return strlen(known) == n && strncmp(name, known, n) == 0;
}

/* Of the event as the set has it; uncore events got an @system that it may lack. */
static double
event_value(const struct counted *t, const char *event)
{
	const struct count *with = NULL;
	size_t n = strlen(event);

	for (size_t k = 0; k < t->n; k++) {
		if (strncmp(t->count[k].name, event, n) != 0)
			continue;
		if (t->count[k].name[n] == '\0')
			return estimate(&t->count[k]);
		if (strcmp(t->count[k].name + n, COUNTED_SYSTEM) == 0)
			with = &t->count[k];
	}
	return with ? estimate(with) : NAN;
}

static int
value_of(const char *name, size_t n, double *v, void *arg)
{
	const struct names *in = arg;
	json_t *e;
	size_t i;

	*v = NAN;
	if (same(name, n, "ops"))
		*v = in->use->ops;
	else if (same(name, n, "bytes"))
		*v = in->use->bytes;
	else if (same(name, n, "seconds"))
		*v = in->use->seconds;
	json_array_foreach(in->events, i, e)
		if (same(name, n, text(e, "name")))
			*v = event_value(in->t, text(e, "event"));
	for (i = 0; i < in->n; i++)
		if (same(name, n, in->name[i]))
			*v = in->value[i];
	return isfinite(*v) ? 0 : -ENODATA;
}

static void
each_of_set(struct names *in, json_t *set, void (*put)(void *, const char *, double), void *arg)
{
	json_t *m;
	size_t i;

	in->events = json_object_get(set, "events");
	in->n = 0;
	json_array_foreach(json_object_get(set, "metrics"), i, m) {
		char name[COUNTED_NAME];
		const char *at;
		double v;

		if (formula_eval(text(m, "formula"), value_of, in, &v, &at) < 0)
			continue;
		snprintf(name, sizeof(name), "%.80s.%.80s", text(set, "name"), text(m, "name"));
		put(arg, name, v);
		if (in->n < METRICS_MAX) {
			in->name[in->n] = text(m, "name");
			in->value[in->n++] = v;
		}
	}
}

void
counted_each(const struct counted *t, const struct counted_use *use,
	     void (*put)(void *, const char *, double), void *arg)
{
	struct names in = { .t = t, .use = use };
	json_t *set;
	size_t i;

	for (size_t k = 0; k < t->n && use->ops > 0; k++) {
		const struct count *x = &t->count[k];
		char name[COUNTED_NAME + 16];
		double v = estimate(x);

		if (isnan(v))
			continue;
		put(arg, x->name, v / use->ops);
		snprintf(name, sizeof(name), "%s" COUNTED_BYTE, x->name);
		if (use->bytes > 0)
			put(arg, name, v / use->bytes);
		snprintf(name, sizeof(name), "%s" COUNTED_SHARE, x->name);
		if (x->running < RUNNING_ALL * x->enabled)
			put(arg, name, x->running / x->enabled);
	}
	if (t->n > 0)
		json_array_foreach(json_object_get(t->run->json, "event_sets"), i, set)
			each_of_set(&in, set, put, arg);
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
