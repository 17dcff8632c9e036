/* SPDX-License-Identifier: BSD-2-Clause */
#include <string.h>
#include "rng.h"
#include "stamp.h"

#define RING_BYTES 16384

uint64_t
stamp_blocks(size_t size)
{
	uint64_t n = 2;

	while (n * size < RING_BYTES)
		n *= 2;
	return n;
}

/* Different for every (seed, thread, epoch, number, slot); words of a block are a chain from it. */
static uint64_t
first_word(struct author s, struct imprint of)
{
	return rng_mix(s.seed ^ rng_mix((uint64_t)s.thread << 32 | s.epoch) ^ rng_mix(rng_mix(~of.number) + of.slot));
}

#define NEXT(w) ((w) * 0x9e3779b97f4a7c15u + 1)

void
stamp_fill(struct author s, struct imprint of, void *p, size_t size)
{
	uint64_t w = first_word(s, of), *to = p;

	for (size_t k = 0; k < size / 8; k++, w = NEXT(w))
		to[k] = w;
}

size_t
stamp_check(struct author s, struct imprint of, const void *p, size_t size)
{
	uint64_t w = first_word(s, of);
	const uint64_t *from = p;

	for (size_t k = 0; k < size / 8; k++, w = NEXT(w))
		if (from[k] != w)
			return 1 + k * 8;
	return 0;
}
