/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * bare -- the mapped kernels' instructions in hand-written loops, with no harness
 * at all: what `make selfbench` holds run-bench against.
 *
 * bare KERNEL SIZE PATTERN WSS CPU SEED:BY:BY2 WINDOWS WINDOW_MS [FENCE [RING]]
 *   KERNEL   store clflush clflushopt clwb ntstore (16 B) ntstore8 ntstore32 ntstore64 movdir64b
 *   SIZE     bytes per op, a multiple of 64;  WSS: bytes of DRAM, cut to a power of two of ops
 *   PATTERN  seq, or random: op i is at ((i * BY + SEED) ^ its upper half) * BY2
 *   FENCE    ops per SFENCE, a power of two (1; not for store);  RING: source bytes (16384)
 *
 * Anonymous memory on huge pages, written once; a warm-up of 200 ms; then a line
 * `ns/op wall_s cpu_s` a window, the last drain (MFENCE) inside.  Shares no line
 * with the kernels on purpose, so that it cannot share a mistake either.
 */
#include <emmintrin.h>
#include <errno.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

struct arena {
	char *mem, *src;
	uint64_t mask, seed, by, by2, ring_mask, fence_mask;
	unsigned shift;			/* of the random order's xor */
	size_t size;
};

#define ASM __asm__ volatile
#define FLUSH(op) ASM(op " (%0)" : : "r"(d) : "memory")

#define COPY(op) do { \
	__m128i v0 = _mm_load_si128((const __m128i *)s); \
	__m128i v1 = _mm_load_si128((const __m128i *)s + 1); \
	__m128i v2 = _mm_load_si128((const __m128i *)s + 2); \
	__m128i v3 = _mm_load_si128((const __m128i *)s + 3); \
	ASM(op " %1, (%0)\n\t" op " %2, 16(%0)\n\t" op " %3, 32(%0)\n\t" op " %4, 48(%0)" \
	    : : "r"(d), "x"(v0), "x"(v1), "x"(v2), "x"(v3) : "memory"); \
	} while (0)
#define WORD(k) do { \
	uint64_t v = ((const uint64_t *)s)[k]; \
	ASM("movnti %1, %0" : "=m"(((uint64_t *)d)[k]) : "r"(v) : "memory"); \
	} while (0)

#define CACHED COPY("movaps")
#define NT8 do { WORD(0); WORD(1); WORD(2); WORD(3); WORD(4); WORD(5); WORD(6); WORD(7); } while (0)
#define NT16 COPY("movntdq")
#define NT32 ASM("vmovdqu (%1), %%ymm0\n\tvmovdqu 32(%1), %%ymm1\n\t" \
		 "vmovntdq %%ymm0, (%0)\n\tvmovntdq %%ymm1, 32(%0)" \
		 : : "r"(d), "r"(s) : "memory", "xmm0", "xmm1")
#define NT64 ASM("vmovdqu64 (%1), %%zmm0\n\tvmovntdq %%zmm0, (%0)" \
		 : : "r"(d), "r"(s) : "memory", "xmm0")
#define DIRECT ASM("movdir64b (%1), %0" : : "r"(d), "r"(s) : "memory")

#define SLOT_SEQ (i & a.mask)
#define SLOT_RANDOM slot_random(&a, i)

static inline uint64_t
slot_random(const struct arena *a, uint64_t i)
{
	uint64_t x = (i * a->by + a->seed) & a->mask;

	x ^= x >> a->shift;
	return x * a->by2 & a->mask;
}

