/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * touch -- store and flush pages that nobody has touched, then fence: beside the kernel
 * that does the same to pages that are there, it shows what the first touch costs. That
 * is a page fault, on DAX the allocation or conversion of a block in it, and with
 * MAP_SYNC the journal's commit. Each slot serves once.
 *
 * asm: movaps clwb clflushopt clflush sfence
 * imports: -
 */
#include "instr.h"

static int
touch_run(const struct work *w, uint64_t i, uint64_t end)
{
	switch (((const struct mapped_opts *)w->opts)->how) {
	case INSTR_CLWB:
		return mapped_run(w, i, end, FENCED, store_word, store_line, clwb);
	case INSTR_CLFLUSHOPT:
		return mapped_run(w, i, end, FENCED, store_word, store_line, clflushopt);
	default:
		return mapped_run(w, i, end, FENCED, store_word, store_line, clflush);
	}
}

/* A fault a page; what the page cache keeps in larger pieces may be mapped by the piece. */
static void
touch_expect(const struct facts *f, const void *opts, struct expect *e)
{
	mapped_expect(f, opts, e);
	if (f->caps & CAP_FD && !(f->caps & CAP_DAX))
		e->faults_min = 0;
}

const struct kernel kernel_touch = {
	KERNEL_HEADER,
	.name = "touch",
	.doc = "first stores to pages, flushed, SFENCE: the page fault is in it; durable where the mapping is",
	.needs = CAP_MAP,
	.does = DOES_USER_FLUSH,
	.moves = MOVES_WRITES,
	.consumes = 1,
	.granule = 4096,
	.params = instr_params,
	.expect = touch_expect,
	.unit = fence_unit,
	.opts_size = sizeof(struct mapped_opts),
	.run = touch_run,
};
