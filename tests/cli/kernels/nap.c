/* SPDX-License-Identifier: BSD-2-Clause */
/* nap -- gives its CPU away in every op and does not say so: all its time is disturbed. */
#include <time.h>
#include "kernel.h"

static int
nap_run(const struct work *w, uint64_t i, uint64_t end)
{
	const struct timespec t = { .tv_nsec = 50000 };

	(void)w;
	for (; i < end; i++)
		nanosleep(&t, NULL);
	return 0;
}

const struct kernel kernel_nap = {
	KERNEL_HEADER, .name = "nap", .doc = "sleeps", .moves = MOVES_NOTHING, .control = CONTROL_YES, .run = nap_run,
};
