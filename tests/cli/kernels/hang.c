/* SPDX-License-Identifier: BSD-2-Clause */
/* hang -- an op that never ends: the watchdog must. */
#include <unistd.h>
#include "kernel.h"

static int
hang_run(const struct work *w, uint64_t i, uint64_t end)
{
	(void)w;
	while (i < end)
		pause();
	return 0;
}

const struct kernel kernel_hang = {
	KERNEL_HEADER, .name = "hang", .doc = "never returns", .moves = MOVES_NOTHING, .control = CONTROL_YES, .run = hang_run,
};
