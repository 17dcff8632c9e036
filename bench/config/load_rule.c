/* SPDX-License-Identifier: BSD-2-Clause */
/* load_rule.c -- `exclude`, `zip` and `--set`. */
#include <errno.h>
#include <string.h>
#include "loader.h"
#include "text.h"

/* An axis by name; AXES when it is none. */
static enum axis_id
find_axis(const char *name)
{
	enum axis_id id = 0;

	while (id < AXES && strcmp(axis_keys[id].name, name))
		id++;
	return id;
}

static const struct param_axis *
find_param_axis(const struct bench *b, const char *name)
{
	for (size_t i = 0; i < b->nparam; i++)
		if (!strcmp(b->param[i].name, name))
			return &b->param[i];
	return NULL;
}

static void
load_cond(struct bench_load *bl, const struct ynode *key, const struct ynode *y, struct cond *c)
{
	const enum axis_id id = find_axis(key->text);
	const size_t n = y->kind == Y_LIST ? y->n : 1;
	struct value *v;
	bool known = id < AXES;

	for (size_t i = 0; !known && i < bl->b->axis[AXIS_KERNEL].n; i++)
		known = bench_param(bl->l, bl->b, i, key->text);
	if (!known) {
		struct guess g;

		guess_start(&g, key->text);
		for (size_t i = 0; i < AXES; i++)
			guess_try(&g, axis_keys[i].name);
		diag_add(bl->l->diag, key->at, "exclude: '%.64s' is neither an axis nor a parameter of this bench's "
			 "kernels%s%s%s", key->text, g.best ? "; did you mean '" : "", g.best ? g.best : "",
			 g.best ? "'?" : "");
		return;
	}
	v = arena_alloc(bl->l->arena, n, sizeof(*v));
	for (size_t i = 0; i < n; i++) {
		load_axis_value(bl, y->kind == Y_LIST ? y->v[i] : y, id, key->text, &v[i]);
		v[i].num = 0;		/* compared by text: targets may get other numbers */
	}
	*c = (struct cond){ key->text, { n, v } };
}

void
load_exclude(struct bench_load *bl, const struct ynode *y)
{
	struct rule *rule;

	if (y->kind != Y_LIST) {
		diag_add(bl->l->diag, y->at, "exclude must be a list of maps, such as [{size: 64, threads: [2, 4]}]");
		return;
	}
	rule = arena_alloc(bl->l->arena, y->n, sizeof(*rule));
	for (size_t i = 0; i < y->n; i++) {
		const struct ynode *m = y->v[i];
		struct cond *cond;

		if (!load_is_map(bl->l, m, "an exclude rule"))
			continue;
		if (!m->n)
			diag_add(bl->l->diag, m->at, "an empty rule would leave out everything");
		cond = arena_alloc(bl->l->arena, m->n, sizeof(*cond));
		for (size_t k = 0; k < m->n; k++)
			load_cond(bl, m->key[k], m->v[k], &cond[k]);
		rule[i] = (struct rule){ m->n, cond };
	}
	bl->b->exclude = rule;
	bl->b->nexclude = y->n;
}

static bool
zipped(const struct zip *zips, size_t nzip, const char *name)
{
	for (size_t i = 0; i < nzip; i++)
		for (size_t k = 0; k < zips[i].n; k++)
			if (zips[i].name[k] && !strcmp(zips[i].name[k], name))
				return true;
	return false;
}

/* One group of names: their axes must have the same length. */
static struct zip
load_group(struct bench_load *bl, const struct ynode *y, const struct zip *before, size_t nbefore)
{
	const char **name = arena_alloc(bl->l->arena, y->n, sizeof(*name));
	size_t n = 0, len = 0;

	if (y->n < 2 || y->n > AXES) {
		diag_add(bl->l->diag, y->at, "zip: from two to %d names walk together", AXES);
		return (struct zip){ 0, name };
	}
	for (size_t i = 0; i < y->n; i++) {
		const char *text = y->v[i]->kind == Y_SCALAR ? y->v[i]->text : "";
		const enum axis_id id = find_axis(text);
		const struct param_axis *p = find_param_axis(bl->b, text);
		const size_t have = id < AXES ? bl->b->axis[id].n : p ? p->axis.n : 0;
		const struct zip so_far = { n, name };

		if (id == AXES && !p) {
			diag_add(bl->l->diag, y->v[i]->at, "zip: '%.64s' is not an axis of this bench", text);
		} else if (zipped(before, nbefore, text) || zipped(&so_far, 1, text)) {
			diag_add(bl->l->diag, y->v[i]->at, "zip: '%s' stands here twice", text);
		} else if (len && have != len) {
			diag_add(bl->l->diag, y->v[i]->at, "zip: '%s' has %zu value%s, '%s' has %zu", text, have,
				 have == 1 ? "" : "s", name[0], len);
		} else {
			name[n++] = text;
			len = have;
		}
	}
	return (struct zip){ n, name };
}

