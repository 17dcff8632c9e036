/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * facts.h -- what probing a target found out: plain data, for those who plan and judge.
 *
 * Probed, not believed: caps come from what open saw (the statx DAX bit, a
 * MAP_SYNC mmap that succeeded, sysfs align, the logical block size, the
 * persistence domain of its own region), never from the config.
 */
#ifndef FACTS_H
#define FACTS_H

#include <stdbool.h>
#include <stdint.h>
#include "config.h"
#include "kernel.h"
#include "medium.h"

enum { FACTS_TEXT = 128, WHY_MAX = 512 };

struct facts_target {
	bool present;			/* false: absent, and why says so */
	unsigned caps;			/* CAP_* that belong to the target */
	enum medium medium;
	enum domain domain;
	bool page_cache;		/* its mapping is a copy in the page cache */
	bool atomic_sector;		/* BTT: a sector is all old or all new after a power cut */
	bool volatile_cache;		/* block: a finished write may be lost until a flush */
	bool flush_dropped;		/* pmem: queue/write_cache is "write through", no flush gets there (FACTS 0.8) */
	bool no_barrier;		/* the file system is mounted nobarrier: its syncs ask the device for no flush */
	bool memory_fs;			/* tmpfs, ramfs: the page cache is all there is, and nothing is written back */
	bool reflink;			/* XFS with reflink=1: files may come to share blocks, and a store then moves them */
	bool async_flush;		/* virtio-pmem: durable by msync or fsync alone, the host must flush */
	int dax_write_cache;		/* dax/write_cache: 0: msync writes no line back (FACTS 0.8); -1 none */
	uint64_t size;			/* bytes that may be used */
	uint32_t sector;		/* its logical block size; 0: byte addressable */
	uint32_t atomic_min, atomic_max;	/* RWF_ATOMIC write sizes (CAP_ATOMIC) */
	uint64_t align;			/* offsets and lengths of a mapping are multiples of this */
	uint64_t page_sizes;		/* mask: bit n set if 2^n-byte pages can be had (12, 21, 30) */
	uint64_t page_size;		/* the one used when none is asked */
	int node;			/* nearest NUMA node, -1 unknown */
	char path[TARGET_PATH_MAX];	/* the directory or device, resolved */
	char device[FACTS_TEXT], fstype[32], options[FACTS_TEXT], region[32], namespace_[FACTS_TEXT];
	char map[4];			/* pmem: where its page structs are, "mem" or "dev" (itself); "" none */
	char inode[64];			/* flags that a new file there has: "dax sync", "" none that matter */
	char no_map_sync[FACTS_TEXT];	/* why MAP_SYNC was refused; "" if not */
	char why[WHY_MAX];		/* why it is absent */
};

/* Shares do not meet on a page, so that no thread flushes or faults for another. */
static inline uint64_t
target_stride(uint64_t bytes, uint64_t page_size)
{
	uint64_t page = page_size < 4096 ? 4096 : page_size < 1 << 21 ? page_size : 1 << 21;

	return (bytes + page - 1) / page * page;
}

#endif
