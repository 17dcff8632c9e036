/* SPDX-License-Identifier: BSD-2-Clause */
/* recipe_config.c -- what the targets of a config need. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "recipe.h"
#include "why.h"

#define M (1ull << 20)
enum { UUID = 36 };
#define UNIT (64 * M)		/* regions take sizes in multiples of 16 MiB, interleaved ones of more */

/* Of /mnt/X/Y the file system is X's, with a directory in it; another path is a mount point. */
static void
mount_point(struct recipe *m, const struct target_spec *t)
{
	size_t n;

	if (t->namespace_[0]) {
		snprintf(m->mount, sizeof m->mount, "/mnt/%s", t->namespace_);
		if (t->path[0])
			snprintf(m->dir, sizeof m->dir, "/mnt/%s/%.*s", t->namespace_, TARGET_PATH_MAX - NAME_MAX_ - 8, t->path);
		return;
	}
	snprintf(m->mount, sizeof m->mount, "%s", t->path);
	for (n = strlen(m->mount); n > 1 && m->mount[n - 1] == '/'; )
		m->mount[--n] = 0;
	n = strncmp(m->mount, "/mnt/", 5) == 0 ? 5 + strcspn(m->mount + 5, "/") : n;
	if (m->mount[n]) {
		strcpy(m->dir, m->mount);
		m->mount[n] = 0;
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

/* Bytes of a namespace: for a directory a file of each preparation and page size of a bench, one more
 * that is just being made, the page structs and the file system's own; of a device the part that is
 * used and what the mode takes for itself.  0: what is left. */
static uint64_t
room(const struct config *c, size_t i, const char *fs)
{
	const struct target_spec *t = &c->target[i];
	const uint64_t end = t->offset + t->length;
	size_t files = 0;

	if (!fs[0])
		return !t->length ? 0 : (end / 32 * 33 + 16 * M + UNIT - 1) / UNIT * UNIT;
	for (size_t k = 0; k < c->nbench; k++)
		if (uses(&c->bench[k], i))
			files += c->bench[k].axis[AXIS_PREPARATION].n * c->bench[k].axis[AXIS_PAGE_SIZE].n;
	/* mkfs.xfs makes none under 300M. */
	return (t->size * (files + 1) / 8 * 9 + (strcmp(fs, "xfs") == 0 ? 320 : 64) * M + UNIT - 1) / UNIT * UNIT;
}

/* Sectors of 512 where ones are written that are no multiple of 4096. */
static bool
small_sectors(const struct config *c, size_t i)
{
	for (size_t k = 0; k < c->nbench; k++) {
		const struct axis *kernel = &c->bench[k].axis[AXIS_KERNEL], *size = &c->bench[k].axis[AXIS_SIZE];
		bool sectors = false;

		for (size_t j = 0; uses(&c->bench[k], i) && j < kernel->n; j++)
			sectors |= c->kernels.v[kernel->v[j].num]->needs & CAP_BLOCK;
		for (size_t j = 0; sectors && j < size->n; j++)
			if (size->v[j].num % 4096)
				return true;
	}
	return false;
}

/* Does such a mode make what the target wants? */
static bool
makes(const struct recipe *m, const struct target_spec *t)
{
	const bool fs = m->key[RECIPE_FS][0];

	switch (t->kind) {
	case KIND_FILE: return fs;
	case KIND_FSDAX: return m->kind == KIND_FSDAX && strcmp(m->key[RECIPE_DAX], "never") != 0;
	case KIND_DEVDAX: return m->kind == KIND_DEVDAX;
	case KIND_SECTOR: return m->kind == KIND_SECTOR && !fs;
	case KIND_RAW: return (m->kind == KIND_RAW || m->kind == KIND_SECTOR) && !fs;
	case KIND_DRAM:
	case KIND_LOOP:
	case KINDS:
	default: return false;
	}
}

/* /dev/pmem0.1s is a sector namespace of region0, /dev/dax1.0 a devdax one of region1. */
static int
name_device(struct recipe *m, const struct target_spec *t, char *why, size_t whylen)
{
	const char *stem = m->kind == KIND_DEVDAX ? "/dev/dax" : "/dev/pmem", *number = t->path + strlen(stem);
	const size_t digits = strncmp(t->path, stem, strlen(stem)) == 0 ? strspn(number, "0123456789") : 0;

	if (!digits || strcmp(number + strspn(number, ".0123456789"), m->kind == KIND_SECTOR ? "s" : "") != 0)
		return why_set(why, whylen, EINVAL, "target %s: %s is not there, and no %s namespace is called so; "
			       "write {namespace: NAME}", t->name, t->path, target_kind_name[m->kind]);
	strcpy(m->device, t->path);
	if (!m->region[0])
		snprintf(m->region, sizeof m->region, "region%.*s", (int)digits, number);
	return 0;
}

static void
nothing(struct recipe *m, const char *note, const char *of)
{
	m->note = note;
	snprintf(m->of, sizeof m->of, "%s", of);
}

/* Two targets may lie on one namespace: the first of them makes it, large enough for both. */
static void
share(struct recipe *all, size_t i)
{
	struct recipe *m = &all[i];

	for (size_t k = 0; k < i; k++) {
		struct recipe *first = &all[k];

		if (first->note || strcmp(first->mount, m->mount) != 0 || strcmp(first->device, m->device) != 0 ||
		    (!m->mount[0] && !m->device[0] && strcmp(first->name, m->name) != 0))
			continue;
		if (first->size && !first->exact)
			first->size = m->size ? first->size + m->size : 0;
		nothing(m, "lies on the namespace of ", first->target);
	}
}

static int
need(struct recipe *all, const struct config *c, size_t i, char *why, size_t whylen)
{
	const struct target_spec *t = &c->target[i];
	struct recipe *m = &all[i];
	const char *fs = m->key[RECIPE_FS];

	if (!makes(m, t))
		return why_set(why, whylen, EINVAL, "target %s is %s: the mode %s%s makes none", t->name,
			       target_kind_name[t->kind], target_kind_name[m->kind], !fs[0] ? "" :
			       m->kind == KIND_SECTOR ? ",fs=" : strcmp(m->key[RECIPE_DAX], "never") == 0 ? ",dax=never" : "");
	if (fs[0])
		mount_point(m, t);
	if (strlen(t->namespace_) == UUID)
		return why_set(why, whylen, EINVAL, "target %s: %s cannot be made, for a new namespace gets a uuid of its own, "
			       "or is not mounted; write {namespace: NAME}", t->name, t->namespace_);
	strcpy(m->name, t->namespace_[0] ? t->namespace_ : t->name);
	if (!fs[0] && !t->namespace_[0] && name_device(m, t, why, whylen) < 0)
		return -EINVAL;
	if (!m->size)
		m->size = room(c, i, fs);
	share(all, i);
	return 0;
}

static const struct recipe *
own_mode(const struct recipe *own, size_t n, const char *target)
{
	for (size_t k = 0; k < n; k++)
		if (strcmp(own[k].name, target) == 0)
			return &own[k];
	return NULL;
}

static int
one_target(struct recipe *all, const struct config *c, size_t i, bool ready, const struct recipe *own,
	   char *why, size_t whylen)
{
	const struct target_spec *t = &c->target[i];
	struct recipe *m = &all[i];

	recipe_start(m, t->kind);
	if (m->kind == KIND_SECTOR && small_sectors(c, i))
		m->key[RECIPE_SECTOR] = "512";
	if (own)
		*m = *own;
	m->target = t->name;
	m->as = t->kind;
	if (!own && t->kind == KIND_FILE)
		nothing(m, "any directory will do: ", t->path);
	else if (!own && t->kind == KIND_DRAM)
		nothing(m, "nothing is needed", "");
	else if (!own && t->kind == KIND_LOOP)
		nothing(m, "the run makes it", "");
	else if (ready && t->kind != KIND_FILE && makes(m, t))
		nothing(m, "is there: ", t->namespace_[0] ? t->namespace_ : t->path);
	else
		return need(all, c, i, why, whylen);
	return 0;
}

static bool
is_target(const struct config *c, const char *name)
{
	for (size_t i = 0; i < c->ntarget; i++)
		if (strcmp(c->target[i].name, name) == 0)
			return true;
	return false;
}

int
recipe_config(struct recipe *m, const struct config *c, bool ready(const struct target_spec *),
	      const struct recipe *own, size_t nown, char *why, size_t whylen)
{
	int rc = 0;

	for (size_t k = 0; k < nown; k++) {
		if (!is_target(c, own[k].name))
			return why_set(why, whylen, EINVAL, "%s: after a config a mode says name=TARGET%s%s",
				       target_kind_name[own[k].kind], own[k].name[0] ? "; none is called " : "", own[k].name);
		if (own_mode(own, k, own[k].name))
			return why_set(why, whylen, EINVAL, "two modes are for %s", own[k].name);
	}
	for (size_t i = 0; rc == 0 && i < c->ntarget; i++)
		rc = one_target(m, c, i, ready(&c->target[i]), own_mode(own, nown, c->target[i].name), why, whylen);
	return rc;
}
