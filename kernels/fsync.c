/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fsync -- pwrite(2), then fsync(2): data and all metadata of the file.
 *
 * asm: -
 * imports: pwrite fsync __errno_location
 */
#include "fdwrite.h"

static int
fsync_run(const struct work *w, uint64_t i, uint64_t end)
{
	return fdwrite_run(w, i, end, fsync);
}

const struct kernel kernel_fsync = {
	KERNEL_HEADER,
	.name = "fsync",
	.doc = "pwrite, fsync; durable",
	.needs = CAP_FD | CAP_SYNC,
	.does = DOES_FD_SYNC,
	.moves = MOVES_WRITES,
	.expect = two_syscalls,
	.run = fsync_run,
};
