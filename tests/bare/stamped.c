/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * stamped -- latency mode by another hand: store 64 bytes, CLWB, SFENCE, MFENCE between two stamps,
 * at random places of 256 MiB, from cold lines.  What `make agree` holds run-bench against.
 *
 * stamped 4K|2M cold|warm drained|back CPU OPS
 *   4K|2M      pages
 *   cold|warm  translations: lines are flushed 8192 ops ahead, or with their batch
 *   drained    MFENCE before each start stamp;  back: ops of a batch follow each other, and the
 *              first is not counted
 *
 * Prints `mean floor ns`: of the ops under 10 us (longer ones are somebody else's), and of the same
 * stamps around nothing.  Shares no line
 * with the harness or the kernels on purpose, so that it cannot share a mistake either: another
 * order of places, other batches, its own stamps, clock and sums.
 */
#include <emmintrin.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

enum { LINE = 64, BATCH = 200, AHEAD = 8192, LONGEST_NS = 10000 };
static const size_t BYTES = 256 << 20, TWO = 2 << 20;

#define ASM __asm__ volatile

static double
seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC_RAW, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static inline uint64_t
begin(void)
{
	uint32_t lo, hi;

	ASM("lfence\n\trdtsc\n\tlfence" : "=a"(lo), "=d"(hi) : : "memory");
	return (uint64_t)hi << 32 | lo;
}

static inline uint64_t
end(void)
{
	uint32_t lo, hi;

	ASM("mfence\n\trdtscp\n\tlfence" : "=a"(lo), "=d"(hi) : : "rcx", "memory");
	return (uint64_t)hi << 32 | lo;
}

static double
ticks_per_ns(void)
{
	const double from = seconds();
	const uint64_t first = begin();

	while (seconds() - from < 0.2)
		continue;
	return (double)(begin() - first) / (seconds() - from) * 1e-9;
}

static char *
memory(size_t len, int advice)
{
	char *p = mmap(NULL, len + TWO, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED) {
		perror("stamped: mmap");
		exit(1);
	}
	p += -(uintptr_t)p & (TWO - 1);
	madvise(p, len, advice);
	memset(p, 1, len);
	return p;
}

static inline void
store_clwb_sfence(char *to, const char *from)
{
	const __m128i *s = (const __m128i *)from;
	__m128i a = _mm_load_si128(s), b = _mm_load_si128(s + 1);
	__m128i c = _mm_load_si128(s + 2), d = _mm_load_si128(s + 3);

	ASM("movaps %1, (%0)\n\tmovaps %2, 16(%0)\n\tmovaps %3, 32(%0)\n\tmovaps %4, 48(%0)\n\t"
	    "clwb (%0)\n\tsfence" : : "r"(to), "x"(a), "x"(b), "x"(c), "x"(d) : "memory");
}

/* The places of the coming ops: written in order, read AHEAD later. */
struct places { char *base; uint64_t state; char *at[2 * AHEAD]; uint64_t n; };

static char *
another(struct places *p)
{
	char *at;

	p->state = p->state * 6364136223846793005u + 1442695040888963407u;
	at = p->base + (p->state >> 33) % (BYTES / LINE) * LINE;
	p->at[p->n++ % (2 * AHEAD)] = at;
	return at;
}

static void
flush(const char *line)
{
	ASM("clflush (%0)" : : "r"(line) : "memory");
}

/* Ticks of the mean, those of interrupts apart. */
static double
stamps_alone(void)
{
	double sum = 0;
	int n = 0;

	for (int k = 0; k < 4096; k++) {
		uint64_t t = begin();

		t = end() - t;
		if (t < 1000) {
			sum += (double)t;
			n++;
		}
	}
	return sum / n;
}

int
main(int argc, char **argv)
{
	static struct places p;
	static char source[BATCH * LINE] __attribute__((aligned(4096)));
	const double per_ns = ticks_per_ns();
	double sum = 0;
	cpu_set_t cpu;
	size_t ops, n = 0;
	uint32_t *took;
	int cold, drained;

	if (argc != 6) {
		fprintf(stderr, "usage: stamped 4K|2M cold|warm drained|back CPU OPS\n");
		return 2;
	}
	CPU_ZERO(&cpu);
	CPU_SET(strtoul(argv[4], NULL, 10), &cpu);
	if (sched_setaffinity(0, sizeof(cpu), &cpu)) {
		perror("stamped: CPU");
		return 1;
	}
	cold = !strcmp(argv[2], "cold");
	drained = !strcmp(argv[3], "drained");
	ops = strtoul(argv[5], NULL, 10);
	took = malloc(ops * sizeof(*took));
	if (!took)
		return 1;
	memset(took, 1, ops * sizeof(*took));
	p.base = memory(BYTES, strcmp(argv[1], "2M") ? MADV_NOHUGEPAGE : MADV_HUGEPAGE);
	p.state = (uint64_t)time(NULL) * 2654435761u;
	for (int k = 0; cold && k < AHEAD; k++)
		flush(another(&p));
	for (uint64_t i = 0; n < ops; i += BATCH) {
		for (int k = 0; k < BATCH; k++)
			flush(another(&p));
		for (size_t k = 0; k < sizeof(source) / 8; k++)
			((uint64_t *)source)[k] = i + k;
		ASM("mfence" : : : "memory");
		for (uint64_t k = 0; k < BATCH; k++) {
			char *const to = p.at[(i + k) % (2 * AHEAD)];
			uint64_t t;

			if (drained)
				ASM("mfence" : : : "memory");
			t = begin();
			store_clwb_sfence(to, source + k * LINE);
			t = end() - t;
			if ((drained || k) && t < LONGEST_NS * per_ns && n < ops)
				took[n++] = (uint32_t)t;
		}
	}
	for (size_t k = 0; k < n; k++)
		sum += took[k];
	printf("%.2f %.2f ns\n", sum / (double)n / per_ns, stamps_alone() / per_ns);
	return 0;
}
