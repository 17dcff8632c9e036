// links: dmi.o
/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The BIOS's tables: one that is right, and what firmware and attackers make of it.  Under
 * SAN=1 a byte read outside of a table ends the test: each lies in a block of its size.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "dmi.h"

#define TABLE "tests/golden/sysfs-doctor/sys/firmware/dmi/tables/DMI"

static uint8_t table[4096];
static size_t size;

static int
setup(void **state)
{
	FILE *f = fopen(TABLE, "re");

	(void)state;
	if (!f)
		return -1;
	size = fread(table, 1, sizeof table, f);
	fclose(f);
	return size > 100 ? 0 : -1;
}

static void
modules(void **state)
{
	static const struct { const char *slot, *bank, *maker, *part, *type, *technology; uint64_t gib; uint32_t speed, at; } want[] = {
		{ "CPU1_DIMM_A1", "NODE 1", "Samsung", "M393A2K40CB2-CVF", "DDR4", "DRAM", 16, 2933, 2666 },
		{ "CPU1_DIMM_A2", "NODE 1", "Intel", "NMA1XXD128GPS", "DDR4", "Optane", 128, 2666, 2666 },
		{ "CPU1_DIMM_B1", "NODE 1", "NO DIMM", "NO DIMM", "", "", 0, 0, 0 },
		{ "CPU2_DIMM_A1", "NODE 2", "Mi?cron", "MTC", "DDR5", "DRAM", 64, 70000, 65536 },
	};
	struct dmi_record r;
	struct dmi_dimm d;
	struct dmi_bios b;
	size_t at = 0, n = 0;
	int bios = 0;

	(void)state;
	while (dmi_next(table, size, &at, &r)) {
		if (dmi_bios(&r, &b)) {
			bios++;
			assert_string_equal(b.vendor, "Fake BIOS");
			assert_string_equal(b.date, "01/02/2020");
		}
		if (!dmi_dimm(&r, &d))
			continue;
		assert_true(n < sizeof want / sizeof *want);
		assert_string_equal(d.slot, want[n].slot);
		assert_string_equal(d.bank, want[n].bank);
		assert_string_equal(d.maker, want[n].maker);
		assert_string_equal(d.part, want[n].part);
		assert_string_equal(d.type, want[n].type);
		assert_string_equal(d.technology, want[n].technology);
		assert_int_equal(d.bytes >> 30, want[n].gib);
		assert_int_equal(d.speed, want[n].speed);
		assert_int_equal(d.configured, want[n].at);
		n++;
	}
	assert_int_equal(bios, 1);
	assert_int_equal(n, 4);
}

/* Walk a copy that ends where its block ends; the records seen. */
static size_t
walk(const uint8_t *from, size_t len)
{
	uint8_t *copy = malloc(len ? len : 1);
	struct dmi_record r;
	struct dmi_dimm d;
	struct dmi_bios b;
	size_t at = 0, n = 0;

	assert_non_null(copy);
	memcpy(copy, from, len);
	while (dmi_next(copy, len, &at, &r)) {
		assert_true(at <= len && r.text + r.textlen <= (const char *)copy + len);
		if (dmi_dimm(&r, &d))
			assert_true(strlen(d.part) < sizeof d.part && strlen(d.slot) < sizeof d.slot);
		dmi_bios(&r, &b);
		n++;
	}
	free(copy);
	return n;
}

static void
cut(void **state)
{
	(void)state;
	for (size_t len = 0; len <= size; len++)
		assert_true(walk(table, len) <= 6);
	assert_int_equal(walk(table, size), 6);
}

static void
made_up(void **state)
{
	static const uint8_t short_header[] = { 17, 3, 0, 0, 0, 0 }, no_end[] = { 17, 4, 0, 0, 'a' };
	static const uint8_t far[] = { 17, 200, 0, 0, 0, 0 }, tiny[] = { 17, 4, 0, 0, 0, 0 };
	static const uint8_t no_such_string[] = { 0, 9, 0, 0, 200, 1, 0, 0, 2, 'x', 0, 0 };
	struct dmi_record r;
	struct dmi_dimm d;
	struct dmi_bios b;
	size_t at = 0;

	(void)state;
	assert_int_equal(walk(short_header, sizeof short_header), 0);
	assert_int_equal(walk(no_end, sizeof no_end), 0);
	assert_int_equal(walk(far, sizeof far), 0);
	assert_int_equal(dmi_next(tiny, sizeof tiny, &at, &r), 1);
	assert_int_equal(dmi_dimm(&r, &d), 1);
	assert_true(d.bytes == 0 && d.speed == 0 && !d.slot[0]);
	at = 0;
	assert_int_equal(dmi_next(no_such_string, sizeof no_such_string, &at, &r), 1);
	assert_int_equal(dmi_bios(&r, &b), 1);
	assert_string_equal(b.vendor, "");
	assert_string_equal(b.version, "x");
	assert_string_equal(b.date, "");
}

/* Bytes changed at random, 20,000 tables. */
static void
fuzz(void **state)
{
	uint8_t bad[sizeof table];
	uint64_t x = 88172645463325252u;

	(void)state;
	for (int round = 0; round < 20000; round++) {
		memcpy(bad, table, size);
		for (int k = 0; k < 1 + round % 16; k++) {
			x ^= x << 13;
			x ^= x >> 7;
			x ^= x << 17;
			bad[x % size] = x & 1 << 20 ? (uint8_t)(x >> 32) : x & 1 << 21 ? 0xff : 0;
		}
		walk(bad, size - (round % 7 ? 0 : x % size));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(modules), cmocka_unit_test(cut), cmocka_unit_test(made_up), cmocka_unit_test(fuzz),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