/* The whole of a measurement: n ops from op i on. */
#define LOOP(name, slot, line, fenced) \
static void \
name(const struct arena *arena, uint64_t i, uint64_t n) \
{ \
	const struct arena a = *arena; \
 \
	for (uint64_t end = i + n; i < end; i++) { \
		char *d = a.mem + (slot) * a.size; \
		const char *s = a.src + (i & a.ring_mask) * a.size, *stop = s + a.size; \
 \
		do { \
			line; \
			d += 64; \
			s += 64; \
		} while (s < stop); \
		if (fenced && ((i + 1) & a.fence_mask) == 0) \
			ASM("sfence" : : : "memory"); \
	} \
	ASM("mfence" : : : "memory"); \
}
#define LOOPS(name, line, fenced) \
	LOOP(name##_seq, SLOT_SEQ, line, fenced) LOOP(name##_random, SLOT_RANDOM, line, fenced)

LOOPS(store, CACHED, 0)
LOOPS(clflush, CACHED; FLUSH("clflush"), 1)
LOOPS(clflushopt, CACHED; FLUSH("clflushopt"), 1)
LOOPS(clwb, CACHED; FLUSH("clwb"), 1)
LOOPS(ntstore, NT16, 1)
LOOPS(ntstore8, NT8, 1)
LOOPS(ntstore32, NT32, 1)
LOOPS(ntstore64, NT64, 1)
LOOPS(movdir64b, DIRECT, 1)

static const struct {
	const char *name;
	void (*run[2])(const struct arena *, uint64_t, uint64_t);
} loops[] = {
#define ROW(name) { #name, { name##_seq, name##_random } }
	ROW(store), ROW(clflush), ROW(clflushopt), ROW(clwb),
	ROW(ntstore), ROW(ntstore8), ROW(ntstore32), ROW(ntstore64), ROW(movdir64b),
};

static double
now(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static uint64_t
number(const char *s)
{
	char *end;
	uint64_t v = strtoull(s, &end, 0);

	if (*end || !*s) {
		fprintf(stderr, "bare: not a number: %s\n", s);
		exit(2);
	}
	return v;
}

static char *
huge(size_t len)
{
	const size_t two = 2 << 20;
	char *p = mmap(NULL, len + two, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED) {
		fprintf(stderr, "bare: mmap of %zu bytes: %s\n", len, strerror(errno));
		exit(1);
	}
	p += -(uintptr_t)p & (two - 1);
	madvise(p, len, MADV_HUGEPAGE);
	memset(p, 1, len);
	return p;
}

static void
pin(uint64_t cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set)) {
		fprintf(stderr, "bare: CPU %d: %s\n", (int)cpu, strerror(errno));
		exit(1);
	}
}

/* Windows of about `ms`, after a warm-up that also finds how many ops those are. */
static void
measure(const struct arena *a, void (*run)(const struct arena *, uint64_t, uint64_t),
	uint64_t windows, double ms)
{
	const double start = now(CLOCK_MONOTONIC_RAW);
	uint64_t i = 0, n = 64;
	double took = 0;

	while (now(CLOCK_MONOTONIC_RAW) - start < 0.2 || took < ms / 4e3) {
		double t = now(CLOCK_MONOTONIC_RAW);

		run(a, i, n);
		i += n;
		took = now(CLOCK_MONOTONIC_RAW) - t;
		if (took < ms / 1e3)
			n *= 2;
	}
	n = (uint64_t)((double)n * ms / 1e3 / took) + 1;
	for (uint64_t w = 0; w < windows; w++, i += n) {
		double cpu = now(CLOCK_THREAD_CPUTIME_ID), wall = now(CLOCK_MONOTONIC_RAW);

		run(a, i, n);
		wall = now(CLOCK_MONOTONIC_RAW) - wall;
		cpu = now(CLOCK_THREAD_CPUTIME_ID) - cpu;
		printf("%.4f %.9f %.9f\n", wall * 1e9 / (double)n, wall, cpu);
	}
}

int
main(int argc, char **argv)
{
	struct arena a = { 0 };
	uint64_t slots = 1, blocks = 1, ring;
	unsigned bits = 0;

	if (argc < 9 || argc > 11) {
		fprintf(stderr, "usage: bare KERNEL SIZE seq|random WSS CPU SEED:BY:BY2 WINDOWS WINDOW_MS "
			"[FENCE [RING]]\n");
		return 2;
	}
	a.size = number(argv[2]);
	if (a.size == 0 || a.size % 64) {
		fprintf(stderr, "bare: SIZE is a multiple of 64\n");
		return 2;
	}
	pin(number(argv[5]));
	while (slots * 2 * a.size <= number(argv[4]))
		slots *= 2, bits++;
	ring = argc > 10 ? number(argv[10]) : 16384;
	while (blocks * a.size < ring)
		blocks *= 2;
	a.mem = huge(slots * a.size);
	a.src = huge(blocks * a.size);
	a.mask = slots - 1;
	a.shift = bits / 2 + 1;
	a.seed = number(strtok(argv[6], ":"));
	a.by = number(strtok(NULL, ":"));
	a.by2 = number(strtok(NULL, ":"));
	a.ring_mask = blocks - 1;
	a.fence_mask = (argc > 9 ? number(argv[9]) : 1) - 1;
	for (size_t k = 0; k < sizeof(loops) / sizeof(loops[0]); k++)
		if (!strcmp(argv[1], loops[k].name)) {
			measure(&a, loops[k].run[!strcmp(argv[3], "random")],
				number(argv[7]), (double)number(argv[8]));
			return 0;
		}
	fprintf(stderr, "bare: no loop for %s\n", argv[1]);
	return 2;
}
