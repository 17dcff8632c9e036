// links: bttimage.o
/* SPDX-License-Identifier: BSD-2-Clause */
/* An image made here by the specification's words, and each thing that can be wrong with one. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "bttimage.h"

enum { SECTOR = 512, SECTORS = 40, LANES = 8, BLOCKS = SECTORS + LANES };
enum { DATA = 4096, MAP = DATA + 6 * 4096, FLOG = MAP + 4096, COPY = FLOG + 4096, ARENA = COPY + 4096 };

struct made { uint8_t *byte; size_t len, start; struct btt_image b; };

static uint8_t *
at(struct made *m, size_t arena, size_t off)
{
	return m->byte + m->start + arena * ARENA + off;
}

static void
put32(uint8_t *p, uint32_t v)
{
	for (int k = 0; k < 4; k++)
		p[k] = (uint8_t)(v >> 8 * k);
}

static void
put_slot(struct made *m, size_t arena, uint32_t lane, int k, struct btt_slot s)
{
	uint8_t *p = at(m, arena, FLOG + lane * 64 + (size_t)k * 16);

	put32(p, s.lba);
	put32(p + 4, s.before);
	put32(p + 8, s.after);
	put32(p + 12, s.seq);
}

static void
seal(struct made *m, size_t arena)
{
	struct btt_info *i = (void *)at(m, arena, 0);

	i->checksum = btt_checksum(i);
	memcpy(at(m, arena, COPY), i, sizeof *i);
}

static void
make_arena(struct made *m, size_t arena, bool last)
{
	struct btt_info i = {
		.major = m->start ? 1 : 2, .minor = m->start ? 1 : 0, .sector = SECTOR, .sectors = SECTORS,
		.block = SECTOR, .blocks = BLOCKS, .lanes = LANES, .info_bytes = 4096, .next = last ? 0 : ARENA,
		.data = DATA, .map = MAP, .flog = FLOG, .copy = COPY,
	};

	memcpy(i.signature, BTT_SIGNATURE, 16);
	memcpy(at(m, arena, 0), &i, sizeof i);
	seal(m, arena);
	for (uint32_t k = 0; k < LANES; k++)
		put_slot(m, arena, k, 0, (struct btt_slot){ k, SECTORS + k, SECTORS + k, 1 });
	for (uint32_t k = 0; k < BLOCKS; k++)
		memset(at(m, arena, DATA + k * SECTOR), (int)(k + 100 * arena), SECTOR);
}

static int
make(void **state)
{
	struct made *m = calloc(1, sizeof *m);

	m->start = 4096;
	m->len = m->start + 2 * ARENA;
	m->byte = calloc(1, m->len);
	make_arena(m, 0, false);
	make_arena(m, 1, true);
	*state = m;
	return 0;
}

static int
unmake(void **state)
{
	struct made *m = *state;

	btt_image_close(&m->b);
	free(m->byte);
	free(m);
	return 0;
}

/* Sector n reads as a block of which arena? */
static void
reads(struct made *m, uint64_t n, int byte)
{
	uint8_t buf[SECTOR];

	assert_int_equal(btt_image_read(&m->b, n, buf), 0);
	for (int k = 0; k < SECTOR; k++)
		assert_int_equal(buf[k], (uint8_t)byte);
}

static void
one_fault(struct made *m, enum btt_fault f)
{
	assert_int_equal(btt_image_open(&m->b, m->byte, m->len), 0);
	for (int k = 0; k < BTT_FAULTS; k++)
		assert_int_equal(m->b.fault[k], k == (int)f);
	assert_true(m->b.first[f][0]);
}

static void
new_image(void **state)
{
	struct made *m = *state;
	uint8_t buf[SECTOR];

	assert_int_equal(btt_image_open(&m->b, m->byte, m->len), 0);
	assert_int_equal(m->b.arenas, 2);
	assert_int_equal(m->b.sectors, 2 * SECTORS);
	assert_int_equal(btt_image_faults(&m->b), 0);
	reads(m, 0, 0);
	reads(m, 39, 39);
	reads(m, 40, 100);
	reads(m, 79, 139);
	assert_int_equal(btt_image_read(&m->b, 80, buf), -ERANGE);
	assert_int_equal(btt_image_free(&m->b, 9, buf), 0);
	assert_int_equal(buf[0], 100 + SECTORS + 1);
	assert_int_equal(btt_image_free(&m->b, 16, buf), -ERANGE);
}

