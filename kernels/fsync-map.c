/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fsync-map -- store the op, then fsync(2) the file: data and all metadata, the time
 * stamp of the store included, of every page that any thread dirtied.
 *
 * asm: movaps
 * imports: fsync __errno_location
 */
#include "mapsync.h"

static int
fsync_map_run(const struct work *w, uint64_t i, uint64_t end)
{
	for (; i < end; i++) {
		mapsync_store(w, i);
		if (fsync(w->fd))
			return -errno;
	}
	return 0;
}

const struct kernel kernel_fsync_map = {
	KERNEL_HEADER,
	.name = "fsync-map",
	.doc = "stores through the mapping, fsync of the whole file; durable",
	.needs = CAP_MAP | CAP_FD | CAP_SYNC,
	.does = DOES_KERNEL_SYNC,
	.moves = MOVES_WRITES,
	.expect = filesync_expect,
	.run = fsync_map_run,
};
