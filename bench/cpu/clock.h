/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * clock.h -- the only place that reads time while an op is measured.
 *
 * Stamps (METHOD 1): start is LFENCE;RDTSC;LFENCE, so that nothing of the op
 * begins before it; the end is RDTSCP;LFENCE after the strategy's own fence
 * ("issue"), or MFENCE before that ("drained"): on AMD family 26 SFENCE;RDTSCP does not
 * wait for a CLWB, MFENCE does.  Without constant_tsc and nonstop_tsc a tick
 * is a nanosecond of CLOCK_MONOTONIC_RAW and `tsc` is 0; callers pass it as a
 * constant, so that the loops carry no test.
 *
 * Besides kernels/include this is the only file that may know x86.
 */
#ifndef CLOCK_H
#define CLOCK_H

#include <stddef.h>
#include <stdint.h>
#include <time.h>

#if !defined(__x86_64__)
#error "clock.h: write the stamps of this architecture here (arm64: ISB; CNTVCT_EL0)"
#endif

/* Spelt so because isa.h makes a macro of the other name. */
#define stamp_inline static inline __attribute__((__always_inline__))

stamp_inline uint64_t
clock_raw_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC_RAW, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* All earlier stores and flushes have completed (not only been ordered). */
stamp_inline void
drain(void)
{
	__asm__ volatile("mfence" ::: "memory");
}

stamp_inline uint64_t
stamp_start(int tsc)
{
	uint32_t lo, hi;

	if (!tsc)
		return clock_raw_ns();
	__asm__ volatile("lfence\n\trdtsc\n\tlfence" : "=a"(lo), "=d"(hi) :: "memory");
	return (uint64_t)hi << 32 | lo;
}

stamp_inline uint64_t
stamp_issue(int tsc)
{
	uint32_t lo, hi;

	if (!tsc)
		return clock_raw_ns();
	__asm__ volatile("rdtscp\n\tlfence" : "=a"(lo), "=d"(hi) :: "rcx", "memory");
	return (uint64_t)hi << 32 | lo;
}

stamp_inline uint64_t
stamp_drained(int tsc)
{
	drain();
	return stamp_issue(tsc);
}

stamp_inline void
spin_pause(void)
{
	__asm__ volatile("pause");
}

/* Put the lines of [p, p + n) into the state an op shall find them in: out of every cache, or in
 * this core's.  A small op may lie across two. */
stamp_inline void
lines_cold(const char *p, size_t n)
{
	for (uintptr_t q = (uintptr_t)p & ~(uintptr_t)63; q < (uintptr_t)p + n; q += 64)
		__asm__ volatile("clflush %0" : "+m"(*(volatile char (*)[64])q));
}

stamp_inline void
lines_hot(const char *p, size_t n)
{
	for (uintptr_t q = (uintptr_t)p & ~(uintptr_t)63; q < (uintptr_t)p + n; q += 64)
		(void)*(const volatile char *)q;
}

/* What a tick is. */
struct timer {
	int tsc;			/* 1: the TSC, constant and nonstop; 0: CLOCK_MONOTONIC_RAW */
	double hz;			/* ticks a second: the best source below */
	double hz_cpuid, hz_perf, hz_raw;	/* CPUID 0x15; perf's time_mult; 200 ms against RAW; 0: none */
	double spread_ppm;		/* between the sources that exist */
	uint32_t cpuid_mhz;		/* CPUID 0x16: whole MHz, for the record only; 0: none */
	uint64_t from_ticks, from_ns;	/* where hz_raw begins */
};

/* hz_raw takes 200 ms, in which the caller may do something else: begin, and end before hz is
 * used. */
void timer_begin(struct timer *);
void timer_end(struct timer *);
uint32_t timer_quantum(int tsc);		/* gcd of the deltas of back-to-back reads, ticks */
unsigned cpu_caps(void);			/* CAP_* instructions of this CPU, by CPUID */
void cpu_tlb(unsigned entries[2]);	/* of the second level for data: pages of 4K, of 2M; 0: not said */
int cpu_emulated(void);				/* 1: by QEMU's TCG: counts are real, times mean nothing */

#endif
