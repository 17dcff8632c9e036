/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "loader.h"
#include "text.h"

const char *const target_kind_name[] = {
	[KIND_DRAM] = "dram", [KIND_FILE] = "file", [KIND_FSDAX] = "fsdax", [KIND_DEVDAX] = "devdax",
	[KIND_SECTOR] = "sector", [KIND_RAW] = "raw", [KIND_LOOP] = "loop", [KINDS] = NULL,
};

const char config_of_options[] = "options";

void
load_bad_value(struct loader *l, const struct ynode *y, const char *name, int rc, const char *expects,
	       const char *guess)
{
	if (y->kind != Y_SCALAR)
		diag_add(l->diag, y->at, "%s: a %s where one value belongs: %s", name,
			 y->kind == Y_LIST ? "list" : "map", expects);
	else if (!y->text[0])
		diag_add(l->diag, y->at, "%s has no value; expected %s", name, expects);
	else
		diag_add(l->diag, y->at, "%s: '%.100s' is %s; expected %s%s%s%s", name, y->text,
			 rc == -ERANGE ? "out of range" : "not valid", expects,
			 guess ? "; did you mean '" : "", guess ? guess : "", guess ? "'?" : "");
}

bool
load_scalar(struct loader *l, const struct ynode *y, const struct key *k, uint64_t *num, const char **canon)
{
	char buf[KEY_CANON], expects[KEY_EXPECTS];
	const int rc = y->kind == Y_SCALAR ? key_value(k, y->text, num, canon, buf) : -EINVAL;

	if (rc) {
		load_bad_value(l, y, k->name, rc, key_expects(k, expects),
			       y->kind == Y_SCALAR && rc == -EINVAL ? key_guess(k, y->text, buf) : NULL);
		return false;
	}
	*canon = arena_strdup(l->arena, *canon);
	return true;
}

bool
load_is_map(struct loader *l, const struct ynode *y, const char *what)
{
	if (y->kind == Y_MAP)
		return true;
	diag_add(l->diag, y->at, "%s must be a map of keys and values", what);
	return false;
}

/* name: flush-size -- by default the file's name without its folder and ending. */
static const char *
default_name(struct arena *a, const char *file)
{
	const char *base = strrchr(file, '/') ? strrchr(file, '/') + 1 : file;
	const char *dot = strrchr(base, '.');
	const char *name = arena_strndup(a, base, dot && dot > base ? (size_t)(dot - base) : strlen(base));

	return text_name_ok(name) ? name : "run";
}

/* Says which keys were meant by those that are misspelt: a bit each. */
static unsigned
check_top_keys(struct loader *l, const struct ynode *root)
{
	unsigned meant = 0;

	for (size_t i = 0; i < root->n; i++) {
		struct guess g;
		size_t k = 0;

		guess_start(&g, root->key[i]->text);
		for (; k < TOP_KEYS && strcmp(root->key[i]->text, top_keys[k].name); k++)
			guess_try(&g, top_keys[k].name);
		if (k < TOP_KEYS)
			continue;
		for (k = 0; k < TOP_KEYS; k++)
			meant |= (unsigned)(g.best == top_keys[k].name) << k;
		if (g.best)
			diag_add(l->diag, root->key[i]->at, "unknown key '%.64s'; did you mean '%s'?",
				 root->key[i]->text, g.best);
		else
			diag_add(l->diag, root->key[i]->at, "unknown key '%.64s'; allowed here: version, name, "
				 "seed, quick, events, counting, targets, defaults, benches", root->key[i]->text);
	}
	return meant;
}

static void
check_version(struct loader *l, const struct ynode *root)
{
	const struct ynode *y = yaml_get(root, "version");
	uint64_t num;

	if (!y)
		diag_add(l->diag, root->at, "'version: 1' is missing");
	else if (y->kind == Y_SCALAR && !text_count(y->text, &num) && num > 1)
		diag_add(l->diag, y->at, "version %.20s is newer than this program, which reads version 1", y->text);
	else if (y->kind != Y_SCALAR || strcmp(y->text, "1"))
		diag_add(l->diag, y->at, "version must be 1");
}

static void
load_event(struct loader *l, const struct ynode *y)
{
	const char *canon;
	uint64_t num;

	if (load_scalar(l, y, &top_keys[TOP_EVENTS], &num, &canon))
		config_take_event(l->mem, canon, strlen(canon), y->at);
}

static void
load_events(struct loader *l, const struct ynode *y)
{
	if (y->kind != Y_LIST)
		load_event(l, y);
	else
		for (size_t i = 0; i < y->n; i++)
			load_event(l, y->v[i]);
}

