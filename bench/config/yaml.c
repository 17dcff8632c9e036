/* SPDX-License-Identifier: BSD-2-Clause */
#include <libfyaml.h>
#include <stdbool.h>
#include <string.h>
#include "utf8.h"
#include "yaml.h"

struct yaml_anchor { const char *name; struct ynode *node; bool open; };

struct yaml_tree {
	struct arena *mem;
	struct diag *diag;
	const struct source *src;
	size_t base;			/* of the parser's positions in src; wraps for a list */
	struct ynode *stack[YAML_DEPTH];
	struct ynode *key[YAML_DEPTH];	/* map: the key whose value comes next */
	struct yaml_anchor *opened[YAML_DEPTH];
	size_t depth;
	struct ynode *root;
	struct yaml_anchor **anchor;
	size_t nanchor, nodes;
	bool done;			/* the document has ended */
};

static struct where
place(const struct yaml_tree *b, const struct fy_mark *from, const struct fy_mark *to)
{
	const size_t limit = b->src->len;
	struct where w = { b->src, from ? b->base + from->input_pos : limit, 0 };

	if (w.off > limit)
		w.off = limit;
	if (from && to && to->input_pos > from->input_pos)
		w.len = to->input_pos - from->input_pos;
	return w;
}

static struct where
yaml_tree_place(const struct yaml_tree *b, struct fy_token *t)
{
	return place(b, t ? fy_token_start_mark(t) : NULL, t ? fy_token_end_mark(t) : NULL);
}

static const char *
token_text(struct yaml_tree *b, struct fy_token *t, struct where at)
{
	size_t len = 0;
	const char *s = t ? fy_token_get_text(t, &len) : "";

	if (!s)
		longjmp(b->mem->oom, 1);
	if (memchr(s, 0, len)) {
		diag_add(b->diag, at, "a NUL character");
		return NULL;
	}
	return arena_strndup(b->mem, s, len);
}

static struct ynode *
new_node(struct yaml_tree *b, enum ynode_kind kind, struct where at)
{
	struct ynode *y = arena_alloc(b->mem, 1, sizeof(*y));

	y->kind = kind;
	y->at = at;
	y->weight = 1;
	return y;
}

static bool
check_key(struct yaml_tree *b, const struct ynode *map, const struct ynode *key)
{
	if (key->kind != Y_SCALAR || !key->text[0]) {
		diag_add(b->diag, key->at, "a key must be a name");
		return false;
	}
	if (map->n >= YAML_KEYS) {
		diag_add(b->diag, key->at, "more than %d keys", YAML_KEYS);
		return false;
	}
	for (size_t i = 0; i < map->n; i++)
		if (!strcmp(map->key[i]->text, key->text)) {
			size_t line = 1;

			for (size_t p = 0; p < map->key[i]->at.off; p++)
				line += b->src->text[p] == '\n';
			diag_add(b->diag, key->at, "duplicate key '%s'; it is already in line %zu",
				 key->text, line);
		}
	return true;
}

static void
yaml_append(struct arena *a, struct ynode *to, struct ynode *key, struct ynode *value)
{
	to->v = arena_grow(a, to->v, to->n, sizeof(*to->v));
	if (to->kind == Y_MAP) {
		to->key = arena_grow(a, to->key, to->n, sizeof(*to->key));
		to->key[to->n] = key;
	}
	to->v[to->n++] = value;
	to->weight += value->weight;
}

/* A whole node: hang it where the text has it. */
static bool
add(struct yaml_tree *b, struct ynode *y)
{
	struct ynode *top;

	if (!b->depth) {
		b->root = y;
		return true;
	}
	top = b->stack[b->depth - 1];
	if (top->kind == Y_MAP && !b->key[b->depth - 1]) {
		b->key[b->depth - 1] = y;
		return check_key(b, top, y);
	}
	/* What is not there is marked at the end of the text before the next thing: its key says
	 * more. */
	if (b->key[b->depth - 1] && y->kind == Y_SCALAR && !y->text[0] && !y->at.len)
		y->at = b->key[b->depth - 1]->at;
	yaml_append(b->mem, top, b->key[b->depth - 1], y);
	b->key[b->depth - 1] = NULL;
	if (top->weight > YAML_NODES) {
		diag_add(b->diag, y->at, "aliases expand to more than %d values", YAML_NODES);
		return false;
	}
	return true;
}

static struct yaml_anchor *
set_anchor(struct yaml_tree *b, struct fy_token *t, struct ynode *y, bool open)
{
	struct yaml_anchor *an;
	const char *name;

	if (!t || !(name = token_text(b, t, yaml_tree_place(b, t))))
		return NULL;
	if (b->nanchor >= YAML_KEYS) {
		diag_add(b->diag, yaml_tree_place(b, t), "more than %d anchors", YAML_KEYS);
		return NULL;
	}
	an = arena_alloc(b->mem, 1, sizeof(*an));
	*an = (struct yaml_anchor){ name, y, open };
	b->anchor = arena_grow(b->mem, b->anchor, b->nanchor, sizeof(an));
	b->anchor[b->nanchor++] = an;
	return an;
}

