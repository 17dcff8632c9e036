// links: durability.o durable.o medium.o
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
	strcpy(f.region, kind == KIND_DRAM || kind == KIND_FILE ? "" : "region0");
	return &f;
}

static const char *
check_does(const struct kernel *k, unsigned does, const struct facts_target *t, int map_sync, enum durable_class class)
{
	const struct durable d = durability(k, does, t, PREP_WRITTEN, map_sync, 0);

	if (d.class != class)
		fail_msg("%s, domain %d: %s (%s), expected %s", k->name, t->domain, durable_name[d.class], d.why,
			 durable_name[class]);
	assert_non_null(d.why);
	return d.why;
}

static const char *
check(const struct kernel *k, const struct facts_target *t, int map_sync, enum durable_class class)
{
	return check_does(k, k->does, t, map_sync, class);
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
	strcpy(t.region, "region0");
	t.async_flush = true;
	assert_non_null(strstr(check(&fake_clwb, &t, OFF, DURABLE_NO), "only after an msync"));
	check(&fake_msync, &t, OFF, DURABLE_YES);
	check(&fake_osync, &t, OFF, DURABLE_YES);
	/* A file system without MAP_SYNC, such as ext2, on e820 and on an NVDIMM. */
	t.async_flush = false;
	check(&fake_clwb, &t, OFF, DURABLE_METADATA_UNSAFE);
	t.domain = DOMAIN_MEMORY_CONTROLLER;
	check(&fake_clwb, &t, OFF, DURABLE_METADATA_UNSAFE);
	/* On no region at all, such as virtiofs: it is the host's page cache. */
	t.region[0] = 0;
	t.domain = DOMAIN_UNKNOWN;
	assert_non_null(strstr(check(&fake_clwb, &t, OFF, DURABLE_NO), "on no pmem"));
	check(&fake_msync, &t, OFF, DURABLE_YES);
}

static void
syncs(void **state)
{
	struct facts_target t = fake_facts(KIND_FSDAX, 1 << 30);

	(void)state;
	assert_non_null(strstr(check(&fake_msync, &t, OFF, DURABLE_YES), "writes back data"));
	t.dax_write_cache = 0;			/* msync writes no line back */
	check(&fake_msync, &t, OFF, DURABLE_NO);
	check(&fake_osync, &t, OFF, DURABLE_YES);	/* write(2) does not ask for it */
	t.domain = DOMAIN_UNKNOWN;
	check(&fake_msync, &t, OFF, DURABLE_NO);
	t.domain = DOMAIN_CPU_CACHE;		/* and need not */
	assert_null(strstr(check(&fake_msync, &t, OFF, DURABLE_YES), "writes back"));
	t.dax_write_cache = 1;			/* does all the same */
	assert_non_null(strstr(check(&fake_msync, &t, OFF, DURABLE_YES), "writes back data"));
	check(&fake_msync, facts(KIND_FILE, DOMAIN_UNKNOWN), OFF, DURABLE_YES);
	check(&fake_msync, facts(KIND_DEVDAX, DOMAIN_CPU_CACHE), OFF, DURABLE_NO);
	check(&fake_msync, facts(KIND_DRAM, DOMAIN_UNKNOWN), OFF, DURABLE_NO);
}

/* queue/write_cache "write through" on pmem: every kernel that asks for a flush, or rests on one, on every
 * target and in every domain. */
