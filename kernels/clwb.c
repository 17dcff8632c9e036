/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * clwb -- store each line, CLWB it (which may keep it in the cache), fence.
 *
 * asm: movaps clwb sfence
 * imports: -
 */
#include "flush.h"

static int
clwb_run(const struct work *w, uint64_t i, uint64_t end)
{
	return flush_run(w, i, end, clwb);
}

const struct kernel kernel_clwb = {
	KERNEL_HEADER,
	.name = "clwb",
	.doc = "stores, CLWB per line (may keep it cached), SFENCE; durable where the mapping is",
	.needs = CAP_MAP | CAP_CLWB,
	.does = DOES_USER_FLUSH,
	.moves = MOVES_WRITES,
	.params = flush_params,
	.expect = mapped_expect,
	.unit = fence_unit,
	.opts_size = sizeof(struct mapped_opts),
	.run = clwb_run,
};
