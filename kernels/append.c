/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * append -- pwrite(2) where the file has no blocks yet, then fdatasync(2): the op
 * allocates, so that it pays for metadata too. Each slot serves once.
 *
 * asm: -
 * imports: pwrite fdatasync __errno_location
 */
#include "fdwrite.h"

static int
append_run(const struct work *w, uint64_t i, uint64_t end)
{
	return fdwrite_run(w, i, end, fdatasync);
}

const struct kernel kernel_append = {
	KERNEL_HEADER,
	.name = "append",
	.doc = "allocating pwrite, fdatasync; durable with the metadata that finds it",
	.needs = CAP_FD | CAP_SYNC | CAP_DIR,
	.does = DOES_FD_SYNC,
	.moves = MOVES_WRITES,
	.consumes = 1,
	.expect = two_syscalls,
	.run = append_run,
};