static void
load_top(struct loader *l, struct ynode *root)
{
	struct config *c = &l->mem->config;
	const struct ynode *y;
	const char *canon;
	uint64_t num;
	unsigned meant;

	meant = check_top_keys(l, root);
	if (yaml_get(root, "version") || !(meant & 1u << TOP_VERSION))
		check_version(l, root);
	c->name = default_name(l->arena, c->file);
	if ((y = yaml_get(root, "name")) && load_scalar(l, y, &top_keys[TOP_NAME], &num, &canon))
		c->name = canon;
	if ((y = yaml_get(root, "seed")))
		load_scalar(l, y, &top_keys[TOP_SEED], &c->seed, &canon);
	if ((y = yaml_get(root, "quick")) && load_scalar(l, y, &top_keys[TOP_QUICK], &num, &canon))
		c->quick = num;
	if ((y = yaml_get(root, "events")))
		load_events(l, y);
	c->counting = 2;
	if ((y = yaml_get(root, "counting")))
		load_scalar(l, y, &top_keys[TOP_COUNTING], &c->counting, &canon);
	if ((y = yaml_get(root, "defaults")) && load_is_map(l, y, "defaults"))
		l->defaults = y;
	if ((y = yaml_get(root, "targets")))
		load_targets(l, y);
	else if (!(meant & 1u << TOP_TARGETS))
		diag_add(l->diag, root->at, "'targets' is missing: where to measure, such as "
			 "`targets: [{name: ram, dram: 1G}]`");
	if ((y = yaml_get(root, "benches")))
		load_benches(l, y);
	else if (!(meant & 1u << TOP_BENCHES))
		diag_add(l->diag, root->at, "'benches' is missing: what to measure");
}

static void
load_all(struct loader *l)
{
	const struct source *src = &l->mem->src[0];
	const size_t bom = src->len >= 3 && !memcmp(src->text, "\xef\xbb\xbf", 3) ? 3 : 0;
	struct ynode *root = yaml_parse(l->arena, src, bom, src->len - bom, l->diag);

	if (!root)
		return;
	if (root->kind != Y_MAP) {
		diag_add(l->diag, root->at, "a config is a map of keys and values, beginning with 'version: 1'");
		return;
	}
	if (load_settings(l, root))
		load_top(l, root);
}

int
config_load(struct config **out, const char *file, const char *text, size_t len,
	    const struct setting *set, size_t nset, struct kernels kernels, FILE *err)
{
	struct config_mem *m = calloc(1, sizeof(*m));
	struct diag *d = calloc(1, sizeof(*d));
	volatile int rc = -ENOMEM;	/* setjmp */

	*out = NULL;
	if (!m || !d || setjmp(m->arena.oom))
		goto out;
	m->config.mem = m;
	m->config.kernels = kernels;
	m->config.file = arena_strdup(&m->arena, file);
	m->config.text = arena_strndup(&m->arena, text, len);
	m->nsrc = nset + 1;
	m->src = arena_alloc(&m->arena, m->nsrc, sizeof(*m->src));
	m->src[0] = (struct source){ m->config.file, m->config.text, len, .made = file == config_of_options };
	for (size_t i = 0; i < nset; i++)
		m->src[i + 1] = (struct source){ .name = "--set", .text = arena_strdup(&m->arena, set[i].text),
						 .len = strlen(set[i].text) };
	load_all(&(struct loader){ .mem = m, .arena = &m->arena, .diag = d, .kernels = kernels });
	diag_print(d, err);
	rc = d->n ? -EINVAL : 0;
	if (!rc && m->config.quick)
		rc = config_quick(&m->config);
out:
	free(d);
	if (rc)
		config_free(m ? &m->config : NULL);
	else
		*out = &m->config;
	return rc;
}

void
config_free(struct config *c)
{
	if (!c)
		return;
	arena_free(&((struct config_mem *)c)->arena);
	free(c);
}

bool
config_known_name(void *config, const char *name)
{
	static const char *const others[] = { "bench", "role", "medium", "durable" };
	const struct config *c = config;

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (!strcmp(others[i], name))
			return true;
	for (size_t i = 0; i < AXES; i++)
		if (!strcmp(axis_keys[i].name, name))
			return true;
	for (size_t i = 0; i < c->nbench; i++)
		for (size_t k = 0; k < c->bench[i].axis[AXIS_KERNEL].n; k++) {
			const struct kernel *kernel = c->kernels.v[c->bench[i].axis[AXIS_KERNEL].v[k].num];

			for (const struct param *p = kernel->params; p && p->name; p++)
				if (!strcmp(p->name, name))
					return true;
		}
	return false;
}

enum { ORIGIN_MAX = 60 };		/* bytes of an option that are repeated */

/* A double-quoted scalar. */
static void
put_quoted(FILE *f, const char *s, size_t len)
{
	fputc('"', f);
	for (size_t i = 0; i < len; i++) {
		const unsigned char c = (unsigned char)s[i];

		if (c < ' ' || c == 0x7f)
			fprintf(f, "\\x%02x", c);
		else if (c == '"' || c == '\\')
			fprintf(f, "\\%c", c);
		else
			fputc(c, f);
	}
	fputc('"', f);
}

/* Behind the line: the option it stands for (diag.h). */
static void
put_origin(FILE *f, const char *option, const char *s, size_t len)
{
	const bool cut = len > ORIGIN_MAX;

	if (cut)
		for (len = ORIGIN_MAX; len && ((unsigned char)s[len] & 0xc0) == 0x80; len--)
			;
	fprintf(f, "\t# %s ", option);
	for (size_t i = 0; i < len; i++)
		fputc((unsigned char)s[i] < ' ' || s[i] == 0x7f ? '?' : s[i], f);
	fputs(cut ? "...\n" : "\n", f);
}

