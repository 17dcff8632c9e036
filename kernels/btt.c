/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * btt -- the way of nd_btt with a sector, in user space over any mapping: the data to a free
 * block, the map read, 16 bytes of flog in two halves, a map entry; each of the four by NT
 * stores and flushed before the next. What lies there is a BTT (btt.h, `run-bench btt-check`).
 *
 * A thread has an arena and one lane of it for itself: waiting for a lane, and the scan for
 * readers of the free block, are the driver's own (kernel `sector` on a BTT). An op is of
 * sectors of 4096 bytes where its size is a multiple, else of 512. two-fences is as safe as the
 * driver's way with half its flushes: data and the first half of the note go together, and a
 * map entry that got lost recovery makes again from the note. The `unsafe` steps leave out what
 * makes it safe: they are there to take the cost apart.
 *
 * asm: movnti sfence
 * imports: -
 */
#include "btt.h"
#include "laidout.h"

enum { LANE_SLOT = sizeof(struct btt_slot), ARENA_PAGE = 4096 };
enum { STEPS_WHOLE, STEPS_TWO_FENCES, STEPS_ONE_FENCE, STEPS_NO_FLOG, STEPS_IN_PLACE };

struct btt_opts { uint64_t steps, lanes; };
/* Where the arena's parts are, from pm, and what the thread's lane does next. */
struct btt_state {
	uint64_t shift, sector, sectors, blocks, map, flog, copy, end;	/* shift: log2 of sector */
	uint64_t free, at, seq;		/* block; place in the flog and count of the next note */
};

#define UNSAFE (DOES_NT | DOES_ATOMIC_SECTOR)
static const struct choice steps[] = {
	{ .name = "whole", .value = STEPS_WHOLE },
	{ .name = "two-fences", .value = STEPS_TWO_FENCES },
	{ .name = "unsafe-one-fence", .value = STEPS_ONE_FENCE, .drops = UNSAFE },
	{ .name = "unsafe-no-flog", .value = STEPS_NO_FLOG, .drops = UNSAFE },
	{ .name = "unsafe-in-place", .value = STEPS_IN_PLACE, .drops = UNSAFE },
	{ 0 },
};
static const struct param params[] = {
	{ .name = "steps", .doc = "whole: as nd_btt; two-fences: half its flushes; unsafe: for comparison",
	  .off = offsetof(struct btt_opts, steps), .def = STEPS_WHOLE, .choices = steps },
	{ .name = "lanes", .doc = "free blocks of an arena; nd_btt makes 256",
	  .off = offsetof(struct btt_opts, lanes), .def = 256, .min = 1, .max = 256, .pow2 = 1 },
	{ 0 },
};

static inline uint64_t
pages(uint64_t bytes)
{
	return (bytes + ARENA_PAGE - 1) & ~(uint64_t)(ARENA_PAGE - 1);
}

static inline struct btt_state
lay_out(size_t size, uint64_t slots, uint64_t lanes)
{
	struct btt_state s = { .shift = size & 4095 ? 9 : 12, .at = 1, .seq = 2 };

	s.sector = 1ull << s.shift;
	s.sectors = slots * (size >> s.shift);
	s.blocks = s.sectors + lanes;
	s.free = s.sectors;
	s.map = BTT_INFO_BYTES + pages(s.blocks * s.sector);
	s.flog = s.map + pages(s.sectors * 4);
	s.copy = s.flog + pages(lanes * BTT_LANE_BYTES);
	s.end = s.copy + BTT_INFO_BYTES;
	return s;
}

static size_t
btt_pm_size(const struct facts *f, const void *opts)
{
	return lay_out(f->size, f->slots, ((const struct btt_opts *)opts)->lanes).end;
}

static void
put_words(char *p, const void *from, size_t len)
{
	for (size_t k = 0; k < len; k += 8)
		nt_word(p + k, (const char *)from + k);
}

