/* SPDX-License-Identifier: BSD-2-Clause */
/* segv -- writes to address 16. */
#include "kernel.h"

static int
segv_run(const struct work *w, uint64_t i, uint64_t end)
{
	(void)w, (void)i, (void)end;
	*(volatile char *)(uintptr_t)16 = 1;
	return 0;
}

const struct kernel kernel_segv = {
	KERNEL_HEADER, .name = "segv", .doc = "crashes", .moves = MOVES_NOTHING, .control = CONTROL_YES, .run = segv_run,
};
