/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/ndctl.h>
#include <ndctl/libndctl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "mounts.h"
#include "namespaces.h"
#include "prepare_look.h"
#include "signature.h"
#include "why.h"

struct regions { struct prep_region *v; size_t n; };

/* The largest piece; kernels before 4.20 tell only the sum. */
static uint64_t
room(struct ndctl_region *region)
{
	const unsigned long long extent = ndctl_region_get_max_available_extent(region);

	return extent == ULLONG_MAX ? ndctl_region_get_available_size(region) : extent;
}

static void
find_whole(struct prep_region *r, struct ndctl_region *region)
{
	struct ndctl_namespace *ns;
	struct namespace_ *all = NULL;
	const int n = namespaces_list(&all);

	ndctl_namespace_foreach(region, ns)
		snprintf(r->whole, sizeof r->whole, "%.31s", ndctl_namespace_get_devname(ns));
	for (int i = 0; i < n; i++)
		if (strcmp(all[i].name, r->whole) == 0 && all[i].mount[0])
			r->used = true;
	free(all);
}

static int
add_region(struct regions *l, struct ndctl_region *region)
{
	const unsigned long align = ndctl_region_get_align(region);
	struct prep_region *r = reallocarray(l->v, l->n + 1, sizeof *r);

	if (!r)
		return -ENOMEM;
	l->v = r;
	r += l->n++;
	*r = (struct prep_region){
		.labels = ndctl_region_get_nstype(region) != ND_DEVICE_NAMESPACE_IO,
		.free = room(region),
		.align = align == ULONG_MAX ? 0 : align,
		.node = ndctl_region_get_numa_node(region),
	};
	snprintf(r->name, sizeof r->name, "%.31s", ndctl_region_get_devname(region));
	if (!r->labels)
		find_whole(r, region);
	return 0;
}

int
prepare_regions(struct prep_region **out)
{
	struct regions l = { 0 };
	struct ndctl_ctx *ctx;
	struct ndctl_bus *bus;
	struct ndctl_region *region;
	int rc = ndctl_new(&ctx);

	*out = NULL;
	if (rc < 0)
		return rc;
	ndctl_bus_foreach(ctx, bus)
		ndctl_region_foreach(bus, region)
			if (rc == 0 && ndctl_region_get_type(region) == ND_DEVICE_REGION_PMEM &&
			    ndctl_region_is_enabled(region) && ndctl_region_get_ro(region) != 1)
				rc = add_region(&l, region);
	ndctl_unref(ctx);
	if (rc < 0)
		free(l.v);
	else
		*out = l.v;
	return rc < 0 ? rc : (int)l.n;
}

/* What the device of a namespace that is not mounted carries, when that can be mounted. */
static void
look_inside(const struct namespace_ *n, struct prep_found *f)
{
	const int fd = open(n->device, O_RDONLY | O_CLOEXEC);
	char what[96] = "";
	int rc = fd < 0 ? -errno : signature_block(fd, 0, 0, what, sizeof what);

	if (fd >= 0)
		close(fd);
	what[strcspn(what, " ")] = 0;
	if (rc < 0)
		why_set(f->why, sizeof f->why, 0, "namespace %s: %s: %s; run as root to see what it holds", n->name,
			n->device, strerror(-rc));
	else if (rc == 1 && strcmp(what, "ext4") != 0 && strcmp(what, "xfs") != 0)
		why_set(f->why, sizeof f->why, 0, "namespace %s (%s) is not mounted, and holds something other than ext4 "
			"or xfs; wipefs tells what", n->name, n->device);
	if (f->why[0])
		return;
	snprintf(f->fs, sizeof f->fs, "%s", what);
	snprintf(f->space, sizeof f->space, "%.64s", n->alias[0] ? n->alias : n->name);
	snprintf(f->device, sizeof f->device, "%s", n->device);
	f->size = n->size;
}

static bool
exists(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0;
}

/* Does its path lead below a directory that would do?  That one in f->mount. */
static bool
lacks_directory(const struct target_spec *t, struct prep_found *f)
{
	struct target_spec parent = *t;
	struct facts_target facts;
	char why[WHY_MAX];

	if (exists(t->path))
		return false;
	while (!exists(parent.path)) {
		char *slash = strrchr(parent.path, '/');

		strcpy(slash ? slash + (slash == parent.path) : parent.path, slash ? "" : ".");
	}
	/* Whether there is room, a run will say. */
	parent.size = 1 << 16;
	parent.page_size = 0;
	parent.optional = false;
	if (target_probe(&parent, &facts, why, sizeof why) < 0 || !facts.present)
		return false;
	snprintf(f->mount, sizeof f->mount, "%s", parent.path);
	return true;
}

