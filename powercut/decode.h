/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * decode.h -- which x86-64 instructions a cache in front of memory has to know.
 *
 * Pure: bytes in, a struct out.  Plain stores are not among them: what they wrote is in the
 * guest's memory, and durable only when one of these says so.
 *
 * Not here: WBINVD (nobody's way to make a line durable from user space; the model then says too
 * little is durable, never too much), string stores, SYSCALL and SYSRET (they do not serialise).
 */
#ifndef DECODE_H
#define DECODE_H

#include <stddef.h>
#include <stdint.h>

enum insn_kind {
	INSN_OTHER,
	INSN_CLWB, INSN_CLFLUSHOPT,	/* the line as it is now, durable with the next fence */
	INSN_CLFLUSH,			/* durable at once: ordered behind the stores to its line */
	INSN_NT,			/* MOVNTI, MOVNTQ, (V)MOVNTDQ, (V)MOVNTP[SD], MASKMOVDQU, MOVDIRI, MOVDIR64B */
	INSN_SFENCE, INSN_MFENCE,
	INSN_LOCK,			/* a LOCK prefix, or XCHG with memory, which has it built in */
	INSN_SERIAL,			/* CPUID, IRET, WRMSR, MOV to CR, INVLPG, SERIALIZE */
	INSN_MAGIC,			/* the NOP of marks.h */
	INSN_KINDS
};

enum { INSN_NO_REG = 255, INSN_RIP = 16 };

struct insn {
	uint8_t kind;			/* enum insn_kind */
	/* Of the flushes: base + (index << scale) + disp, and the segment's base.  Registers as
	 * they are encoded, 0 RAX to 15 R15; RIP is that of the next instruction. */
	uint8_t base, index, scale;
	uint8_t segment;		/* 'f', 'g' or 0 */
	uint8_t addr32;			/* the sum is cut to 32 bits */
	int32_t disp;
	uint8_t magic;			/* enum lab_mark */
};

/* 64-bit code alone; code[0..len) is one whole instruction. */
void insn_decode(struct insn *, const uint8_t *code, size_t len);

#endif
