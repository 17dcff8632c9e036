/* SPDX-License-Identifier: BSD-2-Clause */
/* config_use.c -- what happens to a config once it is loaded: --quick, found targets. */
#include <errno.h>
#include <string.h>
#include "loader.h"

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

static void
quick_target(struct target_spec *t)
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
		quick_target(&m->target[i]);
	c->quick = true;
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

static int
check_late(struct config_mem *m, FILE *err)
{
	struct diag *d = arena_alloc(&m->arena, 1, sizeof(*d));
	char names[200] = "";
	size_t used = 0;

	for (size_t i = 0; i < m->config.ntarget && used < sizeof(names) - 70; i++)
		used += (size_t)snprintf(names + used, sizeof(names) - used, "%s%s", used ? ", " : "",
					 m->target[i].name);
	for (size_t i = 0; i < m->nlate; i++)
		if (find_target(&m->config, m->late[i].name) == m->config.ntarget)
			diag_add(d, m->late[i].at, "no target is called '%s'; this machine has %s", m->late[i].name,
				 used ? names : "none");
	diag_print(d, err);
	return d->n ? -EINVAL : 0;
}

int
config_set_targets(struct config *c, const struct target_spec *add, size_t n, FILE *err)
{
	struct config_mem *m = c->mem;
	struct target_spec *v;
	int rc;

	if (!c->want_auto)
		return 0;
	if (setjmp(m->arena.oom))
		return -ENOMEM;
	v = arena_alloc(&m->arena, c->ntarget + n, sizeof(*v));
	if (c->ntarget)
		memcpy(v, m->target, c->ntarget * sizeof(*v));
	c->target = m->target = v;
	for (size_t i = 0; i < n; i++) {
		if (find_target(c, add[i].name) < c->ntarget)
			continue;
		v[c->ntarget] = add[i];
		if (c->quick)
			quick_target(&v[c->ntarget]);
		c->ntarget++;
	}
	c->want_auto = false;
	rc = check_late(m, err);
	for (size_t i = 0; !rc && i < c->nbench; i++)
		number_targets(m, &m->bench[i]);
	return rc;
}

void
config_set_sched(struct config *c, size_t bench, enum sched_id id, uint64_t v)
{
	c->mem->bench[bench].sched[id] = v;
}

void
config_take_event(struct config_mem *m, const char *text, size_t len)
{
	struct config *c = &m->config;
	const char **v;

	for (size_t i = 0; i < c->nevent; i++)
		if (strlen(c->event[i]) == len && memcmp(c->event[i], text, len) == 0)
			return;
	v = arena_alloc(&m->arena, c->nevent + 1, sizeof(*v));
	if (c->nevent)
		memcpy(v, c->event, c->nevent * sizeof(*v));
	v[c->nevent++] = arena_strndup(&m->arena, text, len);
	c->event = v;
}

/* Commas between the slashes of a PMU's terms do not end an event. */
static void
take_list(struct config_mem *m, const char *list)
{
	while (*list) {
		size_t n = 0;

		for (int inside = 0; list[n] && (inside || list[n] != ','); n++)
			inside ^= list[n] == '/';
		if (n)
			config_take_event(m, list, n);
		list += n + (list[n] == ',');
	}
}

int
config_add_events(struct config *c, const char *list)
{
	if (setjmp(c->mem->arena.oom))
		return -ENOMEM;
	take_list(c->mem, list);
	return 0;
}
