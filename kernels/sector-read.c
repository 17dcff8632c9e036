/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sector-read -- O_DIRECT reads from a block device: what the map of a BTT costs a
 * reader.
 *
 * asm: -
 * imports: pread __errno_location
 */
#include "fdwrite.h"

static int
sector_read_run(const struct work *w, uint64_t i, uint64_t end)
{
	for (; i < end; i++) {
		int rc = done(w, pread(w->fd, w->buf, w->size, work_off(w, i)));

		if (rc)
			return rc;
	}
	return 0;
}

const struct kernel kernel_sector_read = {
	KERNEL_HEADER,
	.name = "sector-read",
	.doc = "O_DIRECT sector reads",
	.needs = CAP_FD | CAP_BLOCK,
	.moves = MOVES_READS,
	.oflags = O_DIRECT,
	.granule = 512,
	.expect = one_syscall,
	.run = sector_read_run,
};
