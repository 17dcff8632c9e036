/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "prepare_config.h"
#include "why.h"

static bool
is_uuid(const char *s)
{
	return strlen(s) == 36 && s[8] == '-' && s[13] == '-' && s[18] == '-' && s[23] == '-' &&
	       !s[strspn(s, "0123456789abcdefABCDEF-")];
}

void
prepare_below(char to[PREP_PATH], const char *mount, const char *dir)
{
	snprintf(to, PREP_PATH, "%.*s/%.*s", TARGET_PATH_MAX, mount, TARGET_PATH_MAX, dir);
}

void
prepare_mount_point(const struct target_spec *t, char mount[PREP_PATH], char dir[PREP_PATH])
{
	size_t n;

	dir[0] = 0;
	if (t->namespace_[0]) {
		snprintf(mount, PREP_PATH, "/mnt/%s", is_uuid(t->namespace_) ? t->name : t->namespace_);
		if (t->path[0])
			prepare_below(dir, mount, t->path);
		return;
	}
	snprintf(mount, PREP_PATH, "%s", t->path);
	for (n = strlen(mount); n > 1 && mount[n - 1] == '/'; )
		mount[--n] = 0;
	if (strncmp(mount, "/mnt/", 5) != 0)
		return;
	n = 5 + strcspn(mount + 5, "/");
	if (mount[n]) {
		memcpy(dir, mount, strlen(mount) + 1);
		mount[n] = 0;
	}
}

static void
by_kind(struct prep_mode *m, const struct config *c, size_t i)
{
	static const enum prep_kind kind[KINDS] = {
		[KIND_FSDAX] = PREP_FSDAX, [KIND_DEVDAX] = PREP_DEVDAX, [KIND_SECTOR] = PREP_SECTOR, [KIND_RAW] = PREP_RAW,
	};

	prepare_mode(m, kind[c->target[i].kind]);
	if (m->kind == PREP_DEVDAX)
		m->align = prepare_page(c, i);
	if (m->kind == PREP_SECTOR)
		m->sector = prepare_sector(c, i);
}

/* Does such a mode make what the target wants? */
static bool
makes(const struct prep_mode *m, const struct target_spec *t)
{
	switch (t->kind) {
	case KIND_FILE: return m->fs[0];
	case KIND_FSDAX: return m->kind == PREP_FSDAX && strcmp(m->dax, "never") != 0;
	case KIND_DEVDAX: return m->kind == PREP_DEVDAX;
	case KIND_SECTOR: return m->kind == PREP_SECTOR && !m->fs[0];
	case KIND_RAW: return (m->kind == PREP_RAW || m->kind == PREP_SECTOR) && !m->fs[0];
	case KIND_DRAM:
	case KIND_LOOP:
	case KINDS:
	default: return false;
	}
}

/* /dev/pmem0.1s is a sector namespace of region0, /dev/dax1.0 a devdax one of region1. */
static int
name_device(struct prep_mode *m, const struct target_spec *t, char *why, size_t whylen)
{
	const char *stem = m->kind == PREP_DEVDAX ? "/dev/dax" : "/dev/pmem", *number = t->path + strlen(stem);
	const size_t digits = strncmp(t->path, stem, strlen(stem)) == 0 ? strspn(number, "0123456789") : 0;

	if (!digits || strcmp(number + strspn(number, ".0123456789"), m->kind == PREP_SECTOR ? "s" : "") != 0)
		return why_set(why, whylen, EINVAL, "target %s: %s is not there, and no %s namespace is called so; "
			       "write {namespace: NAME}", t->name, t->path, prep_kind_name[m->kind]);
	snprintf(m->device, sizeof m->device, "%s", t->path);
	if (!m->region[0])
		snprintf(m->region, sizeof m->region, "region%.*s", (int)digits, number);
	return 0;
}

