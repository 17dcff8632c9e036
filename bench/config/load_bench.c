/* SPDX-License-Identifier: BSD-2-Clause */
/* load_bench.c -- the `benches:` of a config: which keys one may have, its axes, parameters,
 * schedule. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "loader.h"
#include "text.h"

static const struct param *
find_param(const struct kernel *k, const char *name)
{
	for (const struct param *p = k->params; p && p->name; p++)
		if (!strcmp(p->name, name))
			return p;
	return NULL;
}

static bool
is_param(const struct loader *l, const struct bench *b, const char *name)
{
	for (size_t i = 0; i < b->axis[AXIS_KERNEL].n; i++)
		if (bench_param(l, b, i, name))
			return true;
	return false;
}

static bool
is_bench_key(const char *name, struct guess *g)
{
	const struct { const struct key *k; size_t n; } tables[] = {
		{ axis_keys, AXES }, { sched_keys, SCHEDS }, { bench_keys, BENCH_KEYS },
	};

	for (size_t t = 0; t < sizeof(tables) / sizeof(tables[0]); t++)
		for (size_t i = 0; i < tables[t].n; i++) {
			if (!strcmp(tables[t].k[i].name, name))
				return true;
			guess_try(g, tables[t].k[i].name);
		}
	return false;
}

/* An unknown key may be a parameter of other kernels, or of these and misspelt. */
static void
unknown_key(struct loader *l, const struct bench *b, const struct ynode *key, struct guess *g)
{
	char names[200] = "";
	size_t used = 0;

	for (size_t i = 0; i < l->kernels.n && used < sizeof(names) - 70; i++)
		if (find_param(l->kernels.v[i], key->text))
			used += (size_t)snprintf(names + used, sizeof(names) - used, "%s%.64s", used ? ", " : "",
						 l->kernels.v[i]->name);
	if (used) {
		diag_add(l->diag, key->at, "'%.64s' is a parameter of %s; no kernel of this bench has it",
			 key->text, names);
		return;
	}
	for (size_t i = 0; i < b->axis[AXIS_KERNEL].n; i++)
		for (const struct param *p = l->kernels.v[b->axis[AXIS_KERNEL].v[i].num]->params; p && p->name; p++) {
			guess_try(g, p->name);
			if (used < sizeof(names) - 70 && (!used || !strstr(names, p->name)))
				used += (size_t)snprintf(names + used, sizeof(names) - used, "%s%.64s",
							 used ? ", " : "", p->name);
		}
	diag_add(l->diag, key->at, "unknown key '%.64s'; %s%s%s", key->text,
		 g->best ? "did you mean '" : used ? "its kernels have the parameters " : "its kernels have no parameters",
		 g->best ? g->best : names, g->best ? "'?" : "");
}

static void
check_keys(struct bench_load *bl)
{
	for (size_t i = 0; i < bl->map->n; i++) {
		const struct ynode *key = bl->map->key[i];
		struct guess g;

		guess_start(&g, key->text);
		if (!is_bench_key(key->text, &g) && !is_param(bl->l, bl->b, key->text))
			unknown_key(bl->l, bl->b, key, &g);
	}
}

/* `defaults:` may have any bench key but a name, and any parameter of any kernel. */
static void
check_defaults(struct loader *l)
{
	for (size_t i = 0; l->defaults && i < l->defaults->n; i++) {
		const struct ynode *key = l->defaults->key[i];
		const struct bench none = { 0 };
		struct guess g;
		size_t k = 0;

		guess_start(&g, key->text);
		while (k < l->kernels.n && !find_param(l->kernels.v[k], key->text))
			k++;
		if (!strcmp(key->text, "name"))
			diag_add(l->diag, key->at, "'name' belongs to a bench, not to the defaults");
		else if (!is_bench_key(key->text, &g) && k == l->kernels.n)
			unknown_key(l, &none, key, &g);
	}
}

enum { BENCHES_MAX = 256, VALUES_MAX = 512 };

/* A key of this bench, or of the defaults. */
static struct ynode *
inherited(const struct bench_load *bl, const char *name)
{
	struct ynode *y = yaml_get(bl->map, name);

	return y ? y : yaml_get(bl->l->defaults, name);
}

const struct param *
bench_param(const struct loader *l, const struct bench *b, size_t i, const char *name)
{
	return find_param(l->kernels.v[b->axis[AXIS_KERNEL].v[i].num], name);
}

