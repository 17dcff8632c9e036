/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * isa.h -- the stores, flushes and fences of x86-64, one instruction each.
 *
 * Inline assembly, so that the binary builds and starts on any x86-64 and the
 * instruction is the one named (never what libc's memcpy picks); `needs` decides
 * at run time.  Every flush names its whole line as an operand, every fence
 * clobbers memory: the compiler may move no store of a line across them.
 * tests/shadow/isa.h has the same names with a modelled cache behind them.
 *
 * Order (Intel SDM vol. 2, CLWB/CLFLUSHOPT/MOVNTI): CLWB, CLFLUSHOPT, NT stores
 * and MOVDIR64B are weakly ordered and need SFENCE; CLFLUSH is ordered with
 * writes and other CLFLUSH of its line.
 */
#ifndef ISA_H
#define ISA_H

#include <emmintrin.h>
#include <stddef.h>
#include <stdint.h>

#define LINE 64
#define always_inline inline __attribute__((always_inline))
#define WHOLE(p) (*(volatile char (*)[LINE])(p))

/* 8 bytes; p is 8-byte aligned. */
static always_inline void
store_word(void *p, const void *s)
{
	uint64_t v = *(const uint64_t *)s;

	__asm__ volatile("movq %1, %0" : "=m"(*(volatile uint64_t *)p) : "r"(v));
}

/* One line by four 16-byte stores, written out: a loop would be a branch a store. */
static always_inline void
store_line(void *p, const void *s)
{
	volatile __m128i *d = p;
	const __m128i *v = s;
	__m128i v0 = v[0], v1 = v[1], v2 = v[2], v3 = v[3];

	__asm__ volatile("movaps %1, %0" : "=m"(d[0]) : "x"(v0));
	__asm__ volatile("movaps %1, %0" : "=m"(d[1]) : "x"(v1));
	__asm__ volatile("movaps %1, %0" : "=m"(d[2]) : "x"(v2));
	__asm__ volatile("movaps %1, %0" : "=m"(d[3]) : "x"(v3));
}

static always_inline void
clflush(void *p)
{
	__asm__ volatile("clflush %0" : "+m"(WHOLE(p)));
}

static always_inline void
clflushopt(void *p)
{
	__asm__ volatile("clflushopt %0" : "+m"(WHOLE(p)));
}

static always_inline void
clwb(void *p)
{
	__asm__ volatile("clwb %0" : "+m"(WHOLE(p)));
}

static always_inline void
sfence(void)
{
	__asm__ volatile("sfence" ::: "memory");
}

static always_inline void
nt_word(void *p, const void *s)
{
	uint64_t v = *(const uint64_t *)s;

	__asm__ volatile("movnti %1, %0" : "=m"(*(volatile uint64_t *)p) : "r"(v));
}

/* One line by 8, 16, 32 or 64-byte NT stores, written out as well. */
static always_inline void
nt_line8(void *p, const void *s)
{
	uint64_t *d = p;
	const uint64_t *v = s;

	nt_word(d, v);
	nt_word(d + 1, v + 1);
	nt_word(d + 2, v + 2);
	nt_word(d + 3, v + 3);
	nt_word(d + 4, v + 4);
	nt_word(d + 5, v + 5);
	nt_word(d + 6, v + 6);
	nt_word(d + 7, v + 7);
}

static always_inline void
nt_line16(void *p, const void *s)
{
	volatile __m128i *d = p;
	const __m128i *v = s;
	__m128i v0 = v[0], v1 = v[1], v2 = v[2], v3 = v[3];

	__asm__ volatile("movntdq %1, %0" : "=m"(d[0]) : "x"(v0));
	__asm__ volatile("movntdq %1, %0" : "=m"(d[1]) : "x"(v1));
	__asm__ volatile("movntdq %1, %0" : "=m"(d[2]) : "x"(v2));
	__asm__ volatile("movntdq %1, %0" : "=m"(d[3]) : "x"(v3));
}

static always_inline void
nt_line32(void *p, const void *s)
{
	__asm__ volatile("vmovdqu (%2), %%ymm0\n\tvmovdqu 32(%2), %%ymm1\n\t"
			 "vmovntdq %%ymm0, (%1)\n\tvmovntdq %%ymm1, 32(%1)"
			 : "=m"(WHOLE(p)) : "r"(p), "r"(s), "m"(*(const char (*)[LINE])s)
			 : "xmm0", "xmm1");
}

static always_inline void
nt_line64(void *p, const void *s)
{
	__asm__ volatile("vmovdqu64 (%2), %%zmm0\n\tvmovntdq %%zmm0, (%1)"
			 : "=m"(WHOLE(p)) : "r"(p), "r"(s), "m"(*(const char (*)[LINE])s)
			 : "xmm0");
}

/* After nt_line32/64: dirty upper halves slow later SSE code (Intel SDM vol. 1, 14.1.2). */
static always_inline void
nt_wide_end(void)
{
	__asm__ volatile("vzeroupper" :::
			 "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7",
			 "xmm8", "xmm9", "xmm10", "xmm11", "xmm12", "xmm13", "xmm14", "xmm15");
}

/* 64 bytes in one direct store; p is 64-byte aligned. */
static always_inline void
movdir64b(void *p, const void *s)
{
	__asm__ volatile("movdir64b %2, %1"
			 : "=m"(WHOLE(p)) : "r"(p), "m"(*(const char (*)[LINE])s));
}

static always_inline uint64_t
load_word(const void *p)
{
	uint64_t v;

	__asm__ volatile("movq %1, %0" : "=r"(v) : "m"(*(const volatile uint64_t *)p));
	return v;
}

/* All 64 bytes of a line, by four independent loads; the values go nowhere. */
static always_inline void
load_line(const void *p)
{
	const volatile __m128i *v = p;
	__m128i a, b, c, d;

	__asm__ volatile("movaps %1, %0" : "=x"(a) : "m"(v[0]));
	__asm__ volatile("movaps %1, %0" : "=x"(b) : "m"(v[1]));
	__asm__ volatile("movaps %1, %0" : "=x"(c) : "m"(v[2]));
	__asm__ volatile("movaps %1, %0" : "=x"(d) : "m"(v[3]));
}

/* CRC-32C of eight more bytes. */
static always_inline uint64_t
crc32_word(uint64_t crc, uint64_t v)
{
	__asm__ volatile("crc32q %1, %0" : "+r"(crc) : "r"(v));
	return crc;
}

/* A zero, and a use of an address, that the compiler cannot see through. */
static always_inline uint64_t
opaque_zero(void)
{
	uint64_t v = 0;

	__asm__ volatile("" : "+r"(v));
	return v;
}

static always_inline void
use(uintptr_t p)
{
	__asm__ volatile("" : : "r"(p));
}

#endif
