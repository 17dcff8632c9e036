/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <hwloc.h>
#include <stdlib.h>
#include <string.h>
#include "keys.h"
#include "topo.h"

struct topo {
	hwloc_topology_t hw;
	hwloc_bitmap_t allowed;		/* where this process may run (taskset, cgroup) */
};

static int
load(struct topo **out, enum hwloc_type_filter_e filter)
{
	struct topo *t = calloc(1, sizeof *t);

	if (!t)
		return -ENOMEM;
	t->allowed = hwloc_bitmap_alloc();
	if (!t->allowed || hwloc_topology_init(&t->hw) != 0 ||
	    hwloc_topology_set_all_types_filter(t->hw, filter) != 0 ||
	    hwloc_topology_load(t->hw) != 0 ||
	    hwloc_get_proc_cpubind(t->hw, getpid(), t->allowed, 0) != 0) {
		topo_free(t);
		return -EIO;
	}
	hwloc_bitmap_and(t->allowed, t->allowed, hwloc_topology_get_allowed_cpuset(t->hw));
	*out = t;
	return 0;
}

int
topo_load(struct topo **out)
{
	return load(out, HWLOC_TYPE_FILTER_KEEP_ALL);
}

int
topo_load_cpus(struct topo **out)
{
	return load(out, HWLOC_TYPE_FILTER_KEEP_NONE);
}

void
topo_free(struct topo *t)
{
	if (!t)
		return;
	if (t->hw)
		hwloc_topology_destroy(t->hw);
	hwloc_bitmap_free(t->allowed);
	free(t);
}

int
topo_export(const struct topo *t, const char *path)
{
	return hwloc_topology_export_xml(t->hw, path, 0) == 0 ? 0 : -EIO;
}

static unsigned
count_with_cpus(const struct topo *t, hwloc_obj_type_t type)
{
	unsigned n = 0;

	for (hwloc_obj_t o = NULL; (o = hwloc_get_next_obj_by_type(t->hw, type, o));)
		n += hwloc_bitmap_intersects(o->cpuset, t->allowed) != 0;
	return n;
}

unsigned
topo_cpus(const struct topo *t)
{
	return (unsigned)hwloc_bitmap_weight(t->allowed);
}

unsigned
topo_cores(const struct topo *t)
{
	unsigned n = count_with_cpus(t, HWLOC_OBJ_CORE);

	return n ? n : topo_cpus(t);
}

unsigned
topo_nodes(const struct topo *t)
{
	unsigned n = count_with_cpus(t, HWLOC_OBJ_NUMANODE);

	return n ? n : 1;
}

unsigned
topo_socket_cpus(const struct topo *t)
{
	hwloc_obj_t o = hwloc_get_obj_by_type(t->hw, HWLOC_OBJ_PACKAGE, 0);
	unsigned n = 0, cpu;

	if (!o)
		return topo_cpus(t);
	hwloc_bitmap_foreach_begin(cpu, o->cpuset)
		n += hwloc_bitmap_isset(t->allowed, cpu) != 0;
	hwloc_bitmap_foreach_end();
	return n ? n : topo_cpus(t);
}

uint64_t
topo_llc(const struct topo *t)
{
	for (hwloc_obj_t o = hwloc_get_obj_by_type(t->hw, HWLOC_OBJ_PU, 0); o; o = o->parent)
		if (o->type == HWLOC_OBJ_L3CACHE)
			return o->attr->cache.size;
	for (hwloc_obj_t o = hwloc_get_obj_by_type(t->hw, HWLOC_OBJ_PU, 0); o; o = o->parent)
		if (o->type == HWLOC_OBJ_L2CACHE)
			return o->attr->cache.size;
	return 0;
}

int
topo_node_of(const struct topo *t, unsigned cpu)
{
	for (hwloc_obj_t o = NULL; (o = hwloc_get_next_obj_by_type(t->hw, HWLOC_OBJ_NUMANODE, o));)
		if (hwloc_bitmap_isset(o->cpuset, cpu))
			return (int)o->os_index;
	return -1;
}

const char *
topo_cpu_model(const struct topo *t)
{
	hwloc_obj_t o = hwloc_get_obj_by_type(t->hw, HWLOC_OBJ_PACKAGE, 0);
	const char *s = o ? hwloc_obj_get_info_by_name(o, "CPUModel") : NULL;

	return s ? s : "";
}

