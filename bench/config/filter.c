/* SPDX-License-Identifier: BSD-2-Clause */
#include "filter.h"

#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include "arena.h"
#include "diag.h"
#include "text.h"

enum { DEPTH_MAX = 64 };

enum op { OP_EQ, OP_NE, OP_LT, OP_LE, OP_GT, OP_GE, OP_GLOB, OP_AND, OP_OR, OP_NOT };
struct term {
	enum op op;
	const char *name;		/* comparisons */
	const char **value;
	size_t n;
	struct term *left, *right;	/* AND, OR; NOT: left */
};

struct filter {
	struct arena arena;
	const struct term *root;
};

struct parser {
	struct arena *arena;
	struct where at;		/* where the expression stands */
	const char *text, *p;
	struct diag *diag;
	bool (*known)(void *arg, const char *name);
	void *arg;
	size_t depth;
};

static struct term *parse_or(struct parser *);

static struct where
here(const struct parser *s, const char *from)
{
	const size_t len = s->p > from ? (size_t)(s->p - from) : 1;

	return (struct where){ s->at.src, s->at.off + (size_t)(from - s->text), len };
}

static bool
accept(struct parser *s, const char *token)
{
	s->p += strspn(s->p, " \t");
	if (strncmp(s->p, token, strlen(token)))
		return false;
	s->p += strlen(token);
	return true;
}

static struct term *
new_term(struct parser *s, enum op op, struct term *left, struct term *right)
{
	struct term *t = arena_alloc(s->arena, 1, sizeof(*t));

	*t = (struct term){ .op = op, .left = left, .right = right };
	return t;
}

/* A name or a value; values may be quoted. */
static const char *
word(struct parser *s, const char *what)
{
	const char *from;
	size_t n;

	s->p += strspn(s->p, " \t");
	from = s->p;
	if (*from == '"' || *from == '\'') {
		const char *end = strchr(from + 1, *from);

		if (!end) {
			diag_add(s->diag, here(s, from), "this quote is never closed");
			return NULL;
		}
		s->p = end + 1;
		return arena_strndup(s->arena, from + 1, (size_t)(end - from - 1));
	}
	n = strcspn(from, " \t,&|()!<>=~\"'");
	if (!n) {
		diag_add(s->diag, here(s, from), "expected %s", what);
		return NULL;
	}
	s->p = from + n;
	return arena_strndup(s->arena, from, n);
}

static const struct { const char *token; enum op op; } ops[] = {
	{ "!=", OP_NE }, { "<=", OP_LE }, { ">=", OP_GE }, { "==", OP_EQ },
	{ "=", OP_EQ }, { "<", OP_LT }, { ">", OP_GT }, { "~", OP_GLOB },
};

static bool
parse_op(struct parser *s, enum op *op)
{
	for (size_t i = 0; i < sizeof(ops) / sizeof(ops[0]); i++)
		if (accept(s, ops[i].token)) {
			*op = ops[i].op;
			return true;
		}
	diag_add(s->diag, here(s, s->p), "expected one of = != < <= > >= ~");
	return false;
}

static struct term *
parse_comparison(struct parser *s)
{
	struct term *t = new_term(s, OP_EQ, NULL, NULL);
	const char *from, *value;

	s->p += strspn(s->p, " \t");
	from = s->p;
	t->name = word(s, "a name, such as kernel or size");
	if (!t->name)
		return NULL;
	if (!s->known(s->arg, t->name)) {
		diag_add(s->diag, here(s, from), "'%.64s' is no axis, no parameter, nor bench, role, medium or durable",
			 t->name);
		return NULL;
	}
	if (!parse_op(s, &t->op))
		return NULL;
	do {
		from = s->p;
		value = word(s, "a value");
		if (!value)
			return NULL;
		t->value = arena_grow(s->arena, t->value, t->n, sizeof(*t->value));
		t->value[t->n++] = value;
	} while (accept(s, ","));
	if (t->n > 1 && t->op >= OP_LT && t->op <= OP_GE) {
		diag_add(s->diag, here(s, from), "an order takes one value");
		return NULL;
	}
	return t;
}

static struct term *
parse_not(struct parser *s)
{
	struct term *t = NULL;
	const char *open;

	if (++s->depth > DEPTH_MAX) {
		diag_add(s->diag, here(s, s->p), "nested deeper than %d levels", DEPTH_MAX);
	} else if (accept(s, "!")) {
		t = parse_not(s);
		t = t ? new_term(s, OP_NOT, t, NULL) : NULL;
	} else if (open = s->p, accept(s, "(")) {
		t = parse_or(s);
		if (t && !accept(s, ")")) {
			open += strspn(open, " \t");
			diag_add(s->diag, (struct where){ s->at.src, s->at.off + (size_t)(open - s->text), 1 },
				 "this '(' is never closed");
			t = NULL;
		}
	} else {
		t = parse_comparison(s);
	}
	s->depth--;
	return t;
}

static struct term *
parse_and(struct parser *s)
{
	struct term *t = parse_not(s);

	while (t && accept(s, "&&")) {
		struct term *right = parse_not(s);

		t = right ? new_term(s, OP_AND, t, right) : NULL;
	}
	return t;
}

static struct term *
parse_or(struct parser *s)
{
	struct term *t = parse_and(s);

	while (t && accept(s, "||")) {
		struct term *right = parse_and(s);

		t = right ? new_term(s, OP_OR, t, right) : NULL;
	}
	return t;
}

