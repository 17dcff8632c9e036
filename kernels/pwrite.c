/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pwrite -- pwrite(2) and nothing more: into the page cache, or on DAX by stores that
 * nothing waits for.
 *
 * asm: -
 * imports: pwrite __errno_location
 */
#include "fdwrite.h"

static int
pwrite_run(const struct work *w, uint64_t i, uint64_t end)
{
	return fdwrite_run(w, i, end, NULL);
}

const struct kernel kernel_pwrite = {
	KERNEL_HEADER,
	.name = "pwrite",
	.doc = "pwrite, not synced; promises nothing",
	.needs = CAP_FD,
	.moves = MOVES_WRITES,
	.control = CONTROL_YES,
	.expect = one_syscall,
	.run = pwrite_run,
};
