/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * movdir64b -- 64 bytes a store, past the cache in one piece, then a fence. The piece
 * is whole on the bus; that it is whole after a power failure nobody promises.
 *
 * asm: movdir64b sfence
 * imports: -
 */
#include "mapped.h"

static const struct param params[] = {
	PARAM_FENCE,
	{ 0 },
};

static int
movdir64b_run(const struct work *w, uint64_t i, uint64_t end)
{
	return mapped_run(w, i, end, FENCED, NULL, movdir64b, NULL);
}

const struct kernel kernel_movdir64b = {
	KERNEL_HEADER,
	.name = "movdir64b",
	.doc = "64-byte direct stores (MOVDIR64B), SFENCE; durable where the mapping is",
	.needs = CAP_MAP | CAP_MOVDIR64B,
	.does = DOES_NT,
	.moves = MOVES_WRITES,
	.granule = LINE,
	.params = params,
	.expect = mapped_expect,
	.unit = fence_unit,
	.opts_size = sizeof(struct mapped_opts),
	.run = movdir64b_run,
};
