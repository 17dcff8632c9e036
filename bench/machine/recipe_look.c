/* SPDX-License-Identifier: BSD-2-Clause */
/* recipe_look.c -- the regions of this machine, and what it has of a config's targets. */
#include <errno.h>
#include <limits.h>
#include <linux/ndctl.h>
#include <ndctl/libndctl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "namespaces.h"
#include "recipe.h"
#include "why.h"

struct regions { struct recipe_region *v; size_t n; };

/* Its modules, where all have room for labels. */
static void
find_dimms(struct recipe_region *r, struct ndctl_region *region)
{
	struct ndctl_mapping *m;
	size_t n = 0;

	ndctl_mapping_foreach(region, m) {
		struct ndctl_dimm *d = ndctl_mapping_get_dimm(m);

		if (!ndctl_dimm_is_cmd_supported(d, ND_CMD_SET_CONFIG_DATA) ||
			n + 32 > sizeof r->dimms) {
			r->dimms[0] = 0;
			return;
		}
		n += (size_t)snprintf(r->dimms + n, sizeof r->dimms - n, "%s%.30s", n ? " " : "",
			ndctl_dimm_get_devname(d));
	}
}

/* One without labels is one namespace. */
static void
find_whole(struct recipe_region *r, struct ndctl_region *region)
{
	struct ndctl_namespace *ns;
	struct namespace_ *all = NULL;
	const int n = namespaces_list(&all);

	ndctl_namespace_foreach(region, ns)
		snprintf(r->whole, sizeof r->whole, "%.31s", ndctl_namespace_get_devname(ns));
	for (int i = 0; i < n; i++)
		r->used |= strcmp(all[i].name, r->whole) == 0 && all[i].mount[0];
	free(all);
	r->free = ndctl_region_get_size(region);
	find_dimms(r, region);
}

static int
add_region(struct regions *l, struct ndctl_region *region)
{
	const unsigned long long extent = ndctl_region_get_max_available_extent(region);
	const unsigned long align = ndctl_region_get_align(region);
	struct recipe_region *r = reallocarray(l->v, l->n + 1, sizeof *r);

	if (!r)
		return -ENOMEM;
	l->v = r;
	r += l->n++;
	*r = (struct recipe_region){
		.labels = ndctl_region_get_nstype(region) != ND_DEVICE_NAMESPACE_IO,
		/* Kernels before 4.20 tell only the sum. */
		.free = extent == ULLONG_MAX ? ndctl_region_get_available_size(region) : extent,
		.align = align == ULONG_MAX ? 0 : align,
		.node = ndctl_region_get_numa_node(region),
	};
	snprintf(r->name, sizeof r->name, "%.31s", ndctl_region_get_devname(region));
	if (!r->labels)
		find_whole(r, region);
	return 0;
}

int
recipe_regions(struct recipe_region **out)
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

static bool
is_mount_point(const char *path)
{
	char up[RECIPE_PATH + 4];
	struct stat at, above;

	snprintf(up, sizeof up, "%s/..", path);
	return stat(path, &at) == 0 && stat(up, &above) == 0 && at.st_dev != above.st_dev;
}

/* The nearest directory above that is there. */
static void
go_up(char *path)
{
	while (access(path, F_OK) < 0) {
		char *slash = strrchr(path, '/');

		strcpy(slash ? slash + (slash == path) : path, slash ? "" : ".");
	}
}

/* Would it do, once it is made?  (Whether there is room, a run will say.) */
static bool
lacks_directory(const struct target_spec *t, const char *path, struct recipe_found *f)
{
	struct target_spec above = { .kind = t->kind, .size = 1 << 16, .node = -1 };
	struct facts_target facts;
	char why[WHY_MAX];

	if (access(path, F_OK) == 0)
		return false;
	snprintf(above.path, sizeof above.path, "%s", path);
	go_up(above.path);
	if (target_probe(&above, &facts, why, sizeof why) < 0 || !facts.present)
		return false;
	snprintf(f->dir, sizeof f->dir, "%s", path);
	return true;
}

/* A namespace of the name that the target says, or would get; why: what a run says. */
static void
look_at(const struct target_spec *t, const struct namespace_ *n, struct recipe_found *f,
	const char *why)
{
	const bool file = t->kind == KIND_FILE, files = file || t->kind == KIND_FSDAX;
	const char *kind = file ? "fsdax" : target_kind_name[t->kind],
		   *name = n->alias[0] ? n->alias : n->name;
	char mount[RECIPE_PATH], dir[RECIPE_PATH];

	recipe_mount_point(t, mount, dir);
	recipe_below(dir, n->mount, t->path);
	if (strcmp(n->mode, kind) != 0 && !(file && strcmp(n->mode, "sector") == 0))
		why_set(f->why, sizeof f->why, 0,
			"a namespace %s is there (%s), and is %s, not %s; name another, or ndctl "
			"destroy-namespace -f %s, and what it holds is lost",
			name, n->device, n->mode, kind, n->name);
	else if (files && !n->mount[0]) {
		snprintf(f->device, sizeof f->device, "%s", n->device);
		f->size = n->size;
	} else if (files && !t->namespace_[0] && strcmp(n->mount, mount) != 0)
		why_set(f->why, sizeof f->why, 0,
			"a namespace %s is there (%s), mounted on %s, not on %s", name, n->device,
			n->mount, mount);
	else if (!files && !t->namespace_[0])
		why_set(f->why, sizeof f->why, 0,
			"%.300s; a namespace %s is there, and is %s: write that, or {namespace: %s}",
			why, t->name, n->device, t->name);
	else if (!files || !lacks_directory(t, t->namespace_[0] ? dir : t->path, f))
		snprintf(f->why, sizeof f->why, "%s", why);
}

static void
look_for(const struct target_spec *t, const struct namespace_ *v, int n, struct recipe_found *f)
{
	const struct namespace_ *found;
	char why[WHY_MAX] = "", none[WHY_MAX], mount[RECIPE_PATH], dir[RECIPE_PATH];
	struct facts_target facts;
	bool mounted;
	int rc;

	if (t->kind == KIND_DRAM || t->kind == KIND_LOOP)
		return;
	recipe_mount_point(t, mount, dir);
	mounted = (t->kind == KIND_FILE || t->kind == KIND_FSDAX) && is_mount_point(mount);
	f->ready = target_probe(t, &facts, why, sizeof why) == 0 && facts.present &&
		(t->kind != KIND_FILE || mounted);
	if (f->ready ||
		(!t->namespace_[0] && (mounted || t->kind == KIND_FSDAX) &&
			lacks_directory(t, t->path, f)))
		return;
	rc = namespace_pick(v, n, t->namespace_[0] ? t->namespace_ : t->name, &found, none,
		sizeof none);
	if (rc == 0)
		look_at(t, found, f, why[0] ? why : facts.why);
	else if (rc != -ENOENT)
		strcpy(f->why, none);
	else if (mounted)
		snprintf(f->why, sizeof f->why, "%s", why[0] ? why : facts.why);
}

int
recipe_look(const struct config *c, struct recipe_found *f)
{
	struct namespace_ *v = NULL;
	const int n = namespaces_list(&v);

	for (size_t i = 0; n >= 0 && i < c->ntarget; i++)
		look_for(&c->target[i], v, n, &f[i]);
	free(v);
	return n < 0 ? n : 0;
}