/* A value that some kernel takes; for others the plan skips the point. */
static bool
load_param_scalar(struct bench_load *bl, const struct ynode *y, const char *name, struct value *v)
{
	char buf[KEY_CANON], expects[KEY_EXPECTS];
	const struct param *first = NULL;
	int worst = 0;

	for (size_t i = 0; i < bl->b->axis[AXIS_KERNEL].n; i++) {
		const struct param *p = bench_param(bl->l, bl->b, i, name);
		int rc;

		if (!p)
			continue;
		rc = y->kind == Y_SCALAR ? param_value(p, y->text, &v->num, &v->text, buf) : -EINVAL;
		if (!rc) {
			v->text = arena_strdup(bl->l->arena, v->text);
			return true;
		}
		if (!first) {
			first = p;
			worst = rc;
		}
	}
	if (first)
		load_bad_value(bl->l, y, name, worst, param_expects(first, expects),
			       y->kind == Y_SCALAR ? param_guess(first, y->text, buf) : NULL);
	return false;
}

/* One value of an axis or, with id AXES, of the parameter `name`. */
bool
load_axis_value(struct bench_load *bl, const struct ynode *y, enum axis_id id, const char *name, struct value *v)
{
	struct guess g;

	if (id == AXES)
		return load_param_scalar(bl, y, name, v);
	if (!load_scalar(bl->l, y, &axis_keys[id], &v->num, &v->text))
		return false;
	if (id == AXIS_TARGET)
		return load_target_name(bl->l, y, v);
	if (id != AXIS_KERNEL)
		return true;
	guess_start(&g, v->text);
	for (size_t i = 0; i < bl->l->kernels.n; i++) {
		if (!strcmp(bl->l->kernels.v[i]->name, v->text)) {
			v->num = i;
			return true;
		}
		guess_try(&g, bl->l->kernels.v[i]->name);
	}
	diag_add(bl->l->diag, y->at, "no kernel is called '%s'%s%s%s", v->text, g.best ? "; did you mean '" :
		 "; see run-bench list kernels", g.best ? g.best : "", g.best ? "'?" : "");
	return false;
}

/* A scalar or a list of them. */
static struct axis
load_axis(struct bench_load *bl, const struct ynode *y, enum axis_id id, const char *name)
{
	const size_t n = y->kind == Y_LIST ? y->n : 1;
	struct value *v;
	size_t ok = 0;

	if (!n || n > VALUES_MAX) {
		diag_add(bl->l->diag, y->at, n ? "%s: more than %d values" : "%s: an empty list measures nothing",
			 name, VALUES_MAX);
		return (struct axis){ 0 };
	}
	v = arena_alloc(bl->l->arena, n, sizeof(*v));
	for (size_t i = 0; i < n; i++)
		ok += load_axis_value(bl, y->kind == Y_LIST ? y->v[i] : y, id, name, &v[ok]);
	return (struct axis){ ok, v };
}

/* `kernel: all`, and the default of `target`: everything there is. */
static struct axis
all_values(struct loader *l, enum axis_id id)
{
	const size_t n = id == AXIS_KERNEL ? l->kernels.n : l->mem->config.ntarget;
	struct value *v = arena_alloc(l->arena, n, sizeof(*v));

	for (size_t i = 0; i < n; i++)
		v[i] = (struct value){ i, id == AXIS_KERNEL ? l->kernels.v[i]->name : l->mem->target[i].name };
	return (struct axis){ n, v };
}

static bool
is_all(const struct ynode *y)
{
	if (y && y->kind == Y_LIST && y->n == 1)
		y = y->v[0];
	return y && y->kind == Y_SCALAR && !strcmp(y->text, "all");
}

static void
load_axes(struct bench_load *bl)
{
	for (enum axis_id id = 0; id < AXES; id++) {
		const struct key *k = &axis_keys[id];
		const struct ynode *y = inherited(bl, k->name);
		struct value *v;
		char buf[KEY_CANON];

		if (id == AXIS_KERNEL && is_all(y)) {
			bl->b->axis[id] = all_values(bl->l, id);
		} else if (y) {
			bl->b->axis[id] = load_axis(bl, y, id, k->name);
		} else if (id == AXIS_KERNEL) {
			diag_add(bl->l->diag, bl->map->at, "this bench needs 'kernel': a name or a list of them");
		} else if (id == AXIS_TARGET) {
			/* With `auto` config_set_targets knows them. */
			if (!bl->l->mem->config.want_auto)
				bl->b->axis[id] = all_values(bl->l, id);
		} else {
			v = arena_alloc(bl->l->arena, 1, sizeof(*v));
			key_value(k, k->def, &v->num, &v->text, buf);
			v->text = arena_strdup(bl->l->arena, v->text);
			bl->b->axis[id] = (struct axis){ 1, v };
		}
	}
}

/* The parameters that the bench or the defaults name, each once, in the order of the
 * kernels: a config and its resolved form have the same. */
