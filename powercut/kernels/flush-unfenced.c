/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * flush-unfenced -- a control of the laboratory: it says that it flushes and fences, and acknowledges
 * before its fence.  The model has to find its ops lost.
 *
 * asm: movaps clwb
 * imports: -
 */
#include "mapped.h"

static int
flush_unfenced_run(const struct work *w, uint64_t i, uint64_t end)
{
	return mapped_run(w, i, end, 0, store_word, store_line, clwb);
}

const struct kernel kernel_flush_unfenced = {
	KERNEL_HEADER,
	.name = "flush-unfenced",
	.doc = "stores, CLWB of each line, no fence: acknowledged too early",
	.needs = CAP_MAP | CAP_CLWB,
	.does = DOES_USER_FLUSH,
	.moves = MOVES_WRITES,
	.run = flush_unfenced_run,
};
