/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * crclog -- what applications do in place of atomic sectors, the first way: a record with its
 * number and a checksum (CRC-32C), made durable by one fence. A power cut may tear the record
 * that is being written; whoever reads it then sees that it is none. A slot is the place of a
 * record, in the order of the pattern: seq is a log that goes round.
 *
 * asm: crc32 movnti movntdq sfence
 * imports: -
 */
#include "laidout.h"

/* At a record's begin; small ones fit in its line. */
struct record { uint64_t crc, number; };	/* number: 0 was never written */

static always_inline size_t
payload_at(size_t size)
{
	return size <= LINE - sizeof(struct record) ? sizeof(struct record) : LINE;
}

static always_inline size_t
stride_of(size_t size)
{
	return size <= LINE - sizeof(struct record) ? LINE : LINE + size;
}

static always_inline uint64_t
crc_of(uint64_t number, const char *p, size_t size)
{
	uint64_t crc = crc32_word(~0u, number);

	for (size_t k = 0; k < size; k += 8)
		crc = crc32_word(crc, word_at(p + k));
	return crc;
}

static size_t
crclog_pm_size(const struct facts *f, const void *opts)
{
	(void)opts;
	return stride_of(f->size) * f->slots;
}

static int
crclog_format(struct work *w)
{
	const size_t stride = stride_of(w->size);

	for (uint64_t slot = 0; slot <= w->slots.mask; slot++)
		put_word(w->pm + slot * stride + offsetof(struct record, number), 0);
	sfence();
	return 0;
}

static int
crclog_run(const struct work *w, uint64_t i, uint64_t end)
{
	const struct slots slots = w->slots;
	const size_t size = w->size, stride = stride_of(size), at = payload_at(size);
	const uint64_t ring_mask = w->src_mask;
	const char *const ring = w->src;
	char *const pm = w->pm;

	for (; i < end; i++) {
		char *p = pm + slots_at(slots, i) * stride;
		const char *src = ring + (slots_block(slots, i) & ring_mask) * size;

		put_word(p + offsetof(struct record, crc), crc_of(i + 1, src, size));
		put_word(p + offsetof(struct record, number), i + 1);
		put_bytes(p + at, src, size, nt_line16);
		sfence();
	}
	return 0;
}

static int
crclog_find(const struct work *w, uint64_t slot, void *buf)
{
	const char *p = w->pm + slot * stride_of(w->size);
	const uint64_t number = word_at(p + offsetof(struct record, number));

	copy_out(buf, p + payload_at(w->size), w->size);
	if (!number || word_at(p) != crc_of(number, p + payload_at(w->size), w->size))
		return -ENODATA;
	return 0;
}

const struct kernel kernel_crclog = {
	KERNEL_HEADER,
	.name = "crclog",
	.doc = "record and CRC-32C by NT stores, one SFENCE; durable where the mapping is",
	.needs = CAP_MAP | CAP_CRC32,
	.does = DOES_NT | DOES_ATOMIC_SECTOR,
	.moves = MOVES_WRITES,
	.expect = laidout_expect,
	.pm_size = crclog_pm_size,
	.format = crclog_format,
	.run = crclog_run,
	.find = crclog_find,
};
