/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * flush-clean -- flush lines that nobody dirtied, then a fence: what the instruction
 * costs when there is nothing to write back.
 *
 * asm: clwb clflushopt clflush sfence
 * imports: -
 */
#include "instr.h"

static int
flush_clean_run(const struct work *w, uint64_t i, uint64_t end)
{
	switch (((const struct mapped_opts *)w->opts)->how) {
	case INSTR_CLWB:
		return mapped_run(w, i, end, FENCED, NULL, NULL, clwb);
	case INSTR_CLFLUSHOPT:
		return mapped_run(w, i, end, FENCED, NULL, NULL, clflushopt);
	default:
		return mapped_run(w, i, end, FENCED, NULL, NULL, clflush);
	}
}

const struct kernel kernel_flush_clean = {
	KERNEL_HEADER,
	.name = "flush-clean",
	.doc = "flushes clean lines, SFENCE; stores nothing: the flush instruction by itself",
	.needs = CAP_MAP,
	.moves = MOVES_NOTHING,
	.control = CONTROL_YES,
	.params = instr_params,
	.expect = readonly_expect,
	.unit = fence_unit,
	.opts_size = sizeof(struct mapped_opts),
	.run = flush_clean_run,
};