static void
format_info(const struct work *w, const struct btt_state *s, uint64_t lanes)
{
	union { struct btt_info info; uint64_t word[BTT_INFO_BYTES / 8]; } u;
	struct btt_info *const i = &u.info;

	/* What the compiler sees through it makes a call to memset of. */
	for (size_t k = 0; k < BTT_INFO_BYTES / 8; k++)
		u.word[k] = opaque_zero();
	__builtin_memcpy(i->signature, BTT_SIGNATURE, sizeof(i->signature));
	__builtin_memcpy(i->uuid, "daxmark's arena", sizeof(i->uuid));
	i->major = 2;
	i->sector = i->block = (uint32_t)s->sector;
	i->sectors = (uint32_t)s->sectors;
	i->blocks = (uint32_t)s->blocks;
	i->lanes = (uint32_t)lanes;
	i->info_bytes = BTT_INFO_BYTES;
	i->data = BTT_INFO_BYTES;
	i->map = s->map;
	i->flog = s->flog;
	i->copy = s->copy;
	i->checksum = btt_checksum(i);
	put_words(w->pm, i, sizeof(*i));
	put_words(w->pm + s->copy, i, sizeof(*i));
}

/* Every sector in its own block, every lane with a free one. */
static int
btt_format(struct work *w)
{
	const uint64_t lanes = ((const struct btt_opts *)w->opts)->lanes;
	struct btt_state *s = w->state;

	*s = lay_out(w->size, w->slots.mask + 1, lanes);
	if (s->end > w->pm_len || s->blocks > BTT_BLOCK_MASK)
		return -EFBIG;
	format_info(w, s, lanes);
	for (uint64_t at = s->map; at < s->copy; at += 8)
		put_word(w->pm + at, 0);
	for (uint64_t lane = 0; lane < lanes; lane++) {
		const uint32_t block = (uint32_t)(s->sectors + lane);
		const uint32_t lba = (uint32_t)(lane < s->sectors ? lane : 0);
		const struct btt_slot first = { lba, block, block, 1 };

		put_words(w->pm + s->flog + lane * BTT_LANE_BYTES, &first, sizeof(first));
	}
	sfence();
	return 0;
}

/* nvdimm_flush(): a fence before the flush hints, which memory has none of, and one behind. */
static always_inline void
flush(int here)
{
	if (!here)
		return;
	sfence();
	sfence();
}

/* Two map entries are a word; the other one of them is this thread's, too. */
static always_inline uint32_t
map_read(const char *map, uint64_t lba)
{
	const uint32_t entry = (uint32_t)(word_at(map + (lba & ~1ull) * 4) >> (lba & 1) * 32);

	return entry >> BTT_STATE_SHIFT == BTT_INITIAL ? (uint32_t)lba : entry & BTT_BLOCK_MASK;
}

static always_inline void
map_write(char *map, uint64_t lba, uint64_t block)
{
	const unsigned shift = (lba & 1) * 32;
	char *p = map + (lba & ~1ull) * 4;
	const uint64_t others = word_at(p) & ~(0xffffffffull << shift);

	put_word(p, others | (block | (uint64_t)BTT_NORMAL << BTT_STATE_SHIFT) << shift);
}

static always_inline void
write_sector(char *pm, struct btt_state *s, uint64_t lba, const char *src, uint64_t how)
{
	const uint64_t old = map_read(pm + s->map, lba), to = how == STEPS_IN_PLACE ? old : s->free;
	char *note = pm + s->flog + s->at * LANE_SLOT;

	put_bytes(pm + BTT_INFO_BYTES + to * s->sector, src, s->sector, nt_line8);
	flush(how != STEPS_ONE_FENCE && how != STEPS_TWO_FENCES);
	if (how == STEPS_IN_PLACE)
		return;
	if (how != STEPS_NO_FLOG) {
		put_word(note, lba | old << 32);
		flush(how != STEPS_ONE_FENCE);
		put_word(note + 8, to | s->seq << 32);
		flush(how != STEPS_ONE_FENCE);
		s->at ^= 1;
		s->seq = s->seq == 3 ? 1 : s->seq + 1;
	}
	map_write(pm + s->map, lba, to);
	flush(how != STEPS_TWO_FENCES);
	s->free = old;
}