static bool
on_alias(struct yaml_tree *b, struct fy_token *t)
{
	const struct where at = yaml_tree_place(b, t);
	const char *name = token_text(b, t, at);

	for (size_t i = b->nanchor; name && i-- > 0; ) {
		if (strcmp(b->anchor[i]->name, name))
			continue;
		if (!b->anchor[i]->open)
			return add(b, b->anchor[i]->node);
		diag_add(b->diag, at, "*%s stands inside of what it stands for", name);
		return false;
	}
	if (name)
		diag_add(b->diag, at, "*%s: no anchor '&%s' before it", name, name);
	return false;
}

static bool
on_scalar(struct yaml_tree *b, const struct fy_event *e)
{
	struct ynode *y = new_node(b, Y_SCALAR, yaml_tree_place(b, e->scalar.value));

	y->text = token_text(b, e->scalar.value, y->at);
	set_anchor(b, e->scalar.anchor, y, false);
	return y->text && add(b, y);
}

static bool
on_start(struct yaml_tree *b, enum ynode_kind kind, struct fy_event *e)
{
	struct ynode *y = new_node(b, kind, place(b, fy_event_start_mark(e), NULL));
	struct yaml_anchor *an = set_anchor(b, fy_event_get_anchor_token(e), y, true);

	if (b->depth == YAML_DEPTH) {
		diag_add(b->diag, y->at, "nested deeper than %d levels", YAML_DEPTH);
		return false;
	}
	b->stack[b->depth] = y;
	b->key[b->depth] = NULL;
	b->opened[b->depth++] = an;
	return true;
}

static bool
on_end(struct yaml_tree *b)
{
	struct ynode *y = b->stack[--b->depth];

	if (b->opened[b->depth])
		b->opened[b->depth]->open = false;
	return add(b, y);
}

static bool
yaml_tree_event(struct yaml_tree *b, struct fy_event *e)
{
	struct fy_token *tag = NULL;

	if (e->type == FYET_SCALAR || e->type == FYET_SEQUENCE_START || e->type == FYET_MAPPING_START)
		tag = fy_event_get_tag_token(e);
	if (tag) {
		diag_add(b->diag, yaml_tree_place(b, tag), "tags such as !x are not allowed");
		return false;
	}
	switch (e->type) {
	case FYET_DOCUMENT_START:
		if (b->done)
			diag_add(b->diag, place(b, fy_event_start_mark(e), NULL),
				 "a second document; a config is one");
		return !b->done;
	case FYET_DOCUMENT_END:
		b->done = true;
		return true;
	case FYET_SCALAR:
		return on_scalar(b, e);
	case FYET_ALIAS:
		return on_alias(b, e->alias.anchor);
	case FYET_SEQUENCE_START:
		return on_start(b, Y_LIST, e);
	case FYET_MAPPING_START:
		return on_start(b, Y_MAP, e);
	case FYET_SEQUENCE_END:
	case FYET_MAPPING_END:
		return on_end(b);
	default:
		return true;
	}
}

/* libfyaml 0.7.12 loops for ever on the two bytes '%' 0xF6; nothing here needs a directive. */
static bool
input_ok(struct diag *d, const struct source *src, size_t off, size_t len)
{
	const unsigned char *s = (const unsigned char *)src->text + off;
	bool start = true;

	if (len > YAML_MAX) {
		diag_add(d, (struct where){ src, 0, 0 }, "the file is larger than 1 MiB");
		return false;
	}
	for (size_t i = 0, n; i < len; i += n) {
		const struct where at = { src, off + i, 1 };

		n = utf8_len(s + i, len - i);
		if (!n)
			diag_add(d, at, "byte 0x%02X is not UTF-8 text", s[i]);
		else if (!s[i])
			diag_add(d, at, "a NUL byte: this is not a text file");
		else if (start && s[i] == '%')
			diag_add(d, at, "a line beginning with '%%' would be a YAML directive; "
				 "these are not allowed");
		if (!n || !s[i] || (start && s[i] == '%'))
			return false;
		start = s[i] == '\n' || s[i] == '\r';
	}
	return true;
}

