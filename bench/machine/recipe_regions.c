/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <linux/ndctl.h>
#include <ndctl/libndctl.h>
#include <stdlib.h>
#include <string.h>
#include "namespaces.h"
#include "recipe.h"

struct regions { struct recipe_region *v; size_t n; };

/* The modules of a region, where all have room for labels. */
static void
find_dimms(struct recipe_region *r, struct ndctl_region *region)
{
	struct ndctl_mapping *m;
	size_t n = 0;

	ndctl_mapping_foreach(region, m) {
		struct ndctl_dimm *d = ndctl_mapping_get_dimm(m);

		if (!ndctl_dimm_is_cmd_supported(d, ND_CMD_SET_CONFIG_DATA) || n + 32 > sizeof r->dimms) {
			r->dimms[0] = 0;
			return;
		}
		n += (size_t)snprintf(r->dimms + n, sizeof r->dimms - n, "%s%.30s", n ? " " : "", ndctl_dimm_get_devname(d));
	}
}

/* The one namespace of a region without labels. */
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
	find_dimms(r, region);
}

static int
add_region(struct regions *l, struct ndctl_region *region)
{
	struct recipe_region *r = reallocarray(l->v, l->n + 1, sizeof *r);

	if (!r)
		return -ENOMEM;
	l->v = r;
	r += l->n++;
	*r = (struct recipe_region){
		.labels = ndctl_region_get_nstype(region) != ND_DEVICE_NAMESPACE_IO,
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
