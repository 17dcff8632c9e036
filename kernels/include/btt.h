/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * btt.h -- a Block Translation Table on its medium: UEFI 2.10, 6 "Block Translation Table (BTT)
 * Layout"; the Linux driver's way with it is drivers/nvdimm/btt.c.  All numbers little endian.
 *
 * An arena: info block, data blocks, map, flog, copy of the info block.  A sector is written to a
 * free block, noted in the flog of a lane, then entered in the map: after a power cut it is all old
 * or all new, as long as eight aligned bytes are.
 */
#ifndef BTT_H
#define BTT_H

#include <stdint.h>

#define BTT_SIGNATURE "BTT_ARENA_INFO\0"	/* 16 bytes with its own zero */

enum {
	BTT_INFO_BYTES = 4096,		/* of the info block, with its checksum in the last 8 */
	BTT_START_V1 = 4096,		/* the first arena of version 1.1 in its namespace; 2.0: 0 */
	BTT_LANE_BYTES = 64,		/* of a lane's flog: four slots, two of them live */
	BTT_SLOTS = 4,
	BTT_ALIGN = 4096,		/* of what an arena is made of */
	BTT_ERROR_FLAG = 1,		/* of btt_info.flags: the arena is read-only */
};

struct btt_info {
	uint8_t  signature[16], uuid[16], parent_uuid[16];
	uint32_t flags;
	uint16_t major, minor;
	uint32_t sector, sectors;	/* external: bytes of one, how many are offered */
	uint32_t block, blocks;		/* internal: from one to the next; sectors + lanes */
	uint32_t lanes;			/* nfree: so many blocks are free at any time */
	uint32_t info_bytes;
	uint64_t next;			/* the next arena, from this one's start; 0: none */
	uint64_t data, map, flog, copy;	/* from the arena's start */
	uint8_t  unused[3968];
	uint64_t checksum;		/* fletcher64 of the block with 0 here */
};
_Static_assert(sizeof(struct btt_info) == BTT_INFO_BYTES, "as on the medium");

/* A map entry: 30 bits of a block, two of a state. */
enum { BTT_BLOCK_MASK = 0x3fffffff, BTT_STATE_SHIFT = 30 };
enum btt_entry {
	BTT_INITIAL,			/* never written: sector n is in block n */
	BTT_BAD,			/* reading it is an error */
	BTT_ZERO,			/* trimmed: reads as zeros */
	BTT_NORMAL,
};

/* Sector `lba` went from block `before` to block `after`; seq goes 1, 2, 3, 1, and 0 was never
 * written.  The newer of a lane's two counts. */
struct btt_slot { uint32_t lba, before, after, seq; };

static inline uint64_t
btt_checksum(const void *info)
{
	const uint32_t *word = (const uint32_t *)info;
	uint32_t lo = 0, hi = 0;

	for (unsigned k = 0; k < BTT_INFO_BYTES / sizeof *word; k++) {
		lo += k < (BTT_INFO_BYTES - 8) / sizeof *word ? word[k] : 0;
		hi += lo;
	}
	return (uint64_t)hi << 32 | lo;
}

#endif
