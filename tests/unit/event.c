// links: event.o kevent.o pfm.o uncore.o sysfs.o text.o why.o -lpfm
/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Names to encodings.  The core's are those of FACTS 10, for CPUs that are not here:
 * libpfm4 is told which (LIBPFM_FORCE_PMU), in a process of its own.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <errno.h>
#include <linux/perf_event.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include "event.h"
#include "kevent.h"
#include "sysfs.h"

#define N(a) (sizeof(a) / sizeof((a)[0]))

static struct event e;
static char why[512];

/* What a process parses that takes this for its CPU. */
struct answer { struct event e; int rc; char why[512]; };

static struct answer
parse_on(const char *pmu, const char *text)
{
	struct answer *shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct answer a;
	int status;
	pid_t pid;

	assert_ptr_not_equal(shared, MAP_FAILED);
	pid = fork();
	if (pid == 0) {
		if (pmu)
			setenv("LIBPFM_FORCE_PMU", pmu, 1);
		shared->rc = event_parse(&shared->e, text, shared->why, sizeof shared->why);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	a = *shared;
	munmap(shared, sizeof *shared);
	return a;
}

static void
core(void **state)
{
	static const struct { const char *pmu, *text; uint32_t type; uint64_t config; int user; } want[] = {
		{ "clx", "MEM_LOAD_RETIRED:LOCAL_PMM", PERF_TYPE_RAW, 0x80d1, 0 },
		{ "icx", "MEM_LOAD_RETIRED:LOCAL_PMM", PERF_TYPE_RAW, 0x80d1, 0 },
		{ "spr", "MEM_LOAD_RETIRED:LOCAL_PMM", PERF_TYPE_RAW, 0x80d1, 0 },
		{ "clx", "MEM_LOAD_L3_MISS_RETIRED:REMOTE_PMM", PERF_TYPE_RAW, 0x10d3, 0 },
		{ "icx", "MEM_LOAD_L3_MISS_RETIRED:REMOTE_PMM", PERF_TYPE_RAW, 0x10d3, 0 },
		{ "spr", "mem_load_l3_miss_retired:remote_pmm", PERF_TYPE_RAW, 0x10d3, 0 },
		{ "icx", "MEM_LOAD_RETIRED:LOCAL_PMM:u", PERF_TYPE_RAW, 0x80d1, 1 },
		{ "icx", "icx::MEM_LOAD_RETIRED:LOCAL_PMM", PERF_TYPE_RAW, 0x80d1, 0 },
		{ "amd64_fam19h_zen4", "ANY_DATA_CACHE_FILLS_FROM_SYSTEM:ALT_MEM_NEAR_FAR", PERF_TYPE_RAW, 0x8044, 0 },
		{ "amd64_fam19h_zen4", "DEMAND_DATA_CACHE_FILLS_FROM_SYSTEM:ALT_MEM_NEAR_FAR", PERF_TYPE_RAW, 0x8043, 0 },
		{ NULL, "cycles", PERF_TYPE_HARDWARE, PERF_COUNT_HW_CPU_CYCLES, 0 },
		{ NULL, "instructions:u", PERF_TYPE_HARDWARE, PERF_COUNT_HW_INSTRUCTIONS, 1 },
		{ NULL, "cache-misses", PERF_TYPE_HARDWARE, PERF_COUNT_HW_CACHE_MISSES, 0 },
		{ NULL, "perf::DTLB-STORE-MISSES", PERF_TYPE_HW_CACHE, 0x10103, 0 },
		{ NULL, "PERF_COUNT_SW_PAGE_FAULTS", PERF_TYPE_SOFTWARE, PERF_COUNT_SW_PAGE_FAULTS, 0 },
		{ NULL, "perf_raw::r01c2", PERF_TYPE_RAW, 0x1c2, 0 },
	};

	(void)state;
	for (size_t i = 0; i < N(want); i++) {
		const struct answer a = parse_on(want[i].pmu, want[i].text);

		if (a.rc != 0)
			fail_msg("%s %s: %s", want[i].pmu ? want[i].pmu : "here", want[i].text, a.why);
		assert_int_equal(a.e.kind, want[i].type == PERF_TYPE_SOFTWARE ? EVENT_SOFTWARE : EVENT_CORE);
		assert_int_equal(a.e.type, want[i].type);
		assert_int_equal(a.e.config[0], want[i].config);
		assert_int_equal(a.e.no_kernel, want[i].user);
		assert_int_equal(a.e.no_user, 0);
	}
}

/* The offcore register travels in config1; its value is the library's affair. */
static void
offcore(void **state)
{
	const struct answer a = parse_on("icx", "OCR:DEMAND_DATA_RD_PMM");

	(void)state;
	assert_int_equal(a.rc, 0);
	assert_int_equal(a.e.config[0] & 0xff, 0xb7);
	assert_int_not_equal(a.e.config[1], 0);
}

static void
refused(void **state)
{
	static const struct { const char *pmu, *text; int rc; const char *say; } bad[] = {
		{ "skx", "MEM_LOAD_RETIRED:LOCAL_PMM", -ENOENT, "has nothing called 'LOCAL_PMM'" },
		{ "icx", "MEM_LOAD_RETIRED:LOCAL_PM", -ENOENT, "did you mean 'LOCAL_PMM'?" },
		{ "icx", "MEM_LOAD_RETIRD:LOCAL_PMM", -ENOENT, "did you mean 'MEM_LOAD_RETIRED'?" },
		{ "skx_unc_imc0", "UNC_M_CAS_COUNT:RD", 0, "PMU/TERMS/" },
		{ NULL, "instruction", -ENOENT, "did you mean 'instructions'?" },
		{ NULL, "page-fault", -ENOENT, "did you mean 'page-faults'?" },
		{ NULL, "no_such_thing_at_all", -ENOENT, "list events" },
		{ NULL, "context-switches:u", -EINVAL, "takes no :u" },
		{ NULL, "page-faults:x", -EINVAL, ":u (user space) or :k" },
		{ NULL, "", -EINVAL, "1 to 159" },
		{ NULL, "page faults", -EINVAL, "without blanks" },
		{ NULL, "page-faults@thread", -EINVAL, "EVENT@system" },
		{ NULL, "@system", -EINVAL, "EVENT@system" },
		{ NULL, "jbd2:jbd2_strat_commit", -ENOENT, "did you mean 'jbd2_start_commit'?" },
		{ NULL, "jbd3:jbd2_start_commit", -ENOENT, "unknown event" },
		{ NULL, "kprobe:", -EINVAL, "kprobe:FUNCTION" },
		{ NULL, "kprobe:a b", -EINVAL, "without blanks" },
		{ NULL, "kprobe:a+4", -EINVAL, "kprobe:FUNCTION" },
		{ NULL, "kprobe:a:b:c", -EINVAL, "MODULE:FUNCTION" },
		{ NULL, "kprobe::b", -EINVAL, "MODULE:FUNCTION" },
	};

	(void)state;
	for (size_t i = 0; i < N(bad); i++) {
		const struct answer a = parse_on(bad[i].pmu, bad[i].text);

		/* Which of two ways libpfm4 refuses an uncore unit that is not there is its affair. */
		if ((bad[i].rc && a.rc != bad[i].rc) || a.rc == 0 || (bad[i].rc && !strstr(a.why, bad[i].say)))
			fail_msg("%s: %d '%s', want %d '%s'", bad[i].text, a.rc, a.why, bad[i].rc, bad[i].say);
	}
}

/* No CPU is Intel's and AMD's: at least one of these is told whose event it is. */
static void
of_others(void **state)
{
	const struct answer intel = parse_on(NULL, "MEM_LOAD_RETIRED:LOCAL_PMM");
	const struct answer amd = parse_on(NULL, "ANY_DATA_CACHE_FILLS_FROM_SYSTEM:ALT_MEM_NEAR_FAR");

	(void)state;
	assert_true(intel.rc == -ENODEV || amd.rc == -ENODEV);
	if (intel.rc == -ENODEV)
		assert_non_null(strstr(intel.why, "not of this CPU's PMU but of clx, icx, spr"));
	if (amd.rc == -ENODEV)
		assert_non_null(strstr(amd.why, "amd64_fam19h_zen4"));
}

static void
software(void **state)
{
	(void)state;
	for (const struct event_software *s = event_software; s->name; s++) {
		assert_int_equal(event_parse(&e, s->name, why, sizeof why), 0);
		assert_int_equal(e.kind, EVENT_SOFTWARE);
		assert_int_equal(e.type, PERF_TYPE_SOFTWARE);
		assert_int_equal(e.config[0], s->config);
		assert_true(e.scale == 1);
		assert_int_equal(e.scope, SCOPE_THREAD);
	}
	assert_string_equal(e.unit, "ns");		/* task-clock is the last */
	assert_int_equal(event_parse(&e, "page-faults:u@system", why, sizeof why), 0);
	assert_int_equal(e.scope, SCOPE_SYSTEM);
	assert_true(e.no_kernel);
	assert_string_equal(e.text, "page-faults:u@system");
}

static void
tracepoint(void **state)
{
	(void)state;
	assert_int_equal(event_parse(&e, "jbd2:jbd2_start_commit@system", why, sizeof why), 0);
	assert_int_equal(e.kind, EVENT_TRACEPOINT);
	assert_int_equal(e.type, PERF_TYPE_TRACEPOINT);
	assert_int_equal(e.config[0], 1201);
	assert_int_equal(e.scope, SCOPE_SYSTEM);
	sysfs_set_root("tests/golden/sysfs-pmu/devices");	/* no tracefs here */
	assert_int_equal(event_parse(&e, "jbd2:jbd2_start_commit", why, sizeof why), -ENODEV);
	assert_non_null(strstr(why, "mount -t tracefs"));
	assert_int_equal(event_parse(&e, "kprobe:nvdimm_flush", why, sizeof why), -ENODEV);
	assert_non_null(strstr(why, "CONFIG_KPROBE_EVENTS"));
	sysfs_set_root("tests/golden/sysfs-pmu");
}

static void
kallsyms(void **state)
{
	static char text[] =
		"ffffffff81000000 T _stext\n"
		"ffffffff81000010 T __memcpy_flushcache\n"
		"ffffffff81000020 t t_start\n"
		"ffffffff81000030 t t_start\n"
		"ffffffff81000040 D nvdimm_data\n"
		"ffffffff81000050 t dax_writeback_one.isra.0\n"
		"ffffffff81000060 t dax_writeback_one.isra.0.cold\n"
		"0000000000000000 T nvdimm_flush\t[libnvdimm]\n"
		"0000000000000000 t cleanup_module\t[nd_btt]\n"
		"0000000000000000 t cleanup_module\t[nd_pmem]\n";
	static const struct { const char *function; int rc; const char *say; } want[] = {
		{ "__memcpy_flushcache", 0, "" },
		{ "nvdimm_flush", 0, "" },
		{ "libnvdimm:nvdimm_flush", 0, "" },
		{ "nd_btt:cleanup_module", 0, "" },
		{ "dax_writeback_one.isra.0", 0, "" },
		{ "memcpy_flushcache", -ENOENT, "did you mean '__memcpy_flushcache'?" },
		{ "nvdimm_flsuh", -ENOENT, "did you mean 'nvdimm_flush'?" },
		{ "dax_writeback_one", -ENOENT, "did you mean 'dax_writeback_one.isra.0'?" },
		{ "nd_btt:nvdimm_flush", -ENOENT, "it is in libnvdimm" },
		{ "nvdimm_data", -ENOENT, "no function" },
		{ "nvdimm", -ENOENT, "no function" },
		{ "t_start", -ENOTUNIQ, "2 functions called 't_start' (in vmlinux)" },
		{ "cleanup_module", -ENOTUNIQ, "(in nd_btt, nd_pmem) and would probe any: name it MODULE:FUNCTION" },
	};
	FILE *f = fmemopen(text, sizeof text - 1, "r");

	(void)state;
	for (size_t i = 0; i < N(want); i++) {
		int rc;

		why[0] = 0;
		rc = kprobe_find(f, want[i].function, why, sizeof why);
		if (rc != want[i].rc || !strstr(why, want[i].say))
			fail_msg("%s: %d '%s'", want[i].function, rc, why);
	}
	fclose(f);
}

static void
list(void **state)
{
	static struct event_list l;
	char text[32];

	(void)state;
	assert_int_equal(event_add(&l, "page-faults", why, sizeof why), 0);
	assert_int_equal(event_add(&l, "page-faults", why, sizeof why), -EEXIST);
	assert_int_equal(event_add(&l, "page-faults@system", why, sizeof why), 0);
	assert_int_equal(event_add(&l, "page-fault", why, sizeof why), -ENOENT);
	assert_int_equal(l.n, 2);
	for (int i = 0; l.n < EVENTS_MAX; i++) {
		snprintf(text, sizeof text, "msr/event=%d/", i);
		assert_int_equal(event_add(&l, text, why, sizeof why), 0);
	}
	assert_int_equal(event_add(&l, "task-clock", why, sizeof why), -E2BIG);
	assert_non_null(strstr(why, "more than 32"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(core), cmocka_unit_test(offcore), cmocka_unit_test(refused), cmocka_unit_test(of_others),
		cmocka_unit_test(software), cmocka_unit_test(tracepoint), cmocka_unit_test(kallsyms),
		cmocka_unit_test(list),
	};

	unsetenv("LIBPFM_FORCE_PMU");
	sysfs_set_root("tests/golden/sysfs-pmu");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
