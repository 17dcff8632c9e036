/* SPDX-License-Identifier: BSD-2-Clause */
/* The folders of figures. */
#include "plugin.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "diag.h"

enum { SCRIPT_MAX = 256 << 10 };

/* What figures are drawn with is no figure. */
static bool
is_part(const char *name)
{
	return strcmp(name, "common.gp") == 0 || strncmp(name, "form-", 5) == 0;
}

static int
is_script(const struct dirent *d)
{
	const size_t n = strlen(d->d_name);

	return n > 3 && strcmp(d->d_name + n - 3, ".gp") == 0 && !is_part(d->d_name) &&
		(n < 8 || strcmp(d->d_name + n - 8, ".vars.gp") != 0);
}

static int
slurp(struct arena *mem, const char *path, struct source *src)
{
	FILE *f = fopen(path, "re");
	char *text;

	if (!f)
		return -errno;
	text = arena_alloc(mem, SCRIPT_MAX, 1);
	src->len = fread(text, 1, SCRIPT_MAX - 1, f);
	fclose(f);
	*src = (struct source){ .name = path, .text = text, .len = src->len };
	return strlen(text) == src->len ? 0 : -EINVAL;
}

/* Add it, or put it in place of one of the same name. */
static struct figure *
slot(struct figures *all, const char *name)
{
	for (size_t i = 0; i < all->n; i++)
		if (strcmp(all->v[i].name, name) == 0) {
			filter_free(all->v[i].where);
			filter_free(all->v[i].baseline);
			return &all->v[i];
		}
	all->v = arena_grow(&all->mem, all->v, all->n, sizeof *all->v);
	return &all->v[all->n++];
}

static int
load_one(struct figures *all, const char *dir, const char *file, bool (*param)(const char *name), FILE *err)
{
	struct diag *d = arena_alloc(&all->mem, 1, sizeof *d);
	const char *name = arena_strndup(&all->mem, file, strlen(file) - 3);
	struct source *src = arena_alloc(&all->mem, 1, sizeof *src);
	struct figure *f = slot(all, name);
	int rc;

	*f = (struct figure){ .name = name, .file = arena_printf(&all->mem, "%s/%s", dir, file) };
	rc = slurp(&all->mem, f->file, src);
	if (rc < 0) {
		fprintf(err, "%s: %s\n", f->file, rc == -EINVAL ? "not a script" : strerror(-rc));
		return rc;
	}
	rc = figure_parse(f, &all->mem, src, param, d);
	diag_print(d, err);
	return rc;
}

static int
load_folder(struct figures *all, const char *dir, bool (*param)(const char *name), FILE *err)
{
	struct dirent **list;
	int n = scandir(dir, &list, is_script, alphasort), rc = 0;

	if (n < 0)
		return -errno;
	for (int i = 0; i < n; i++) {
		int one = load_one(all, dir, list[i]->d_name, param, err);

		rc = rc ? rc : one;
		free(list[i]);
	}
	free(list);
	return rc;
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(((const struct figure *)a)->name, ((const struct figure *)b)->name);
}

int
figures_load(struct figures *all, const char *dir, const char *extra, bool (*param)(const char *name), FILE *err)
{
	int rc;

	*all = (struct figures){ 0 };
	if (setjmp(all->mem.oom)) {
		figures_free(all);
		return -ENOMEM;
	}
	rc = load_folder(all, dir, param, err);
	if (rc == 0 && extra)
		rc = load_folder(all, extra, param, err);
	if (all->n > 0)
		qsort(all->v, all->n, sizeof *all->v, by_name);
	return rc;
}

void
figures_free(struct figures *all)
{
	for (size_t i = 0; i < all->n; i++) {
		filter_free(all->v[i].where);
		filter_free(all->v[i].baseline);
	}
	arena_free(&all->mem);
	all->n = 0;
}

const struct figure *
figures_find(const struct figures *all, const char *name)
{
	for (size_t i = 0; i < all->n; i++)
		if (strcmp(all->v[i].name, name) == 0)
			return &all->v[i];
	return NULL;
}
