/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fdatasync -- pwrite(2), then fdatasync(2): data and the metadata needed to find it.
 *
 * asm: -
 * imports: pwrite fdatasync __errno_location
 */
#include "fdwrite.h"

static int
fdatasync_run(const struct work *w, uint64_t i, uint64_t end)
{
	return fdwrite_run(w, i, end, fdatasync);
}

const struct kernel kernel_fdatasync = {
	KERNEL_HEADER,
	.name = "fdatasync",
	.doc = "pwrite, fdatasync; durable",
	.needs = CAP_FD | CAP_SYNC,
	.does = DOES_FD_SYNC,
	.moves = MOVES_WRITES,
	.expect = two_syscalls,
	.run = fdatasync_run,
};
