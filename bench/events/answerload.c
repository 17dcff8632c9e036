/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "answerload.h"
#include "isa.h"

#define MEMORY       (64u << 20)
#define PASSES       4
#define LOOPS        10000000u		/* of two instructions */
#define PAGES        4096u
#define SYSCALLS     10000u

const char *const answer_load_name[ANSWER_LOADS] = {
	[ANSWER_WRITE_BYTES] = "write-bytes", [ANSWER_READ_BYTES] = "read-bytes",
	[ANSWER_INSTRUCTIONS] = "instructions", [ANSWER_FAULTS] = "faults", [ANSWER_SYSCALLS] = "syscalls",
};

char *
answerload_new(enum answer_load load)
{
	char *p = mmap(NULL, MEMORY, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		return NULL;
	/* The faults are the load. */
	if (load == ANSWER_FAULTS)
		madvise(p, MEMORY, MADV_NOHUGEPAGE);
	else if (load == ANSWER_WRITE_BYTES || load == ANSWER_READ_BYTES)
		memset(p, 1, MEMORY);
	return p;
}

void
answerload_free(char *memory)
{
	if (memory)
		munmap(memory, MEMORY);
}

static double
write_bytes(char *p)
{
	static const char line[LINE] __attribute__((aligned(LINE))) = { 1 };

	for (int pass = 0; pass < PASSES; pass++)
		for (size_t at = 0; at < MEMORY; at += LINE)
			nt_line16(p + at, line);
	sfence();
	return (double)PASSES * MEMORY;
}

/* Out of the caches by lines behind the loads: nothing may fetch them again before they are
 * loaded. */
static double
read_bytes(char *p)
{
	uint64_t sum = 0;

	for (size_t at = 0; at < MEMORY; at += LINE)
		clflush(p + at);
	sfence();
	for (size_t at = 0; at < MEMORY; at += LINE)
		sum += *(volatile uint64_t *)(p + at);
	(void)sum;
	return MEMORY;
}

static double
instructions(void)
{
	uint64_t n = LOOPS;

	__asm__ volatile("1: dec %0\n\tjnz 1b" : "+r"(n) : : "cc");
	return 2.0 * LOOPS;
}

static double
faults(char *p)
{
	const size_t page = (size_t)sysconf(_SC_PAGESIZE);

	for (size_t k = 0; k < PAGES; k++)
		((volatile char *)p)[k * page] = 1;
	return PAGES;
}

static double
syscalls(void)
{
	for (unsigned k = 0; k < SYSCALLS; k++)
		syscall(SYS_getppid);
	return SYSCALLS;
}

double
answerload_run(enum answer_load load, char *memory)
{
	switch (load) {
	case ANSWER_WRITE_BYTES: return write_bytes(memory);
	case ANSWER_READ_BYTES: return read_bytes(memory);
	case ANSWER_INSTRUCTIONS: return instructions();
	case ANSWER_FAULTS: return faults(memory);
	case ANSWER_SYSCALLS: return syscalls();
	default: return 0;
	}
}