int
filter_parse_at(struct filter **out, const char *text, const struct where *at, bool (*known)(void *arg, const char *name),
		void *arg, struct diag *d)
{
	struct filter *f = calloc(1, sizeof(*f));
	struct parser s = { .at = *at, .text = text, .p = text, .diag = d, .known = known, .arg = arg };
	const size_t before = d->n;

	*out = NULL;
	if (!f || setjmp(f->arena.oom)) {
		filter_free(f);
		return -ENOMEM;
	}
	s.arena = &f->arena;
	f->root = parse_or(&s);
	s.p += strspn(s.p, " \t");
	if (f->root && *s.p)
		diag_add(d, here(&s, s.p), "expected && or || before this");
	if (d->n > before) {
		filter_free(f);
		return -EINVAL;
	}
	*out = f;
	return 0;
}

int
filter_parse(struct filter **out, const char *text, bool (*known)(void *arg, const char *name), void *arg, FILE *err)
{
	const struct source src = { .name = "--filter", .text = text, .len = strlen(text) };
	struct diag *d = calloc(1, sizeof(*d));
	int rc = -ENOMEM;

	*out = NULL;
	if (d) {
		rc = filter_parse_at(out, text, &(struct where){ &src, 0, src.len }, known, arg, d);
		diag_print(d, err);
	}
	free(d);
	return rc;
}

/* -1, 0, 1; numbers as numbers (4K is 4096), else by text. */
static int
compare(const char *a, const char *b)
{
	uint64_t x, y;

	if (text_size(a, &x) || text_size(b, &y))
		return strcmp(a, b);
	return x < y ? -1 : x > y;
}

static bool
holds(enum op op, const char *have, const char *value)
{
	switch (op) {
	case OP_EQ:
	case OP_NE:
		return compare(have, value) == 0;
	case OP_LT:
		return compare(have, value) < 0;
	case OP_LE:
		return compare(have, value) <= 0;
	case OP_GT:
		return compare(have, value) > 0;
	case OP_GE:
		return compare(have, value) >= 0;
	default:
		return fnmatch(value, have, 0) == 0;
	}
}

static bool
compares(const struct term *t, const char *have)
{
	bool any = false;

	/* What does not apply to a point is in no order with anything. */
	if (!have[0] && t->op >= OP_LT && t->op <= OP_GE)
		return false;
	for (size_t i = 0; i < t->n && !any; i++)
		any = holds(t->op, have, t->value[i]);
	return t->op == OP_NE ? !any : any;
}

static bool
match(const struct term *t, const char *(*get)(void *arg, const char *name), void *arg)
{
	switch (t->op) {
	case OP_AND:
		return match(t->left, get, arg) && match(t->right, get, arg);
	case OP_OR:
		return match(t->left, get, arg) || match(t->right, get, arg);
	case OP_NOT:
		return !match(t->left, get, arg);
	default:
		return compares(t, get(arg, t->name));
	}
}

bool
filter_match(const struct filter *f, const char *(*get)(void *arg, const char *name), void *arg)
{
	return match(f->root, get, arg);
}

struct things { size_t n; const char *(*get)(void *arg, size_t i, const char *name); void *arg; };

static const struct term *
culprit(const struct term *t, const struct things *all)
{
	const struct term *left;

	if (t->op == OP_NOT)
		return NULL;
	if (t->op == OP_AND || t->op == OP_OR)
		return (left = culprit(t->left, all)) ? left : culprit(t->right, all);
	for (size_t i = 0; i < all->n; i++)
		if (compares(t, all->get(all->arg, i, t->name)))
			return NULL;
	return t;
}

const char *
filter_culprit(const struct filter *f, size_t n, const char *(*get)(void *arg, size_t i, const char *name),
	       void *arg, char *text, size_t len)
{
	const struct term *t = culprit(f->root, &(struct things){ n, get, arg });
	size_t used = 0, k = 0;

	if (!t)
		return NULL;
	while (ops[k].op != t->op || !strcmp(ops[k].token, "=="))
		k++;
	used += (size_t)snprintf(text, len, "%.64s%s", t->name, ops[k].token);
	for (size_t i = 0; i < t->n && used < len; i++)
		used += (size_t)snprintf(text + used, len - used, "%s%.64s", i ? "," : "", t->value[i]);
	return t->name;
}

static void
unknown(const struct term *t, const struct things *all, void (*say)(void *arg, const char *name, const char *value))
{
	if (t->left)
		unknown(t->left, all, say);
	if (t->right)
		unknown(t->right, all, say);
	if (t->op != OP_EQ && t->op != OP_NE)
		return;
	for (size_t k = 0; k < t->n; k++) {
		bool any = false;

		for (size_t i = 0; i < all->n && !any; i++)
			any = compare(all->get(all->arg, i, t->name), t->value[k]) == 0;
		if (!any)
			say(all->arg, t->name, t->value[k]);
	}
}

void
filter_unknown(const struct filter *f, size_t n, const char *(*get)(void *arg, size_t i, const char *name),
	       void *arg, void (*say)(void *arg, const char *name, const char *value))
{
	if (n)
		unknown(f->root, &(struct things){ n, get, arg }, say);
}

void
filter_free(struct filter *f)
{
	if (!f)
		return;
	arena_free(&f->arena);
	free(f);
}
