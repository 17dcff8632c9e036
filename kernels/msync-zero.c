/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * msync-zero -- store the op, then msync(2) of no pages: what entering and leaving the
 * kernel costs of an msync.
 *
 * asm: movaps
 * imports: msync __errno_location
 */
#include "mapsync.h"

static int
msync_zero_run(const struct work *w, uint64_t i, uint64_t end)
{
	for (; i < end; i++) {
		char *p = mapsync_store(w, i);

		if (msync(p - ((uintptr_t)p & (w->page - 1)), 0, MS_SYNC))
			return -errno;
	}
	return 0;
}

const struct kernel kernel_msync_zero = {
	KERNEL_HEADER,
	.name = "msync-zero",
	.doc = "stores, msync(MS_SYNC) of length 0: the syscall alone; promises nothing",
	.needs = CAP_MAP | CAP_SYNC,
	.moves = MOVES_WRITES,
	.control = CONTROL_YES,
	.expect = nosync_expect,
	.run = msync_zero_run,
};