/* Its namespace is to be made, or to be mounted. */
static int
need(struct prep_mode *m, const struct config *c, size_t i, const struct prep_found *f, char *why, size_t whylen)
{
	const struct target_spec *t = &c->target[i];

	if (!makes(m, t))
		return why_set(why, whylen, EINVAL, "target %s is %s: the mode %s%s makes none", t->name,
			       target_kind_name[t->kind], prep_kind_name[m->kind], !m->fs[0] ? "" :
			       m->kind == PREP_SECTOR ? ",fs=" : strcmp(m->dax, "never") == 0 ? ",dax=never" : "");
	snprintf(m->name, sizeof m->name, "%s", f->space[0] ? f->space : t->namespace_[0] ? t->namespace_ : t->name);
	if (m->fs[0])
		prepare_mount_point(t, m->mount, m->dir);
	if (f->space[0]) {
		m->step = f->fs[0] ? PREP_MOUNT : PREP_FORMAT;
		if (f->fs[0])
			m->fs = f->fs;
		m->size = f->size;
		snprintf(m->device, sizeof m->device, "%s", f->device);
		return 0;
	}
	if (is_uuid(t->namespace_))
		return why_set(why, whylen, EINVAL, "target %s: no namespace has the uuid %s, and a new one gets one of "
			       "its own; write {namespace: NAME}", t->name, t->namespace_);
	if (!m->size) {
		m->size = prepare_room(c, i, m->fs);
		m->least = true;
	}
	return !m->fs[0] && !t->namespace_[0] ? name_device(m, t, why, whylen) : 0;
}

static void
nothing(struct prep_mode *m, const char *note, const char *what)
{
	m->step = PREP_NOTHING;
	snprintf(m->note, sizeof m->note, "%s%s", note, what);
}

/* Two targets may lie on one namespace: the first of them makes it, large enough for both. */
static void
share(struct prep_mode *all, size_t i, const struct target_spec *t)
{
	struct prep_mode *m = &all[i];

	for (size_t k = 0; k < i; k++) {
		struct prep_mode *first = &all[k];
		const bool same = m->mount[0] || first->mount[0] ? strcmp(first->mount, m->mount) == 0 :
				  strcmp(first->device, m->device) == 0;

		if (first->step == PREP_NOTHING || strcmp(t[k].namespace_, t[i].namespace_) != 0 || !same)
			continue;
		if (first->least && m->mount[0])
			first->size += m->size;
		else if (first->least && first->size && (!m->size || m->size > first->size))
			first->size = m->size;
		nothing(m, "lies on the namespace of ", first->target);
	}
}

static int
prepare_target(struct prep_mode *all, const struct config *c, size_t i, const struct prep_found *f,
	       const struct prep_mode *own, char *why, size_t whylen)
{
	const struct target_spec *t = &c->target[i];
	struct prep_mode *m = &all[i];
	int rc;

	by_kind(m, c, i);
	if (own)
		*m = *own;
	m->target = t->name;
	m->as = target_kind_name[t->kind];
	if (!own && t->kind == KIND_FILE)
		nothing(m, "any directory will do: ", t->path);
	else if (!own && t->kind == KIND_DRAM)
		nothing(m, "nothing is needed", "");
	else if (!own && t->kind == KIND_LOOP)
		nothing(m, "the run makes it", "");
	else if (f->why[0])
		return why_set(why, whylen, EINVAL, "target %s: %s", t->name, f->why);
	else if (f->ready)
		nothing(m, "is there: ", t->namespace_[0] ? t->namespace_ : t->path);
	else if (f->mount[0]) {
		nothing(m, "lacks but its directory below ", f->mount);
		if (t->namespace_[0])
			prepare_below(m->dir, f->mount, t->path);
		else
			snprintf(m->dir, sizeof m->dir, "%s", t->path);
	} else {
		rc = need(m, c, i, f, why, whylen);
		if (rc < 0)
			return rc;
		share(all, i, c->target);
	}
	return 0;
}

/* The MODE that bears the target's name. */
static const struct prep_mode *
own_mode(const struct prep_mode *own, size_t n, const char *target)
{
	for (size_t k = 0; k < n; k++)
		if (strcmp(own[k].name, target) == 0)
			return &own[k];
	return NULL;
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
prepare_config(struct prep_mode *m, const struct config *c, const struct prep_found *found,
	       const struct prep_mode *own, size_t nown, char *why, size_t whylen)
{
	int rc = 0;

	for (size_t k = 0; k < nown; k++) {
		if (!is_target(c, own[k].name))
			return why_set(why, whylen, EINVAL, "%s: after a config a mode says name=TARGET%s%s",
				       prep_kind_name[own[k].kind], own[k].name[0] ? "; none is called " : "", own[k].name);
		if (own_mode(own, k, own[k].name))
			return why_set(why, whylen, EINVAL, "two modes are for %s", own[k].name);
	}
	for (size_t i = 0; rc == 0 && i < c->ntarget; i++)
		rc = prepare_target(m, c, i, &found[i], own_mode(own, nown, c->target[i].name), why, whylen);
	return rc;
}