static void
flush_dropped(void **state)
{
	enum { N = DURABLE_NO, M = DURABLE_METADATA_UNSAFE, E = DURABLE_EADR_ONLY, Y = DURABLE_YES };
	static const struct { const struct kernel *k; unsigned drops; int map_sync; } op[] = {
		{ &fake_store, 0, OFF }, { &fake_store, 0, ON }, { &fake_clwb, 0, OFF }, { &fake_clwb, 0, ON },
		{ &fake_ntstore, 0, ON }, { &fake_msync, 0, OFF }, { &fake_msync, 0, ON }, { &fake_pwrite, 0, OFF },
		{ &fake_osync, 0, OFF }, { &fake_append, 0, OFF }, { &fake_atomic, 0, OFF }, { &fake_sector, 0, OFF },
		{ &fake_sector, DOES_FD_SYNC, OFF },
	};
	enum { OPS = sizeof(op) / sizeof(op[0]) };
	/* As the kernel left it, and once "write through" was written there. */
	static const struct { enum target_kind kind; enum domain domain; int8_t kept[OPS], cleared[OPS]; } on[] = {
		/*             store off, on; clwb off, on; ntstore; msync off, on; pwrite osync append atomic sector, none */
		{ KIND_FSDAX, DOMAIN_MEMORY_CONTROLLER,
		  { N, N, M, Y, Y, Y, Y, N, Y, Y, Y, Y, N }, { N, N, M, M, M, N, N, N, N, N, N, N, N } },
		{ KIND_FSDAX, DOMAIN_UNKNOWN,
		  { N, N, M, Y, Y, Y, Y, N, Y, Y, Y, Y, N }, { N, N, M, M, M, N, N, N, N, N, N, N, N } },
		{ KIND_FSDAX, DOMAIN_CPU_CACHE,
		  { M, E, M, Y, Y, Y, Y, N, Y, Y, Y, Y, N }, { M, M, M, M, M, M, M, N, N, N, N, N, N } },
		/* A file that is not DAX, on pmem. */
		{ KIND_FILE, DOMAIN_MEMORY_CONTROLLER,
		  { N, N, N, N, N, Y, Y, N, Y, Y, Y, Y, N }, { N, N, N, N, N, N, N, N, N, N, N, N, N } },
		{ KIND_FILE, DOMAIN_CPU_CACHE,
		  { N, N, N, N, N, Y, Y, N, Y, Y, Y, Y, N }, { N, N, N, N, N, N, N, N, N, N, N, N, N } },
		{ KIND_RAW, DOMAIN_MEMORY_CONTROLLER,
		  { N, N, N, N, N, Y, Y, N, Y, Y, Y, Y, N }, { N, N, N, N, N, N, N, N, N, N, N, N, N } },
		{ KIND_RAW, DOMAIN_CPU_CACHE,
		  { N, N, N, N, N, Y, Y, N, Y, Y, Y, Y, N }, { N, N, N, N, N, N, N, N, N, N, N, N, N } },
		/* No queue, or one whose word says nothing: the probe never says "dropped" of these. */
		{ KIND_SECTOR, DOMAIN_MEMORY_CONTROLLER,
		  { N, N, N, N, N, Y, Y, N, Y, Y, Y, Y, Y }, { -1 } },
		{ KIND_DEVDAX, DOMAIN_MEMORY_CONTROLLER,
		  { N, N, Y, Y, Y, N, N, N, N, N, N, N, N }, { -1 } },
		{ KIND_DRAM, DOMAIN_UNKNOWN,
		  { N, N, Y, Y, Y, N, N, N, N, N, N, N, N }, { -1 } },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(on) / sizeof(on[0]); i++)
		for (int k = 0; k < OPS; k++) {
			struct facts_target t = *facts(on[i].kind, on[i].domain);
			const unsigned does = op[k].k->does & ~op[k].drops;
			const char *why;

			/* What the probe says of pmem's descriptors, whatever stands in sysfs. */
			t.volatile_cache = on[i].kind != KIND_SECTOR;
			check_does(op[k].k, does, &t, op[k].map_sync, (enum durable_class)on[i].kept[k]);
			t.flush_dropped = on[i].cleared[0] >= 0;
			if (!t.flush_dropped)
				continue;
			why = check_does(op[k].k, does, &t, op[k].map_sync, (enum durable_class)on[i].cleared[k]);
			if (on[i].kept[k] == Y)
				assert_non_null(strstr(why, "queue/write_cache"));
		}
	/* virtio-pmem: not even a sync asks the host. */
	{
		struct facts_target t = *facts(KIND_FSDAX, DOMAIN_UNKNOWN);

		t.caps &= ~(unsigned)CAP_MAP_SYNC;
		t.async_flush = t.flush_dropped = true;
		check(&fake_msync, &t, OFF, DURABLE_NO);
		check(&fake_osync, &t, OFF, DURABLE_NO);
		check(&fake_clwb, &t, OFF, DURABLE_NO);
	}
}

