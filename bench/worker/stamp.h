/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * stamp.h -- the bytes that ops write, and reading them back.
 *
 * The source is a ring of blocks in which every 8-byte word names run, point,
 * repeat, thread, epoch (window) and place, so that read-back can tell the op
 * that wrote a slot from any other.  Pure.
 */
#ifndef STAMP_H
#define STAMP_H

#include <stddef.h>
#include <stdint.h>

/* Who writes: mixed into every word. */
struct author { uint64_t seed; uint32_t thread, epoch; };

/* Of a block that one op alone writes: its block number is then the slot. */
static inline struct author
audit_author(uint64_t seed, uint32_t thread, uint64_t op)
{
	return (struct author){ seed, thread, (uint32_t)op };
}

/* How many blocks of `size` bytes a ring has: a power of two, at least 2, about 16 KiB
 * in all, so that reading the source stays in the L1 cache. */
uint64_t stamp_blocks(size_t size);

/* Fill one block (size: a multiple of 8). */
void stamp_fill(struct author, uint64_t block, void *p, size_t size);

/* 0 when p holds that block; else 1 + the offset of the first wrong word. */
size_t stamp_check(struct author, uint64_t block, const void *p, size_t size);

#endif
