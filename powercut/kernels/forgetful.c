/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * forgetful -- a control of the laboratory: says what msync says, and only stores.
 */
#include "mapsync.h"

static int
forgetful_run(const struct work *w, uint64_t i, uint64_t end)
{
	for (; i < end; i++)
		mapsync_store(w, i);
	return 0;
}

const struct kernel kernel_forgetful = {
	KERNEL_HEADER,
	.name = "forgetful",
	.doc = "stores; the msync that it speaks of never comes",
	.needs = CAP_MAP | CAP_SYNC,
	.does = DOES_KERNEL_SYNC,
	.moves = MOVES_WRITES,
	.expect = mapped_expect,
	.run = forgetful_run,
};