/* Where nothing can be synced, nothing was; where nothing was looked at, nothing is said. */
static void
no_sync(void **state)
{
	const struct kernel *const fd[] = { &fake_osync, &fake_append, &fake_sector, &fake_atomic, &fake_create };
	const struct facts_target nowhere = { .why = "no such device" };

	(void)state;
	for (size_t i = 0; i < sizeof(fd) / sizeof(fd[0]); i++) {
		check(fd[i], facts(KIND_DEVDAX, DOMAIN_MEMORY_CONTROLLER), OFF, DURABLE_NO);
		check(fd[i], facts(KIND_DEVDAX, DOMAIN_CPU_CACHE), OFF, DURABLE_NO);
		check(fd[i], facts(KIND_DRAM, DOMAIN_UNKNOWN), OFF, DURABLE_NO);
		check(fd[i], &nowhere, OFF, DURABLE_UNKNOWN);
	}
	check(&fake_clwb, &nowhere, OFF, DURABLE_UNKNOWN);
	check(&fake_msync, &nowhere, OFF, DURABLE_UNKNOWN);
	check(&fake_store, &nowhere, OFF, DURABLE_UNKNOWN);
	check(&fake_null, &nowhere, OFF, DURABLE_NO);		/* wherever it would be */
	check(&fake_load, &nowhere, OFF, DURABLE_NO);
	assert_string_equal(durable_name[DURABLE_UNKNOWN], "");
}

/* A new file is durable where its name is. */
static void
names(void **state)
{
	const struct facts_target *t = facts(KIND_FSDAX, DOMAIN_MEMORY_CONTROLLER);

	(void)state;
	check_does(&fake_create, DOES_FD_SYNC | DOES_NAME_SYNC, t, OFF, DURABLE_YES);
	assert_non_null(strstr(check_does(&fake_create, DOES_FD_SYNC, t, OFF, DURABLE_METADATA_UNSAFE), "its name"));
	check_does(&fake_create, DOES_FD_SYNC | DOES_NAME_SYNC, facts(KIND_FILE, DOMAIN_UNKNOWN), OFF, DURABLE_YES);
	check_does(&fake_create, DOES_FD_SYNC, facts(KIND_FILE, DOMAIN_UNKNOWN), OFF, DURABLE_METADATA_UNSAFE);
	check_does(&fake_append, DOES_FD_SYNC, t, OFF, DURABLE_YES);	/* its file was there */
}

/* What the first touch of a mapping may leave behind; prefaulted is as written. */
static void
preparations(void **state)
{
	static const int prep[] = { PREP_AUTO, PREP_WRITTEN, PREP_HOLE, PREP_UNWRITTEN };
	const struct facts_target *t = facts(KIND_FSDAX, DOMAIN_MEMORY_CONTROLLER);

	(void)state;
	for (int i = 0; i < 4; i++) {
		struct durable d = durability(&fake_touch, DOES_USER_FLUSH, t, prep[i], ON, 0);

		assert_int_equal(d.class, DURABLE_YES);
		d = durability(&fake_touch, DOES_USER_FLUSH, t, prep[i], OFF, 0);
		assert_int_equal(d.class, DURABLE_METADATA_UNSAFE);
		assert_int_equal(strstr(d.why, "does not own") != NULL, i >= 2);
	}
}

/* Memory of a node that is no DRAM is memory too. */
static void
memory(void **state)
{
	struct facts_target t = *facts(KIND_DRAM, DOMAIN_UNKNOWN);

	(void)state;
	t.medium = MEDIUM_VOLATILE;
	check(&fake_clwb, &t, OFF, DURABLE_YES);
	check(&fake_store, &t, OFF, DURABLE_NO);
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
	const struct facts_target ram = fake_facts(KIND_DRAM, 1 << 30);

	(void)state;
	/* A parameter left out what makes it safe. */
	check(&fake_laidout, &ram, OFF, DURABLE_YES);
	assert_int_equal(durability(&fake_laidout, DOES_NOTHING, &ram, 0, 0, 0).class, DURABLE_NO);
	assert_non_null(strstr(durability(&fake_laidout, DOES_NOTHING, &ram, 0, 0, 0).why, "what-if"));
	check(&fake_null, facts(KIND_DRAM, DOMAIN_CPU_CACHE), OFF, DURABLE_NO);
	check(&fake_load, facts(KIND_DEVDAX, DOMAIN_CPU_CACHE), OFF, DURABLE_NO);
	/* O_SYNC on the descriptor of a mapping changes nothing but the sentence. */
	assert_int_equal(durability(&fake_store, 0, facts(KIND_FILE, DOMAIN_UNKNOWN), PREP_WRITTEN, 0, 1).class, DURABLE_NO);
	assert_non_null(strstr(durability(&fake_store, 0, facts(KIND_FILE, DOMAIN_UNKNOWN), PREP_WRITTEN, 0, 1).why, "O_SYNC"));
}

/* Where the questions are answered that more than one fact decides: the whole table, word for word, in
 * tests/golden/durability.txt.  What changes there changes what every report of such a target claims. */
