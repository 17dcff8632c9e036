/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * stamp.h -- the bytes that ops write, and reading them back.
 *
 * Every 8-byte word of a block names run, point, repeat, thread, epoch (window) and its place, and
 * what the block is for: one of a ring, used for every so many ops, or one op and its slot.  So
 * read-back can tell the op that wrote a slot from any other, and intact data of another slot
 * from its own.  Pure.
 */
#ifndef STAMP_H
#define STAMP_H

#include <stddef.h>
#include <stdint.h>

/* Who writes: mixed into every word. */
struct author { uint64_t seed; uint32_t thread, epoch; };

/* What a block is for: number `number` of a ring, which may go anywhere; or op `number`, for that
 * slot. */
struct imprint { uint64_t number, slot; };
#define STAMP_ANYWHERE UINT64_MAX

/* How many blocks of `size` bytes a ring has: a power of two, at least 2, about 16 KiB
 * in all, so that reading the source stays in the L1 cache. */
uint64_t stamp_blocks(size_t size);

/* Fill one block (size: a multiple of 8). */
void stamp_fill(struct author, struct imprint, void *p, size_t size);

/* 0 when p holds that; else 1 + the offset of the first wrong word. */
size_t stamp_check(struct author, struct imprint, const void *p, size_t size);

#endif
