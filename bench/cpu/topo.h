/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * topo.h -- the machine as hwloc sees it: which CPUs a thread count and a
 * placement mean, and binding a thread to one.
 */
#ifndef TOPO_H
#define TOPO_H

#include <stddef.h>
#include <stdint.h>

struct topo;

int  topo_load(struct topo **);			/* 0 or -errno */
int  topo_load_cpus(struct topo **);		/* CPUs alone: enough to bind, loads in a millisecond */
void topo_free(struct topo *);
int  topo_export(const struct topo *, const char *path);	/* hwloc XML */

unsigned topo_cpus(const struct topo *);	/* CPUs this process may run on */
unsigned topo_cores(const struct topo *);
unsigned topo_nodes(const struct topo *);	/* NUMA nodes with such CPUs */
unsigned topo_socket_cpus(const struct topo *);	/* of the first socket */
uint64_t topo_llc(const struct topo *);		/* bytes, 0 unknown */
int      topo_node_of(const struct topo *, unsigned cpu);	/* OS index, -1 unknown */
const char *topo_cpu_model(const struct topo *);	/* "" unknown */

/*
 * The CPUs (OS indices) for `n` threads on a target whose node is `node` (-1: any):
 * local to it, remote from it, or those of a node list.  smt says whether SMT siblings
 * come after all cores (SMT_LAST) or beside their core (SMT_FIRST).  An explicit cpus
 * list ("0-3,8"; "auto" or "" for none) overrides placement.  Returns how many there
 * are in all (cpu gets at most n of them), 0 when the placement has none, -EINVAL.
 */
int topo_place(const struct topo *, int place, const char *nodes, int node, int smt,
	       const char *cpus, unsigned n, uint16_t *cpu);

/* Bind the calling thread to one CPU.  0 or -errno. */
int topo_bind_here(const struct topo *, unsigned cpu);

#endif
