/* SPDX-License-Identifier: BSD-2-Clause */
#include <daxctl/libdaxctl.h>
#include <errno.h>
#include <ndctl/libndctl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include "mounts.h"
#include "namespaces.h"
#include "origin.h"
#include "sysfs.h"

struct namespace_list { struct namespace_ *v; size_t n; };

static struct namespace_ *
list_add(struct namespace_list *l)
{
	struct namespace_ *v = reallocarray(l->v, l->n + 1, sizeof *v);

	if (!v)
		return NULL;
	l->v = v;
	v = &l->v[l->n++];
	*v = (struct namespace_){ .node = -1, .target_node = -1, .medium = MEDIUM_PMEM };
	return v;
}

/* libuuid would be one more library for these lines. */
static void
put_uuid(char out[40], const unsigned char *uuid)
{
	char *p = out;
	int any = 0;

	for (int i = 0; i < 16; i++) {
		p += sprintf(p, "%s%02x", i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "", uuid[i]);
		any |= uuid[i];
	}
	if (!any)
		out[0] = 0;
}

#define COPY(to, text) \
	do { \
		const char *t_ = (text); \
		snprintf((to), sizeof (to), "%.*s", (int)sizeof (to) - 1, t_ ? t_ : ""); \
	} while (0)

static void
set_device(struct namespace_ *n, const char *name)
{
	if (name && name[0])
		snprintf(n->device, sizeof n->device, "/dev/%.58s", name);
}

/* Sizes and the medium of what has a block device: from the device, since
 * ndctl_namespace_get_sector_size() lies (FACTS 5). */
static void
from_block(struct namespace_ *n)
{
	struct origin o;
	struct sysdir d;

	if (!n->device[0] || sysfs_dir(&d, "block/%s", n->device + 5))
		return;
	n->size = (uint64_t)sysfs_number(&d, "size", 0) * 512;
	n->sector = (uint64_t)sysfs_number(&d, "queue/logical_block_size", 0);
	origin_from(&o, &d);
	n->medium = o.medium;
}

static void
from_dax(struct namespace_ *n, struct ndctl_dax *dax)
{
	struct daxctl_region *region = ndctl_dax_get_daxctl_region(dax);
	struct daxctl_dev *dev = region ? daxctl_dev_get_first(region) : NULL;
	struct origin o;

	n->align = ndctl_dax_get_align(dax);
	n->size = ndctl_dax_get_size(dax);
	if (!dev)
		return;
	n->size = daxctl_dev_get_size(dev);
	if (daxctl_dev_get_memory(dev))
		COPY(n->mode, "system-ram");
	set_device(n, daxctl_dev_get_devname(dev));
	if (origin_of(&o, false, makedev((unsigned)daxctl_dev_get_major(dev), (unsigned)daxctl_dev_get_minor(dev))) == 0)
		n->medium = o.medium;
}

/* The mode decides which of its faces a namespace shows. */
static void
from_mode(struct namespace_ *n, struct ndctl_namespace *ns)
{
	struct ndctl_btt *btt = ndctl_namespace_get_btt(ns);
	struct ndctl_pfn *pfn = ndctl_namespace_get_pfn(ns);
	struct ndctl_dax *dax = ndctl_namespace_get_dax(ns);
	uuid_t uuid = { 0 };

	ndctl_namespace_get_uuid(ns, uuid);
	put_uuid(n->raw_uuid, uuid);
	if (btt) {
		COPY(n->mode, "sector");
		ndctl_btt_get_uuid(btt, uuid);
		set_device(n, ndctl_btt_get_block_device(btt));
	} else if (pfn) {
		COPY(n->mode, "fsdax");
		ndctl_pfn_get_uuid(pfn, uuid);
		set_device(n, ndctl_pfn_get_block_device(pfn));
		n->align = ndctl_pfn_get_align(pfn);
	} else if (dax) {
		COPY(n->mode, "devdax");
		ndctl_dax_get_uuid(dax, uuid);
		from_dax(n, dax);
	} else {
		COPY(n->mode, ndctl_namespace_get_mode(ns) == NDCTL_NS_MODE_MEMORY ? "fsdax" : "raw");
		set_device(n, ndctl_namespace_get_block_device(ns));
	}
	put_uuid(n->uuid, uuid);
	if (!dax)
		from_block(n);
	/* BTT's mapping is a copy: it has no align. */
	if (btt && n->sector == 0)
		n->sector = ndctl_btt_get_sector_size(btt);
}

static unsigned
count_badblocks(struct ndctl_namespace *ns)
{
	struct badblock *b;
	unsigned n = 0;

	ndctl_namespace_badblock_foreach(ns, b)
		n++;
	return n;
}

