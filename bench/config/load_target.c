/* SPDX-License-Identifier: BSD-2-Clause */
/* load_target.c -- the `targets:` of a config. */
#include <string.h>
#include "loader.h"
#include "text.h"

enum { TARGETS_MAX = 256 };

static int
find_key(const struct key *k, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(k[i].name, name))
			return (int)i;
	return -1;
}

/* The one kind of a target; -1 after a message. */
static int
find_kind(struct loader *l, const struct ynode *y)
{
	int kind = -1;

	for (size_t i = 0; i < y->n; i++) {
		const int k = find_key(kind_keys, KINDS, y->key[i]->text);

		if (k < 0)
			continue;
		if (kind >= 0) {
			diag_add(l->diag, y->key[i]->at, "a target is of one kind; this one is '%s' already",
				 kind_keys[kind].name);
			return -1;
		}
		kind = k;
	}
	if (kind < 0)
		diag_add(l->diag, y->at, "a target needs its kind: dram, file, fsdax, devdax, sector, raw or loop, "
			 "such as `dram: 1G`");
	return kind;
}

static void
unknown_key(struct loader *l, const struct ynode *key)
{
	struct guess g;

	guess_start(&g, key->text);
	for (size_t i = 0; i < KINDS; i++)
		guess_try(&g, kind_keys[i].name);
	for (size_t i = 0; i < TARGET_KEYS; i++)
		guess_try(&g, target_keys[i].name);
	if (g.best)
		diag_add(l->diag, key->at, "unknown key '%.64s'; did you mean '%s'?", key->text, g.best);
	else
		diag_add(l->diag, key->at, "unknown key '%.64s'; a target takes name, role, its kind, size, offset, "
			 "length, page_size, node, optional", key->text);
}

/* Keys that no target has, and those that this kind of one does not take. */
static void
check_keys(struct loader *l, const struct ynode *y, int kind)
{
	for (size_t i = 0; i < y->n; i++) {
		const struct ynode *key = y->key[i];
		const int k = find_key(target_keys, TARGET_KEYS, key->text);

		if (k < 0 && find_key(kind_keys, KINDS, key->text) < 0)
			unknown_key(l, key);
		if (k < 0 || kind < 0 || target_keys[k].kinds & 1u << kind)
			continue;
		if (k == TARGET_SIZE)
			diag_add(l->diag, key->at, "'size' is not for %s targets: %s", kind_keys[kind].name,
				 kind == KIND_DRAM ? "`dram: SIZE` says it" : kind == KIND_LOOP ? "`loop: SIZE` says it" :
				 "use offset and length");
		else
			diag_add(l->diag, key->at, "'%s' is not for %s targets", key->text, kind_keys[kind].name);
	}
}

static bool
copy_text(struct loader *l, const struct ynode *y, char *to, size_t size)
{
	if (strlen(y->text) >= size) {
		diag_add(l->diag, y->at, "longer than %zu bytes", size - 1);
		return false;
	}
	strcpy(to, y->text);
	return true;
}

/* A directory below another: no way out of it. */
static bool
is_below(const struct ynode *y)
{
	const char *s = y->text;

	if (y->kind != Y_SCALAR || !text_line_ok(s, TARGET_PATH_MAX - 1) || s[0] == '/')
		return false;
	for (size_t n; *s; s += n + (s[n] == '/')) {
		n = strcspn(s, "/");
		if (n == 2 && s[0] == '.' && s[1] == '.')
			return false;
	}
	return true;
}

static void
load_namespace(struct loader *l, const struct ynode *y, int kind, struct target_spec *t)
{
	const struct ynode *ns = yaml_get(y, "namespace");
	const struct ynode *dir = kind == KIND_FSDAX ? yaml_get(y, "dir") : NULL;

	if (kind_keys[kind].type != KEY_TEXT || kind == KIND_FILE)
		diag_add(l->diag, y->at, "%s: a map where one value belongs: %s", kind_keys[kind].name,
			 kind_keys[kind].type == KEY_TEXT ? "a directory" : "a size");
	else if (y->n != (dir ? 2 : 1) || !ns || ns->kind != Y_SCALAR || !text_name_ok(ns->text))
		diag_add(l->diag, y->at, "%s: expected a path or {namespace: UUID|NAME%s}", kind_keys[kind].name,
			 kind == KIND_FSDAX ? ", dir: BELOW ITS MOUNT POINT" : "");
	else if (dir && !is_below(dir))
		diag_add(l->diag, dir->at, "dir: expected a directory below the mount point, such as bench or a/b");
	else if (copy_text(l, ns, t->namespace_, sizeof(t->namespace_)) && dir)
		copy_text(l, dir, t->path, sizeof(t->path));
}

static void
load_kind(struct loader *l, const struct ynode *y, int kind, struct target_spec *t)
{
	const char *canon;
	uint64_t num;

	t->kind = (enum target_kind)kind;
	if (y->kind == Y_MAP)
		load_namespace(l, y, kind, t);
	else if (!load_scalar(l, y, &kind_keys[kind], &num, &canon))
		return;
	else if (kind == KIND_DRAM || kind == KIND_LOOP)
		t->size = num;
	else
		copy_text(l, y, t->path, sizeof(t->path));
}

