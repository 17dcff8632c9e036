/* SPDX-License-Identifier: BSD-2-Clause */
#include "yaml.h"

#include <string.h>
#include "utf8.h"
#include "yaml_tree.h"

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
