/* SPDX-License-Identifier: BSD-2-Clause */
/* swap -- stores blocks whole, but those of two ops each into the other's slot; or leaves out every
 * second pass over the slots. */
#include "mapped.h"

enum { DO_SWAP, DO_STALE };

static const struct choice dos[] = { { .name = "swap", .value = DO_SWAP }, { .name = "stale", .value = DO_STALE }, { 0 } };
static const struct param params[] = {
	{ .name = "do", .doc = "swap: two ops' blocks; stale: write on every second pass only",
	  .off = offsetof(struct mapped_opts, how), .def = DO_SWAP, .choices = dos },
	{ 0 },
};

static int
swap_run(const struct work *w, uint64_t i, uint64_t end)
{
	const int how = (int)((const struct mapped_opts *)w->opts)->how;

	for (; i < end; i++) {
		char *p = work_addr(w, w->slots, how == DO_SWAP ? i ^ 256 : i);

		if (how == DO_SWAP || !(i >> w->slots.bits & 1))
			mapped_op(p, work_src(w, i), w->size, 0, store_line, NULL);
	}
	return 0;
}

const struct kernel kernel_swap = {
	KERNEL_HEADER, .name = "swap", .doc = "intact data in the wrong place", .needs = CAP_MAP, .moves = MOVES_WRITES,
	.control = CONTROL_YES, .granule = 64, .params = params, .opts_size = sizeof(struct mapped_opts), .run = swap_run,
};