static void
version_2_begins_at_0(void **state)
{
	struct made *m = *state;

	memset(m->byte, 0, m->len);
	m->start = 0;
	make_arena(m, 0, true);
	assert_int_equal(btt_image_open(&m->b, m->byte, m->len), 0);
	assert_int_equal(m->b.arenas, 1);
	assert_int_equal(m->b.arena[0].info.major, 2);
}

static void
states_of_a_map_entry(void **state)
{
	struct made *m = *state;
	uint8_t buf[SECTOR];

	put32(at(m, 0, MAP + 4 * 3), (uint32_t)BTT_ZERO << 30 | 3);
	put32(at(m, 0, MAP + 4 * 4), (uint32_t)BTT_BAD << 30 | 4);
	put32(at(m, 0, MAP + 4 * 5), (uint32_t)BTT_NORMAL << 30 | 6);
	put32(at(m, 0, MAP + 4 * 6), (uint32_t)BTT_NORMAL << 30 | 5);
	assert_int_equal(btt_image_open(&m->b, m->byte, m->len), 0);
	assert_int_equal(btt_image_faults(&m->b), 0);
	reads(m, 3, 0);
	assert_int_equal(btt_image_read(&m->b, 4, buf), -EIO);
	reads(m, 5, 6);
	reads(m, 6, 5);
}

/* The power went between the flog and the map. */
static void
rolls_forward(void **state)
{
	struct made *m = *state;
	uint8_t buf[SECTOR];

	put_slot(m, 0, 2, 1, (struct btt_slot){ 7, 7, SECTORS + 2, 2 });
	assert_int_equal(btt_image_open(&m->b, m->byte, m->len), 0);
	assert_int_equal(btt_image_faults(&m->b), 0);
	assert_int_equal(m->b.arena[0].rolled, 1);
	reads(m, 7, SECTORS + 2);
	assert_int_equal(btt_image_free(&m->b, 2, buf), 0);
	assert_int_equal(buf[0], 7);
	btt_image_close(&m->b);
	/* The map has it: nothing is left to do. */
	put32(at(m, 0, MAP + 4 * 7), (uint32_t)BTT_NORMAL << 30 | (SECTORS + 2));
	assert_int_equal(btt_image_open(&m->b, m->byte, m->len), 0);
	assert_int_equal(m->b.arena[0].rolled, 0);
	reads(m, 7, SECTORS + 2);
}

static void
sequence_numbers_go_round(void **state)
{
	static const struct { uint32_t s0, s1; int newer; } v[] = {
		{ 1, 0, 0 }, { 0, 1, 1 }, { 1, 2, 1 }, { 2, 1, 0 }, { 2, 3, 1 }, { 3, 2, 0 }, { 3, 1, 1 }, { 1, 3, 0 },
	};
	struct made *m = *state;

	for (size_t k = 0; k < sizeof v / sizeof *v; k++) {
		put_slot(m, 0, 1, 0, (struct btt_slot){ 8, 8, 8, v[k].s0 });
		put_slot(m, 0, 1, 1, (struct btt_slot){ 8, SECTORS + 1, SECTORS + 1, v[k].s1 });
		assert_int_equal(btt_image_open(&m->b, m->byte, m->len), 0);
		assert_int_equal(m->b.arena[0].free[1], v[k].newer ? SECTORS + 1 : 8);
		btt_image_close(&m->b);
	}
}

/* Linux before 4.15 and PMDK put the second slot third. */
static void
old_slots(void **state)
{
	struct made *m = *state;

	for (uint32_t lane = 0; lane < LANES; lane++)
		for (int k = 1; k < 4; k++)
			memset(at(m, 0, FLOG + lane * 64 + (size_t)k * 16), 0, 16);
	put_slot(m, 0, 3, 2, (struct btt_slot){ 9, 9, SECTORS + 3, 2 });
	assert_int_equal(btt_image_open(&m->b, m->byte, m->len), 0);
	assert_int_equal(m->b.arena[0].second, 2);
	reads(m, 9, SECTORS + 3);
}

