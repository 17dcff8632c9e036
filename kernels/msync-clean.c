/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * msync-clean -- msync(2) pages that nobody dirtied: the syscall, the walk and the
 * flush of the device, without data.
 *
 * asm: -
 * imports: msync __errno_location
 */
#include "mapsync.h"

static int
msync_clean_run(const struct work *w, uint64_t i, uint64_t end)
{
	for (; i < end; i++) {
		int rc = msync_range(w, work_addr(w, w->slots, i), w->size, MS_SYNC);

		if (rc)
			return rc;
	}
	return 0;
}

static void
msync_clean_expect(const struct facts *f, const void *opts, struct expect *e)
{
	(void)f, (void)opts;
	*e = (struct expect){ .syscalls_min = 1, .syscalls_max = 1 };
}

const struct kernel kernel_msync_clean = {
	KERNEL_HEADER,
	.name = "msync-clean",
	.doc = "msync(MS_SYNC) of clean pages; stores nothing",
	.needs = CAP_MAP | CAP_SYNC,
	.moves = MOVES_NOTHING,
	.control = CONTROL_YES,
	.expect = msync_clean_expect,
	.run = msync_clean_run,
};
