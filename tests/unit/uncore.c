// links: uncore.o sysfs.o text.o why.o
/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The resolver on a tree of made-up PMUs: Intel's memory controllers on two sockets,
 * AMD's, CXL devices, and some that are wrong in one way each.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <errno.h>
#include "sysfs.h"
#include "uncore.h"

#define N(a) (sizeof(a) / sizeof((a)[0]))

static char why[512];

static int
parse(struct event *e, const char *spec)
{
	memset(e, 0, sizeof *e);
	e->scale = 1;
	strcpy(e->text, spec);
	why[0] = 0;
	return uncore_parse(e, spec, why, sizeof why);
}

static void
encodings(void **state)
{
	static const struct { const char *spec; uint32_t type; uint64_t config[3]; } want[] = {
		{ "uncore_imc/event=0xe3/", 20, { 0xe3 } },
		{ "uncore_imc/event=0xe7/", 20, { 0xe7 } },
		{ "uncore_imc/event=0xe4,umask=0x1/", 20, { 0x1e4 } },
		{ "uncore_imc/event=0xe4,umask=3/", 20, { 0x3e4 } },
		{ "uncore_imc_1/event=0xe8,inv,thresh=0x11/", 21, { 0x118000e8 } },
		{ "uncore_imc/cas_count_write/", 20, { 0x0c04 } },
		{ "uncore_imc/cas_count_write,edge/", 20, { 0x40c04 } },
		{ "uncore_imc/config=0x1e4/", 20, { 0x1e4 } },
		{ "cpu/event=0x44,umask=0x80/", 4, { 0x8044 } },
		{ "cpu/event=0x1b7,offcore_rsp=0x3F803C0001/", 4, { 0x1000000b7, 0x3F803C0001 } },
		{ "cpu/event=0xc6,umask=1,frontend=0x400406/", 4, { 0x1c6, 0, 0x400406 } },
		{ "cpu/event=1,config2=7/", 4, { 1, 0, 7 } },
		{ "amd_umc/event=0x0a,rdwrmask=1/", 40, { 0x10a } },
		{ "amd_umc/event=0x0a,rdwrmask=2/", 40, { 0x20a } },
		{ "cxl_pmu_mem*/m2s_rwd_memwr/", 50, { 0x1e98002100000002 } },
		{ "cxl_pmu_mem0.0/vid=0x1e98,gid=0x20,mask=2,threshold=5/", 50, { 0x1e98002000000002, 5 } },
		{ "msr/tsc/", 10, { 0 } },
		{ "msr/event=0xffffffffffffffff/", 10, { UINT64_MAX } },
		{ "kprobe/retprobe/", 6, { 1 } },
	};
	struct event e;

	(void)state;
	for (size_t i = 0; i < N(want); i++) {
		if (parse(&e, want[i].spec) < 0)
			fail_msg("%s: %s", want[i].spec, why);
		assert_int_equal(e.type, want[i].type);
		assert_memory_equal(e.config, want[i].config, sizeof e.config);
		assert_int_equal(e.kind, EVENT_PMU);
	}
}

/* Three controllers in each of two sockets: six counters; the free-running one is another PMU. */
static void
places(void **state)
{
	static const struct event_place imc[] = { { 20, 0 }, { 20, 28 }, { 21, 0 }, { 21, 28 }, { 22, 0 }, { 22, 28 } };
	static const struct event_place cxl[] = { { 50, 0 }, { 51, 2 } };
	struct event e;

	(void)state;
	assert_int_equal(parse(&e, "uncore_imc/event=0xe3/"), 0);
	assert_int_equal(e.scope, SCOPE_SYSTEM);
	assert_int_equal(e.nplace, N(imc));
	assert_memory_equal(e.place, imc, sizeof imc);
	assert_int_equal(parse(&e, "uncore_imc_2/event=0xe3/"), 0);
	assert_int_equal(e.nplace, 2);
	assert_memory_equal(e.place, imc + 4, 2 * sizeof *imc);
	assert_int_equal(parse(&e, "cxl_pmu_mem*/m2s_req_memrd/"), 0);
	assert_int_equal(e.nplace, N(cxl));
	assert_memory_equal(e.place, cxl, sizeof cxl);
	/* Without a cpumask: of the thread. */
	assert_int_equal(parse(&e, "cpu/cpu-cycles/u"), 0);
	assert_int_equal(e.scope, SCOPE_THREAD);
	assert_int_equal(e.nplace, 0);
	assert_true(e.no_kernel && !e.no_user);
	assert_int_equal(parse(&e, "cpu/cpu-cycles/k"), 0);
	assert_true(!e.no_kernel && e.no_user);
}

