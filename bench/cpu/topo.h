/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * topo.h -- the machine as hwloc sees it: which CPUs a thread count and a
 * placement mean, and binding a thread to one.
 */
#ifndef TOPO_H
#define TOPO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct topo;

int  topo_load(struct topo **);			/* 0 or -errno */
int  topo_load_cpus(struct topo **);		/* CPUs alone: loads in a millisecond */
void topo_free(struct topo *);
int  topo_export(const struct topo *, const char *path);	/* hwloc XML */

unsigned topo_cpus(const struct topo *);	/* CPUs this process may run on */
unsigned topo_cores(const struct topo *);
unsigned topo_nodes(const struct topo *);	/* NUMA nodes with such CPUs */
bool     topo_knows_node(const struct topo *, int node);	/* false for -1 too */
uint64_t topo_llc(const struct topo *, const uint16_t *cpu, unsigned n);	/* bytes of the last-level
						 * caches that these CPUs have together; 0 unknown */
int      topo_node_of(const struct topo *, unsigned cpu);	/* OS index, -1 unknown */
const char *topo_cpu_model(const struct topo *);	/* "" unknown */

/*
 * Which CPUs threads get.  All but PLACE_NODES are seen from the target's node (-1, or one that the
 * system does not show: unknown):
 *   PLACE_LOCAL   the node's own; of one without CPUs the nearest there are; unknown: any
 *   PLACE_REMOTE  all others, the farthest first; unknown: none
 *   PLACE_NODES   those of `nodes` ("0,2"); none when one of them is missing or has no CPUs
 *   PLACE_SOCKET  the whole package around the local ones
 * An explicit cpus list ("9,1,8-11"; "auto" or "" for none) overrides it and keeps its order;
 * "0-3*4": four times over, so that threads share CPUs.
 */
struct placement {
	int place;			/* PLACE_* (keys.h) */
	const char *nodes, *cpus;	/* or NULL */
	int node;
	int smt;			/* siblings after all cores (SMT_LAST) or beside their core (SMT_FIRST) */
};

/* Fill cpu with the first n CPUs (OS indices).  Returns how many there are in all; 0: none;
 * -EINVAL: what is no list; -ENOMEM. */
int topo_place(const struct topo *, const struct placement *, unsigned n, uint16_t *cpu);

/* Bind the calling thread to one CPU.  0 or -errno. */
int topo_bind_here(unsigned cpu);

#endif
