/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * msync -- store the op, then msync(2) its pages. MS_SYNC flushes whole page-cache or
 * DAX entries (4 KiB or 2 MiB) and protects them again, so that the next store faults.
 *
 * asm: movaps
 * imports: msync __errno_location
 */
#include "mapsync.h"

static int
msync_run(const struct work *w, uint64_t i, uint64_t end)
{
	for (; i < end; i++) {
		int rc = msync_range(w, mapsync_store(w, i), w->size, MS_SYNC);

		if (rc)
			return rc;
	}
	return 0;
}

const struct kernel kernel_msync = {
	KERNEL_HEADER,
	.name = "msync",
	.doc = "stores, msync(MS_SYNC) of the pages of the op; durable",
	.needs = CAP_MAP | CAP_SYNC,
	.does = DOES_KERNEL_SYNC,
	.moves = MOVES_WRITES,
	.expect = mapsync_expect,
	.run = msync_run,
};
