/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rng.h -- splitmix64: a small random sequence that is the same everywhere.
 */
#ifndef RNG_H
#define RNG_H

#include <stdint.h>

/* The finaliser: a bijection that leaves no bit as it was. */
static inline uint64_t
rng_mix(uint64_t z)
{
	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

static inline uint64_t
rng_next(uint64_t *state)
{
	return rng_mix(*state += 0x9e3779b97f4a7c15u);
}

/* A number below n, each as likely as the other (Lemire). */
static inline uint64_t
rng_below(uint64_t *state, uint32_t n)
{
	uint64_t m = (rng_next(state) >> 32) * n;

	while ((uint32_t)m < -n % n)
		m = (rng_next(state) >> 32) * n;
	return m >> 32;
}

#endif