static void
load_params(struct bench_load *bl)
{
	struct bench *b = bl->b;

	for (size_t i = 0; i < b->axis[AXIS_KERNEL].n; i++) {
		const struct kernel *k = bl->l->kernels.v[b->axis[AXIS_KERNEL].v[i].num];

		for (const struct param *p = k->params; p && p->name; p++) {
			const struct ynode *y = inherited(bl, p->name);
			size_t at = 0;

			while (at < b->nparam && strcmp(b->param[at].name, p->name))
				at++;
			if (!y || at < b->nparam)
				continue;
			bl->param = arena_grow(bl->l->arena, bl->param, b->nparam, sizeof(*bl->param));
			bl->param[b->nparam++] = (struct param_axis){ p->name, load_axis(bl, y, AXES, p->name) };
			b->param = bl->param;
		}
	}
}

static void
load_sched(struct bench_load *bl)
{
	uint64_t *s = bl->b->sched;
	const char *canon;
	char buf[KEY_CANON];
	const struct ynode *most = inherited(bl, sched_keys[SCHED_MAX_REPEATS].name);

	for (enum sched_id id = 0; id < SCHEDS; id++) {
		const struct ynode *y = inherited(bl, sched_keys[id].name);

		key_value(&sched_keys[id], sched_keys[id].def, &s[id], &canon, buf);
		if (y)
			load_scalar(bl->l, y, &sched_keys[id], &s[id], &canon);
	}
	if (s[SCHED_MAX_REPEATS] >= s[SCHED_REPEATS])
		return;
	if (most)
		diag_add(bl->l->diag, most->at, "max_repeats is below repeats, which is %llu",
			 (unsigned long long)s[SCHED_REPEATS]);
	s[SCHED_MAX_REPEATS] = s[SCHED_REPEATS];
}

/* Points that differ in nothing: two values of one axis that are the same, unless zipped. */
static void
check_twice(struct bench_load *bl, const char *name, const struct axis *axis)
{
	const struct ynode *y = inherited(bl, name);

	for (size_t i = 0; i < bl->b->nzip; i++)
		for (size_t k = 0; k < bl->b->zip[i].n; k++)
			if (!strcmp(bl->b->zip[i].name[k], name))
				return;
	for (size_t i = 1; y && y->kind == Y_LIST && axis->n == y->n && i < axis->n; i++)
		for (size_t k = 0; k < i; k++)
			if (!strcmp(axis->v[i].text, axis->v[k].text)) {
				diag_add(bl->l->diag, y->v[i]->at, "%s: %s stands here twice", name, axis->v[i].text);
				return;
			}
}

static void
load_name(struct bench_load *bl, size_t before)
{
	const struct ynode *y = yaml_get(bl->map, "name");
	uint64_t num;

	if (!y)
		diag_add(bl->l->diag, bl->map->at, "this bench needs a name, such as `name: latency`");
	else if (load_scalar(bl->l, y, &bench_keys[BENCH_NAME], &num, &bl->b->name))
		for (size_t i = 0; i < before; i++)
			if (!strcmp(bl->l->mem->bench[i].name, bl->b->name))
				diag_add(bl->l->diag, y->at, "another bench is called '%s'", bl->b->name);
}

static void
load_bench(struct loader *l, const struct ynode *y, size_t before)
{
	struct bench_load bl = { .l = l, .map = y, .b = &l->mem->bench[before] };

	load_name(&bl, before);
	load_axes(&bl);
	load_params(&bl);
	load_sched(&bl);
	check_keys(&bl);
	if ((y = inherited(&bl, "exclude")))
		load_exclude(&bl, y);
	if ((y = inherited(&bl, "zip")))
		load_zip(&bl, y);
	for (enum axis_id id = 0; id < AXES; id++)
		check_twice(&bl, axis_keys[id].name, &bl.b->axis[id]);
	for (size_t i = 0; i < bl.b->nparam; i++)
		check_twice(&bl, bl.param[i].name, &bl.param[i].axis);
}

void
load_benches(struct loader *l, const struct ynode *y)
{
	if (y->kind != Y_LIST || !y->n || y->n > BENCHES_MAX) {
		diag_add(l->diag, y->at, "benches must be a list of 1 to %d, such as "
			 "[{name: one, kernel: all}]", BENCHES_MAX);
		return;
	}
	check_defaults(l);
	l->mem->bench = arena_alloc(l->arena, y->n, sizeof(*l->mem->bench));
	l->mem->config.bench = l->mem->bench;
	l->mem->config.nbench = y->n;
	for (size_t i = 0; i < y->n; i++)
		l->mem->bench[i].name = "";
	for (size_t i = 0; i < y->n; i++)
		if (load_is_map(l, y->v[i], "a bench"))
			load_bench(l, y->v[i], i);
}
