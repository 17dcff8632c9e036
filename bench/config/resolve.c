/* SPDX-License-Identifier: BSD-2-Clause */
/* resolve.c -- a config written down: as JSON with nothing left out, as YAML with the defaults
 * left out. */
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include "config.h"
#include "text.h"

/* Whole numbers as numbers; json_string(NULL) is what jansson calls no memory. */
static json_t *
scalar(const char *text)
{
	uint64_t num;

	return text_count(text, &num) ? json_string(text) : json_integer((json_int_t)num);
}

static json_t *
list(const struct axis *axis)
{
	json_t *v;

	if (axis->n == 1)
		return scalar(axis->v[0].text);
	v = json_array();
	for (size_t i = 0; i < axis->n; i++)
		json_array_append_new(v, scalar(axis->v[i].text));
	return v;
}

static const char *
number_text(const struct key *k, uint64_t num, char *buf)
{
	switch (k->type) {
	case KEY_SIZE:
		return text_put_size(buf, num);
	case KEY_TIME:
		return text_put_time(buf, num);
	case KEY_PERCENT:
		return text_put_percent(buf, num);
	case KEY_CHOICE:
		for (const struct choice *c = k->choices; c->name; c++)
			if (c->value == num)
				return c->name;
		return "";
	case KEY_BOOL:
		return num ? "true" : "false";
	default:
		return text_put_count(buf, num);
	}
}

/* A key by its number; with !full not when that is its default. */
static void
put(json_t *to, const struct key *k, uint64_t num, bool full)
{
	char buf[TEXT_NUM];
	const char *text = number_text(k, num, buf);

	if (full || !k->def || strcmp(text, k->def))
		json_object_set_new(to, k->name, k->type == KEY_BOOL ? json_boolean(num) : scalar(text));
}

static void
put_text(json_t *to, const char *key, const char *text)
{
	json_object_set_new(to, key, scalar(text));
}

static json_t *
target(const struct target_spec *t, bool full)
{
	json_t *o = json_object(), *ns;
	const struct key *kind = &kind_keys[t->kind];
	const unsigned bit = 1u << t->kind;

	put_text(o, "name", t->name);
	if (kind->type == KEY_SIZE) {
		put(o, kind, t->size, true);
	} else if (t->namespace_[0]) {
		ns = json_object();
		put_text(ns, "namespace", t->namespace_);
		if (t->path[0])
			put_text(ns, "dir", t->path);
		json_object_set_new(o, kind->name, ns);
	} else {
		put_text(o, kind->name, t->path);
	}
	if (full || strcmp(t->role, t->name))
		put_text(o, "role", t->role);
	if (target_keys[TARGET_SIZE].kinds & bit)
		put(o, &target_keys[TARGET_SIZE], t->size, full);
	if (target_keys[TARGET_OFFSET].kinds & bit) {
		put(o, &target_keys[TARGET_OFFSET], t->offset, full);
		put(o, &target_keys[TARGET_LENGTH], t->length, full);
	}
	put(o, &target_keys[TARGET_PAGE_SIZE], t->page_size, full);
	if (target_keys[TARGET_NODE].kinds & bit && t->node >= 0)
		put(o, &target_keys[TARGET_NODE], (uint64_t)t->node, true);
	else if (target_keys[TARGET_NODE].kinds & bit && full)
		put_text(o, "node", "auto");
	put(o, &target_keys[TARGET_OPTIONAL], t->optional, full);
	return o;
}

static json_t *
rules(const struct bench *b)
{
	json_t *v = json_array();

	for (size_t i = 0; i < b->nexclude; i++) {
		json_t *o = json_object();

		for (size_t k = 0; k < b->exclude[i].n; k++)
			json_object_set_new(o, b->exclude[i].cond[k].name, list(&b->exclude[i].cond[k].any));
		json_array_append_new(v, o);
	}
	return v;
}

static json_t *
zips(const struct bench *b)
{
	json_t *v = json_array();

	for (size_t i = 0; i < b->nzip; i++) {
		json_t *names = json_array();

		for (size_t k = 0; k < b->zip[i].n; k++)
			json_array_append_new(names, json_string(b->zip[i].name[k]));
		json_array_append_new(v, names);
	}
	return v;
}

static bool
is_default(const struct config *c, const struct bench *b, enum axis_id id)
{
	const struct axis *a = &b->axis[id];

	if (id == AXIS_TARGET) {
		for (size_t i = 0; i < a->n; i++)
			if (a->v[i].num != i)
				return false;
		return a->n == 0 || a->n == c->ntarget;
	}
	return a->n == 1 && axis_keys[id].def && !strcmp(a->v[0].text, axis_keys[id].def);
}