/* The CPUs a placement means, as a set. */
static int
place_set(const struct topo *t, int place, const char *nodes, int node, const char *cpus,
	  hwloc_bitmap_t set)
{
	hwloc_bitmap_t list = hwloc_bitmap_alloc();
	int rc = list ? 0 : -ENOMEM;

	hwloc_bitmap_zero(set);
	if (rc == 0 && cpus && *cpus && strcmp(cpus, "auto") != 0) {
		rc = hwloc_bitmap_list_sscanf(set, cpus) == 0 ? 0 : -EINVAL;
	} else if (rc == 0) {
		if (place == PLACE_NODES)
			rc = hwloc_bitmap_list_sscanf(list, nodes) == 0 ? 0 : -EINVAL;
		for (hwloc_obj_t o = NULL; rc == 0 &&
		     (o = hwloc_get_next_obj_by_type(t->hw, HWLOC_OBJ_NUMANODE, o));) {
			int is = place == PLACE_NODES ? hwloc_bitmap_isset(list, o->os_index)
			       : node < 0 ? place == PLACE_LOCAL
			       : (place == PLACE_LOCAL) == ((int)o->os_index == node);

			if (is)
				hwloc_bitmap_or(set, set, o->cpuset);
		}
	}
	if (rc == 0)
		hwloc_bitmap_and(set, set, t->allowed);
	hwloc_bitmap_free(list);
	return rc;
}

/* How many smaller siblings of its core a CPU has in the set: its turn under SMT_LAST. */
static unsigned
sibling_rank(const struct topo *t, hwloc_bitmap_t set, unsigned cpu)
{
	hwloc_obj_t pu = hwloc_get_pu_obj_by_os_index(t->hw, cpu);
	hwloc_obj_t core = pu ? hwloc_get_ancestor_obj_by_type(t->hw, HWLOC_OBJ_CORE, pu) : NULL;
	unsigned rank = 0, c;

	if (!core)
		return 0;
	hwloc_bitmap_foreach_begin(c, core->cpuset)
		rank += c < cpu && hwloc_bitmap_isset(set, c);
	hwloc_bitmap_foreach_end();
	return rank;
}

/* The CPU's place in hwloc's logical order, where siblings of a core are neighbours. */
static unsigned
logical(const struct topo *t, unsigned cpu)
{
	hwloc_obj_t pu = hwloc_get_pu_obj_by_os_index(t->hw, cpu);

	return pu ? pu->logical_index : cpu;
}

int
topo_place(const struct topo *t, int place, const char *nodes, int node, int smt,
	   const char *cpus, unsigned n, uint16_t *cpu)
{
	hwloc_bitmap_t set = hwloc_bitmap_alloc();
	unsigned total, got = 0, max_logical = (unsigned)hwloc_get_nbobjs_by_type(t->hw, HWLOC_OBJ_PU);
	int rc;

	if (!set)
		return -ENOMEM;
	rc = place_set(t, place, nodes, node, cpus, set);
	total = rc == 0 ? (unsigned)hwloc_bitmap_weight(set) : 0;
	/* First siblings of every core, then second ones ... or just the logical order. */
	for (unsigned turn = 0; got < n && got < total && turn <= max_logical; turn++)
		for (unsigned l = 0; got < n && l < max_logical; l++) {
			unsigned c = hwloc_get_obj_by_type(t->hw, HWLOC_OBJ_PU, l)->os_index;

			if (hwloc_bitmap_isset(set, c) && logical(t, c) == l &&
			    (smt == SMT_FIRST ? turn == 0 : sibling_rank(t, set, c) == turn))
				cpu[got++] = (uint16_t)c;
		}
	hwloc_bitmap_free(set);
	return rc < 0 ? rc : (int)total;
}

int
topo_bind_here(const struct topo *t, unsigned cpu)
{
	hwloc_bitmap_t set = hwloc_bitmap_alloc();
	int rc;

	if (!set)
		return -ENOMEM;
	hwloc_bitmap_only(set, cpu);
	rc = hwloc_set_cpubind(t->hw, set, HWLOC_CPUBIND_THREAD | HWLOC_CPUBIND_STRICT) == 0 ? 0 : -errno;
	hwloc_bitmap_free(set);
	return rc;
}
