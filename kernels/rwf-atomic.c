/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rwf-atomic -- pwritev2(2) with RWF_ATOMIC on an O_DIRECT descriptor: all of the op or
 * nothing of it survives a power failure; RWF_DSYNC makes it durable as well.
 *
 * asm: -
 * imports: pwritev2 __errno_location
 */
#include "fdwrite.h"

static int
rwf_atomic_run(const struct work *w, uint64_t i, uint64_t end)
{
	return fdwritev2_run(w, i, end, RWF_ATOMIC | RWF_DSYNC);
}

const struct kernel kernel_rwf_atomic = {
	KERNEL_HEADER,
	.name = "rwf-atomic",
	.doc = "O_DIRECT pwritev2(RWF_ATOMIC, RWF_DSYNC): never torn, durable",
	.needs = CAP_FD | CAP_ATOMIC,
	.does = DOES_FD_SYNC | DOES_ATOMIC_WRITE,
	.moves = MOVES_WRITES,
	.oflags = O_DIRECT,
	.granule = 512,
	.expect = one_syscall,
	.run = rwf_atomic_run,
};
