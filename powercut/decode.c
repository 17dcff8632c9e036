/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdbool.h>
#include <string.h>
#include "decode.h"
#include "marks.h"

struct reader { const uint8_t *at, *end; };

static uint8_t
next(struct reader *r)
{
	return r->at < r->end ? *r->at++ : 0;
}

static uint8_t
peek(const struct reader *r)
{
	return r->at < r->end ? *r->at : 0;
}

/* What stands before the ModRM byte. */
struct opcode {
	bool size16, repeat, lock, vex;
	uint8_t rex;			/* B 1, X 2, R 4 */
	uint8_t map;			/* 0: one byte; 1: 0F; 0x38: 0F 38; 0x3a: 0F 3A */
	uint8_t byte;
};

static bool
prefix(struct opcode *o, struct insn *i, uint8_t c)
{
	switch (c) {
	case 0x66: o->size16 = true; return true;
	case 0x67: i->addr32 = 1; return true;
	case 0xf0: o->lock = true; return true;
	case 0xf2: case 0xf3: o->repeat = true; return true;
	case 0x64: i->segment = 'f'; return true;
	case 0x65: i->segment = 'g'; return true;
	case 0x26: case 0x2e: case 0x36: case 0x3e: return true;
	}
	return false;
}

static void
read_vex(struct opcode *o, struct reader *r, bool three)
{
	uint8_t c = next(r);

	o->vex = true;
	o->map = 1;
	if (three) {
		static const uint8_t maps[] = { 0, 1, 0x38, 0x3a };

		o->map = maps[c & 3];
		o->rex = (uint8_t)~c >> 5 & 7;
		next(r);
	}
	o->byte = next(r);
}

static void
read_opcode(struct opcode *o, struct insn *i, struct reader *r)
{
	uint8_t c;

	while (prefix(o, i, peek(r)))
		next(r);
	c = next(r);
	if ((c & 0xf0) == 0x40) {
		o->rex = c & 7;
		c = next(r);
	}
	if (c == 0xc4 || c == 0xc5) {
		read_vex(o, r, c == 0xc4);
	} else if (c == 0x62) {
		/* EVEX: the map in the low bits of P0, the opcode behind P2. */
		c = next(r);
		o->vex = true;
		o->map = (c & 7) == 1 ? 1 : 0xff;
		next(r);
		next(r);
		o->byte = next(r);
	} else if (c == 0x0f) {
		o->map = 1;
		o->byte = next(r);
		if (o->byte == 0x38 || o->byte == 0x3a) {
			o->map = o->byte;
			o->byte = next(r);
		}
	} else {
		o->byte = c;
	}
}

/* 0F AE: the fences have a register operand, the flushes one in memory. */
static enum insn_kind
group15(const struct opcode *o, bool memory, uint8_t reg)
{
	if (o->vex || o->repeat)
		return INSN_OTHER;
	if (memory && reg == 7)
		return o->size16 ? INSN_CLFLUSHOPT : INSN_CLFLUSH;
	if (memory && reg == 6)
		return o->size16 ? INSN_CLWB : INSN_OTHER;
	if (memory || o->size16)
		return INSN_OTHER;
	return reg == 7 ? INSN_SFENCE : reg == 6 ? INSN_MFENCE : INSN_OTHER;
}

static bool
serialises(const struct opcode *o, uint8_t modrm, bool memory)
{
	if (o->map == 0)
		return o->byte == 0xcf;					/* IRET */
	if (o->map != 1 || o->vex)
		return false;
	return o->byte == 0xa2 || o->byte == 0x30 || o->byte == 0x22 ||	/* CPUID, WRMSR, MOV to CR */
		(o->byte == 0x01 && (modrm == 0xe8 ||			/* SERIALIZE */
				     (memory && (modrm >> 3 & 7) == 7)));	/* INVLPG */
}

static bool
non_temporal(const struct opcode *o, bool memory)
{
	if (o->map == 1 && memory)
		return o->byte == 0x2b || o->byte == 0xe7 || (o->byte == 0xc3 && !o->vex);
	if (o->map == 1)
		return o->byte == 0xf7 && (o->size16 || o->vex);	/* MASKMOVDQU */
	return o->map == 0x38 && !o->vex && memory && (o->byte == 0xf9 || (o->byte == 0xf8 && o->size16));
}

/* 0F 1F /0 with 32 bits of displacement: a mark's number and three letters. */
static bool
is_magic(const struct opcode *o, struct reader r, uint8_t *mark)
{
	const uint8_t modrm = next(&r);
	static const uint8_t letters[] = { MARK_LETTERS };

	if (o->map != 1 || o->byte != 0x1f || o->vex || modrm != 0x80 || r.end - r.at < 4)
		return false;
	*mark = r.at[0];
	return memcmp(r.at + 1, letters, sizeof letters) == 0;
}

static enum insn_kind
classify(const struct opcode *o, const struct reader *r, uint8_t *mark)
{
	const uint8_t modrm = peek(r);
	const bool memory = r->at < r->end && modrm >> 6 != 3;

	if (o->map == 1 && o->byte == 0xae)
		return group15(o, memory, modrm >> 3 & 7);
	if (non_temporal(o, memory))
		return INSN_NT;
	if (is_magic(o, *r, mark))
		return INSN_MAGIC;
	if (o->lock || (o->map == 0 && (o->byte == 0x86 || o->byte == 0x87) && memory))
		return INSN_LOCK;
	return serialises(o, modrm, memory) ? INSN_SERIAL : INSN_OTHER;
}

static int32_t
read_disp(struct reader *r, int mod)
{
	int32_t wide = 0;

	if (mod == 1)
		return (int8_t)next(r);
	for (int k = 0; mod == 2 && k < 32; k += 8)
		wide |= (int32_t)((uint32_t)next(r) << k);
	return wide;
}

static void
read_address(struct insn *i, const struct opcode *o, struct reader *r)
{
	const uint8_t modrm = next(r), rm = modrm & 7;
	int mod = modrm >> 6;

	if (rm == 4) {
		const uint8_t sib = next(r);

		i->scale = sib >> 6;
		i->index = (uint8_t)((sib >> 3 & 7) | (o->rex & 2 ? 8 : 0));
		if (i->index == 4)
			i->index = INSN_NO_REG;
		i->base = (uint8_t)((sib & 7) | (o->rex & 1 ? 8 : 0));
		if ((sib & 7) == 5 && mod == 0) {
			i->base = INSN_NO_REG;
			mod = 2;
		}
	} else if (rm == 5 && mod == 0) {
		i->base = INSN_RIP;
		mod = 2;
	} else {
		i->base = (uint8_t)(rm | (o->rex & 1 ? 8 : 0));
	}
	i->disp = read_disp(r, mod);
}

void
insn_decode(struct insn *i, const uint8_t *code, size_t len)
{
	struct reader r = { code, code + len };
	struct opcode o = { 0 };

	*i = (struct insn){ .base = INSN_NO_REG, .index = INSN_NO_REG };
	read_opcode(&o, i, &r);
	i->kind = (uint8_t)classify(&o, &r, &i->magic);
	if (i->kind == INSN_CLWB || i->kind == INSN_CLFLUSHOPT || i->kind == INSN_CLFLUSH)
		read_address(i, &o, &r);
}
