/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cases -- the questions about persistency that people keep asking, each as the instructions it
 * asks about.
 *
 *   cases list            name, question, code, answers, source: a line each, tabs between
 *   cases run DEVDAX      do them, ROUNDS times, each on a page of its own; a mark ends each within
 *                         the same asm block, so that nothing else fences for it but an interrupt
 *                         in between: what may be lost is so when it was in one round
 *
 * Lines A and B stand at 0 and 64 of the page, old, and are to become new.  An answer has a letter
 * for each word asked about: k kept, l may be lost.  Held against the model by powercut/cases.py.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "marks.h"

enum { PAGE = 4096, DEVICE = 2 << 20, ROUNDS = 4 };

#define OLD  UINT64_C(0x1111111111111111)
#define NEW  UINT64_C(0x2222222222222222)
#define NEW2 UINT64_C(0x3333333333333333)

struct regs { char *a, *b; uint64_t n; };

/* RDI: A, RSI: B, RDX: new, R8: new2, XMM0: new twice, RAX: the case.  The marks: NOTE, LIVE. */
#define DO(code) \
	__asm__ volatile( \
		"movq %%rdx, %%xmm0\n punpcklqdq %%xmm0, %%xmm0\n" code "\n" \
		".byte 0x0f, 0x1f, 0x80, 3, 0x75, 0x63, 0x70\n" \
		".byte 0x0f, 0x1f, 0x80, 4, 0x75, 0x63, 0x70\n" \
		:: "a"(r.n), "D"(r.a), "S"(r.b), "d"(NEW), "r"(r8) \
		: "memory", "cc", "rbx", "rcx", "r9", "r10", "r11", "xmm0")

/* name, question, code, where to look (offsets in the page), ADR, eADR, source */
#define CASES(X) \
	X("store", "Is a store durable once it is globally visible?", \
	  "mov %%rdx, (%%rdi)", "0", "l", "k", "SDM Vol. 3A, write-back memory; eADR: PMDK, libpmem2(7)") \
	X("clwb", "Is a flush durable without a fence?", \
	  "mov %%rdx, (%%rdi)\n clwb (%%rdi)", "0", "l", "k", "SDM Vol. 2A, CLWB: ordered by fences only") \
	X("clwb-sfence", "Store, CLWB, SFENCE: durable?", \
	  "mov %%rdx, (%%rdi)\n clwb (%%rdi)\n sfence", "0", "k", "k", "SDM Vol. 2A, CLWB") \
	X("clflushopt", "Is CLFLUSHOPT durable without a fence?", \
	  "mov %%rdx, (%%rdi)\n clflushopt (%%rdi)", "0", "l", "k", "SDM Vol. 2A, CLFLUSHOPT") \
	X("clflushopt-mfence", "Does an MFENCE do as well as an SFENCE?", \
	  "mov %%rdx, (%%rdi)\n clflushopt (%%rdi)\n mfence", "0", "k", "k", "SDM Vol. 2A, CLFLUSHOPT") \
	X("clflush", "Does CLFLUSH want a fence behind it?", \
	  "mov %%rdx, (%%rdi)\n clflush (%%rdi)", "0", "k", "k", "SDM Vol. 2A, CLFLUSH: ordered with stores (assumed done)") \
	X("movnti", "Is a non-temporal store durable by itself?", \
	  "movnti %%rdx, (%%rdi)", "0", "l", "k", "SDM Vol. 1, 10.4.6.2; in a write-combining buffer: fence it on eADR too") \
	X("movnti-sfence", "Non-temporal store, SFENCE: durable without a flush?", \
	  "movnti %%rdx, (%%rdi)\n sfence", "0", "k", "k", "SDM Vol. 1, 10.4.6.2") \
	X("movntdq-lock", "Does a locked instruction drain non-temporal stores?", \
	  "movntdq %%xmm0, (%%rdi)\n lock addl $0, (%%rsp)", "0", "k", "k", "SDM Vol. 3A, Buffering of Write Combining Memory Locations") \
	X("clwb-lock", "Does a locked instruction do instead of the SFENCE?", \
	  "mov %%rdx, (%%rdi)\n clwb (%%rdi)\n lock addl $0, (%%rsp)", "0", "k", "k", "SDM Vol. 2A, CLWB: LOCK-prefixed instructions order it") \
	X("clwb-xchg", "And an XCHG with memory, which has no LOCK prefix?", \
	  "mov %%rdx, (%%rdi)\n clwb (%%rdi)\n xchg %%rbx, -8(%%rsp)", "0", "k", "k", "SDM Vol. 2, XCHG: locked implicitly") \
	X("clwb-cpuid", "And a serialising instruction?", \
	  "mov %%rax, %%r9\n mov %%rdx, %%r10\n mov %%rdx, (%%rdi)\n clwb (%%rdi)\n xor %%eax, %%eax\n cpuid\n" \
	  " mov %%r9, %%rax\n mov %%r10, %%rdx", "0", "k", "k", "SDM Vol. 3A, Serializing Instructions") \
	X("clwb-lfence", "Does an LFENCE do?", \
	  "mov %%rdx, (%%rdi)\n clwb (%%rdi)\n lfence", "0", "l", "k", "SDM Vol. 2A, CLWB: LFENCE is not among what orders it") \
	X("locked-store", "Is a locked read-modify-write durable, being atomic?", \
	  "lock xchg %%rdx, (%%rdi)\n mov %%r8, %%rdx", "0", "l", "k", "atomicity is visibility, not durability") \
	X("cas-then-flush", "Compare-and-swap, CLWB, SFENCE: as any store?", \
	  "mov %%rax, %%r9\n mov (%%rdi), %%rax\n lock cmpxchg %%rdx, (%%rdi)\n mov %%r9, %%rax\n clwb (%%rdi)\n sfence", \
	  "0", "k", "k", "SDM Vol. 2A, CLWB") \
	X("flush-first", "CLWB before the store, then SFENCE?", \
	  "clwb (%%rdi)\n mov %%rdx, (%%rdi)\n sfence", "0", "l", "k", "what is written back is the line as it was") \
	X("two-lines", "Two lines, two CLWB, one SFENCE: both?", \
	  "mov %%rdx, (%%rdi)\n clwb (%%rdi)\n mov %%rdx, (%%rsi)\n clwb (%%rsi)\n sfence", "0 64", "kk", "kk", "SDM Vol. 2A, CLWB") \
	X("two-lines-early", "Before that SFENCE: is A durable before B at least?", \
	  "mov %%rdx, (%%rdi)\n clwb (%%rdi)\n mov %%rdx, (%%rsi)\n clwb (%%rsi)", "0 64", "ll", "kk", \
	  "SDM Vol. 2A, CLWB: not ordered with one another; B may be kept without A") \
	X("fence-between", "With an SFENCE between the lines?", \
	  "mov %%rdx, (%%rdi)\n clwb (%%rdi)\n sfence\n mov %%rdx, (%%rsi)\n clwb (%%rsi)", "0 64", "kl", "kk", "SDM Vol. 2A, CLWB") \
	X("late-store", "Store A, CLWB A, store B, SFENCE: B too?", \
	  "mov %%rdx, (%%rdi)\n clwb (%%rdi)\n mov %%rdx, (%%rsi)\n sfence", "0 64", "kl", "kk", "a fence flushes nothing") \
	X("movnt-clflush", "Does a CLFLUSH of B order a non-temporal store to A before it?", \
	  "movnti %%rdx, (%%rdi)\n mov %%rdx, (%%rsi)\n clflush (%%rsi)", "0 64", "lk", "kk", "SDM Vol. 2A, CLFLUSH") \
	X("straddle", "A store over two lines, the first flushed: both halves?", \
	  "mov %%rdx, 60(%%rdi)\n clwb (%%rdi)\n sfence", "60:4 64:4", "kl", "kk", "a flush is of one line") \
	X("same-line", "Two stores to one line, one CLWB, one SFENCE: both?", \
	  "mov %%rdx, (%%rdi)\n mov %%rdx, 56(%%rdi)\n clwb (%%rdi)\n sfence", "0 56", "kk", "kk", "SDM Vol. 2A, CLWB") \
	X("after-capture", "Stored again between CLWB and SFENCE: is the second value durable?", \
	  "mov %%r8, (%%rdi)\n clwb (%%rdi)\n mov %%rdx, (%%rdi)\n sfence", "0", "l", "k", \
	  "the line may have been written back before the second store") \
	X("stosb", "REP STOSB, CLWB, SFENCE?", \
	  "mov %%rdi, %%r9\n mov %%rax, %%r10\n mov $0x22, %%al\n mov $8, %%ecx\n rep stosb\n mov %%r9, %%rdi\n" \
	  " mov %%r10, %%rax\n clwb (%%rdi)\n sfence", "0", "k", "k", "a string store is a store")

