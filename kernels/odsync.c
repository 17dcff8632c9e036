/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * odsync -- pwrite(2) on an O_DSYNC descriptor: data and the metadata needed to find
 * it.
 *
 * asm: -
 * imports: pwrite __errno_location
 */
#include "fdwrite.h"

static int
odsync_run(const struct work *w, uint64_t i, uint64_t end)
{
	return fdwrite_run(w, i, end, NULL);
}

const struct kernel kernel_odsync = {
	KERNEL_HEADER,
	.name = "odsync",
	.doc = "pwrite on an O_DSYNC descriptor (data and what finds it); durable",
	.needs = CAP_FD | CAP_SYNC,
	.does = DOES_FD_SYNC,
	.moves = MOVES_WRITES,
	.oflags = O_DSYNC,
	.expect = one_syscall,
	.run = odsync_run,
};
