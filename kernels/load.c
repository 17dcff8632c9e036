/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * load -- one load per line, each at an address that depends on the value before it:
 * the latency of reading, nothing overlaps.
 *
 * asm: -
 * imports: -
 */
#include "mapped.h"

static int
load_run(const struct work *w, uint64_t i, uint64_t end)
{
	const struct slots slots = w->slots;
	const char *const base = w->base;
	const size_t size = w->size, step = size < LINE ? 8 : LINE;
	const uint64_t zero = opaque_zero();
	uint64_t v = 0;

	for (; i < end; i++) {
		const char *p = base + slots_at(slots, i) * size;

		for (size_t k = 0; k < size; k += step)
			v = load_word(p + k + (v & zero));
	}
	return 0;
}

const struct kernel kernel_load = {
	KERNEL_HEADER,
	.name = "load",
	.doc = "dependent 8-byte loads, one per line (below 64 B one per word): read latency",
	.needs = CAP_MAP,
	.moves = MOVES_READS,
	.expect = readonly_expect,
	.run = load_run,
};