static void
do_case(int which, struct regs r)
{
	register uint64_t r8 __asm__("r8") = NEW2;
	int n = 0;

#define X(name, question, code, where, adr, eadr, source) if (which == n++) DO(code);
	CASES(X)
#undef X
}

static const struct { const char *name, *question, *code, *where, *adr, *eadr, *source; } text[] = {
#define X(name, question, code, where, adr, eadr, source) { name, question, code, where, adr, eadr, source },
	CASES(X)
#undef X
};
enum { N = sizeof text / sizeof *text };

static void
list(void)
{
	for (int k = 0; k < N; k++) {
		printf("%s\t%s\t", text[k].name, text[k].question);
		for (const char *c = text[k].code; *c; c++)
			if (*c == '\n')
				fputs(";", stdout);
			else if (c[0] != '%' || c[1] != '%')
				putchar(*c);
		printf("\t%s\t%s\t%s\t%s\n", text[k].where, text[k].adr, text[k].eadr, text[k].source);
	}
}

static int
run(const char *device)
{
	const int fd = open(device, O_RDWR | O_CLOEXEC);
	char *map = fd < 0 ? MAP_FAILED : mmap(NULL, DEVICE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	if (map == MAP_FAILED) {
		fprintf(stderr, "cases: %s: %s\n", device, strerror(errno));
		return 2;
	}
	/* Where the page lies on the NVDIMM the judge finds by what stands in its last line. */
	for (int k = 0; k < ROUNDS * N; k++) {
		for (int i = 0; i < 512; i++)
			((uint64_t *)(void *)(map + k * PAGE))[i] = OLD;
		snprintf(map + (k + 1) * PAGE - LINE_BYTES, LINE_BYTES, "daxmark case %d", k);
	}
	lab_mark(MARK_ARM, 0);
	for (int k = 0; k < ROUNDS * N; k++)
		do_case(k % N, (struct regs){ map + k * PAGE, map + k * PAGE + LINE_BYTES, (uint64_t)k });
	lab_mark(MARK_CUT, 0);
	fprintf(stderr, "cases: nobody cut the power: is this machine without --cache?\n");
	return 1;
}

int
main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "list") == 0)
		list();
	else if (argc == 3 && strcmp(argv[1], "run") == 0)
		return run(argv[2]);
	else
		return fprintf(stderr, "usage: cases list | cases run DEVDAX\n"), 2;
	return 0;
}
