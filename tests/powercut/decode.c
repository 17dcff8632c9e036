/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What `objdump -d --insn-width=16` says of an object against what insn_decode says: kind, and for
 * the flushes the address.  The disassembler is the oracle; stdin is its output.  TAP: one line a
 * kind, with how many were seen.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "decode.h"

static const char *const kind_name[INSN_KINDS] = {
	"other", "clwb", "clflushopt", "clflush", "non-temporal", "sfence", "mfence", "lock", "serial", "magic",
};

static bool
begins(const char *s, const char *with)
{
	return strncmp(s, with, strlen(with)) == 0;
}

/* The kind by the disassembler's words; memory operands are in parentheses or absolute. */
static enum insn_kind
by_text(const char *t)
{
	static const struct { const char *word; enum insn_kind kind; } words[] = {
		{ "clwb", INSN_CLWB }, { "clflushopt", INSN_CLFLUSHOPT }, { "clflush", INSN_CLFLUSH },
		{ "movnti", INSN_NT }, { "movntq ", INSN_NT }, { "movntdq ", INSN_NT }, { "movntp", INSN_NT }, { "vmovntdq ", INSN_NT },
		{ "vmovntp", INSN_NT }, { "maskmovdqu", INSN_NT }, { "vmaskmovdqu", INSN_NT },
		{ "movdiri", INSN_NT }, { "movdir64b", INSN_NT },
		{ "sfence", INSN_SFENCE }, { "mfence", INSN_MFENCE }, { "cpuid", INSN_SERIAL },
		{ "iret", INSN_SERIAL }, { "wrmsr", INSN_SERIAL }, { "invlpg ", INSN_SERIAL },
		{ "serialize", INSN_SERIAL },
	};
	static const char *const skip[] = { "cs ", "ds ", "es ", "ss ", "fs ", "gs ", "data16 ", "addr32 ", "rep ", "repz ",
					    "repnz ", "xacquire ", "xrelease ", "bnd ", "notrack " };

	for (size_t k = 0; k < sizeof skip / sizeof *skip; k++)
		if (begins(t, skip[k]) || begins(t, "rex")) {
			const char *next = strchr(t, ' ');

			return next ? by_text(next + 1 + strspn(next + 1, " ")) : INSN_OTHER;
		}
	if (begins(t, "lock "))
		return INSN_LOCK;
	if (begins(t, "xchg") && (strchr(t, '(') || strchr(t, ':') || strstr(t, ",0x")))
		return INSN_LOCK;
	if (begins(t, "mov ") && strstr(t, ",%cr"))
		return INSN_SERIAL;
	if (begins(t, "nopl ") && strstr(t, "0x706375") && strstr(t, "(%rax)"))
		return INSN_MAGIC;
	for (size_t k = 0; k < sizeof words / sizeof *words; k++)
		if (begins(t, words[k].word))
			return words[k].kind;
	return INSN_OTHER;
}

/* What the decoder says of the address, as the disassembler writes it. */
static void
address_text(const struct insn *i, char *buf, size_t len)
{
	static const char *const reg[] = { "rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi", "r8", "r9", "r10", "r11",
					   "r12", "r13", "r14", "r15", "rip" };
	static const char *const reg32[] = { "eax", "ecx", "edx", "ebx", "esp", "ebp", "esi", "edi", "r8d", "r9d", "r10d",
					     "r11d", "r12d", "r13d", "r14d", "r15d", "eip" };
	const char *const *names = i->addr32 ? reg32 : reg;
	int n = 0;

	if (i->segment)
		n += snprintf(buf, len, "%%%cs:", i->segment);
	if (i->disp || (i->base == INSN_NO_REG && i->index == INSN_NO_REG))
		n += snprintf(buf + n, len - (size_t)n, "%s0x%x", i->disp < 0 ? "-" : "",
			      i->disp < 0 ? -(unsigned)i->disp : (unsigned)i->disp);
	if (i->base == INSN_NO_REG && i->index == INSN_NO_REG)
		return;
	n += snprintf(buf + n, len - (size_t)n, "(");
	if (i->base != INSN_NO_REG)
		n += snprintf(buf + n, len - (size_t)n, "%%%s", names[i->base]);
	if (i->index != INSN_NO_REG)
		n += snprintf(buf + n, len - (size_t)n, ",%%%s,%d", names[i->index], 1 << i->scale);
	snprintf(buf + n, len - (size_t)n, ")");
}

/* The disassembler's operand, with what it always writes alike taken out. */
static bool
same_address(const struct insn *i, const char *text)
{
	char mine[128], theirs[128], *comment;
	const char *operand = strchr(text, ' ');

	address_text(i, mine, sizeof mine);
	snprintf(theirs, sizeof theirs, "%s", operand ? operand + strspn(operand, " ") : "");
	if ((comment = strpbrk(theirs, " #")))
		*comment = 0;
	return strcmp(mine, theirs) == 0 || (begins(theirs, "0x0(") && strcmp(mine, theirs + 3) == 0);
}

static size_t
read_code(const char *hex, uint8_t code[16])
{
	size_t n = 0;
	char *end;

	while (n < 16 && hex[0] != '\t' && hex[0] != '\n' && hex[0]) {
		code[n] = (uint8_t)strtoul(hex, &end, 16);
		if (end == hex)
			break;
		n++;
		hex = end + (*end == ' ');
	}
	return n;
}

int
main(void)
{
	static char line[4096];
	unsigned long seen[INSN_KINDS] = { 0 }, wrong[INSN_KINDS] = { 0 };
	int bad = 0;

	while (fgets(line, sizeof line, stdin)) {
		char *hex = strchr(line, '\t'), *text = hex ? strchr(hex + 1, '\t') : NULL;
		uint8_t code[16];
		struct insn i;
		enum insn_kind want;

		if (!text || strstr(text, "(bad)"))
			continue;
		text[strcspn(text, "\n")] = 0;
		insn_decode(&i, code, read_code(hex + 1, code));
		want = by_text(++text);
		seen[want]++;
		if (i.kind == want && (want < INSN_CLWB || want > INSN_CLFLUSH || same_address(&i, text)))
			continue;
		if (wrong[want]++ < 5)
			printf("# %s: decoded as %s\n", line, kind_name[i.kind]);
	}
	for (int k = 0; k < INSN_KINDS; k++) {
		bad |= wrong[k] > 0;
		printf("%sok %d - %s: %lu seen, %lu wrong\n", wrong[k] ? "not " : "", k + 1, kind_name[k], seen[k], wrong[k]);
	}
	printf("1..%d\n", INSN_KINDS);
	return bad;
}
