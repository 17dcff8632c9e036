/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * null -- address generation only: the loop of every other kernel, without its op.
 *
 * asm: -
 * imports: -
 */
#include "mapped.h"

static int
null_run(const struct work *w, uint64_t i, uint64_t end)
{
	const struct slots slots = w->slots;
	const uintptr_t base = (uintptr_t)w->base, ring = (uintptr_t)w->src;
	const uint64_t ring_mask = w->src_mask;
	const size_t size = w->size;

	for (; i < end; i++) {
		use(base + slots_at(slots, i) * size);
		use(ring + (slots_block(slots, i) & ring_mask) * size);
	}
	return 0;
}

static void
null_expect(const struct facts *f, const void *opts, struct expect *e)
{
	(void)f, (void)opts;
	*e = (struct expect){ 0 };
}

const struct kernel kernel_null = {
	KERNEL_HEADER,
	.name = "null",
	.doc = "computes the addresses of an op and touches nothing: the floor under every number",
	.moves = MOVES_NOTHING,
	.control = CONTROL_FLOOR,
	.expect = null_expect,
	.run = null_run,
};
