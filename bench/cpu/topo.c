/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <hwloc.h>
#include <hwloc/distances.h>
#include <hwloc/linux.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "keys.h"
#include "topo.h"

struct topo {
	hwloc_topology_t hw;
	hwloc_bitmap_t allowed;		/* where this process may run (taskset, cgroup) */
	struct hwloc_distances_s *slit;	/* the firmware's distances of nodes, or NULL */
};

static int
load(struct topo **out, enum hwloc_type_filter_e filter)
{
	struct topo *t = calloc(1, sizeof *t);
	unsigned slits = 1;

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
	if (hwloc_distances_get_by_name(t->hw, "NUMALatency", &slits, &t->slit, 0) != 0 || slits == 0)
		t->slit = NULL;
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
	if (t->slit)
		hwloc_distances_release(t->hw, t->slit);
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

unsigned
topo_cpus(const struct topo *t)
{
	return (unsigned)hwloc_bitmap_weight(t->allowed);
}

unsigned
topo_cores(const struct topo *t)
{
	unsigned n = 0;

	for (hwloc_obj_t o = NULL; (o = hwloc_get_next_obj_by_type(t->hw, HWLOC_OBJ_CORE, o));)
		n += hwloc_bitmap_intersects(o->cpuset, t->allowed) != 0;
	return n ? n : topo_cpus(t);
}

/* The node whose CPU this is.  hwloc gives a node without CPUs the cpuset of what it hangs on, so
 * of the nodes around a CPU the narrowest owns it, and of those alike the first: memory alone is
 * numbered last. */
static hwloc_obj_t
node_of(const struct topo *t, unsigned cpu)
{
	hwloc_obj_t best = NULL;
	int width = 0;

	for (hwloc_obj_t o = NULL; (o = hwloc_get_next_obj_by_type(t->hw, HWLOC_OBJ_NUMANODE, o));) {
		const int w = hwloc_bitmap_weight(o->cpuset);

		if (!hwloc_bitmap_isset(o->cpuset, cpu))
			continue;
		if (!best || w < width || (w == width && o->os_index < best->os_index)) {
			best = o;
			width = w;
		}
	}
	return best;
}

int
topo_node_of(const struct topo *t, unsigned cpu)
{
	hwloc_obj_t o = node_of(t, cpu);

	return o ? (int)o->os_index : -1;
}

/* A node's own CPUs, whether this process may run there or not.  false: it has none. */
static bool
own_cpus(const struct topo *t, hwloc_obj_t node, hwloc_bitmap_t set)
{
	unsigned cpu;

	hwloc_bitmap_zero(set);
	hwloc_bitmap_foreach_begin(cpu, node->cpuset)
		if (node_of(t, cpu) == node)
			hwloc_bitmap_set(set, cpu);
	hwloc_bitmap_foreach_end();
	return !hwloc_bitmap_iszero(set);
}

unsigned
topo_nodes(const struct topo *t)
{
	hwloc_bitmap_t own = hwloc_bitmap_alloc();
	unsigned n = 0;

	for (hwloc_obj_t o = NULL; own && (o = hwloc_get_next_obj_by_type(t->hw, HWLOC_OBJ_NUMANODE, o));)
		n += own_cpus(t, o, own) && hwloc_bitmap_intersects(own, t->allowed);
	hwloc_bitmap_free(own);
	return n ? n : 1;
}

static hwloc_obj_t
node_at(const struct topo *t, int node)
{
	return node < 0 ? NULL : hwloc_get_numanode_obj_by_os_index(t->hw, (unsigned)node);
}

bool
topo_knows_node(const struct topo *t, int node)
{
	return node_at(t, node);
}

static hwloc_obj_t
llc_of(const struct topo *t, unsigned cpu, hwloc_obj_type_t level)
{
	hwloc_obj_t pu = hwloc_get_pu_obj_by_os_index(t->hw, cpu);

	return pu ? hwloc_get_ancestor_obj_by_type(t->hw, level, pu) : NULL;
}

uint64_t
topo_llc(const struct topo *t, const uint16_t *cpu, unsigned n)
{
	uint64_t bytes = 0;

	for (unsigned i = 0; i < n; i++) {
		const hwloc_obj_type_t level = llc_of(t, cpu[i], HWLOC_OBJ_L3CACHE) ? HWLOC_OBJ_L3CACHE : HWLOC_OBJ_L2CACHE;
		hwloc_obj_t llc = llc_of(t, cpu[i], level);
		bool counted = !llc;

		for (unsigned k = 0; k < i && !counted; k++)
			counted = hwloc_bitmap_isset(llc->cpuset, cpu[k]);
		bytes += counted ? 0 : llc->attr->cache.size;
	}
	return bytes;
}

const char *
topo_cpu_model(const struct topo *t)
{
	hwloc_obj_t o = hwloc_get_obj_by_type(t->hw, HWLOC_OBJ_PACKAGE, 0);
	const char *s = o ? hwloc_obj_get_info_by_name(o, "CPUModel") : NULL;

	return s ? s : "";
}

/* How far from one node to another, to be compared with others from there: as the firmware says
 * and, where it says nothing or the same, farther when in another package. */
static unsigned
distance(const struct topo *t, hwloc_obj_t from, hwloc_obj_t to)
{
	hwloc_obj_t a = hwloc_get_ancestor_obj_by_type(t->hw, HWLOC_OBJ_PACKAGE, from);
	const int i = t->slit ? hwloc_distances_obj_index(t->slit, from) : -1;
	const int k = t->slit ? hwloc_distances_obj_index(t->slit, to) : -1;
	const uint64_t said = i >= 0 && k >= 0 ? t->slit->values[(unsigned)i * t->slit->nbobjs + (unsigned)k] : 0;

	return (unsigned)(said * 2) + !(a && a == hwloc_get_ancestor_obj_by_type(t->hw, HWLOC_OBJ_PACKAGE, to));
}

/* The CPUs of the nearest nodes that have any. */
static int
nearest_cpus(const struct topo *t, hwloc_obj_t from, hwloc_bitmap_t set)
{
	hwloc_bitmap_t own = hwloc_bitmap_alloc();
	unsigned least = UINT_MAX;

	hwloc_bitmap_zero(set);
	for (hwloc_obj_t o = NULL; own && (o = hwloc_get_next_obj_by_type(t->hw, HWLOC_OBJ_NUMANODE, o));) {
		const unsigned far = distance(t, from, o);

		if (far > least || !own_cpus(t, o, own))
			continue;
		if (far < least)
			hwloc_bitmap_zero(set);
		least = far;
		hwloc_bitmap_or(set, set, own);
	}
	hwloc_bitmap_free(own);
	return own ? 0 : -ENOMEM;
}

static int
local_cpus(const struct topo *t, hwloc_obj_t node, hwloc_bitmap_t set)
{
	if (!node)
		return hwloc_bitmap_copy(set, t->allowed) == 0 ? 0 : -ENOMEM;
	return own_cpus(t, node, set) ? 0 : nearest_cpus(t, node, set);
}

/* The packages of the local CPUs, whole. */
static void
widen_to_packages(const struct topo *t, hwloc_obj_t node, hwloc_bitmap_t set)
{
	/* Of a target that is nowhere: the package of the first CPU it may run on. */
	if (!node)
		hwloc_bitmap_singlify(set);
	for (hwloc_obj_t o = NULL; (o = hwloc_get_next_obj_by_type(t->hw, HWLOC_OBJ_PACKAGE, o));)
		if (hwloc_bitmap_intersects(o->cpuset, set))
			hwloc_bitmap_or(set, set, o->cpuset);
	if (!node && hwloc_get_nbobjs_by_type(t->hw, HWLOC_OBJ_PACKAGE) < 1)
		hwloc_bitmap_copy(set, t->allowed);
}

static int
listed_nodes(const struct topo *t, const char *nodes, hwloc_bitmap_t set)
{
	hwloc_bitmap_t list = hwloc_bitmap_alloc(), own = hwloc_bitmap_alloc();
	int rc = !list || !own ? -ENOMEM : hwloc_bitmap_list_sscanf(list, nodes) == 0 ? 0 : -EINVAL;
	int node;

	hwloc_bitmap_zero(set);
	for (node = rc == 0 ? hwloc_bitmap_first(list) : -1; node >= 0; node = hwloc_bitmap_next(list, node)) {
		hwloc_obj_t o = node_at(t, node);

		if (!o || !own_cpus(t, o, own)) {
			hwloc_bitmap_zero(set);
			break;
		}
		hwloc_bitmap_or(set, set, own);
	}
	hwloc_bitmap_free(list);
	hwloc_bitmap_free(own);
	return rc;
}

/* The CPUs that a placement means. */
static int
place_set(const struct topo *t, const struct placement *p, hwloc_bitmap_t set)
{
	hwloc_obj_t node = node_at(t, p->node);
	int rc = p->place == PLACE_NODES ? listed_nodes(t, p->nodes, set) : local_cpus(t, node, set);

	if (rc == 0 && p->place == PLACE_REMOTE && node)
		hwloc_bitmap_andnot(set, t->allowed, set);
	else if (rc == 0 && p->place == PLACE_REMOTE)
		hwloc_bitmap_zero(set);
	else if (rc == 0 && p->place == PLACE_SOCKET)
		widen_to_packages(t, node, set);
	hwloc_bitmap_and(set, set, t->allowed);
	return rc;
}

/* A CPU and its turn: group after group, in each the first siblings of all cores, then the second
 * ones, in hwloc's logical order, where siblings are neighbours. */
struct seat { unsigned group, sibling, logical, cpu; };

static int
by_turn(const void *a, const void *b)
{
	const struct seat *x = a, *y = b;

	if (x->group != y->group)
		return x->group < y->group ? -1 : 1;
	if (x->sibling != y->sibling)
		return x->sibling < y->sibling ? -1 : 1;
	return (x->logical > y->logical) - (x->logical < y->logical);
}

/* How many smaller siblings of its core a CPU has in the set. */
static unsigned
sibling_rank(const struct topo *t, hwloc_bitmap_t set, hwloc_obj_t pu)
{
	hwloc_obj_t core = hwloc_get_ancestor_obj_by_type(t->hw, HWLOC_OBJ_CORE, pu);
	unsigned rank = 0, c;

	if (!core)
		return 0;
	hwloc_bitmap_foreach_begin(c, core->cpuset)
		rank += c < pu->os_index && hwloc_bitmap_isset(set, c);
	hwloc_bitmap_foreach_end();
	return rank;
}

static int
seat_placed(const struct topo *t, const struct placement *p, hwloc_bitmap_t set, struct seat *seat)
{
	hwloc_obj_t node = node_at(t, p->node);
	int n = 0, rc = place_set(t, p, set);

	if (rc < 0)
		return rc;
	for (hwloc_obj_t pu = NULL; (pu = hwloc_get_next_obj_by_type(t->hw, HWLOC_OBJ_PU, pu));) {
		if (!hwloc_bitmap_isset(set, pu->os_index))
			continue;
		seat[n++] = (struct seat){
			.group = p->place == PLACE_REMOTE ? UINT_MAX - distance(t, node, node_of(t, pu->os_index)) : 0,
			.sibling = p->smt == SMT_FIRST ? 0 : sibling_rank(t, set, pu),
			.logical = pu->logical_index, .cpu = pu->os_index,
		};
	}
	qsort(seat, (size_t)n, sizeof *seat, by_turn);
	return n;
}

/* "9,1,8-11": each range upwards, a CPU once; up to a '*'. */
static int
seat_listed(const struct topo *t, const char *cpus, hwloc_bitmap_t range, struct seat *seat)
{
	hwloc_bitmap_t left = hwloc_bitmap_dup(t->allowed);
	int n = 0, rc = left ? 0 : -ENOMEM;

	for (const char *s = cpus; rc == 0 && *s && *s != '*'; s += strcspn(s, ",*") + (s[strcspn(s, ",*")] == ',')) {
		char one[32];

		snprintf(one, sizeof one, "%.*s", (int)strcspn(s, ",*"), s);
		rc = hwloc_bitmap_list_sscanf(range, one) == 0 ? hwloc_bitmap_and(range, range, left) : -EINVAL;
		for (int c = rc ? -1 : hwloc_bitmap_first(range); c >= 0; c = hwloc_bitmap_next(range, c))
			seat[n++].cpu = (unsigned)c;
		hwloc_bitmap_andnot(left, left, range);
	}
	hwloc_bitmap_free(left);
	return rc < 0 ? rc : n;
}

int
topo_place(const struct topo *t, const struct placement *p, unsigned n, uint16_t *cpu)
{
	struct seat *seat = calloc(topo_cpus(t) + 1, sizeof *seat);
	hwloc_bitmap_t set = hwloc_bitmap_alloc();
	int total = !seat || !set ? -ENOMEM : p->cpus && *p->cpus && strcmp(p->cpus, "auto") != 0 ?
		    seat_listed(t, p->cpus, set, seat) : seat_placed(t, p, set, seat);
	const char *each = p->cpus ? strchr(p->cpus, '*') : NULL;
	const int all = total > 0 && each ? total * atoi(each + 1) : total;

	for (int i = 0; i < all && (unsigned)i < n; i++)
		cpu[i] = (uint16_t)seat[i % total].cpu;
	hwloc_bitmap_free(set);
	free(seat);
	return all;
}

int
topo_bind_here(unsigned cpu)
{
	hwloc_bitmap_t set = hwloc_bitmap_alloc();
	hwloc_topology_t unseen = NULL;
	int rc = -ENOMEM;

	/* Linux binds without having looked at the machine, which takes a worker a millisecond. */
	if (set && hwloc_topology_init(&unseen) == 0) {
		hwloc_bitmap_only(set, cpu);
		rc = hwloc_linux_set_tid_cpubind(unseen, 0, set) == 0 ? 0 : -errno;
		hwloc_topology_destroy(unseen);
	}
	hwloc_bitmap_free(set);
	return rc;
}