/* What libfyaml found wrong, as one of ours. */
static void
syntax_error(struct yaml_tree *b, struct fy_diag *fd)
{
	void *iter = NULL;
	struct fy_diag_error *e = fy_diag_errors_iterate(fd, &iter);
	struct where at = { b->src, b->src->len, 0 };

	if (e && e->fyt)
		at = yaml_tree_place(b, e->fyt);
	/* At the end of the text, what was never closed is the better place. */
	if (at.off >= b->src->len && b->depth) {
		const struct where open = b->stack[b->depth - 1]->at;
		const char c = open.off < open.src->len ? open.src->text[open.off] : 0;

		if (c == '[' || c == '{') {
			diag_add(b->diag, open, "YAML: this '%c' is never closed", c);
			return;
		}
	}
	diag_add(b->diag, at, "YAML: %s", e && e->msg && e->msg[0] ? e->msg : "cannot be parsed");
}

static void
parse_events(struct yaml_tree *b, struct fy_parser *p, struct fy_diag *fd)
{
	struct fy_event *e;
	bool ok = true;

	while (ok && (e = fy_parser_parse(p))) {
		/* A parser in trouble may hand out thousands of closing events. */
		if (fy_parser_get_stream_error(p))
			ok = false;
		else
			ok = yaml_tree_event(b, e);
		fy_parser_event_free(p, e);
	}
	if (fy_parser_get_stream_error(p))
		syntax_error(b, fd);
	if (!ok || fy_parser_get_stream_error(p))
		b->root = NULL;
}

static struct ynode *
parse(struct yaml_tree *b, const char *text, size_t len)
{
	jmp_buf outer;
	struct fy_diag_cfg dc;
	struct fy_parse_cfg pc = {
		.flags = FYPCF_QUIET | FYPCF_COLLECT_DIAG | FYPCF_JSON_NONE | FYPCF_DISABLE_MMAP_OPT,
	};
	struct fy_parser *volatile p = NULL;
	volatile bool oom = false;

	fy_diag_cfg_default(&dc);
	dc.fp = NULL;
	dc.level = FYET_ERROR;
	pc.diag = fy_diag_create(&dc);
	memcpy(outer, b->mem->oom, sizeof(outer));
	if (setjmp(b->mem->oom)) {
		oom = true;
	} else {
		if (!pc.diag)
			longjmp(b->mem->oom, 1);
		fy_diag_set_collect_errors(pc.diag, true);
		p = fy_parser_create(&pc);
		if (!p || fy_parser_set_string(p, text, len))
			longjmp(b->mem->oom, 1);
		parse_events(b, p, pc.diag);
	}
	memcpy(b->mem->oom, outer, sizeof(outer));
	if (p)
		fy_parser_destroy(p);
	if (pc.diag)
		fy_diag_destroy(pc.diag);
	if (oom)
		longjmp(b->mem->oom, 1);
	return b->root;
}

/* What the parser says of a tab in an indentation does not mention it. */
static void
blame_tab(struct diag *d, const struct source *src, size_t off, size_t end)
{
	for (size_t at = off; at < end; at++) {
		const char *nl;

		while (at < end && src->text[at] == ' ')
			at++;
		if (at < end && src->text[at] == '\t') {
			diag_add(d, (struct where){ src, at, 1 }, "a tab in the indentation: YAML wants blanks");
			return;
		}
		nl = memchr(src->text + at, '\n', end - at);
		at = nl ? (size_t)(nl - src->text) : end;
	}
}

struct ynode *
yaml_parse(struct arena *mem, const struct source *src, size_t off, size_t len, struct diag *d)
{
	struct yaml_tree b = { .mem = mem, .diag = d, .src = src, .base = off };
	const size_t before = d->n;
	struct ynode *y;

	if (!input_ok(d, src, off, len))
		return NULL;
	y = parse(&b, src->text + off, len);
	if (!y && d->n == before)
		diag_add(d, (struct where){ src, 0, 0 }, "the file is empty; a config needs "
			 "'version: 1', 'targets' and 'benches'");
	else if (!y)
		blame_tab(d, src, off, off + len);
	return y;
}

struct ynode *
yaml_parse_list(struct arena *mem, const struct source *src, size_t off, struct diag *d)
{
	/* The parser sees one bracket before the text: its positions are one too high. */
	struct yaml_tree b = { .mem = mem, .diag = d, .src = src, .base = off - 1 };
	const char *text = arena_printf(mem, "[%s]", src->text + off);

	return input_ok(d, src, off, src->len - off) ? parse(&b, text, strlen(text)) : NULL;
}

struct ynode *
yaml_get(const struct ynode *map, const char *key)
{
	for (size_t i = 0; map && map->kind == Y_MAP && i < map->n; i++)
		if (!strcmp(map->key[i]->text, key))
			return map->v[i];
	return NULL;
}

void
yaml_set(struct arena *a, struct ynode *map, struct ynode *key, struct ynode *value)
{
	for (size_t i = 0; i < map->n; i++)
		if (!strcmp(map->key[i]->text, key->text)) {
			map->key[i] = key;
			map->v[i] = value;
			return;
		}
	yaml_append(a, map, key, value);
}
