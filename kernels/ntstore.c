/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ntstore -- stores that bypass the cache, then a fence. They gather in write-combining
 * buffers until those are full or the SFENCE drains them.
 *
 * asm: movnti movntdq vmovntdq sfence
 * imports: -
 */
#include "mapped.h"

static const struct choice widths[] = {
	{ .name = "8", .value = 8 },
	{ .name = "16", .value = 16 },
	{ .name = "32", .value = 32, .needs = CAP_AVX },
	{ .name = "64", .value = 64, .needs = CAP_AVX512 },
	{ 0 },
};
static const struct param params[] = {
	PARAM_FENCE,
	{ .name = "width", .doc = "bytes per store: MOVNTI, MOVNTDQ xmm, ymm or zmm (below 64 B always 8)",
	  .off = offsetof(struct mapped_opts, how), .def = 16, .choices = widths },
	{ 0 },
};

static int
ntstore_run(const struct work *w, uint64_t i, uint64_t end)
{
	switch (((const struct mapped_opts *)w->opts)->how) {
	case 8:
		return mapped_run(w, i, end, FENCED, nt_word, nt_line8, NULL);
	case 16:
		return mapped_run(w, i, end, FENCED, nt_word, nt_line16, NULL);
	case 32:
		mapped_run(w, i, end, FENCED, nt_word, nt_line32, NULL);
		break;
	default:
		mapped_run(w, i, end, FENCED, nt_word, nt_line64, NULL);
	}
	nt_wide_end();
	return 0;
}

const struct kernel kernel_ntstore = {
	KERNEL_HEADER,
	.name = "ntstore",
	.doc = "non-temporal stores (MOVNT*, 8 B each below 64 B), SFENCE; durable where the mapping is",
	.needs = CAP_MAP,
	.does = DOES_NT,
	.moves = MOVES_WRITES,
	.params = params,
	.expect = mapped_expect,
	.unit = fence_unit,
	.opts_size = sizeof(struct mapped_opts),
	.run = ntstore_run,
};
