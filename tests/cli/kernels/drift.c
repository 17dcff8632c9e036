/* SPDX-License-Identifier: BSD-2-Clause */
/* drift -- in every thread but the first, whose share lies lowest, an op takes 20 % longer in each window. */
#include <stdatomic.h>
#include "kernel.h"

static _Atomic uintptr_t lowest = UINTPTR_MAX;
static _Thread_local double turns = 200;

static int
drift_setup(struct work *w)
{
	uintptr_t seen = atomic_load(&lowest);

	while ((uintptr_t)w->base < seen && !atomic_compare_exchange_weak(&lowest, &seen, (uintptr_t)w->base))
		;
	return 0;
}

static int
drift_reset(struct work *w)
{
	if ((uintptr_t)w->base > atomic_load(&lowest))
		turns *= 1.2;
	return 0;
}

static int
drift_run(const struct work *w, uint64_t i, uint64_t end)
{
	(void)w;
	for (; i < end; i++)
		for (volatile uint64_t k = 0; k < (uint64_t)turns; k++)
			;
	return 0;
}

const struct kernel kernel_drift = {
	KERNEL_HEADER, .name = "drift", .doc = "grows dearer", .needs = CAP_MAP, .moves = MOVES_NOTHING, .control = CONTROL_YES,
	.setup = drift_setup, .reset = drift_reset, .run = drift_run,
};
