/* SPDX-License-Identifier: BSD-2-Clause */
/* recipe_config.c -- what the targets of a config need. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "recipe.h"
#include "text.h"
#include "why.h"

#define M (1ull << 20)

static bool
is_uuid(const char *s)
{
	return strlen(s) == 36 && s[8] == '-' && s[13] == '-' && s[18] == '-' && s[23] == '-' &&
		!s[strspn(s, "0123456789abcdefABCDEF-")];
}

void
recipe_below(char to[RECIPE_PATH], const char *mount, const char *dir)
{
	snprintf(to, RECIPE_PATH, "%.*s/%.*s", TARGET_PATH_MAX, mount, TARGET_PATH_MAX, dir);
}

void
recipe_mount_point(const struct target_spec *t, char mount[RECIPE_PATH], char dir[RECIPE_PATH])
{
	size_t n;

	dir[0] = 0;
	if (t->namespace_[0]) {
		snprintf(mount, RECIPE_PATH, "/mnt/%s",
			is_uuid(t->namespace_) ? t->name : t->namespace_);
		if (t->path[0])
			recipe_below(dir, mount, t->path);
		return;
	}
	strcpy(mount, t->path);
	for (n = strlen(mount); n > 1 && mount[n - 1] == '/'; )
		mount[--n] = 0;
	n = strncmp(mount, "/mnt/", 5) == 0 ? 5 + strcspn(mount + 5, "/") : n;
	if (mount[n]) {
		strcpy(dir, mount);
		mount[n] = 0;
	}
}

/* Does a bench use the i-th target? */
static bool
uses(const struct bench *b, size_t i)
{
	for (size_t k = 0; k < b->axis[AXIS_TARGET].n; k++)
		if (b->axis[AXIS_TARGET].v[k].num == i)
			return true;
	return false;
}

/* What the benches ask of a target: the kinds of files, sectors of 512, the pages that all want. */
struct needs { unsigned files; bool small; uint64_t page; };

static void
add_pages(struct needs *n, const struct bench *b, uint64_t by_default)
{
	const struct axis *prep = &b->axis[AXIS_PREPARATION], *page = &b->axis[AXIS_PAGE_SIZE];

	for (size_t j = 0; j < page->n; j++) {
		const uint64_t asked = page->v[j].num ? page->v[j].num : by_default;

		for (size_t k = 0; k < prep->n; k++)
			n->files |= 1u << (prep->v[k].num * 2 + (!asked || asked >= 2 * M));
		if (asked)
			n->page = n->page && n->page != asked ? 2 * M : asked;
	}
}

static struct needs
needs(const struct config *c, size_t i)
{
	struct needs n = { .page = 0 };

	for (size_t k = 0; k < c->nbench; k++) {
		const struct bench *b = &c->bench[k];
		const struct axis *kernel = &b->axis[AXIS_KERNEL], *size = &b->axis[AXIS_SIZE];
		bool sectors = false;

		if (!uses(b, i))
			continue;
		add_pages(&n, b, c->target[i].page_size);
		for (size_t j = 0; j < kernel->n; j++)
			sectors |= c->kernels.v[kernel->v[j].num]->needs & CAP_BLOCK;
		for (size_t j = 0; j < size->n; j++)
			n.small |= sectors && size->v[j].num % 4096;
	}
	return n;
}

/* Bytes of a namespace: of a directory the files, one more that is just being made, the page structs
 * and the file system's own; of a device the part that is used and what the mode takes.  0: a fair share. */
static uint64_t
room(const struct target_spec *t, const char *fs, unsigned files)
{
	const uint64_t end = t->offset + t->length;
	const uint64_t bytes = t->size * (1 + (unsigned)__builtin_popcount(files)) / 8 * 9;

	if (!fs[0])
		return !t->length ? 0 : t->kind == KIND_RAW ? end : end / 32 * 33 + 16 * M;
	if (strcmp(fs, "xfs") != 0)
		return bytes + 64 * M;
	return bytes < 256 * M ? 384 * M : bytes + 128 * M; /* mkfs.xfs makes none under 300M */
}

/* Does such a recipe make what the target wants? */
static bool
makes(const struct recipe *m, const struct target_spec *t)
{
	const bool fs = m->key[RECIPE_FS][0];

	if (t->kind == KIND_FILE)
		return fs;
	if (t->kind == KIND_FSDAX)
		return m->kind == KIND_FSDAX && strcmp(m->key[RECIPE_DAX], "never") != 0;
	return !fs && (m->kind == t->kind || (t->kind == KIND_RAW && m->kind == KIND_SECTOR));
}

/* /dev/pmem0.1s is a sector namespace of region0, /dev/dax1.0 a devdax one of region1. */
static int
name_device(struct recipe *m, const struct target_spec *t, char *why, size_t whylen)
{
	const char *stem = m->kind == KIND_DEVDAX ? "/dev/dax" : "/dev/pmem",
		   *number = t->path + strlen(stem);
	const size_t digits =
		strncmp(t->path, stem, strlen(stem)) == 0 ? strspn(number, "0123456789") : 0;

	number += strspn(number, ".0123456789");
	if (!digits || strcmp(number, m->kind == KIND_SECTOR ? "s" : "") != 0)
		return why_set(why, whylen, EINVAL,
			"target %s: %s is not there, and no %s namespace is called so; "
			"write {namespace: NAME}",
			t->name, t->path, target_kind_name[m->kind]);
	strcpy(m->device, t->path);
	if (!m->region[0])
		snprintf(m->region, sizeof m->region, "region%.*s", (int)digits, t->path + strlen(stem));
	return 0;
}

