/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * marks.h -- what a program inside tells the laboratory, and what its log says.
 *
 * A mark is a NOP of seven bytes that no compiler makes, 0F 1F 80 MARK 'u' 'c' 'p', with a value
 * in RAX: a real CPU does nothing with it, in user space too; the plugin acts at exactly that
 * instruction.
 */
#ifndef MARKS_H
#define MARKS_H

#include <stdint.h>

#define MARK_LETTERS 'u', 'c', 'p'

enum lab_mark {
	MARK_ARM = 1,		/* all is durable as it is now; the log begins */
	MARK_CUT = 2,		/* the machine is gone */
	MARK_NOTE = 3,		/* the value goes into the log, with the counts so far */
	MARK_LIVE = 4,		/* copy what is live, as power-fail flushing (eADR) would keep it: LIVE.value */
};

#ifdef __x86_64__
#define lab_mark(number, value) \
	__asm__ volatile(".byte 0x0f, 0x1f, 0x80, %c0, 0x75, 0x63, 0x70" \
			 :: "i"(number), "a"((uint64_t)(value)) : "memory")
#else
#define lab_mark(number, value) ((void)(value))	/* there is no model for this machine */
#endif

/*
 * The log: records of native byte order.  A FENCE is followed by the c lines that it made durable,
 * in the order they were captured; a base image and a prefix of the log give every state that a
 * cut could have left (durable.DIMM.base, see nvcache.c).
 */
enum { LINE_BYTES = 64 };
enum log_kind {
	LOG_FENCE = 1,		/* a: its pc, b: enum insn_kind (decode.h), c: lines */
	LOG_LINE = 2,		/* a: DIMM, b: offset, c: mask of the bytes; then 64 bytes */
	LOG_NOTE = 3,		/* a: the value; then struct lab_counts[2], user and kernel */
};
struct log_record { uint64_t kind, a, b, c; };

/* What was executed since the model was armed, on bytes of the NVDIMMs but for the fences. */
struct lab_counts {
	uint64_t clwb, clflushopt, clflush;
	uint64_t clean;			/* of those: the line was durable already */
	uint64_t nt, nt_bytes;		/* non-temporal stores */
	uint64_t sfence, mfence, lock, serial;	/* all of them, whatever they had to commit */
	uint64_t fences;		/* those that made something durable */
	uint64_t lines, bytes;		/* that they made durable */
};

#endif
