/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mapping.h -- map a target with pages of one size, and prove the size.
 *
 * What a kernel promises about page sizes is not what it maps: smaps lies on
 * fsdax (FACTS 4), so there the page faults of the prefault are counted.
 */
#ifndef MAPPING_H
#define MAPPING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mapping {
	char *base;			/* the first byte of what was asked for */
	void *map;			/* for munmap: reserve and all */
	size_t map_len;
	uint64_t page_seen;		/* 0: not known */
	int flags;			/* of mmap(2), MAP_FIXED apart */
};

/* len bytes of fd at off.  The address is chosen so that a DAX file is mapped with pages of
 * page_size (2 MiB: same colour as the offset; 4 KiB: another). */
int mapping_file(struct mapping *, int fd, uint64_t off, size_t len, uint64_t page_size, bool map_sync,
		 char *why, size_t whylen);

/* Anonymous memory; skip: distance of the first byte from the start of the area. */
int mapping_memory(struct mapping *, uint64_t skip, size_t len, uint64_t page_size,
		   char *why, size_t whylen);

/* Fault every page in for writing; anonymous memory, which is bound to its nodes, on all CPUs.
 * count: say what page size was seen from the faults. */
int mapping_prefault(struct mapping *, size_t len, bool count, char *why, size_t whylen);

/* Anonymous memory after the prefault, where its faults did not say so already: -ENOTSUP when the
 * pages are not those asked for. */
int mapping_check_memory(struct mapping *, size_t len, uint64_t page_size, char *why, size_t whylen);

void mapping_drop(struct mapping *);

#endif
