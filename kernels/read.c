/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * read -- load every byte, 16 at a time, no load waiting for another: the bandwidth of
 * reading.
 *
 * asm: movaps
 * imports: -
 */
#include "mapped.h"

static always_inline void
read_word(void *p, const void *src)
{
	(void)src;
	load_word(p);
}

static always_inline void
read_line(void *p, const void *src)
{
	(void)src;
	load_line(p);
}

static int
read_run(const struct work *w, uint64_t i, uint64_t end)
{
	return mapped_run(w, i, end, 0, read_word, read_line, NULL);
}

const struct kernel kernel_read = {
	KERNEL_HEADER,
	.name = "read",
	.doc = "independent 16-byte loads of every byte: read bandwidth",
	.needs = CAP_MAP,
	.moves = MOVES_READS,
	.expect = readonly_expect,
	.run = read_run,
};
