/* SPDX-License-Identifier: BSD-2-Clause */
/* load_key.c -- which keys a bench may have: the tables' and its kernels' parameters. */
#include <stdio.h>
#include <string.h>
#include "loader.h"
#include "text.h"

const struct param *
load_find_param(const struct kernel *k, const char *name)
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
		if (load_find_param(l->kernels.v[i], key->text))
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

void
load_check_keys(struct bench_load *bl)
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
void
load_check_defaults(struct loader *l)
{
	for (size_t i = 0; l->defaults && i < l->defaults->n; i++) {
		const struct ynode *key = l->defaults->key[i];
		const struct bench none = { 0 };
		struct guess g;
		size_t k = 0;

		guess_start(&g, key->text);
		while (k < l->kernels.n && !load_find_param(l->kernels.v[k], key->text))
			k++;
		if (!strcmp(key->text, "name"))
			diag_add(l->diag, key->at, "'name' belongs to a bench, not to the defaults");
		else if (!is_bench_key(key->text, &g) && k == l->kernels.n)
			unknown_key(l, &none, key, &g);
	}
}
