/* SPDX-License-Identifier: BSD-2-Clause */
/* spin -- an op of `turns` dependent multiplications: a known effect for compare to find. */
#include "isa.h"
#include "kernel.h"

struct opts { uint64_t turns; };

static const struct param params[] = {
	{ .name = "turns", .doc = "multiplications an op", .off = offsetof(struct opts, turns), .def = 1000,
	  .min = 1, .max = 1 << 20 },
	{ 0 },
};

static int
spin_run(const struct work *w, uint64_t i, uint64_t end)
{
	const uint64_t turns = ((const struct opts *)w->opts)->turns;
	uint64_t x = i | 1;

	for (; i < end; i++)
		for (uint64_t k = 0; k < turns; k++) {
			x *= 0x9e3779b97f4a7c15;
			use(x);
		}
	return 0;
}

const struct kernel kernel_spin = {
	KERNEL_HEADER, .name = "spin", .doc = "multiplies", .moves = MOVES_NOTHING, .control = CONTROL_YES, .params = params,
	.opts_size = sizeof(struct opts), .run = spin_run,
};
