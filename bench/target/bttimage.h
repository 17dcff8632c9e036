/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * bttimage.h -- a BTT as it lies on its medium, read without its driver (layout: btt.h).
 *
 * Pure: bytes in, findings out; nothing is written.  It reads sectors as nd_btt would after it had
 * recovered, and says what nd_btt would not attach and `ndctl check-namespace` would blame.
 */
#ifndef BTTIMAGE_H
#define BTTIMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "btt.h"

/* What can be wrong: how often it was, and the first such place. */
#define BTT_FAULT_LIST(X) \
	X(INFO,      "info block",    "an arena's info block is none, or its checksum is wrong") \
	X(COPY,      "info copy",     "the copy at the arena's end differs from the info block") \
	X(FLAGGED,   "error flag",    "the driver gave the arena up: it is read-only") \
	X(FLOG,      "flog",          "a lane whose two sequence numbers do not follow one another") \
	X(FLOG_RANGE, "flog range",   "a lane that names a sector or block beyond the arena's last") \
	X(MAP_RANGE, "map range",     "a map entry with a block beyond the arena's last") \
	X(TWICE,     "block twice",   "one block for two sectors") \
	X(FREE_USED, "free and used", "a lane's free block that is a sector's, too") \
	X(FREE_TWICE, "free twice",   "one free block of two lanes")
enum btt_fault {
#define X(id, name, doc) BTT_FAULT_##id,
	BTT_FAULT_LIST(X)
#undef X
	BTT_FAULTS
};
extern const struct btt_fault_row { const char *name, *doc; } btt_fault_rows[BTT_FAULTS];

struct btt_arena {
	uint64_t start, size;		/* in the image, bytes */
	struct btt_info info;
	uint8_t second;			/* the live slots of a lane are 0 and this one: 1, or 2 of Linux before 4.15 */
	uint32_t *map;			/* as recovery leaves it: one entry a sector */
	uint32_t *free;			/* one block a lane; UINT32_MAX: not known */
	uint32_t rolled;		/* lanes whose sector recovery enters in the map */
};

struct btt_image {
	const uint8_t *byte;
	uint64_t len;
	struct btt_arena *arena;
	size_t arenas;
	uint32_t sector;		/* bytes */
	uint64_t sectors;		/* of all arenas */
	uint64_t fault[BTT_FAULTS];
	char first[BTT_FAULTS][96];	/* where; "" if nowhere */
};

/* Look at an image of `len` bytes, which must stay: a namespace from its first byte.  Faults are
 * findings; 0 also then.  -ENOENT: no BTT is there; -EINVAL: its first info block is broken, and
 * nothing behind it can be read; -ENOMEM. */
int  btt_image_open(struct btt_image *, const void *bytes, uint64_t len);
void btt_image_close(struct btt_image *);

/* Sector n as it reads after recovery, into buf of `sector` bytes.  0; -ERANGE: there is no such
 * sector; -EIO: it is marked bad, or its block is not there. */
int  btt_image_read(const struct btt_image *, uint64_t n, void *buf);
/* The same of what a lane keeps free (what a torn write leaves behind).  lane counts through all
 * arenas.  0, -ERANGE, -EIO. */
int  btt_image_free(const struct btt_image *, uint64_t lane, void *buf);

/* How many faults of any kind. */
uint64_t btt_image_faults(const struct btt_image *);

#endif
