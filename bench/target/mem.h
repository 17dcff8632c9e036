/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mem.h -- anonymous memory on a NUMA node, by libnuma, and proof that it is there.
 */
#ifndef MEM_H
#define MEM_H

#include <stddef.h>
#include <stdint.h>

/* Zeroed, prefaulted pages on a node (-1: wherever the caller runs).  NULL: none. */
void *mem_alloc(size_t len, int node);
void  mem_free(void *, size_t len);

/* Bind an untouched mapping to a node (-1: leave it).  0 or -errno. */
int mem_bind(void *, size_t len, int node);

/* Where its touched pages are: asks the kernel for up to 64 of them, spread over the range.
 * The node they all are on; -EXDEV when on several, -errno. */
int mem_node(const void *, size_t len);

int64_t mem_node_free(int node);	/* bytes a node (-1: the machine) can still give; -1 unknown */

#endif
