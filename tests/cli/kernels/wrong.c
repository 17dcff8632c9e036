/* SPDX-License-Identifier: BSD-2-Clause */
/* wrong -- writes all it should, then spoils one byte of an op: the read-back must find it. */
#include "isa.h"
#include "kernel.h"

static int
wrong_run(const struct work *w, uint64_t i, uint64_t end)
{
	const struct slots slots = w->slots;

	for (; i < end; i++) {
		char *p = work_addr(w, slots, i);
		const char *src = work_src(w, i);

		for (size_t k = 0; k < w->size; k += LINE)
			store_line(p + k, src + k);
		if (slots_at(slots, i) == 3)
			p[w->size - 1] ^= 1;
	}
	return 0;
}

const struct kernel kernel_wrong = {
	KERNEL_HEADER, .name = "wrong", .doc = "spoils what it writes", .needs = CAP_MAP,
	.moves = MOVES_WRITES, .control = CONTROL_YES, .granule = LINE, .run = wrong_run,
};
