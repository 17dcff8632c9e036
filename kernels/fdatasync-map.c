/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fdatasync-map -- store the op, then fdatasync(2) the file: data and what is needed to
 * find it, of every page that any thread dirtied.
 *
 * asm: movaps
 * imports: fdatasync __errno_location
 */
#include "mapsync.h"

static int
fdatasync_map_run(const struct work *w, uint64_t i, uint64_t end)
{
	for (; i < end; i++) {
		mapsync_store(w, i);
		if (fdatasync(w->fd))
			return -errno;
	}
	return 0;
}

const struct kernel kernel_fdatasync_map = {
	KERNEL_HEADER,
	.name = "fdatasync-map",
	.doc = "stores through the mapping, fdatasync of the whole file; durable",
	.needs = CAP_MAP | CAP_FD | CAP_SYNC,
	.does = DOES_KERNEL_SYNC,
	.moves = MOVES_WRITES,
	.expect = filesync_expect,
	.run = fdatasync_map_run,
};