/* Its file system is there: it may lack the directory alone. */
static void
look_below(const char *mount, const char *dir, struct prep_found *f, const char *why)
{
	if (dir[0] && !exists(dir))
		snprintf(f->mount, sizeof f->mount, "%s", mount);
	else
		snprintf(f->why, sizeof f->why, "%s", why);
}

/* A namespace of the name that the target says, or would get. */
static void
look_at(const struct target_spec *t, const struct namespace_ *n, struct prep_found *f, const char *why)
{
	char mount[PREP_PATH], dir[PREP_PATH];
	const char *kind = t->kind == KIND_FILE ? "fsdax" : target_kind_name[t->kind];

	prepare_mount_point(t, mount, dir);
	if (!n->device[0])
		why_set(f->why, sizeof f->why, 0, "namespace %s is disabled; ndctl enable-namespace %s", n->name, n->name);
	else if (strcmp(n->mode, kind) != 0 && !(t->kind == KIND_FILE && strcmp(n->mode, "sector") == 0))
		why_set(f->why, sizeof f->why, 0, "a namespace %s is there (%s), and is %s, not %s; name another, or ndctl "
			"destroy-namespace -f %s, and what it holds is lost", n->alias[0] ? n->alias : n->name, n->device,
			n->mode, kind, n->name);
	else if (t->kind != KIND_FSDAX && t->kind != KIND_FILE && t->namespace_[0])
		snprintf(f->why, sizeof f->why, "%s", why);
	else if (t->kind != KIND_FSDAX && t->kind != KIND_FILE)
		why_set(f->why, sizeof f->why, 0, "%.300s; a namespace %s is there, and is %s: write that, or {namespace: "
			"%s}", why, t->name, n->device, t->name);
	else if (!n->mount[0])
		look_inside(n, f);
	else if (!t->namespace_[0] && strcmp(n->mount, mount) != 0)
		why_set(f->why, sizeof f->why, 0, "a namespace %s is there (%s), mounted on %s, not on %s", n->alias,
			n->device, n->mount, mount);
	else {
		prepare_below(dir, n->mount, t->path);
		look_below(n->mount, t->namespace_[0] ? dir : t->path, f, why);
	}
}

static int
is_at(const struct mounted *m, void *arg)
{
	return strcmp(m->target, arg) == 0;
}

static bool
is_mount_point(const char *path)
{
	char real[PATH_MAX];

	return realpath(path, real) && mounts_each(is_at, real) == 1;
}

static void
look_for(const struct target_spec *t, const struct namespace_ *v, int n, struct prep_found *f)
{
	const char *id = t->namespace_[0] ? t->namespace_ : t->name;
	const struct namespace_ *found = NULL;
	char why[WHY_MAX] = "", mount[PREP_PATH], dir[PREP_PATH];
	struct facts_target facts;

	*f = (struct prep_found){ 0 };
	if (t->kind == KIND_DRAM || t->kind == KIND_LOOP)
		return;
	prepare_mount_point(t, mount, dir);
	f->ready = target_probe(t, &facts, why, sizeof why) == 0 && facts.present &&
		   (t->kind != KIND_FILE || is_mount_point(mount));
	if (f->ready || (t->kind == KIND_FSDAX && !t->namespace_[0] && lacks_directory(t, f)))
		return;
	if (!why[0])
		snprintf(why, sizeof why, "%s", facts.why);
	for (int i = 0; i < n && !f->why[0]; i++) {
		if (!namespace_is(&v[i], id))
			continue;
		if (found)
			why_set(f->why, sizeof f->why, 0, "two namespaces are called %s; name it by uuid", id);
		found = &v[i];
	}
	if (f->why[0])
		return;
	if (found)
		look_at(t, found, f, why);
	else if ((t->kind == KIND_FSDAX || t->kind == KIND_FILE) && is_mount_point(mount))
		look_below(mount, t->path, f, why);
}

int
prepare_look(const struct config *c, struct prep_found *f)
{
	struct namespace_ *v = NULL;
	const int n = namespaces_list(&v);

	for (size_t i = 0; n >= 0 && i < c->ntarget; i++)
		look_for(&c->target[i], v, n, &f[i]);
	free(v);
	return n < 0 ? n : 0;
}