/* By number: the source may be a link below /dev/disk.  What another mount hides is not there. */
static int
put_mount(const struct mounted *m, void *arg)
{
	struct namespace_ *n = arg;
	struct stat dev, dir;

	if (stat(n->device, &dev) || !S_ISBLK(dev.st_mode) || mount_device(m) != dev.st_rdev ||
	    stat(m->target, &dir) || (major(m->dev) != 0 && dir.st_dev != m->dev))
		return 0;
	COPY(n->mount, m->target);
	COPY(n->fstype, m->fstype);
	COPY(n->options, m->options);
	return 1;
}

static int
add_namespace(struct namespace_list *l, struct ndctl_region *region, struct ndctl_namespace *ns)
{
	const enum ndctl_persistence_domain domain = ndctl_region_get_persistence_domain(region);
	struct namespace_ *n;

	/* Seeds and empty ones are not there for anybody. */
	if (!ndctl_namespace_is_active(ns) && ndctl_namespace_get_size(ns) == 0)
		return 0;
	n = list_add(l);
	if (!n)
		return -ENOMEM;
	COPY(n->name, ndctl_namespace_get_devname(ns));
	COPY(n->alias, ndctl_namespace_get_alt_name(ns));
	COPY(n->region, ndctl_region_get_devname(region));
	COPY(n->provider, ndctl_bus_get_provider(ndctl_region_get_bus(region)));
	n->size = ndctl_namespace_get_size(ns);
	n->node = ndctl_namespace_get_numa_node(ns);
	n->target_node = ndctl_namespace_get_target_node(ns);
	n->domain = domain == PERSISTENCE_CPU_CACHE ? DOMAIN_CPU_CACHE :
		    domain == PERSISTENCE_MEM_CTRL ? DOMAIN_MEMORY_CONTROLLER : DOMAIN_UNKNOWN;
	from_mode(n, ns);
	n->badblocks = count_badblocks(ns);
	if (n->device[0])
		mounts_each(put_mount, n);
	return 0;
}

static int
list_ndctl(struct namespace_list *l)
{
	struct ndctl_ctx *ctx;
	struct ndctl_bus *bus;
	struct ndctl_region *region;
	struct ndctl_namespace *ns;
	int rc = ndctl_new(&ctx);

	if (rc < 0)
		return rc;
	ndctl_bus_foreach(ctx, bus)
		ndctl_region_foreach(bus, region)
			ndctl_namespace_foreach(region, ns)
				if (rc == 0)
					rc = add_namespace(l, region, ns);
	ndctl_unref(ctx);
	return rc;
}

static bool
listed(const struct namespace_list *l, const char *device)
{
	for (size_t i = 0; i < l->n; i++)
		if (strcmp(l->v[i].device + (l->v[i].device[0] ? 5 : 0), device) == 0)
			return true;
	return false;
}

/* A dax device without a namespace: memory of a CXL expander or a reserved range. */
static int
add_daxdev(struct namespace_list *l, struct daxctl_dev *dev)
{
	struct namespace_ *n;
	struct origin o;
	struct sysdir d;

	if (listed(l, daxctl_dev_get_devname(dev)) || daxctl_dev_get_size(dev) == 0)
		return 0;
	n = list_add(l);
	if (!n)
		return -ENOMEM;
	COPY(n->name, daxctl_dev_get_devname(dev));
	COPY(n->mode, daxctl_dev_get_memory(dev) ? "system-ram" : "devdax");
	set_device(n, daxctl_dev_get_devname(dev));
	n->size = daxctl_dev_get_size(dev);
	n->target_node = daxctl_dev_get_target_node(dev);
	n->medium = MEDIUM_VOLATILE;
	if (sysfs_dir(&d, "bus/dax/devices/%s", n->name) == 0) {
		n->align = (uint64_t)sysfs_number(&d, "align", 0);
		n->node = (int)sysfs_number(&d, "numa_node", -1);
		origin_from(&o, &d);
		n->medium = o.medium;
		n->domain = o.domain;
		COPY(n->region, o.region);
	}
	return 0;
}

static int
list_daxctl(struct namespace_list *l)
{
	struct daxctl_ctx *ctx;
	struct daxctl_region *region;
	struct daxctl_dev *dev;
	int rc = daxctl_new(&ctx);

	if (rc < 0)
		return rc;
	daxctl_region_foreach(ctx, region)
		daxctl_dev_foreach(region, dev)
			if (rc == 0)
				rc = add_daxdev(l, dev);
	daxctl_unref(ctx);
	return rc;
}

static int
by_name(const void *a, const void *b)
{
	return strverscmp(((const struct namespace_ *)a)->name, ((const struct namespace_ *)b)->name);
}

int
namespaces_list(struct namespace_ **out)
{
	struct namespace_list l = { 0 };
	int rc = list_ndctl(&l);

	if (rc == 0)
		rc = list_daxctl(&l);
	if (rc < 0) {
		free(l.v);
		return rc;
	}
	if (l.n)
		qsort(l.v, l.n, sizeof *l.v, by_name);
	*out = l.v;
	return (int)l.n;
}
