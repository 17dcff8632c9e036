/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * slots.h -- which slot an op uses: a bijection on [0, 2^bits), computed inline.
 *
 * 2^bits consecutive ops touch each slot exactly once.  Sequential and strided
 * order rotate the op's index (stride 2^rot slots); random order is an affine
 * step, a xor-shift and a second odd multiplication, each a permutation of
 * [0, 2^bits).  The multipliers come from the seed too: with fixed ones every seed
 * would begin the same cycle elsewhere.  Nothing is read from memory and nothing
 * is divided.
 */
#ifndef SLOTS_H
#define SLOTS_H

#include <stdint.h>

struct slots {
	uint64_t mask;		/* slots - 1 */
	uint64_t seed, mul[2];	/* random order only; mul: odd */
	uint8_t  bits;		/* slots = 2^bits, 0..48 */
	uint8_t  rot;		/* strided: log2 of the stride in slots, <= bits */
	uint8_t  random;
};

static inline uint64_t
slots_at(struct slots s, uint64_t i)
{
	if (s.random) {
		i = (i * s.mul[0] + s.seed) & s.mask;
		i ^= i >> ((s.bits >> 1) + 1);
		return (i * s.mul[1]) & s.mask;
	}
	i &= s.mask;
	return (i << s.rot | i >> (s.bits - s.rot)) & s.mask;
}

/* The source block of op i, before the ring's mask: a ring that divides the slots would
 * give a slot the same bytes on every pass. */
static inline uint64_t
slots_block(struct slots s, uint64_t i)
{
	return i + (i >> s.bits);
}

/* The name of the file that is slot `slot` of the thread whose share starts at
 * `off` (kernels with .files); buf holds SLOT_FILE_MAX bytes. */
#define SLOT_FILE_MAX 48
static inline const char *
slot_file(char *buf, uint64_t off, uint64_t slot)
{
	static const char hex[] = "0123456789abcdef";
	char *p = buf;

	*p++ = 's';
	for (int k = 60; k >= 0; k -= 4)
		*p++ = hex[off >> k & 15];
	*p++ = '-';
	for (int k = 60; k >= 0; k -= 4)
		*p++ = hex[slot >> k & 15];
	*p = 0;
	return buf;
}

#endif
