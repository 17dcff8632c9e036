// links:
/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "slots.h"
#include "rng.h"

static struct slots
make(uint8_t bits, uint8_t rot, bool random, uint64_t seed)
{
	struct slots s = { .mask = (1ull << bits) - 1, .seed = seed, .bits = bits, .rot = rot, .random = random };

	s.mul[0] = rng_next(&seed) | 1;
	s.mul[1] = rng_next(&seed) | 1;
	return s;
}

/* 2^bits consecutive ops, from anywhere, touch each slot once. */
static void
check_bijection(struct slots s, uint64_t first)
{
	const uint64_t n = s.mask + 1;
	unsigned char *seen = calloc(n, 1);

	assert_non_null(seen);
	for (uint64_t i = first; i < first + n; i++) {
		const uint64_t slot = slots_at(s, i);

		assert_true(slot < n);
		assert_false(seen[slot]);
		seen[slot] = 1;
	}
	free(seen);
}

static void
bijection(void **state)
{
	uint64_t rng = 7;

	(void)state;
	for (uint8_t bits = 0; bits <= 16; bits++) {
		const uint64_t first = rng_next(&rng) >> 1;

		check_bijection(make(bits, 0, false, 0), first);
		for (uint8_t rot = 1; rot <= bits; rot++)
			check_bijection(make(bits, rot, false, 0), first);
		for (int k = 0; k < 4; k++)
			check_bijection(make(bits, 0, true, rng_next(&rng)), first);
	}
	check_bijection(make(20, 0, true, 1), 0);
}

static void
orders(void **state)
{
	const struct slots seq = make(10, 0, false, 0), strided = make(10, 3, false, 0);

	(void)state;
	for (uint64_t i = 0; i < 1024; i++)
		assert_true(slots_at(seq, i) == i);
	for (uint64_t i = 0; i < 128; i++)
		assert_true(slots_at(strided, i) == i * 8);
	assert_true(slots_at(strided, 128) == 1);
}

/* A slot gets another block of the ring on each pass, though the ring divides the slots. */
static void
passes(void **state)
{
	const struct slots s = make(10, 0, true, 3);

	(void)state;
	for (uint64_t i = 0; i < 1024; i++)
		for (uint64_t pass = 1; pass < 256; pass++)
			assert_true((slots_block(s, i) & 255) != (slots_block(s, i + pass * 1024) & 255));
}

static void
file_names(void **state)
{
	char a[SLOT_FILE_MAX], b[SLOT_FILE_MAX];

	(void)state;
	assert_string_equal(slot_file(a, 0x1000, 0xab), "s0000000000001000-00000000000000ab");
	assert_string_not_equal(a, slot_file(b, 0x1000, 0xac));
}

static void
below(void **state)
{
	uint64_t rng = 1, count[6] = { 0 };

	(void)state;
	for (int i = 0; i < 60000; i++) {
		const uint64_t n = rng_below(&rng, 6);

		assert_true(n < 6);
		count[n]++;
	}
	for (int i = 0; i < 6; i++)
		assert_true(count[i] > 9500 && count[i] < 10500);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bijection), cmocka_unit_test(orders),
		cmocka_unit_test(passes), cmocka_unit_test(file_names), cmocka_unit_test(below),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