/* A key's number, or its default's. */
static uint64_t
load_num(struct loader *l, const struct ynode *y, enum target_key id, uint64_t dflt)
{
	const struct ynode *v = yaml_get(y, target_keys[id].name);
	const char *canon;
	uint64_t num;

	if (!v || !load_scalar(l, v, &target_keys[id], &num, &canon))
		return dflt;
	if (target_keys[id].automatic && !strcmp(canon, "auto"))
		return dflt;
	return num;
}

static void
load_names(struct loader *l, const struct ynode *y, struct target_spec *t, size_t n)
{
	const struct ynode *v = yaml_get(y, "name");
	const char *canon;
	uint64_t num;

	if (!v)
		diag_add(l->diag, y->at, "this target needs a name, such as `name: pm`");
	else if (load_scalar(l, v, &target_keys[TARGET_NAME], &num, &canon))
		strcpy(t->name, canon);
	for (size_t i = 0; v && i < n; i++)
		if (t->name[0] && !strcmp(l->mem->target[i].name, t->name))
			diag_add(l->diag, v->at, "another target is called '%s'", t->name);
	strcpy(t->role, t->name);
	if ((v = yaml_get(y, "role")) && load_scalar(l, v, &target_keys[TARGET_ROLE], &num, &canon))
		strcpy(t->role, canon);
}

/* Where a person looks when it is wrong: at its path, or the name of its namespace. */
static struct where
place_of(const struct ynode *y, int kind)
{
	const struct ynode *v = kind >= 0 ? yaml_get(y, kind_keys[kind].name) : NULL;

	if (v && v->kind == Y_MAP && yaml_get(v, "namespace"))
		v = yaml_get(v, "namespace");
	return v ? v->at : y->at;
}

void
load_target(struct loader *l, const struct ynode *y)
{
	struct config *c = &l->mem->config;
	struct target_spec *t = &l->mem->target[c->ntarget];
	const int kind = find_kind(l, y);

	check_keys(l, y, kind);
	load_names(l, y, t, c->ntarget);
	t->node = (int)load_num(l, y, TARGET_NODE, UINT64_MAX);
	t->offset = load_num(l, y, TARGET_OFFSET, 0);
	t->length = load_num(l, y, TARGET_LENGTH, 0);
	t->page_size = load_num(l, y, TARGET_PAGE_SIZE, 0);
	t->optional = load_num(l, y, TARGET_OPTIONAL, 0);
	if (kind == KIND_FILE || kind == KIND_FSDAX)
		t->size = load_num(l, y, TARGET_SIZE, 256ull << 20);
	if (kind >= 0)
		load_kind(l, yaml_get(y, kind_keys[kind].name), kind, t);
	l->mem->target_at[c->ntarget++] = place_of(y, kind);
}

/* `- auto: true` -- false when it is another target. */
static bool
is_auto(struct loader *l, const struct ynode *y)
{
	const struct ynode *v = yaml_get(y, "auto");

	if (!v)
		return false;
	if (v->kind != Y_SCALAR || strcmp(v->text, "true"))
		diag_add(l->diag, v->at, "auto must be true");
	if (y->n != 1)
		diag_add(l->diag, y->at, "`auto: true` stands alone; give other targets an entry of their own");
	if (l->mem->config.want_auto)
		diag_add(l->diag, y->at, "`auto: true` stands here twice");
	l->mem->config.want_auto = true;
	l->mem->auto_at = v->at;
	return true;
}

void
load_targets(struct loader *l, const struct ynode *y)
{
	if (y->kind != Y_LIST || !y->n) {
		diag_add(l->diag, y->at, "targets must be a list, such as [{name: ram, dram: 1G}] or [{auto: true}]");
		return;
	}
	if (y->n > TARGETS_MAX) {
		diag_add(l->diag, y->at, "more than %d targets", TARGETS_MAX);
		return;
	}
	l->mem->target = arena_alloc(l->arena, y->n, sizeof(*l->mem->target));
	l->mem->target_at = arena_alloc(l->arena, y->n, sizeof(*l->mem->target_at));
	l->mem->config.target = l->mem->target;
	for (size_t i = 0; i < y->n; i++)
		if (load_is_map(l, y->v[i], "a target") && !is_auto(l, y->v[i]))
			load_target(l, y->v[i]);
}

void
load_late(struct loader *l, const char *name, struct where at, struct ynode *key, struct ynode *value)
{
	struct config_mem *m = l->mem;

	m->late = arena_grow(l->arena, m->late, m->nlate, sizeof(*m->late));
	m->late[m->nlate++] = (struct late){ name, at, key, value };
}

bool
load_target_name(struct loader *l, const struct ynode *y, struct value *v)
{
	struct config_mem *m = l->mem;
	struct guess g;

	guess_start(&g, v->text);
	for (size_t i = 0; i < m->config.ntarget; i++) {
		if (!strcmp(m->target[i].name, v->text)) {
			v->num = i;
			return true;
		}
		guess_try(&g, m->target[i].name);
	}
	if (m->config.want_auto) {
		load_late(l, v->text, y->at, NULL, NULL);
		return true;
	}
	diag_add(l->diag, y->at, "no target is called '%s'%s%s%s", v->text, g.best ? "; did you mean '" : "",
		 g.best ? g.best : "", g.best ? "'?" : "");
	return false;
}
