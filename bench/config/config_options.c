/* SPDX-License-Identifier: BSD-2-Clause */
/* config_options.c -- the text of a config for `run-bench -k ... -s ... -t ...`. */
#include <stdlib.h>
#include <string.h>
#include "config.h"
#include "text.h"

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
