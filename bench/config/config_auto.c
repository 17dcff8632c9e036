/* SPDX-License-Identifier: BSD-2-Clause */
/* config_auto.c -- the targets that stand for `auto`, once this machine has been asked. */
#include <errno.h>
#include <string.h>
#include "loader.h"
#include "text.h"

static size_t
find_target(const struct config *c, const char *name)
{
	size_t i = 0;

	while (i < c->ntarget && strcmp(c->target[i].name, name))
		i++;
	return i;
}

static void
number_targets(struct config_mem *m, struct bench *b)
{
	const size_t named = b->axis[AXIS_TARGET].n, n = named ? named : m->config.ntarget;
	struct value *v = arena_alloc(&m->arena, n, sizeof(*v));

	for (size_t i = 0; i < n; i++) {
		v[i].text = named ? b->axis[AXIS_TARGET].v[i].text : m->target[i].name;
		v[i].num = find_target(&m->config, v[i].text);
	}
	b->axis[AXIS_TARGET] = (struct axis){ n, v };
}

static void
check_late(struct config_mem *m, struct diag *d)
{
	char names[200] = "";
	size_t used = 0;

	for (size_t i = 0; i < m->config.ntarget && used < sizeof(names) - 70; i++)
		used += (size_t)snprintf(names + used, sizeof(names) - used, "%s%s", used ? ", " : "",
					 m->target[i].name);
	for (size_t i = 0; i < m->nlate; i++)
		if (find_target(&m->config, m->late[i].name) == m->config.ntarget)
			diag_add(d, m->late[i].at, "no target is called '%s'; this machine has %s", m->late[i].name,
				 used ? names : "none");
}

/* The n elements of v, and room for more. */
static void *
copied(struct arena *a, const void *v, size_t n, size_t room, size_t size)
{
	void *to = arena_alloc(a, room, size);

	if (n)
		memcpy(to, v, n * size);
	return to;
}

static void
put(struct config_mem *m, struct ynode *map, const char *key, const char *value)
{
	struct ynode *v[2];

	for (int i = 0; i < 2; i++) {
		v[i] = arena_alloc(&m->arena, 1, sizeof(*v[i]));
		v[i]->text = arena_strdup(&m->arena, i ? value : key);
		v[i]->at = m->auto_at;
	}
	yaml_set(&m->arena, map, v[0], v[1]);
}

/* A target of `auto` as a config would have it: what target_auto() says of one. */
static struct ynode *
as_written(struct config_mem *m, const struct target_spec *t)
{
	struct ynode *map = arena_alloc(&m->arena, 1, sizeof(*map));
	const bool made = kind_keys[t->kind].type == KEY_SIZE;
	char size[TEXT_NUM];

	map->kind = Y_MAP;
	map->at = m->auto_at;
	text_put_size(size, t->size);
	put(m, map, "name", t->name);
	put(m, map, kind_keys[t->kind].name, made ? size : t->path);
	if (!made && target_keys[TARGET_SIZE].kinds & 1u << t->kind)
		put(m, map, "size", size);
	put(m, map, "optional", t->optional ? "true" : "false");
	return map;
}

/* --set targets.NAME.KEY=VALUE for a target of `auto`. */
static void
change_target(struct loader *l, size_t i)
{
	struct config_mem *m = l->mem;
	struct target_spec *t = &m->target[i];
	const size_t n = m->config.ntarget;
	struct ynode *map = NULL;

	for (size_t k = 0; k < m->nlate; k++) {
		if (!m->late[k].key || strcmp(m->late[k].name, t->name))
			continue;
		map = map ? map : as_written(m, t);
		yaml_set(&m->arena, map, m->late[k].key, m->late[k].value);
	}
	if (!map)
		return;
	*t = (struct target_spec){ 0 };
	m->config.ntarget = i;
	load_target(l, map);
	m->config.ntarget = n;
}

/* Those whose name is not taken, behind the others. */
static void
add_targets(struct loader *l, const struct target_spec *add, size_t n)
{
	struct config_mem *m = l->mem;
	struct config *c = &m->config;
	const size_t first = c->ntarget;

	m->target = copied(&m->arena, m->target, first, first + n, sizeof(*m->target));
	m->target_at = copied(&m->arena, m->target_at, first, first + n, sizeof(*m->target_at));
	c->target = m->target;
	for (size_t i = 0; i < n; i++) {
		if (find_target(c, add[i].name) < c->ntarget)
			continue;
		m->target_at[c->ntarget] = m->auto_at;
		m->target[c->ntarget++] = add[i];
	}
	check_late(m, l->diag);
	for (size_t i = first; i < c->ntarget; i++) {
		change_target(l, i);
		if (c->quick)
			config_quick_target(&m->target[i]);
	}
}

int
config_set_targets(struct config *c, const struct target_spec *add, size_t n, FILE *err)
{
	struct config_mem *m = c->mem;
	struct loader l = { .mem = m, .arena = &m->arena };

	if (!c->want_auto)
		return 0;
	if (setjmp(m->arena.oom))
		return -ENOMEM;
	l.diag = arena_alloc(&m->arena, 1, sizeof(*l.diag));
	add_targets(&l, add, n);
	c->want_auto = false;
	diag_print(l.diag, err);
	for (size_t i = 0; !l.diag->n && i < c->nbench; i++)
		number_targets(m, &m->bench[i]);
	return l.diag->n ? -EINVAL : 0;
}
