/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sector -- O_DIRECT writes to a block device, each sector of which BTT makes all-old
 * or all-new. BTT is durable at completion; a device with a volatile cache is not,
 * hence RWF_DSYNC, which where there is no such cache sends nothing more to the device.
 *
 * asm: -
 * imports: pwrite pwritev2 __errno_location
 */
#include "fdwrite.h"

struct sector_opts { uint64_t dsync; };

static const struct choice syncs[] = {
	{ .name = "none", .value = 0, .drops = DOES_FD_SYNC },
	{ .name = "dsync", .value = 1 },
	{ 0 },
};
static const struct param params[] = {
	{ .name = "sync", .doc = "dsync: RWF_DSYNC, durable on any device; none: where completion is durable",
	  .off = offsetof(struct sector_opts, dsync), .def = 1, .choices = syncs },
	{ 0 },
};

static int
sector_run(const struct work *w, uint64_t i, uint64_t end)
{
	if (((const struct sector_opts *)w->opts)->dsync)
		return fdwritev2_run(w, i, end, RWF_DSYNC);
	return fdwrite_run(w, i, end, NULL);
}

const struct kernel kernel_sector = {
	KERNEL_HEADER,
	.name = "sector",
	.doc = "O_DIRECT sector writes, RWF_DSYNC; durable, and atomic by sector where the device says so",
	.needs = CAP_FD | CAP_BLOCK,
	.does = DOES_FD_SYNC | DOES_ATOMIC_SECTOR,
	.moves = MOVES_WRITES,
	.oflags = O_DIRECT,
	.granule = 512,
	.params = params,
	.expect = one_syscall,
	.opts_size = sizeof(struct sector_opts),
	.run = sector_run,
};
