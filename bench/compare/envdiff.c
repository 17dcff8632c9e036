/* SPDX-License-Identifier: BSD-2-Clause */
#include "envdiff.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Parts of run.json about this one run, not about where it ran; and what always differs. */
static const char *const passed_over[] = {
	"quality", "doctor", "checks", "selftests", "self_tests", "counters", "events", "disturbance", "taints",
	"schedule", "budget", "imported", "host.name", "host.boot_id", "host.cmdline", "host.hwloc",
	/* Measured anew by every run. */
	"timer.skew", "timer.spread_ppm", "timer.quantum", "flush.cached_ticks", "flush.clflush",
	"flush.clflushopt", "flush.clwb", NULL,
};

/* What a run found out by measuring: within MEASURED of each other it is the same. */
static const char *const measured[] = { "timer.floor.", "timer.quantum_", NULL };
#define MEASURED 1.1

struct pair { const char *key, *value; double number; uint32_t side; };
struct pairs { struct arena *mem; struct pair *v; size_t n; uint32_t side; };

static bool
passed(const char *key)
{
	for (const char *const *p = passed_over; *p; p++)
		if (strcmp(*p, key) == 0)
			return true;
	return false;
}

static bool
is_measured(const char *key)
{
	for (const char *const *p = measured; *p; p++)
		if (strncmp(*p, key, strlen(*p)) == 0)
			return true;
	return false;
}

static const char *
as_text(struct arena *mem, const json_t *v)
{
	char *dump, *copy;

	if (json_is_string(v))
		return arena_strdup(mem, json_string_value(v));
	/* Clocks are measured: four digits are the same clock. */
	if (json_is_real(v))
		return arena_printf(mem, "%.4g", json_real_value(v));
	dump = json_dumps(v, JSON_COMPACT | JSON_ENCODE_ANY | JSON_SORT_KEYS);
	copy = arena_strdup(mem, dump ? dump : "");
	free(dump);
	return copy;
}

static void
flatten(struct pairs *p, const char *prefix, json_t *object)
{
	const char *name;
	json_t *v;

	json_object_foreach(object, name, v) {
		const char *key = arena_printf(p->mem, "%s%s%s", prefix, *prefix ? "." : "", name);
		const char *text;

		if (passed(key) || (!*prefix && !json_is_object(v)))
			continue;
		if (json_is_object(v)) {
			flatten(p, key, v);
			continue;
		}
		text = as_text(p->mem, v);
		if (!*text || json_is_null(v))
			continue;
		p->v = arena_grow(p->mem, p->v, p->n, sizeof *p->v);
		p->v[p->n++] = (struct pair){ key, text, json_is_number(v) ? json_number_value(v) : NAN, p->side };
	}
}

/* Targets by role, so that those that are matched stand together. */
static void
flatten_targets(struct pairs *p, const struct run *run)
{
	size_t i;
	json_t *t;

	json_array_foreach(run_json(run, "targets"), i, t) {
		const char *role = json_string_value(json_object_get(t, "role"));
		json_t *copy = json_copy(t);

		for (const char *const *k = (const char *const[]){ "name", "role", "path", "why_absent", "device",
								    "namespace", "size", NULL }; *k; k++)
			json_object_del(copy, *k);
		flatten(p, arena_printf(p->mem, "target %s", role ? role : "?"), copy);
		json_decref(copy);
	}
}

static int
by_key(const void *a, const void *b)
{
	const struct pair *x = a, *y = b;
	int c = strcmp(x->key, y->key);

	if (c == 0 && x->side != y->side)
		c = x->side < y->side ? -1 : 1;
	return c ? c : strcmp(x->value, y->value);
}

/* Numbers that are near each other. */
static bool
agree(const struct pair *v, size_t n)
{
	double least = v->number, most = v->number;

	for (size_t i = 0; i < n; i++) {
		if (isnan(v[i].number))
			return false;
		least = fmin(least, v[i].number);
		most = fmax(most, v[i].number);
	}
	return least > 0 && most <= MEASURED * least;
}

/* The pairs [from, to) have one key. */
static void
add_line(struct envdiff *d, struct arena *mem, const struct pair *v, size_t n, size_t sides)
{
	struct envdiff_line line = { .key = v->key, .value = arena_alloc(mem, sides, sizeof *line.value) };
	const char *first = v->value;
	bool differs = false;

	for (size_t i = 0; i < n; i++) {
		const char **at = &line.value[v[i].side];

		differs |= strcmp(first, v[i].value) != 0;
		if (*at == NULL)
			*at = v[i].value;
		else if (strcmp(v[i].value, v[i - 1].value) != 0)
			*at = arena_printf(mem, "%s | %s", *at, v[i].value);
	}
	for (size_t s = 0; s < sides; s++)
		line.unstated |= line.value[s] == NULL;
	line.measured = is_measured(v->key);
	differs &= !(line.measured && agree(v, n));
	line.unstated &= !differs;
	if (!differs && !line.unstated) {
		d->same++;
		return;
	}
	d->line = arena_grow(mem, d->line, d->n, sizeof *d->line);
	d->line[d->n++] = line;
}

void
envdiff_make(struct envdiff *d, struct arena *mem, const struct compared_run *source, size_t nsource, size_t sides)
{
	struct pairs p = { .mem = mem };

	*d = (struct envdiff){ 0 };
	for (size_t s = 0; s < nsource; s++) {
		p.side = source[s].side;
		flatten(&p, "", source[s].run->json);
		flatten_targets(&p, source[s].run);
	}
	if (p.n > 0)
		qsort(p.v, p.n, sizeof *p.v, by_key);
	for (size_t i = 0, j; i < p.n; i = j) {
		for (j = i + 1; j < p.n && strcmp(p.v[j].key, p.v[i].key) == 0; j++)
			;
		add_line(d, mem, &p.v[i], j - i, sides);
	}
}
