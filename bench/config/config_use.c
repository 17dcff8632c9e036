/* SPDX-License-Identifier: BSD-2-Clause */
/* config_use.c -- what happens to a config once it is loaded: --quick, --events, what turns out wrong. */
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
