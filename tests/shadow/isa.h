/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * isa.h -- the names of kernels/include/isa.h on the shadow machine.
 *
 * Forced in before everything (-include), it takes the real one's guard, so
 * that the same kernel sources move the state of a modelled cache instead.
 */
#ifndef ISA_H
#define ISA_H

#include "cap.h"
#include "machine.h"

#define always_inline inline __attribute__((always_inline))

#define STORES(X) \
	X(store_word, EV_STORE8, 8) X(store_line, EV_STORE64, LINE) \
	X(nt_word, EV_NT8, 8) X(nt_line8, EV_NT8, LINE) X(nt_line16, EV_NT16, LINE) \
	X(nt_line32, EV_NT32, LINE) X(nt_line64, EV_NT64, LINE) X(movdir64b, EV_MOVDIR64B, LINE)
#define X(name, event, bytes) \
static always_inline void \
name(void *p, const void *s) \
{ \
	machine_store(p, s, bytes, event); \
}
STORES(X)
#undef X

#define FLUSHES(X) X(clflush, EV_CLFLUSH) X(clflushopt, EV_CLFLUSHOPT) X(clwb, EV_CLWB)
#define X(name, event) \
static always_inline void \
name(void *p) \
{ \
	machine_flush(p, event); \
}
FLUSHES(X)
#undef X

static always_inline void
sfence(void)
{
	machine_fence();
}

static always_inline void
nt_wide_end(void)
{
}

static always_inline uint64_t
load_word(const void *p)
{
	return machine_load(p, 8);
}

static always_inline void
load_line(const void *p)
{
	machine_load(p, LINE);
}

/* Bit by bit, of the reversed polynomial. */
static always_inline uint64_t
crc32_word(uint64_t crc, uint64_t v)
{
	uint32_t c = (uint32_t)crc;

	machine_need(CAP_CRC32, "crc32");
	for (int k = 0; k < 64; k++)
		c = c >> 1 ^ (((c ^ v >> k) & 1) ? 0x82f63b78u : 0);
	return c;
}

static always_inline uint64_t
opaque_zero(void)
{
	return 0;
}

static always_inline void
use(uintptr_t p)
{
	(void)p;
}

#endif