void
load_zip(struct bench_load *bl, const struct ynode *y)
{
	const bool flat = y->kind == Y_LIST && y->n && y->v[0]->kind == Y_SCALAR;
	const size_t n = flat ? 1 : y->n;
	struct zip *zip;

	if (y->kind != Y_LIST) {
		diag_add(bl->l->diag, y->at, "zip must be a list of lists of names, such as [[size, threads]]");
		return;
	}
	zip = arena_alloc(bl->l->arena, n, sizeof(*zip));
	bl->b->zip = zip;
	for (size_t i = 0; i < n; i++) {
		const struct ynode *group = flat ? y : y->v[i];

		if (group->kind == Y_LIST) {
			zip[i] = load_group(bl, group, zip, i);
			bl->b->nzip = i + 1;
		} else {
			diag_add(bl->l->diag, group->at, "zip: a list of names belongs here");
		}
	}
}

static struct ynode *
make_key(struct loader *l, const struct source *src, size_t off, size_t len)
{
	struct ynode *y = arena_alloc(l->arena, 1, sizeof(*y));

	*y = (struct ynode){ .at = { src, off, len }, .text = arena_strndup(l->arena, src->text + off, len),
			     .weight = 1 };
	return y;
}

/* The element of a list of maps whose `name` is [off, off + len). */
static struct ynode *
by_name(const struct ynode *list, const struct source *src, size_t off, size_t len)
{
	for (size_t i = 0; list && list->kind == Y_LIST && i < list->n; i++) {
		const struct ynode *name = yaml_get(list->v[i], "name");

		if (name && name->kind == Y_SCALAR && strlen(name->text) == len &&
		    !memcmp(name->text, src->text + off, len))
			return list->v[i];
	}
	return NULL;
}

static bool
is_top(const char *name)
{
	for (size_t i = 0; i < TOP_KEYS; i++)
		if (!strcmp(top_keys[i].name, name))
			return true;
	return false;
}

static void
set_in_benches(struct loader *l, const struct ynode *root, struct ynode *key, struct ynode *value)
{
	const struct ynode *benches = yaml_get(root, "benches");

	for (size_t i = 0; benches && benches->kind == Y_LIST && i < benches->n; i++)
		if (benches->v[i]->kind == Y_MAP)
			yaml_set(l->arena, benches->v[i], key, value);
}

/* `auto` will add targets, by names that nobody knows yet. */
static bool
has_auto(const struct ynode *targets)
{
	for (size_t i = 0; targets && targets->kind == Y_LIST && i < targets->n; i++)
		if (yaml_get(targets->v[i], "auto"))
			return true;
	return false;
}

/* No bench or target of that name. */
static void
no_such(struct loader *l, const struct ynode *list, struct where at, bool target, struct ynode *key, struct ynode *value)
{
	const char *name = arena_strndup(l->arena, at.src->text + at.off, at.len);
	struct guess g;

	if (target && has_auto(list)) {
		load_late(l, name, at, key, value);
		return;
	}
	guess_start(&g, name);
	for (size_t i = 0; list && list->kind == Y_LIST && i < list->n; i++) {
		const struct ynode *other = yaml_get(list->v[i], "name");

		if (other && other->kind == Y_SCALAR)
			guess_try(&g, other->text);
	}
	diag_add(l->diag, at, "no %s is called '%s'%s%s%s", target ? "target" : "bench", name,
		 g.best ? "; did you mean '" : "", g.best ? g.best : "", g.best ? "'?" : "");
}

static void
apply(struct loader *l, struct ynode *root, const struct source *src, struct ynode *value, size_t len)
{
	static const char targets[] = "targets.";
	const size_t in_targets = !strncmp(src->text, targets, sizeof(targets) - 1) ? sizeof(targets) - 1 : 0;
	const char *last = memrchr(src->text + in_targets, '.', len - in_targets);
	const size_t dot = last ? (size_t)(last - src->text) : 0;
	struct ynode *key, *to, *list;

	if (in_targets && !last) {
		diag_add(l->diag, (struct where){ src, 0, len }, "expected targets.NAME.KEY=VALUE");
		return;
	}
	key = make_key(l, src, dot ? dot + 1 : 0, len - (dot ? dot + 1 : 0));
	if (!dot && is_top(key->text)) {
		yaml_set(l->arena, root, key, value);
		return;
	}
	if (!dot) {
		set_in_benches(l, root, key, value);
		return;
	}
	list = yaml_get(root, in_targets ? "targets" : "benches");
	to = by_name(list, src, in_targets, dot - in_targets);
	if (to)
		yaml_set(l->arena, to, key, value);
	else
		no_such(l, list, (struct where){ src, in_targets, dot - in_targets }, in_targets, key, value);
}

bool
load_settings(struct loader *l, struct ynode *root)
{
	const size_t before = l->diag->n;

	for (size_t i = 1; i < l->mem->nsrc; i++) {
		const struct source *src = &l->mem->src[i];
		const char *eq = strchr(src->text, '=');
		struct ynode *value;

		if (!eq || eq == src->text) {
			diag_add(l->diag, (struct where){ src, 0, src->len }, "expected KEY=VALUE");
			continue;
		}
		value = yaml_parse_list(l->arena, src, (size_t)(eq - src->text) + 1, l->diag);
		if (!value)
			continue;
		value->at = (struct where){ src, (size_t)(eq - src->text) + 1, src->len };
		if (!value->n)
			diag_add(l->diag, (struct where){ src, src->len, 0 }, "expected a value after '='");
		else
			apply(l, root, src, value->n == 1 ? value->v[0] : value, (size_t)(eq - src->text));
	}
	return l->diag->n == before;
}