static void
no_btt(void **state)
{
	struct made *m = *state;

	assert_int_equal(btt_image_open(&m->b, m->byte + 64, m->len - 64), -ENOENT);
	assert_int_equal(btt_image_open(&m->b, m->byte, 100), -ENOENT);
}

static void
first_info_block(void **state)
{
	struct made *m = *state;

	at(m, 0, 200)[0] = 1;
	assert_int_equal(btt_image_open(&m->b, m->byte, m->len), -EINVAL);
	assert_int_equal(m->b.fault[BTT_FAULT_INFO], 1);
}

static void
second_info_block(void **state)
{
	struct made *m = *state;

	at(m, 1, 200)[0] = 1;
	one_fault(m, BTT_FAULT_INFO);
	assert_int_equal(m->b.arenas, 1);
}

static void
an_arena_cut_short(void **state)
{
	struct made *m = *state;

	m->len -= 1;
	one_fault(m, BTT_FAULT_INFO);
}

static void
copy_of_the_info_block(void **state)
{
	struct made *m = *state;

	at(m, 1, COPY + 64)[0] ^= 1;
	one_fault(m, BTT_FAULT_COPY);
}

static void
error_flag(void **state)
{
	struct made *m = *state;

	((struct btt_info *)(void *)at(m, 0, 0))->flags = BTT_ERROR_FLAG;
	seal(m, 0);
	one_fault(m, BTT_FAULT_FLAGGED);
}

static void
flog_sequence(void **state)
{
	struct made *m = *state;

	put_slot(m, 0, 4, 1, (struct btt_slot){ 1, 1, 1, 1 });
	one_fault(m, BTT_FAULT_FLOG);
	btt_image_close(&m->b);
	put_slot(m, 0, 4, 1, (struct btt_slot){ 1, 1, 1, 4 });
	one_fault(m, BTT_FAULT_FLOG);
}

static void
flog_range(void **state)
{
	struct made *m = *state;

	put_slot(m, 0, 4, 0, (struct btt_slot){ SECTORS, 1, 1, 1 });
	one_fault(m, BTT_FAULT_FLOG_RANGE);
	btt_image_close(&m->b);
	put_slot(m, 0, 4, 0, (struct btt_slot){ 0, BLOCKS, 1, 1 });
	one_fault(m, BTT_FAULT_FLOG_RANGE);
}

static void
map_range(void **state)
{
	struct made *m = *state;

	put32(at(m, 1, MAP), (uint32_t)BTT_NORMAL << 30 | BLOCKS);
	one_fault(m, BTT_FAULT_MAP_RANGE);
}

static void
one_block_for_two(void **state)
{
	struct made *m = *state;

	put32(at(m, 0, MAP + 4 * 5), (uint32_t)BTT_NORMAL << 30 | 6);
	one_fault(m, BTT_FAULT_TWICE);
}

static void
free_and_used(void **state)
{
	struct made *m = *state;

	put_slot(m, 0, 4, 0, (struct btt_slot){ 1, 11, 11, 1 });
	one_fault(m, BTT_FAULT_FREE_USED);
}

static void
free_twice(void **state)
{
	struct made *m = *state;

	put_slot(m, 0, 4, 0, (struct btt_slot){ 1, SECTORS + 5, SECTORS + 5, 1 });
	one_fault(m, BTT_FAULT_FREE_TWICE);
}

#define T(name) cmocka_unit_test_setup_teardown(name, make, unmake)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(new_image), T(version_2_begins_at_0), T(states_of_a_map_entry), T(rolls_forward),
		T(sequence_numbers_go_round), T(old_slots), T(no_btt), T(first_info_block), T(second_info_block),
		T(an_arena_cut_short), T(copy_of_the_info_block), T(error_flag), T(flog_sequence), T(flog_range), T(map_range),
		T(one_block_for_two), T(free_and_used), T(free_twice),
	};

	return cmocka_run_group_tests_name("bttimage", tests, NULL, NULL);
}
