/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * clflushopt -- store each line, CLFLUSHOPT it, fence. CLFLUSHOPT evicts the line;
 * several go on at once, and the SFENCE waits for them.
 *
 * asm: movaps clflushopt sfence
 * imports: -
 */
#include "flush.h"

static int
clflushopt_run(const struct work *w, uint64_t i, uint64_t end)
{
	return flush_run(w, i, end, clflushopt);
}

const struct kernel kernel_clflushopt = {
	KERNEL_HEADER,
	.name = "clflushopt",
	.doc = "stores, CLFLUSHOPT per line (evicts), SFENCE; durable where the mapping is",
	.needs = CAP_MAP | CAP_CLFLUSHOPT,
	.does = DOES_USER_FLUSH,
	.moves = MOVES_WRITES,
	.params = flush_params,
	.expect = mapped_expect,
	.unit = fence_unit,
	.opts_size = sizeof(struct mapped_opts),
	.run = clflushopt_run,
};