static void
put_list(FILE *f, const char *option, const char *key, const char *items)
{
	if (!items)
		return;
	fprintf(f, "    %s: [", key);
	for (const char *p = items; ; p++) {
		const size_t len = strcspn(p, ",");

		put_quoted(f, p, len);
		p += len;
		if (!*p)
			break;
		fputs(", ", f);
	}
	fputc(']', f);
	put_origin(f, option, items, strlen(items));
}

/* By its spelling alone. */
static int
guess_kind(const char *path)
{
	const char *base = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
	const size_t n = strlen(base);

	if (strncmp(path, "/dev/", 5) || !strncmp(path, "/dev/shm", 8))
		return KIND_FILE;
	if (!strncmp(base, "dax", 3))
		return KIND_DEVDAX;
	return !strncmp(base, "pmem", 4) && base[n - 1] == 's' ? KIND_SECTOR : KIND_RAW;
}

/* The last part of a path, as a name. */
static void
base_name(char *name, const char *path, size_t len)
{
	size_t from = len, n = 0;

	while (from && path[from - 1] != '/' && len - from < 50)
		from--;
	for (; from < len; from++) {
		const char one[2] = { path[from], 0 };

		name[n++] = text_name_ok(one) ? path[from] : '_';
	}
	strcpy(name + n, n ? "" : "root");
}

/* "." and ".." name nothing: their real path does. */
static void
target_name(char *name, const char *path, const struct options *o)
{
	const char *base = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
	char real[TARGET_PATH_MAX];

	if ((!strcmp(base, ".") || !strcmp(base, "..")) && o->real_path && o->real_path(path, real))
		path = strcmp(real, "/") ? real : "";
	base_name(name, path, strlen(path));
}

/* Is a target of one word, `word` or `word:SIZE`?  The size goes to *size. */
static bool
is_made(const char *t, size_t len, const char *word, const char **size, size_t *size_len)
{
	const size_t n = strlen(word);

	if (len < n || memcmp(t, word, n) || (len > n && t[n] != ':'))
		return false;
	*size = len > n ? t + n + 1 : "256M";
	*size_len = len > n ? len - n - 1 : 4;
	return true;
}

struct named_target { const char *kind, *value; size_t len; char name[NAME_MAX_]; };

/* What one item of -t stands for; kind NULL: auto. */
static struct named_target
read_target(const char *t, size_t len, const struct options *o)
{
	struct named_target r = { .kind = "dram" };
	char path[TARGET_PATH_MAX];
	int kind = -1;

	if (len == 4 && !memcmp(t, "auto", 4))
		return (struct named_target){ .kind = NULL };
	strcpy(r.name, "dram");
	if (is_made(t, len, "dram", &r.value, &r.len))
		return r;
	strcpy(r.name, r.kind = "loop");
	if (is_made(t, len, "loop", &r.value, &r.len))
		return r;
	while (len > 1 && t[len - 1] == '/')
		len--;
	snprintf(path, sizeof(path), "%.*s", (int)(len < sizeof(path) ? len : sizeof(path) - 1), t);
	if (o->kind_of)
		kind = o->kind_of(path);
	if (kind < 0)
		kind = guess_kind(path);
	r.kind = target_kind_name[kind];
	r.value = t;
	r.len = len;
	target_name(r.name, path, o);
	return r;
}

static void
put_targets(FILE *f, const struct options *o)
{
	const char *const all = o->targets ? o->targets : "auto";

	for (const char *p = all; ; p++) {
		const size_t n = strcspn(p, ",");
		const struct named_target t = read_target(p, n, o);
		unsigned alike = 1;

		/* Targets of one name are told apart by a number. */
		for (const char *q = all; q < p; q += strcspn(q, ",") + 1)
			alike += !strcmp(read_target(q, strcspn(q, ","), o).name, t.name);
		if (t.kind) {
			fprintf(f, "  - {name: %s", t.name);
			if (alike > 1)
				fprintf(f, "-%u", alike);
			fprintf(f, ", %s: ", t.kind);
			put_quoted(f, t.value, t.len);
			fputc('}', f);
		} else {
			fputs("  - auto: true", f);
		}
		put_origin(f, "-t", p, n);
		p += n;
		if (!*p)
			break;
	}
}

char *
config_from_options(const struct options *o)
{
	char *text = NULL;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	if (!f)
		return NULL;
	fputs("version: 1\nname: options\ntargets:\n", f);
	put_targets(f, o);
	fputs("benches:\n  - name: options\n", f);
	put_list(f, "-k", "kernel", o->kernels ? o->kernels : "all");
	put_list(f, "-s", "size", o->sizes);
	put_list(f, "-T", "threads", o->threads);
	put_list(f, "-m", "mode", o->mode);
	if (fclose(f)) {
		free(text);
		return NULL;
	}
	return text;
}
