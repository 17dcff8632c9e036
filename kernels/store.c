/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store -- store each line and leave it in the cache; what a flush costs is beside
 * this.
 *
 * asm: movaps
 * imports: -
 */
#include "mapped.h"

static int
store_run(const struct work *w, uint64_t i, uint64_t end)
{
	return mapped_run(w, i, end, 0, store_word, store_line, NULL);
}

const struct kernel kernel_store = {
	KERNEL_HEADER,
	.name = "store",
	.doc = "stores, neither flushed nor fenced; promises nothing",
	.needs = CAP_MAP,
	.moves = MOVES_WRITES,
	.control = CONTROL_YES,
	.expect = mapped_expect,
	.run = store_run,
};