static always_inline int
btt_loop(const struct work *w, uint64_t i, uint64_t end, uint64_t how)
{
	const struct slots slots = w->slots;
	const size_t size = w->size;
	struct btt_state s = *(const struct btt_state *)w->state;

	for (; i < end; i++) {
		const uint64_t lba = slots_at(slots, i) * (size >> s.shift);
		const char *src = w->src + (slots_block(slots, i) & w->src_mask) * size;

		for (size_t at = 0; at < size; at += s.sector)
			write_sector(w->pm, &s, lba + (at >> s.shift), src + at, how);
	}
	*(struct btt_state *)w->state = s;
	return 0;
}

static int
btt_run(const struct work *w, uint64_t i, uint64_t end)
{
	switch (((const struct btt_opts *)w->opts)->steps) {
	case STEPS_TWO_FENCES:
		return btt_loop(w, i, end, STEPS_TWO_FENCES);
	case STEPS_ONE_FENCE:
		return btt_loop(w, i, end, STEPS_ONE_FENCE);
	case STEPS_NO_FLOG:
		return btt_loop(w, i, end, STEPS_NO_FLOG);
	case STEPS_IN_PLACE:
		return btt_loop(w, i, end, STEPS_IN_PLACE);
	default:
		return btt_loop(w, i, end, STEPS_WHOLE);
	}
}

/* A write that reached its flog is entered in the map, as nd_btt does when it attaches. */
static int
btt_recover(const struct work *w)
{
	struct btt_state *s = w->state;
	uint64_t word[4], seq[2], newer, lba, before, after;

	*s = lay_out(w->size, w->slots.mask + 1, ((const struct btt_opts *)w->opts)->lanes);
	copy_out(word, w->pm + s->flog, sizeof(word));
	seq[0] = word[1] >> 32;
	seq[1] = word[3] >> 32;
	newer = seq[1] && (!seq[0] || seq[1] == (seq[0] == 3 ? 1 : seq[0] + 1));
	lba = word[2 * newer] & 0xffffffff;
	before = word[2 * newer] >> 32;
	after = word[2 * newer + 1] & 0xffffffff;
	if (seq[0] == seq[1] || lba >= s->sectors || before >= s->blocks || after >= s->blocks)
		return -EILSEQ;
	if (before != after && map_read(w->pm + s->map, lba) == before)
		map_write(w->pm + s->map, lba, after);
	sfence();
	s->free = before;
	s->at = !newer;
	s->seq = seq[newer] == 3 ? 1 : seq[newer] + 1;
	return 0;
}

static int
btt_find(const struct work *w, uint64_t slot, void *buf)
{
	const struct btt_state *s = w->state;

	for (size_t at = 0; at < w->size; at += s->sector) {
		const uint64_t block = map_read(w->pm + s->map, (slot * w->size + at) >> s->shift);

		if (block >= s->blocks)
			return -EILSEQ;
		copy_out((char *)buf + at, w->pm + BTT_INFO_BYTES + block * s->sector, s->sector);
	}
	return 0;
}

const struct kernel kernel_btt = {
	KERNEL_HEADER,
	.name = "btt",
	.doc = "nd_btt's steps in user space: data, flog, map; durable where the mapping is",
	.needs = CAP_MAP,
	.does = DOES_NT | DOES_ATOMIC_SECTOR,
	.moves = MOVES_WRITES,
	.granule = 512,
	.params = params,
	.opts_size = sizeof(struct btt_opts),
	.state_size = sizeof(struct btt_state),
	.expect = laidout_expect,
	.pm_size = btt_pm_size,
	.format = btt_format,
	.run = btt_run,
	.recover = btt_recover,
	.find = btt_find,
};
