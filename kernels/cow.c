/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cow -- what applications do in place of atomic sectors, the second way: the new bytes go to a
 * free block, a fence, then the slot's pointer is switched to it by a store of eight aligned
 * bytes, flushed and fenced. A power cut leaves all old or all new. The block that the pointer
 * left is the next free one.
 *
 * asm: movnti movntdq clwb clflushopt clflush sfence
 * imports: -
 */
#include "instr.h"
#include "laidout.h"

struct cow_state { uint64_t free; };

static const struct param params[] = {
	{ .name = "instr", .doc = "the flush instruction: the best there is, when none is named",
	  .off = offsetof(struct mapped_opts, how), .def = INSTR_CLWB, .choices = instr_choices },
	{ 0 },
};

/* The pointers, a number of a block each; behind them the blocks. */
static always_inline size_t
blocks_at(uint64_t slots)
{
	return (slots * 8 + 4095) & ~(size_t)4095;
}

static size_t
cow_pm_size(const struct facts *f, const void *opts)
{
	(void)opts;
	return blocks_at(f->slots) + (f->slots + 1) * f->size;
}

static int
cow_format(struct work *w)
{
	const uint64_t slots = w->slots.mask + 1;

	for (uint64_t slot = 0; slot < slots; slot++)
		put_word(w->pm + slot * 8, slot);
	sfence();
	((struct cow_state *)w->state)->free = slots;
	return 0;
}

/* Nobody's block is the free one: of [0, slots] each is some pointer's, but for it. */
static int
cow_recover(const struct work *w)
{
	const uint64_t slots = w->slots.mask + 1;
	uint64_t free = 0;

	for (uint64_t slot = 0; slot < slots; slot++)
		free += slot + 1 - word_at(w->pm + slot * 8);
	if (free > slots)
		return -EILSEQ;
	((struct cow_state *)w->state)->free = free;
	return 0;
}

static always_inline int
cow_loop(const struct work *w, uint64_t i, uint64_t end, void (*flush)(void *))
{
	const struct slots slots = w->slots;
	const size_t size = w->size;
	const uint64_t ring_mask = w->src_mask;
	const char *const ring = w->src;
	char *const pointers = w->pm, *const blocks = w->pm + blocks_at(slots.mask + 1);
	struct cow_state *const state = w->state;
	uint64_t free = state->free;

	for (; i < end; i++) {
		char *pointer = pointers + slots_at(slots, i) * 8;
		const uint64_t old = word_at(pointer);
		const char *src = ring + (slots_block(slots, i) & ring_mask) * size;

		put_bytes(blocks + free * size, src, size, nt_line16);
		sfence();
		store_word(pointer, &free);
		flush(pointer - ((uintptr_t)pointer & (LINE - 1)));
		sfence();
		free = old;
	}
	state->free = free;
	return 0;
}

static int
cow_run(const struct work *w, uint64_t i, uint64_t end)
{
	switch (((const struct mapped_opts *)w->opts)->how) {
	case INSTR_CLWB:
		return cow_loop(w, i, end, clwb);
	case INSTR_CLFLUSHOPT:
		return cow_loop(w, i, end, clflushopt);
	default:
		return cow_loop(w, i, end, clflush);
	}
}

static int
cow_find(const struct work *w, uint64_t slot, void *buf)
{
	const uint64_t slots = w->slots.mask + 1, block = word_at(w->pm + slot * 8);

	if (block > slots)
		return -EILSEQ;
	copy_out(buf, w->pm + blocks_at(slots) + block * w->size, w->size);
	return 0;
}

const struct kernel kernel_cow = {
	KERNEL_HEADER,
	.name = "cow",
	.doc = "NT stores to a free block, then its pointer, two SFENCE; durable where the mapping is",
	.needs = CAP_MAP,
	.does = DOES_USER_FLUSH | DOES_NT | DOES_ATOMIC_SECTOR,
	.moves = MOVES_WRITES,
	.params = params,
	.opts_size = sizeof(struct mapped_opts),
	.state_size = sizeof(struct cow_state),
	.expect = laidout_expect,
	.pm_size = cow_pm_size,
	.format = cow_format,
	.run = cow_run,
	.recover = cow_recover,
	.find = cow_find,
};