struct place { const char *name; enum target_kind kind; enum domain domain; void (*tweak)(struct facts_target *); };

static void
tweak_nobarrier(struct facts_target *t)
{
	t->no_barrier = t->volatile_cache = true;
}

static void
tweak_nobarrier_kept(struct facts_target *t)
{
	t->no_barrier = true;
}

static void
tweak_reflink(struct facts_target *t)
{
	t->reflink = true;
}

static void
tweak_tmpfs(struct facts_target *t)
{
	t->memory_fs = true;
}

static void
tweak_dropped(struct facts_target *t)
{
	t->flush_dropped = true;
}

static const struct place places[] = {
	{ "fsdax ADR", KIND_FSDAX, DOMAIN_MEMORY_CONTROLLER, NULL },
	{ "fsdax eADR", KIND_FSDAX, DOMAIN_CPU_CACHE, NULL },
	{ "fsdax ADR, XFS reflink=1", KIND_FSDAX, DOMAIN_MEMORY_CONTROLLER, tweak_reflink },
	{ "fsdax eADR, XFS reflink=1", KIND_FSDAX, DOMAIN_CPU_CACHE, tweak_reflink },
	{ "fsdax ADR, ext4 nobarrier", KIND_FSDAX, DOMAIN_MEMORY_CONTROLLER, tweak_nobarrier },
	{ "fsdax eADR, ext4 nobarrier", KIND_FSDAX, DOMAIN_CPU_CACHE, tweak_nobarrier },
	{ "fsdax ADR, write through", KIND_FSDAX, DOMAIN_MEMORY_CONTROLLER, tweak_dropped },
	{ "file", KIND_FILE, DOMAIN_UNKNOWN, NULL },
	{ "file, nobarrier", KIND_FILE, DOMAIN_UNKNOWN, tweak_nobarrier },
	{ "file, nobarrier, no cache in the device", KIND_FILE, DOMAIN_UNKNOWN, tweak_nobarrier_kept },
	{ "tmpfs", KIND_FILE, DOMAIN_UNKNOWN, tweak_tmpfs },
	{ "devdax ADR", KIND_DEVDAX, DOMAIN_MEMORY_CONTROLLER, NULL },
	{ "dram", KIND_DRAM, DOMAIN_UNKNOWN, NULL },
};

static void
put_place(FILE *f, const struct place *at)
{
	static const struct kernel *const k[] = { &fake_store, &fake_clwb, &fake_touch, &fake_msync, &fake_osync };
	struct facts_target t = *facts(at->kind, at->domain);

	if (at->tweak)
		at->tweak(&t);
	for (size_t i = 0; i < sizeof k / sizeof *k; i++)
		for (int how = 0; how < (k[i]->needs & CAP_MAP ? 3 : 1); how++) {
			const int sync = how == 1, o_sync = how == 2, prep = k[i] == &fake_touch ? PREP_HOLE : PREP_WRITTEN;
			const struct durable d = durability(k[i], k[i] == &fake_touch ? DOES_USER_FLUSH : k[i]->does, &t, prep, sync, o_sync);

			if (!sync || t.caps & CAP_MAP_SYNC)
				fprintf(f, "%s: %s%s: %s: %s\n", at->name, k[i] == &fake_touch ? "touch a hole" : k[i]->name,
					sync ? " MAP_SYNC" : o_sync ? " O_SYNC" : "", durable_name[d.class], d.why);
		}
}

static void
golden(void **state)
{
	char *made = NULL, line[512], *at;
	FILE *want = fopen("tests/golden/durability.txt", "r"), *f;
	size_t len;

	(void)state;
	assert_non_null(want);
	f = open_memstream(&made, &len);
	for (size_t i = 0; i < sizeof places / sizeof *places; i++)
		put_place(f, &places[i]);
	fclose(f);
	for (at = made; fgets(line, sizeof line, want); at += strlen(line))
		if (strncmp(at, line, strlen(line)) != 0)
			fail_msg("expected: %sfound:    %.*s", line, (int)strcspn(at, "\n"), at);
	if (*at)
		fail_msg("not expected: %s", at);
	fclose(want);
	free(made);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stores), cmocka_unit_test(flushes), cmocka_unit_test(on_request), cmocka_unit_test(syncs),
		cmocka_unit_test(flush_dropped), cmocka_unit_test(no_sync), cmocka_unit_test(names), cmocka_unit_test(preparations),
		cmocka_unit_test(memory), cmocka_unit_test(golden), cmocka_unit_test(descriptors), cmocka_unit_test(others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
