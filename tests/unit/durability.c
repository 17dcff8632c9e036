// links: durability.o
/* SPDX-License-Identifier: BSD-2-Clause */
#include "fake.h"

/* Every class that a kernel can reach on a target of each kind, in one table. */
enum { ON = 1, OFF = 0 };

static const struct facts_target *
facts(enum target_kind kind, enum domain domain)
{
	static struct facts_target f;

	f = fake_facts(kind, 1 << 30);
	f.domain = domain;
	return &f;
}

static void
check(const struct kernel *k, const struct facts_target *t, int map_sync, enum durable_class class)
{
	const struct durable d = durability(k, k->does, t, PREP_WRITTEN, map_sync, 0);

	if (d.class != class)
		fail_msg("%s, domain %d: %s (%s), expected %s", k->name, t->domain, durable_name[d.class], d.why,
			 durable_name[class]);
	assert_non_null(d.why);
}

/* `store` is what tells eADR from ADR; it is never more than eadr-only. */
static void
stores(void **state)
{
	(void)state;
	check(&fake_store, facts(KIND_FSDAX, DOMAIN_MEMORY_CONTROLLER), ON, DURABLE_NO);
	check(&fake_store, facts(KIND_FSDAX, DOMAIN_UNKNOWN), ON, DURABLE_NO);
	check(&fake_store, facts(KIND_FSDAX, DOMAIN_CPU_CACHE), ON, DURABLE_EADR_ONLY);
	check(&fake_store, facts(KIND_FSDAX, DOMAIN_CPU_CACHE), OFF, DURABLE_METADATA_UNSAFE);
	check(&fake_store, facts(KIND_FSDAX, DOMAIN_MEMORY_CONTROLLER), OFF, DURABLE_NO);
	check(&fake_store, facts(KIND_DEVDAX, DOMAIN_CPU_CACHE), OFF, DURABLE_EADR_ONLY);
	check(&fake_store, facts(KIND_DEVDAX, DOMAIN_MEMORY_CONTROLLER), OFF, DURABLE_NO);
	check(&fake_store, facts(KIND_FILE, DOMAIN_CPU_CACHE), OFF, DURABLE_NO);
	check(&fake_store, facts(KIND_DRAM, DOMAIN_UNKNOWN), OFF, DURABLE_NO);
}

static void
flushes(void **state)
{
	const struct kernel *const k[] = { &fake_clwb, &fake_ntstore };

	(void)state;
	for (int i = 0; i < 2; i++) {
		check(k[i], facts(KIND_FSDAX, DOMAIN_MEMORY_CONTROLLER), ON, DURABLE_YES);
		check(k[i], facts(KIND_FSDAX, DOMAIN_CPU_CACHE), ON, DURABLE_YES);
		check(k[i], facts(KIND_FSDAX, DOMAIN_MEMORY_CONTROLLER), OFF, DURABLE_METADATA_UNSAFE);
		check(k[i], facts(KIND_FSDAX, DOMAIN_CPU_CACHE), OFF, DURABLE_METADATA_UNSAFE);
		check(k[i], facts(KIND_DEVDAX, DOMAIN_MEMORY_CONTROLLER), OFF, DURABLE_YES);
		check(k[i], facts(KIND_FILE, DOMAIN_UNKNOWN), OFF, DURABLE_NO);
		check(k[i], facts(KIND_DRAM, DOMAIN_UNKNOWN), OFF, DURABLE_YES);
		check(k[i], facts(KIND_SECTOR, DOMAIN_MEMORY_CONTROLLER), OFF, DURABLE_NO);
	}
	check(&fake_flushed, facts(KIND_FSDAX, DOMAIN_MEMORY_CONTROLLER), ON, DURABLE_NO);
}

/* virtio-pmem: DAX, but a flush has to be asked for. */
static void
on_request(void **state)
{
	struct facts_target t = fake_facts(KIND_FSDAX, 1 << 30);

	(void)state;
	t.caps &= ~(unsigned)CAP_MAP_SYNC;
	t.domain = DOMAIN_UNKNOWN;
	check(&fake_clwb, &t, OFF, DURABLE_NO);
	check(&fake_msync, &t, OFF, DURABLE_YES);
	t.domain = DOMAIN_MEMORY_CONTROLLER;	/* a file system without MAP_SYNC, such as ext2 */
	check(&fake_clwb, &t, OFF, DURABLE_METADATA_UNSAFE);
}

static void
syncs(void **state)
{
	struct facts_target t = fake_facts(KIND_FSDAX, 1 << 30);

	(void)state;
	check(&fake_msync, &t, OFF, DURABLE_YES);
	t.dax_write_cache = 0;			/* msync writes no line back */
	check(&fake_msync, &t, OFF, DURABLE_NO);
	t.domain = DOMAIN_CPU_CACHE;		/* and need not */
	check(&fake_msync, &t, OFF, DURABLE_YES);
	check(&fake_msync, facts(KIND_FILE, DOMAIN_UNKNOWN), OFF, DURABLE_YES);
	check(&fake_msync, facts(KIND_DEVDAX, DOMAIN_CPU_CACHE), OFF, DURABLE_NO);
	check(&fake_msync, facts(KIND_DRAM, DOMAIN_UNKNOWN), OFF, DURABLE_NO);
}

static void
descriptors(void **state)
{
	struct facts_target raw = fake_facts(KIND_RAW, 1 << 30);
	const struct facts_target btt = fake_facts(KIND_SECTOR, 1 << 30);

	(void)state;
	check(&fake_pwrite, facts(KIND_FSDAX, DOMAIN_CPU_CACHE), OFF, DURABLE_NO);
	check(&fake_osync, facts(KIND_FILE, DOMAIN_UNKNOWN), OFF, DURABLE_YES);
	check(&fake_append, facts(KIND_FSDAX, DOMAIN_UNKNOWN), OFF, DURABLE_YES);
	check(&fake_sector, &btt, OFF, DURABLE_YES);
	check(&fake_sector, &raw, OFF, DURABLE_YES);
	check(&fake_atomic, &raw, OFF, DURABLE_YES);
	/* Without its sync: what the device itself does. */
	assert_int_equal(durability(&fake_sector, DOES_ATOMIC_SECTOR, &btt, 0, 0, 0).class, DURABLE_YES);
	assert_int_equal(durability(&fake_sector, DOES_ATOMIC_SECTOR, &raw, 0, 0, 0).class, DURABLE_NO);
	raw.volatile_cache = false;
	assert_int_equal(durability(&fake_sector, DOES_ATOMIC_SECTOR, &raw, 0, 0, 0).class, DURABLE_YES);
}

static void
others(void **state)
{
	(void)state;
	check(&fake_null, facts(KIND_DRAM, DOMAIN_CPU_CACHE), OFF, DURABLE_NO);
	check(&fake_load, facts(KIND_DEVDAX, DOMAIN_CPU_CACHE), OFF, DURABLE_NO);
	/* O_SYNC on the descriptor of a mapping changes nothing but the sentence. */
	assert_int_equal(durability(&fake_store, 0, facts(KIND_FILE, DOMAIN_UNKNOWN), PREP_WRITTEN, 0, 1).class, DURABLE_NO);
	assert_non_null(strstr(durability(&fake_store, 0, facts(KIND_FILE, DOMAIN_UNKNOWN), PREP_WRITTEN, 0, 1).why, "O_SYNC"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stores), cmocka_unit_test(flushes), cmocka_unit_test(on_request), cmocka_unit_test(syncs),
		cmocka_unit_test(descriptors), cmocka_unit_test(others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