static json_t *
bench(const struct config *c, const struct bench *b, bool full)
{
	json_t *o = json_object();

	put_text(o, "name", b->name);
	for (enum axis_id id = 0; id < AXES; id++) {
		const struct axis *a = &b->axis[id];

		/* An empty label cannot be written, and an empty list not be read. */
		if (a->n == 0 || (a->n == 1 && !a->v[0].text[0]) || (!full && is_default(c, b, id)))
			continue;
		json_object_set_new(o, axis_keys[id].name, list(a));
	}
	for (size_t i = 0; i < b->nparam; i++)
		json_object_set_new(o, b->param[i].name, list(&b->param[i].axis));
	for (enum sched_id id = 0; id < SCHEDS; id++)
		put(o, &sched_keys[id], b->sched[id], full);
	if (b->nexclude)
		json_object_set_new(o, "exclude", rules(b));
	if (b->nzip)
		json_object_set_new(o, "zip", zips(b));
	return o;
}

static json_t *
document(const struct config *c, bool full)
{
	json_t *o = json_object(), *targets = json_array(), *benches = json_array();

	put_text(o, "version", "1");
	put_text(o, "name", c->name);
	put(o, &top_keys[TOP_SEED], c->seed, full);
	put(o, &top_keys[TOP_QUICK], c->quick, full);
	if (c->nevent) {
		json_t *events = json_array();

		for (size_t i = 0; i < c->nevent; i++)
			json_array_append_new(events, json_string(c->event[i]));
		json_object_set_new(o, "events", events);
		put(o, &top_keys[TOP_COUNTING], c->counting, full);
	}
	for (size_t i = 0; i < c->ntarget; i++)
		json_array_append_new(targets, target(&c->target[i], full));
	if (c->want_auto)
		json_array_append_new(targets, json_pack("{s:b}", "auto", 1));
	for (size_t i = 0; i < c->nbench; i++)
		json_array_append_new(benches, bench(c, &c->bench[i], full));
	json_object_set_new(o, "targets", targets);
	json_object_set_new(o, "benches", benches);
	return o;
}

int
config_write_resolved(const struct config *c, FILE *f)
{
	json_t *doc = document(c, true);
	const int rc = doc ? json_dumpf(doc, f, JSON_INDENT(2)) : -1;

	json_decref(doc);
	return rc || fputc('\n', f) == EOF || ferror(f) ? -EIO : 0;
}

/* Plain where YAML takes it plain, else as JSON has it. */
static void
put_scalar(const json_t *v, FILE *f)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._/-%";
	const char *s = json_string_value(v);

	if (s && s[0] && !strchr("-%", s[0]) && !s[strspn(s, plain)])
		fputs(s, f);
	else
		json_dumpf(v, f, JSON_ENCODE_ANY);
}

/* Lists and inner maps in flow style: they are short. */
static void
put_flow(json_t *v, FILE *f)
{
	const char *key, *sep = "";
	json_t *e;
	size_t i;

	if (json_is_array(v)) {
		fputc('[', f);
		json_array_foreach(v, i, e) {
			fputs(sep, f);
			put_flow(e, f);
			sep = ", ";
		}
		fputc(']', f);
	} else if (json_is_object(v)) {
		fputc('{', f);
		json_object_foreach(v, key, e) {
			fprintf(f, "%s%s: ", sep, key);
			put_flow(e, f);
			sep = ", ";
		}
		fputc('}', f);
	} else {
		put_scalar(v, f);
	}
}

int
config_write_yaml(const struct config *c, FILE *f)
{
	json_t *doc = document(c, false), *v, *e, *inner;
	const char *key, *name;
	size_t i;

	json_object_foreach(doc, key, v) {
		fprintf(f, "%s:", key);
		if (!json_is_array(v)) {
			fputc(' ', f);
			put_scalar(v, f);
		}
		fputc('\n', f);
		json_array_foreach(v, i, e) {
			const char *dash = "  - ";

			if (!json_is_object(e)) {
				fputs(dash, f);
				put_scalar(e, f);
				fputc('\n', f);
			}
			json_object_foreach(e, name, inner) {
				fprintf(f, "%s%s: ", dash, name);
				put_flow(inner, f);
				fputc('\n', f);
				dash = "    ";
			}
		}
	}
	json_decref(doc);
	return ferror(f) ? -EIO : 0;
}
