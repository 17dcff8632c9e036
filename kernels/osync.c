/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * osync -- pwrite(2) on an O_SYNC descriptor: data and all metadata.
 *
 * asm: -
 * imports: pwrite __errno_location
 */
#include "fdwrite.h"

static int
osync_run(const struct work *w, uint64_t i, uint64_t end)
{
	return fdwrite_run(w, i, end, NULL);
}

const struct kernel kernel_osync = {
	KERNEL_HEADER,
	.name = "osync",
	.doc = "pwrite on an O_SYNC descriptor (data and all metadata); durable",
	.needs = CAP_FD | CAP_SYNC,
	.does = DOES_FD_SYNC,
	.moves = MOVES_WRITES,
	.oflags = O_SYNC,
	.expect = one_syscall,
	.run = osync_run,
};