/* Its namespace is to be made, or to be mounted. */
static int
need(struct recipe *m, const struct config *c, size_t i, const struct recipe_found *f, char *why,
	size_t whylen)
{
	const struct target_spec *t = &c->target[i];
	const char *fs = m->key[RECIPE_FS];

	if (!makes(m, t))
		return why_set(why, whylen, EINVAL, "target %s is %s: the mode %s%s makes none",
			t->name, target_kind_name[t->kind], target_kind_name[m->kind],
			fs[0] ? ", as it says," : "");
	if (fs[0])
		recipe_mount_point(t, m->mount, m->dir);
	if (f->device[0]) {
		m->step = RECIPE_MOUNT;
		m->size = f->size;
		strcpy(m->device, f->device);
		return 0;
	}
	if (is_uuid(t->namespace_))
		return why_set(why, whylen, EINVAL,
			"target %s: no namespace has the uuid %s, and a new one gets one of "
			"its own; write {namespace: NAME}",
			t->name, t->namespace_);
	strcpy(m->name, t->namespace_[0] ? t->namespace_ : t->name);
	if (!m->size) {
		m->size = room(t, fs, needs(c, i).files);
		m->least = true;
	}
	return !fs[0] && !t->namespace_[0] ? name_device(m, t, why, whylen) : 0;
}

static void
nothing(struct recipe *m, const char *note, const char *what)
{
	m->step = RECIPE_NOTHING;
	snprintf(m->note, sizeof m->note, "%s%s", note, what);
}

/* Two targets may lie on one namespace: the first of them makes it, large enough for both. */
static void
share(struct recipe *all, size_t i, const struct target_spec *t)
{
	struct recipe *m = &all[i];

	for (size_t k = 0; k < i; k++) {
		struct recipe *first = &all[k];
		const bool same = m->mount[0] || first->mount[0]
			? strcmp(first->mount, m->mount) == 0
			: strcmp(first->device, m->device) == 0;

		if (first->step == RECIPE_NOTHING ||
			strcmp(t[k].namespace_, t[i].namespace_) != 0 || !same)
			continue;
		if (first->least && m->mount[0])
			first->size += m->size;
		else if (first->least && first->size && (!m->size || m->size > first->size))
			first->size = m->size;
		nothing(m, "lies on the namespace of ", first->target);
	}
}

/* m->target: a MODE says how. */
static int
one_target(struct recipe *all, const struct config *c, size_t i, const struct recipe_found *f,
	char *why, size_t whylen)
{
	const struct target_spec *t = &c->target[i];
	struct recipe *m = &all[i];
	const bool own = m->target;
	char size[TEXT_NUM];
	int rc = 0;

	if (!own) {
		recipe_start(m, t->kind);
		m->target = t->name;
		if (m->kind == KIND_DEVDAX && needs(c, i).page)
			recipe_set(m, RECIPE_ALIGN, text_put_size(size, needs(c, i).page));
		if (m->kind == KIND_SECTOR && needs(c, i).small)
			m->key[RECIPE_SECTOR] = "512";
	}
	m->as = t->kind;
	if (!own && t->kind == KIND_FILE)
		nothing(m, "any directory will do: ", t->path);
	else if (!own && t->kind == KIND_DRAM)
		nothing(m, "nothing is needed", "");
	else if (!own && t->kind == KIND_LOOP)
		nothing(m, "the run makes it", "");
	else if (f->why[0])
		rc = why_set(why, whylen, EINVAL, "target %s: %s", t->name, f->why);
	else if (f->ready)
		nothing(m, "is there: ", t->namespace_[0] ? t->namespace_ : t->path);
	else if (f->dir[0]) {
		nothing(m, "lacks but its directory", "");
		strcpy(m->dir, f->dir);
	} else {
		rc = need(m, c, i, f, why, whylen);
		if (rc == 0)
			share(all, i, c->target);
	}
	return rc;
}

int
recipe_config(struct recipe *m, const struct config *c, const struct recipe_found *found,
	const struct recipe *own, size_t nown, char *why, size_t whylen)
{
	int rc = 0;

	for (size_t k = 0; k < nown; k++) {
		size_t i = 0;

		while (i < c->ntarget && strcmp(c->target[i].name, own[k].name) != 0)
			i++;
		if (i == c->ntarget)
			return why_set(why, whylen, EINVAL,
				"%s: after a config a mode says name=TARGET%s%s",
				target_kind_name[own[k].kind],
				own[k].name[0] ? "; none is called " : "", own[k].name);
		if (m[i].target)
			return why_set(why, whylen, EINVAL, "two modes are for %s", own[k].name);
		m[i] = own[k];
		m[i].target = c->target[i].name;
	}
	for (size_t i = 0; rc == 0 && i < c->ntarget; i++)
		rc = one_target(m, c, i, &found[i], why, whylen);
	return rc;
}
