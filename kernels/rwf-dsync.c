/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rwf-dsync -- pwritev2(2) with RWF_DSYNC: O_DSYNC for one write, on a descriptor
 * without it.
 *
 * asm: -
 * imports: pwritev2 __errno_location
 */
#include "fdwrite.h"

static int
rwf_dsync_run(const struct work *w, uint64_t i, uint64_t end)
{
	return fdwritev2_run(w, i, end, RWF_DSYNC);
}

const struct kernel kernel_rwf_dsync = {
	KERNEL_HEADER,
	.name = "rwf-dsync",
	.doc = "pwritev2(RWF_DSYNC), one synchronous write; durable",
	.needs = CAP_FD | CAP_SYNC,
	.does = DOES_FD_SYNC,
	.moves = MOVES_WRITES,
	.expect = one_syscall,
	.run = rwf_dsync_run,
};