static void
scales(void **state)
{
	struct event e;

	(void)state;
	assert_int_equal(parse(&e, "uncore_imc/cas_count_read/"), 0);
	assert_true(e.scale == 6.103515625e-5);		/* 64 bytes in MiB */
	assert_string_equal(e.unit, "MiB");
	assert_int_equal(parse(&e, "power/energy-pkg/"), 0);
	assert_true(e.scale == 2.3283064365386962890625e-10);
	assert_string_equal(e.unit, "Joules");
	assert_int_equal(parse(&e, "uncore_imc/event=4,umask=3/"), 0);
	assert_true(e.scale == 1);
	assert_string_equal(e.unit, "");
}

static void
refused(void **state)
{
	static const struct { const char *spec; int rc; const char *say; } bad[] = {
		{ "uncore_imc/event=0x1e3/", -ERANGE, "event=0x1e3 does not go into 'config:0-7'" },
		{ "cpu/event=0x1ffff/", -ERANGE, "config:0-7,32-35" },
		{ "uncore_imc/evnt=0xe3/", -ENOENT, "did you mean 'event'?" },
		{ "uncore_imc/cas_count_reed/", -ENOENT, "did you mean 'cas_count_read'?" },
		{ "uncore_icm/event=1/", -ENODEV, "did you mean 'uncore_imc_" },
		{ "nothing_like_it/event=1/", -ENODEV, "no PMU 'nothing_like_it'" },
		{ "uncore_imc/event=/", -EINVAL, "FIELD=NUMBER" },
		{ "uncore_imc/event=-1/", -EINVAL, "FIELD=NUMBER" },
		{ "uncore_imc/event=1x/", -EINVAL, "FIELD=NUMBER" },
		{ "uncore_imc/=1/", -EINVAL, "FIELD=NUMBER" },
		{ "uncore_imc/../../type/", -EINVAL, "not '../../type'" },
		{ "uncore_imc//", -EINVAL, "PMU/TERMS/" },
		{ "uncore_imc/event=1", -EINVAL, "PMU/TERMS/" },
		{ "/event=1/", -EINVAL, "PMU/TERMS/" },
		{ "cpu/event=1/x", -EINVAL, "u, k or @system" },
		{ "uncore_imc/event=1/u", -EINVAL, "cannot tell user from kernel" },
		{ "mixed/event=1/", -ENOTUNIQ, "name one" },
		{ "twin/event=1/", -ENOTUNIQ, "name one" },
		{ "broken/event=1/", -EINVAL, "its cpumask is '3-1'" },
		{ "broken/odd=1/", -EINVAL, "config7:0-3" },
		{ "broken/wide=1/", -EINVAL, "config:0-99" },
		{ "broken/loop/", -ENOENT, "no field or event 'loop'" },
		{ "broken/hole/", -EINVAL, "not 'event=?'" },
		{ "broken/noscale/", -EINVAL, "the scale of 'noscale' is 'x'" },
	};
	struct event e;

	(void)state;
	for (size_t i = 0; i < N(bad); i++) {
		const int rc = parse(&e, bad[i].spec);

		if (rc != bad[i].rc || !strstr(why, bad[i].say))
			fail_msg("%s: %d '%s', want %d '%s'", bad[i].spec, rc, why, bad[i].rc, bad[i].say);
	}
}

static void
cpu_lists(void **state)
{
	static const char *const none[] = { "", ",", "x", "-1", "3-", "2-1", "1 2", "1-2-3", "70000" };
	const char *p = "0-3,8,10-11";
	int lo, hi, sum = 0;

	(void)state;
	for (const char *next; p; p = next) {
		next = cpulist_next(p, &lo, &hi);
		assert_ptr_not_equal(next, p);
		for (int c = lo; c <= hi; c++)
			sum = 10 * sum + c % 10;
	}
	assert_int_equal(sum, 123801);
	for (size_t i = 0; i < N(none); i++)
		if (cpulist_next(none[i], &lo, &hi) != none[i])
			fail_msg("'%s' is taken for a list", none[i]);
}

static void
types(void **state)
{
	(void)state;
	assert_int_equal(uncore_type("kprobe"), 6);
	assert_int_equal(uncore_type("uprobe"), -ENODEV);
}

/* Who counted, and where: of what the kernel knows by number. */
static void
whose(void **state)
{
	char name[64];

	(void)state;
	assert_string_equal(uncore_name(21, name, sizeof name), "uncore_imc_1");
	assert_string_equal(uncore_name(51, name, sizeof name), "cxl_pmu_mem1.0");
	assert_string_equal(uncore_name(999, name, sizeof name), "");
	assert_int_equal(uncore_socket(0), 0);
	assert_int_equal(uncore_socket(28), 1);
	assert_int_equal(uncore_socket(77), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(encodings), cmocka_unit_test(places), cmocka_unit_test(scales),
		cmocka_unit_test(refused), cmocka_unit_test(cpu_lists), cmocka_unit_test(types), cmocka_unit_test(whose),
	};

	sysfs_set_root("tests/golden/sysfs-pmu");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
