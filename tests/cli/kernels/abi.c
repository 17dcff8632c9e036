/* SPDX-License-Identifier: BSD-2-Clause */
/* abi -- built against a kernel.h of another day. */
#include "kernel.h"

static int
abi_run(const struct work *w, uint64_t i, uint64_t end)
{
	(void)w, (void)i, (void)end;
	return 0;
}

const struct kernel kernel_abi = {
	.abi = KERNEL_ABI + 1, .kernel_size = sizeof(struct kernel), .work_size = sizeof(struct work),
	.name = "abi", .doc = "of another ABI", .moves = MOVES_NOTHING, .control = CONTROL_YES, .run = abi_run,
};
