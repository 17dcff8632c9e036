/* SPDX-License-Identifier: BSD-2-Clause */
/* config_use.c -- what happens to a config once it is loaded: --quick, --events, the targets that
 * stand for `auto`, what turns out wrong. */
#include <errno.h>
#include <string.h>
#include "loader.h"
#include "text.h"

/* Axes whose values lie on a line, so that the ends and the middle stand for them. */
static bool
thinnable(const char *name, const struct bench *b)
{
	static const enum axis_id line[] = { AXIS_SIZE, AXIS_THREADS, AXIS_STRIDE, AXIS_WORKING_SET };

	for (size_t i = 0; i < sizeof(line) / sizeof(line[0]); i++)
		if (!strcmp(axis_keys[line[i]].name, name))
			return true;
	for (size_t i = 0; i < b->nparam; i++) {
		bool numbers = !strcmp(b->param[i].name, name);

		for (size_t k = 0; numbers && k < b->param[i].axis.n; k++)
			numbers = b->param[i].axis.v[k].text[0] <= '9';	/* choices by name are no line */
		if (numbers)
			return true;
	}
	return false;
}

/* Zipped axes are thinned alike or not at all. */
static bool
may_thin(const struct bench *b, const char *name)
{
	for (size_t i = 0; i < b->nzip; i++) {
		bool in = false, all = true;

		for (size_t k = 0; k < b->zip[i].n; k++) {
			in |= !strcmp(b->zip[i].name[k], name);
			all &= thinnable(b->zip[i].name[k], b);
		}
		if (in)
			return all;
	}
	return thinnable(name, b);
}

static struct axis
thin(struct arena *a, struct axis axis)
{
	struct value *v;

	if (axis.n <= 3)
		return axis;
	v = arena_alloc(a, 3, sizeof(*v));
	v[0] = axis.v[0];
	v[1] = axis.v[axis.n / 2];
	v[2] = axis.v[axis.n - 1];
	return (struct axis){ 3, v };
}

static uint64_t
at_most(uint64_t n, uint64_t most)
{
	return n < most ? n : most;
}

static void
quick_bench(struct arena *a, struct bench *b)
{
	uint64_t *s = b->sched;
	struct param_axis *param = arena_alloc(a, b->nparam, sizeof(*param));

	for (enum axis_id id = 0; id < AXES; id++)
		if (id != AXIS_KERNEL && id != AXIS_TARGET && may_thin(b, axis_keys[id].name))
			b->axis[id] = thin(a, b->axis[id]);
	for (size_t i = 0; i < b->nparam; i++) {
		param[i] = b->param[i];
		if (may_thin(b, param[i].name))
			param[i].axis = thin(a, param[i].axis);
	}
	b->param = param;
	s[SCHED_REPEATS] = s[SCHED_MAX_REPEATS] = at_most(s[SCHED_REPEATS], 6);
	s[SCHED_WINDOWS] = at_most(s[SCHED_WINDOWS], 5);
	s[SCHED_WINDOW] = at_most(s[SCHED_WINDOW], 10000000);
	s[SCHED_WARMUP] = at_most(s[SCHED_WARMUP], 20000000);
	s[SCHED_OPS] = at_most(s[SCHED_OPS], 100000);
	s[SCHED_SETTLE] = SETTLE_FIXED;
}

void
config_quick_target(struct target_spec *t)
{
	t->size = at_most(t->size, 256ull << 20);
	t->length = at_most(t->length, 256ull << 20);
}

int
config_quick(struct config *c)
{
	struct config_mem *m = c->mem;

	if (setjmp(m->arena.oom))
		return -ENOMEM;
	for (size_t i = 0; i < c->nbench; i++)
		quick_bench(&m->arena, &m->bench[i]);
	for (size_t i = 0; i < c->ntarget; i++)
		config_quick_target(&m->target[i]);
	c->quick = true;
	return 0;
}

/* One message on its own. */
static void
say(const struct config *c, struct where at, const char *text, FILE *err)
{
	struct diag *d;

	if (setjmp(c->mem->arena.oom))
		return;
	d = arena_alloc(&c->mem->arena, 1, sizeof(*d));
	diag_add(d, at, "%s", text);
	diag_print(d, err);
}

void
config_wrong_target(const struct config *c, size_t i, const char *why, FILE *err)
{
	char text[DIAG_TEXT];

	snprintf(text, sizeof(text), "target %s: %s", c->target[i].name, why);
	say(c, c->mem->target_at[i], text, err);
}

void
config_wrong_event(const struct config *c, size_t i, const char *why, FILE *err)
{
	say(c, c->mem->event_at[i], why, err);
}

void
config_set_sched(struct config *c, size_t bench, enum sched_id id, uint64_t v)
{
	c->mem->bench[bench].sched[id] = v;
}

void
config_take_event(struct config_mem *m, const char *text, size_t len, struct where at)
{
	struct config *c = &m->config;
	const char **v;

	for (size_t i = 0; i < c->nevent; i++)
		if (strlen(c->event[i]) == len && memcmp(c->event[i], text, len) == 0)
			return;
	v = arena_grow(&m->arena, c->event, c->nevent, sizeof(*v));
	m->event_at = arena_grow(&m->arena, m->event_at, c->nevent, sizeof(*m->event_at));
	m->event_at[c->nevent] = at;
	v[c->nevent++] = arena_strndup(&m->arena, text, len);
	c->event = v;
}

/* Commas between the slashes of a PMU's terms do not end an event. */
static void
take_list(struct config_mem *m, const struct source *src)
{
	for (const char *list = src->text; *list; ) {
		size_t n = 0;

		for (int inside = 0; list[n] && (inside || list[n] != ','); n++)
			inside ^= list[n] == '/';
		if (n)
			config_take_event(m, list, n, (struct where){ src, (size_t)(list - src->text), n });
		list += n + (list[n] == ',');
	}
}

int
config_add_events(struct config *c, const char *list)
{
	struct arena *a = &c->mem->arena;
	struct source *src;

	if (setjmp(a->oom))
		return -ENOMEM;
	src = arena_alloc(a, 1, sizeof(*src));
	*src = (struct source){ .name = "--events", .text = arena_strdup(a, list), .len = strlen(list) };
	take_list(c->mem, src);
	return 0;
}

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
