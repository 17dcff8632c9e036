/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * msync-async -- store the op, then msync(2) with MS_ASYNC, which has done nothing but
 * check its arguments since Linux 2.6.19.
 *
 * asm: movaps
 * imports: msync __errno_location
 */
#include "mapsync.h"

static int
msync_async_run(const struct work *w, uint64_t i, uint64_t end)
{
	for (; i < end; i++) {
		int rc = msync_range(w, mapsync_store(w, i), w->size, MS_ASYNC);

		if (rc)
			return rc;
	}
	return 0;
}

const struct kernel kernel_msync_async = {
	KERNEL_HEADER,
	.name = "msync-async",
	.doc = "stores, msync(MS_ASYNC), which starts nothing; promises nothing",
	.needs = CAP_MAP | CAP_SYNC,
	.moves = MOVES_WRITES,
	.control = CONTROL_YES,
	.expect = nosync_expect,
	.run = msync_async_run,
};
