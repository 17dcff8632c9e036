/* SPDX-License-Identifier: BSD-2-Clause */
/* later -- uses what no harness has yet. */
#include "kernel.h"

static int
later_run(const struct work *w, uint64_t i, uint64_t end)
{
	(void)w, (void)i, (void)end;
	return 0;
}

static int
later_recover(const struct work *w)
{
	(void)w;
	return 0;
}

const struct kernel kernel_later = {
	KERNEL_HEADER, .name = "later", .doc = "recovers", .moves = MOVES_NOTHING, .control = CONTROL_YES,
	.run = later_run, .recover = later_recover,
};
