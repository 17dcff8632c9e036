/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * flush-twice -- store each line, flush it, flush it again, fence. Beside the kernel
 * that flushes once it shows what a needless flush costs, and whether the first one
 * evicted the line.
 *
 * asm: movaps clwb clflushopt clflush sfence
 * imports: -
 */
#include "instr.h"

static always_inline void
clwb_twice(void *p)
{
	clwb(p);
	clwb(p);
}

static always_inline void
clflushopt_twice(void *p)
{
	clflushopt(p);
	clflushopt(p);
}

static always_inline void
clflush_twice(void *p)
{
	clflush(p);
	clflush(p);
}

static int
flush_twice_run(const struct work *w, uint64_t i, uint64_t end)
{
	switch (((const struct mapped_opts *)w->opts)->how) {
	case INSTR_CLWB:
		return mapped_run(w, i, end, FENCED, store_word, store_line, clwb_twice);
	case INSTR_CLFLUSHOPT:
		return mapped_run(w, i, end, FENCED, store_word, store_line, clflushopt_twice);
	default:
		return mapped_run(w, i, end, FENCED, store_word, store_line, clflush_twice);
	}
}

const struct kernel kernel_flush_twice = {
	KERNEL_HEADER,
	.name = "flush-twice",
	.doc = "stores, every line flushed twice, SFENCE; durable where the mapping is",
	.needs = CAP_MAP,
	.does = DOES_USER_FLUSH,
	.moves = MOVES_WRITES,
	.params = instr_params,
	.expect = mapped_expect,
	.unit = fence_unit,
	.opts_size = sizeof(struct mapped_opts),
	.run = flush_twice_run,
};
