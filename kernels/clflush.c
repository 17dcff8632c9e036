/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * clflush -- store each line, CLFLUSH it, fence. CLFLUSH evicts the line; one waits for
 * the other, so that it is the slowest of the three.
 *
 * asm: movaps clflush sfence
 * imports: -
 */
#include "flush.h"

static int
clflush_run(const struct work *w, uint64_t i, uint64_t end)
{
	return flush_run(w, i, end, clflush);
}

const struct kernel kernel_clflush = {
	KERNEL_HEADER,
	.name = "clflush",
	.doc = "stores, CLFLUSH per line (evicts, one after the other), SFENCE; durable where the mapping is",
	.needs = CAP_MAP | CAP_CLFLUSH,
	.does = DOES_USER_FLUSH,
	.moves = MOVES_WRITES,
	.params = flush_params,
	.expect = mapped_expect,
	.unit = fence_unit,
	.opts_size = sizeof(struct mapped_opts),
	.run = clflush_run,
};
