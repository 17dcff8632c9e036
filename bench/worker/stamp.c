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

/*
 * The chain: a word is the one before it times BY1 plus 1.  So words 0 to 7 of a line, and the first
 * of the next, follow from the first by a multiplication each, all at once, not one after the other.
 */
#define BY1 0x9e3779b97f4a7c15u
#define BY2 (BY1 * BY1)
#define BY3 (BY2 * BY1)
#define BY4 (BY2 * BY2)
#define BY8 (BY4 * BY4)
#define PLUS2 (BY1 + 1)
#define PLUS3 (PLUS2 * BY1 + 1)
#define PLUS4 (PLUS3 * BY1 + 1)
#define PLUS8 (PLUS4 * BY4 + PLUS4)
enum { LINE_WORDS = 8 };
static const uint64_t by[LINE_WORDS] = { 1, BY1, BY2, BY3, BY4, BY4 * BY1, BY4 * BY2, BY4 * BY3 };
static const uint64_t plus[LINE_WORDS] = {
	0, 1, PLUS2, PLUS3, PLUS4, PLUS4 * BY1 + 1, PLUS4 * BY2 + PLUS2, PLUS4 * BY3 + PLUS3,
};

void
stamp_fill(struct author s, struct imprint of, void *p, size_t size)
{
	const size_t words = size / 8;
	uint64_t w = first_word(s, of), *to = p;
	size_t k = 0;

	for (; k + LINE_WORDS <= words; k += LINE_WORDS, w = w * BY8 + PLUS8)
#pragma GCC unroll 8
		for (size_t n = 0; n < LINE_WORDS; n++)
			to[k + n] = w * by[n] + plus[n];
	for (; k < words; k++, w = w * BY1 + 1)
		to[k] = w;
}

size_t
stamp_check(struct author s, struct imprint of, const void *p, size_t size)
{
	const size_t words = size / 8;
	uint64_t w = first_word(s, of), wrong = 0;
	const uint64_t *from = p;
	size_t k = 0;

	for (; k + LINE_WORDS <= words; k += LINE_WORDS, w = w * BY8 + PLUS8) {
#pragma GCC unroll 8
		for (size_t n = 0; n < LINE_WORDS; n++)
			wrong |= from[k + n] ^ (w * by[n] + plus[n]);
		if (wrong)
			break;
	}
	for (; k < words; k++, w = w * BY1 + 1)
		if (from[k] != w)
			return 1 + k * 8;
	return 0;
}
