/* SPDX-License-Identifier: BSD-2-Clause */
/* run-bench prepare --print: the commands that make namespaces, for a person to run. */
#include <errno.h>
#include <limits.h>
#include <linux/ndctl.h>
#include <ndctl/libndctl.h>
#include <stdlib.h>
#include <string.h>
#include "commands.h"
#include "log.h"
#include "namespaces.h"
#include "prepare_print.h"

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

static int
find_regions(struct regions *l)
{
	struct ndctl_ctx *ctx;
	struct ndctl_bus *bus;
	struct ndctl_region *region;
	int rc = ndctl_new(&ctx);

	if (rc < 0)
		return rc;
	ndctl_bus_foreach(ctx, bus)
		ndctl_region_foreach(bus, region)
			if (rc == 0 && ndctl_region_get_type(region) == ND_DEVICE_REGION_PMEM &&
			    ndctl_region_is_enabled(region) && ndctl_region_get_ro(region) != 1)
				rc = add_region(l, region);
	ndctl_unref(ctx);
	return rc;
}

static int
print(const struct cli *cli, struct prep_mode *mode, const struct regions *l)
{
	char why[WHY_MAX];
	int rc = 0;

	for (size_t i = 0; i < cli->narg; i++)
		if (prepare_parse(&mode[i], cli->arg[i], why, sizeof why) < 0) {
			warn("%s: %s", cli->arg[i], why);
			return EXIT_USAGE;
		}
	if (l->n == 0) {
		warn("no persistent memory regions here; for one of RAM boot with memmap=4G!16G");
		return EXIT_NOTHING_RAN;
	}
	rc = prepare_place(mode, cli->narg, l->v, l->n, why, sizeof why);
	if (rc < 0) {
		warn("%s", why);
		return rc == -ENOSPC ? EXIT_NOTHING_RAN : EXIT_USAGE;
	}
	return prepare_print(mode, cli->narg, stdout) < 0 ? EXIT_POINT_FAILED : EXIT_OK;
}

int
cmd_prepare(struct cli *cli)
{
	struct regions l = { 0 };
	struct prep_mode *mode;
	int code = EXIT_POINT_FAILED, rc;

	if (!cli->print || cli->narg == 0) {
		warn(cli->print ? "prepare --print wants a mode: fsdax, devdax, sector or raw" :
		     "prepare makes nothing itself: --print shows the commands");
		return EXIT_USAGE;
	}
	mode = calloc(cli->narg, sizeof *mode);
	rc = mode ? find_regions(&l) : -ENOMEM;
	if (rc < 0)
		fail_at(rc, "looking for regions:");
	else
		code = print(cli, mode, &l);
	free(mode);
	free(l.v);
	return code;
}
