/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "bttimage.h"

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "a BTT is little endian, and so is what reads it here"
#endif

const struct btt_fault_row btt_fault_rows[BTT_FAULTS] = {
#define X(id, name, doc) { name, doc },
	BTT_FAULT_LIST(X)
#undef X
};

enum { UNKNOWN = UINT32_MAX };

static void blame(struct btt_image *, enum btt_fault, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
static void
blame(struct btt_image *b, enum btt_fault f, const char *fmt, ...)
{
	va_list ap;

	if (b->fault[f]++)
		return;
	va_start(ap, fmt);
	vsnprintf(b->first[f], sizeof b->first[f], fmt, ap);
	va_end(ap);
}

static bool
fits(uint64_t at, uint64_t bytes, uint64_t end)
{
	return at <= end && bytes <= end - at;
}

/* Do the parts that the info block names lie within the arena, in their order? */
static bool
whole(const struct btt_info *i, uint64_t room)
{
	return i->block >= i->sector && i->sector >= 512 && i->sector <= 1 << 16 && i->lanes && i->lanes <= 1 << 16 &&
		i->sectors && i->blocks > i->sectors && i->blocks <= BTT_BLOCK_MASK &&
		i->data >= BTT_INFO_BYTES && fits(i->data, (uint64_t)i->blocks * i->block, i->map) &&
		fits(i->map, (uint64_t)i->sectors * 4, i->flog) &&
		fits(i->flog, (uint64_t)i->lanes * BTT_LANE_BYTES, i->copy) && fits(i->copy, BTT_INFO_BYTES, room);
}

static bool
valid(const uint8_t *at, uint64_t room, struct btt_info *i)
{
	if (room < BTT_INFO_BYTES)
		return false;
	memcpy(i, at, sizeof *i);
	return memcmp(i->signature, BTT_SIGNATURE, sizeof i->signature) == 0 && i->checksum == btt_checksum(i) &&
		whole(i, room);
}

static struct btt_slot
slot(const struct btt_image *b, const struct btt_arena *a, uint32_t lane, unsigned k)
{
	struct btt_slot s;

	memcpy(&s, b->byte + a->start + a->info.flog + (uint64_t)lane * BTT_LANE_BYTES + k * sizeof s, sizeof s);
	return s;
}

static bool
is_padding(struct btt_slot s)
{
	return !(s.lba | s.before | s.after | s.seq);
}

/* Linux before 4.15 wrote slots 0 and 2; what is never written stays zero. */
static uint8_t
second_slot(const struct btt_image *b, const struct btt_arena *a)
{
	for (uint32_t lane = 0; lane < a->info.lanes; lane++) {
		if (!is_padding(slot(b, a, lane, 1)))
			return 1;
		if (!is_padding(slot(b, a, lane, 2)))
			return 2;
	}
	return 1;
}

/* The newer of a lane's two.  false: nobody can say which. */
static bool
newest(struct btt_slot x, struct btt_slot y, struct btt_slot *out)
{
	if (x.seq > 3 || y.seq > 3 || x.seq == y.seq)
		return false;
	if (!x.seq || !y.seq)
		*out = x.seq ? x : y;
	else
		*out = y.seq == x.seq % 3 + 1 ? y : x;
	return true;
}

static uint32_t
block_of(uint32_t entry, uint32_t sector)
{
	return entry >> BTT_STATE_SHIFT == BTT_INITIAL ? sector : entry & BTT_BLOCK_MASK;
}

/* As nd_btt does when it attaches: a write that reached its flog is entered in the map. */
static void
recover_lane(struct btt_image *b, struct btt_arena *a, uint32_t lane)
{
	struct btt_slot s;
	uint32_t before, after;

	a->free[lane] = UNKNOWN;
	if (!newest(slot(b, a, lane, 0), slot(b, a, lane, a->second), &s)) {
		blame(b, BTT_FAULT_FLOG, "arena %zu, lane %u", b->arenas, lane);
		return;
	}
	before = s.before & BTT_BLOCK_MASK;
	after = s.after & BTT_BLOCK_MASK;
	if (s.lba >= a->info.sectors || before >= a->info.blocks || after >= a->info.blocks) {
		blame(b, BTT_FAULT_FLOG_RANGE, "arena %zu, lane %u: sector %u, blocks %u and %u", b->arenas, lane, s.lba, before,
		      after);
		return;
	}
	a->free[lane] = before;
	if (before != after && block_of(a->map[s.lba], s.lba) == before) {
		a->map[s.lba] = after | (uint32_t)BTT_NORMAL << BTT_STATE_SHIFT;
		a->rolled++;
	}
}

/* Each block is one sector's or one lane's. */
static int
claim(struct btt_image *b, const struct btt_arena *a)
{
	uint8_t *owner = calloc(a->info.blocks, 1);		/* 1: a sector, 2: a lane */

	if (!owner)
		return -ENOMEM;
	for (uint32_t k = 0; k < a->info.sectors; k++) {
		const uint32_t block = block_of(a->map[k], k);

		if (block >= a->info.blocks)
			blame(b, BTT_FAULT_MAP_RANGE, "arena %zu, sector %u: block %u", b->arenas, k, block);
		else if (owner[block])
			blame(b, BTT_FAULT_TWICE, "arena %zu, sector %u: block %u", b->arenas, k, block);
		else
			owner[block] = 1;
	}
	for (uint32_t k = 0; k < a->info.lanes; k++) {
		const uint32_t block = a->free[k];

		if (block == UNKNOWN)
			continue;
		if (owner[block])
			blame(b, owner[block] == 1 ? BTT_FAULT_FREE_USED : BTT_FAULT_FREE_TWICE, "arena %zu, lane %u: block %u",
			      b->arenas, k, block);
		else
			owner[block] = 2;
	}
	free(owner);
	return 0;
}

static int
read_arena(struct btt_image *b, struct btt_arena *a)
{
	const struct btt_info *i = &a->info;

	a->size = i->copy + BTT_INFO_BYTES;
	a->map = malloc((size_t)i->sectors * sizeof *a->map);
	a->free = malloc((size_t)i->lanes * sizeof *a->free);
	if (!a->map || !a->free)
		return -ENOMEM;
	memcpy(a->map, b->byte + a->start + i->map, (size_t)i->sectors * sizeof *a->map);
	a->second = second_slot(b, a);
	for (uint32_t lane = 0; lane < i->lanes; lane++)
		recover_lane(b, a, lane);
	if (memcmp(b->byte + a->start, b->byte + a->start + i->copy, BTT_INFO_BYTES) != 0)
		blame(b, BTT_FAULT_COPY, "arena %zu", b->arenas);
	if (i->flags & BTT_ERROR_FLAG)
		blame(b, BTT_FAULT_FLAGGED, "arena %zu", b->arenas);
	return claim(b, a);
}

static int
add_arena(struct btt_image *b, uint64_t start, const struct btt_info *info)
{
	struct btt_arena *more = realloc(b->arena, (b->arenas + 1) * sizeof *more);
	int rc;

	if (!more)
		return -ENOMEM;
	b->arena = more;
	more += b->arenas;
	*more = (struct btt_arena){ .start = start, .info = *info };
	rc = read_arena(b, more);
	b->arenas++;
	b->sectors += info->sectors;
	return rc;
}

static bool
has_signature(const uint8_t *bytes, uint64_t len, uint64_t at)
{
	return fits(at, BTT_INFO_BYTES, len) && memcmp(bytes + at, BTT_SIGNATURE, 16) == 0;
}

int
btt_image_open(struct btt_image *b, const void *bytes, uint64_t len)
{
	uint64_t at;
	struct btt_info info;
	int rc = 0;

	*b = (struct btt_image){ .byte = bytes, .len = len };
	if (has_signature(bytes, len, BTT_START_V1))
		at = BTT_START_V1;
	else if (has_signature(bytes, len, 0))
		at = 0;
	else
		return -ENOENT;
	/* `next` is at least an arena's size: it ends. */
	do {
		if (!valid(b->byte + at, len - at, &info) || (b->sector && info.sector != b->sector)) {
			blame(b, BTT_FAULT_INFO, "arena %zu, at byte %llu", b->arenas, (unsigned long long)at);
			return b->arenas ? 0 : -EINVAL;
		}
		b->sector = info.sector;
		rc = add_arena(b, at, &info);
		if (info.next && (info.next < info.copy + BTT_INFO_BYTES || !fits(at, info.next, len))) {
			blame(b, BTT_FAULT_INFO, "arena %zu: the next is said to be at byte %llu", b->arenas - 1,
			      (unsigned long long)info.next);
			return rc;
		}
		at += info.next;
	} while (rc == 0 && info.next);
	return rc;
}

void
btt_image_close(struct btt_image *b)
{
	for (size_t k = 0; k < b->arenas; k++) {
		free(b->arena[k].map);
		free(b->arena[k].free);
	}
	free(b->arena);
	*b = (struct btt_image){ 0 };
}

static int
read_block(const struct btt_image *b, const struct btt_arena *a, uint32_t block, void *buf)
{
	if (block >= a->info.blocks)
		return -EIO;
	memcpy(buf, b->byte + a->start + a->info.data + (uint64_t)block * a->info.block, b->sector);
	return 0;
}

int
btt_image_read(const struct btt_image *b, uint64_t n, void *buf)
{
	for (const struct btt_arena *a = b->arena; a < b->arena + b->arenas; a++) {
		if (n < a->info.sectors) {
			const uint32_t entry = a->map[n];

			switch ((enum btt_entry)(entry >> BTT_STATE_SHIFT)) {
			case BTT_ZERO:
				memset(buf, 0, b->sector);
				return 0;
			case BTT_BAD:
				return -EIO;
			default:
				return read_block(b, a, block_of(entry, (uint32_t)n), buf);
			}
		}
		n -= a->info.sectors;
	}
	return -ERANGE;
}

int
btt_image_free(const struct btt_image *b, uint64_t lane, void *buf)
{
	for (const struct btt_arena *a = b->arena; a < b->arena + b->arenas; a++) {
		if (lane < a->info.lanes)
			return read_block(b, a, a->free[lane], buf);
		lane -= a->info.lanes;
	}
	return -ERANGE;
}

uint64_t
btt_image_faults(const struct btt_image *b)
{
	uint64_t n = 0;

	for (int k = 0; k < BTT_FAULTS; k++)
		n += b->fault[k];
	return n;
}
