// links: doctor.o doctor_cpu.o doctor_kernel.o doctor_load.o doctor_messages.o doctor_mounts.o doctor_pmem.o -ljansson -lm
/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Findings: from a machine with nothing wrong, change one fact at a time and see the one
 * finding that must change, with its severity.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "doctor.h"

/* timing.o would draw in the topology; the judgement is tested with it. */
int
timing_skewed(const struct skew *s)
{
	return s->pairs && s->low_ns > TIMING_SKEW_NS;
}

static struct tuning t;
static struct timing timing;
static struct doctor d;

/* Bare metal, tuned, idle, with one NVDIMM. */
static int
good(void **state)
{
	(void)state;
	t = (struct tuning){ .root = true, .npmem = 1, .nmount = 1, .nbus = 1, .nnvdimm = 1, .gnuplot = 1, .tmpdir_fs = "disk" };
	t.cpu = (struct tuning_cpu){ .online = 8, .packages = 2, .nodes = 2, .governor = "performance", .turbo = 0, .smt = 0,
		.prefetch_off = 0, .prefetch_msr = 0x1a4, .vendor = "GenuineIntel", .pmu = 1, .msr = 1, .idle_state = "C1", .idle_us = 2, .isolated = "1-7", .driver = "intel_pstate",
		.microcode = "0x1" };
	t.kernel = (struct tuning_kernel){ .major = 6, .minor = 1, .clocksource = "tsc", .thp = "madvise", .thp_defrag = "madvise",
		.thp_shmem = "never", .paranoid = 2, .console = 4, .demotion = -1 };
	t.load = (struct tuning_load){ .load1 = 0.1, .sampled = 1, .quota = -1, .allowed = 8 };
	t.pmem[0] = (struct tuning_pmem){ "pmem0", "region0", "ACPI.NFIT", "memory_controller", "write back", 1, 1, 1, 0 };
	t.nvdimm[0] = (struct tuning_nvdimm){ .name = "nmem0", .health = "ok", .alarms = 0 };
	t.messages = (struct kmsg){ .lines = 100 };
	t.mount[0] = (struct tuning_mount){ "/dev/pmem0", "/mnt/p", "xfs", "rw,dax=always", 0 };
	strcpy(t.bus[0].name, "ndbus0");
	strcpy(t.bus[0].scrub, "3");
	timing = (struct timing){ .clock = { .tsc = 1, .hz = 2e9, .spread_ppm = 30 }, .skew = { .pairs = 7, .low_ns = -80, .high_ns = 90 } };
	return 0;
}

static const struct finding *
look(const char *id)
{
	doctor_look(&d, &t, &timing);
	for (size_t k = 0; k < d.n; k++)
		if (strcmp(d.v[k].id, id) == 0)
			return &d.v[k];
	return NULL;
}

/* -1: there is none. */
static int
severity(const char *id)
{
	const struct finding *f = look(id);

	return f ? (int)f->severity : -1;
}

static void
nothing_wrong(void **state)
{
	(void)state;
	look("");
	for (size_t k = 0; k < d.n; k++)
		if (d.v[k].severity > SEVERITY_INFO || (d.v[k].severity == SEVERITY_INFO && strcmp(d.v[k].id, "prefetchers")))
			fail_msg("%s: %s is %s", severity_name[d.v[k].severity], d.v[k].what, d.v[k].now);
	assert_true(d.count[SEVERITY_BAD] == 0 && d.count[SEVERITY_WARN] == 0 && d.count[SEVERITY_OK] > 15);
}

#define BECOMES(change, id, level) \
	do { \
		good(NULL); \
		change; \
		if (severity(id) != (level)) \
			fail_msg("%s: %s is %d, not %d", #change, id, severity(id), level); \
		if ((level) > SEVERITY_OK && (!look(id)->why[0] || !look(id)->mend[0] || !look(id)->want[0])) \
			fail_msg("%s says not why, or how to mend it", id); \
	} while (0)

static void
flushes(void **state)
{
	(void)state;
	BECOMES(t.pmem[0].dax_cache = 0, "dax-cache", SEVERITY_BAD);
	BECOMES((t.pmem[0].dax_cache = 0, strcpy(t.pmem[0].domain, "cpu_cache")), "dax-cache", SEVERITY_OK);
	BECOMES(strcpy(t.pmem[0].domain, "cpu_cache"), "dax-cache", SEVERITY_INFO);
	BECOMES(t.pmem[0].dax_cache = -1, "dax-cache", -1);
	BECOMES(strcpy(t.pmem[0].queue_cache, "write through"), "queue-cache", SEVERITY_BAD);
	/* A BTT's disk says that rightly: it flushes by itself. */
	BECOMES((strcpy(t.pmem[0].name, "pmem0s"), strcpy(t.pmem[0].queue_cache, "write through"), t.pmem[0].dax_cache = -1),
		"queue-cache", -1);
	BECOMES((strcpy(t.pmem[0].name, "pmem1.2s"), strcpy(t.pmem[0].queue_cache, "write through")), "queue-cache", -1);
	BECOMES(t.pmem[0].domain[0] = 0, "domain", SEVERITY_WARN);
	BECOMES(strcpy(t.pmem[0].provider, "e820"), "volatile", SEVERITY_WARN);
	BECOMES(strcpy(t.pmem[0].provider, "e820"), "domain", -1);
	BECOMES(t.pmem[0].deep_flush = 0, "deep-flush", SEVERITY_INFO);
	BECOMES(strcpy(t.bus[0].scrub, "3+"), "scrub", SEVERITY_WARN);
	BECOMES(t.npmem = 0, "no-pmem", SEVERITY_INFO);
	BECOMES(t.pmem[0].poisoned = 8, "poison", SEVERITY_BAD);
	BECOMES(t.pmem[0].poisoned = -1, "poison", -1);
	BECOMES(strcpy(t.nvdimm[0].flags, "not_armed "), "nvdimm", SEVERITY_BAD);
	BECOMES(strcpy(t.nvdimm[0].flags, "smart_notify "), "nvdimm", SEVERITY_OK);
	BECOMES(strcpy(t.nvdimm[0].flags, "smart_event "), "nvdimm", SEVERITY_WARN);
	BECOMES(strcpy(t.nvdimm[0].health, "critical"), "nvdimm", SEVERITY_BAD);
	BECOMES(strcpy(t.nvdimm[0].health, "non-critical"), "nvdimm", SEVERITY_WARN);
	BECOMES(t.nvdimm[0].alarms = 2, "nvdimm", SEVERITY_WARN);
	BECOMES(strcpy(t.preload, "LD_PRELOAD=/usr/lib/libeatmydata.so"), "preload", SEVERITY_BAD);
	BECOMES(strcpy(t.preload, "PMEM_NO_CLWB=1"), "preload", SEVERITY_WARN);
	BECOMES(t.preload[0] = 0, "preload", -1);
	good(NULL);
	t.pmem[0].dax_cache = 0;
	assert_string_equal(look("dax-cache")->mend, "echo 1 > /sys/block/pmem0/dax/write_cache");
	/* Namespaces are made of regions: without one there is nothing to print. */
	t.npmem = 0;
	t.nregion = 1;
	assert_non_null(strstr(look("no-pmem")->mend, "prepare --print fsdax"));
	t.nregion = 0;
	assert_null(strstr(look("no-pmem")->mend, "prepare"));
	assert_string_equal(look("no-pmem")->now, "none in this machine");
}

static void
mounts(void **state)
{
	(void)state;
	BECOMES(strcpy(t.mount[0].options, "rw,dax"), "mount", SEVERITY_OK);
	BECOMES(strcpy(t.mount[0].options, "dax=always,rw"), "mount", SEVERITY_OK);
	BECOMES(strcpy(t.mount[0].options, "rw,dax=inode"), "mount", SEVERITY_WARN);
	BECOMES(strcpy(t.mount[0].options, "rw,dax=never"), "mount", SEVERITY_WARN);
	BECOMES(strcpy(t.mount[0].options, "rw,nodax"), "mount", SEVERITY_WARN);
	BECOMES(t.mount[0].reflink = 1, "reflink", SEVERITY_WARN);
	BECOMES((t.mount[0].reflink = 1, t.kernel.minor = 2), "reflink", -1);
	BECOMES((t.mount[0].reflink = 1, t.kernel.major = 5, t.kernel.minor = 19), "reflink", SEVERITY_WARN);
	BECOMES((strcpy(t.mount[0].source, "tmpfs"), strcpy(t.mount[0].fstype, "tmpfs")), "tmpfs-huge", SEVERITY_INFO);
}

/* A path is one word to the shell, whatever is in it; every file system needs its barriers. */
static void
quoting(void **state)
{
	static const struct { const char *path, *want; } v[] = {
		{ "/mnt/pmem0", "/mnt/pmem0" }, { "/mnt/a b", "'/mnt/a b'" }, { "/mnt/$(reboot)", "'/mnt/$(reboot)'" },
		{ "/it's", "'/it'\\''s'" },
	};
	char buf[64], tiny[12];

	(void)state;
	for (size_t k = 0; k < sizeof v / sizeof *v; k++)
		assert_string_equal(doctor_quoted(buf, sizeof buf, v[k].path), v[k].want);
	assert_true(strlen(doctor_quoted(tiny, sizeof tiny, "'''''''''''''''")) < sizeof tiny);
	BECOMES(strcpy(t.mount[0].options, "rw,dax,nobarrier"), "barrier", SEVERITY_BAD);
	BECOMES((strcpy(t.mount[0].source, "/dev/sda1"), strcpy(t.mount[0].options, "rw,barrier=0")), "barrier", SEVERITY_BAD);
	BECOMES(strcpy(t.mount[0].options, "rw,dax,barrier"), "barrier", -1);
	good(NULL);
	strcpy(t.mount[0].options, "rw,nobarrier");
	strcpy(t.mount[0].target, "/mnt/a b");
	assert_string_equal(look("barrier")->mend, "mount -o remount,barrier '/mnt/a b'");
}

static void
messages(void **state)
{
	(void)state;
	BECOMES(t.messages.lines = 5, "messages", SEVERITY_OK);
	BECOMES(t.messages.doubtful = 5, "messages", SEVERITY_WARN);
	BECOMES(t.messages.err = EPERM, "messages", SEVERITY_INFO);
	BECOMES((t.messages.err = EPERM, t.root = false), "messages", SEVERITY_INFO);
	BECOMES(t.kernel.tainted = 1 << 4, "tainted", SEVERITY_BAD);
	BECOMES(t.kernel.tainted = 1 << 9 | 1 << 12, "tainted", SEVERITY_INFO);
	BECOMES(t.kernel.tainted = 1 << 12, "tainted", SEVERITY_OK);
	BECOMES(t.kernel.tainted = -1, "tainted", -1);
	good(NULL);
	t.messages.doubtful = 3;
	assert_string_equal(look("messages")->now, "3 of 100 in doubt");
	assert_non_null(strstr(look("messages")->mend, "dmesg -kt -l emerg,alert,crit,err,warn | grep -E '^(nd |"));
	good(NULL);
	t.messages.err = EPERM;
	t.root = false;
	assert_string_equal(look("messages")->mend, "sudo sysctl kernel.dmesg_restrict=0");
}

static void
timers(void **state)
{
	(void)state;
	BECOMES(timing.clock.tsc = 0, "tsc", SEVERITY_BAD);
	BECOMES(timing.clock.spread_ppm = 200, "tsc-spread", SEVERITY_OK);
	BECOMES(timing.clock.spread_ppm = 201, "tsc-spread", SEVERITY_BAD);
	BECOMES((timing.skew.low_ns = 1500, timing.skew.high_ns = 1600), "tsc-skew", SEVERITY_BAD);
	BECOMES(timing.skew.pairs = 0, "tsc-skew", -1);
	BECOMES((strcpy(t.kernel.clocksource, "hpet"), strcpy(t.kernel.clocksources, "hpet acpi_pm")), "clocksource", SEVERITY_BAD);
	BECOMES((strcpy(t.kernel.clocksource, "kvm-clock"), strcpy(t.kernel.clocksources, "kvm-clock"),
		 strcpy(t.cpu.hypervisor, "KVM")), "clocksource", SEVERITY_INFO);
}

static void
processors(void **state)
{
	(void)state;
	BECOMES(strcpy(t.cpu.governor, "powersave"), "governor", SEVERITY_WARN);
	BECOMES(strcpy(t.cpu.governor, "performance, powersave"), "governor", SEVERITY_WARN);
	BECOMES(t.cpu.governor[0] = 0, "governor", SEVERITY_INFO);
	BECOMES(t.cpu.turbo = 1, "turbo", SEVERITY_WARN);
	BECOMES(t.cpu.turbo = -1, "turbo", -1);
	BECOMES(t.cpu.smt = 1, "smt", SEVERITY_INFO);
	BECOMES((t.cpu.smt = 1, t.load.nbusy = 1), "smt", SEVERITY_WARN);
	BECOMES(t.cpu.idle_us = 10, "idle", SEVERITY_OK);
	BECOMES(t.cpu.idle_us = 133, "idle", SEVERITY_WARN);
	BECOMES(strcpy(t.cpu.idle_governor, "haltpoll"), "idle", SEVERITY_INFO);
	BECOMES((t.cpu.msr = 0, t.cpu.prefetch_off = -1), "msr", SEVERITY_WARN);
	BECOMES((t.cpu.msr = 0, t.cpu.prefetch_off = -1, t.root = false), "msr", SEVERITY_INFO);
	BECOMES(t.cpu.pmu = 0, "pmu", SEVERITY_WARN);
	BECOMES(strcpy(t.cpu.hypervisor, "KVM"), "virtual", SEVERITY_INFO);
	BECOMES(strcpy(t.cpu.microcode, "0x1, 0x2"), "microcode", SEVERITY_WARN);
	BECOMES(t.cpu.nodes = 4, "clustering", SEVERITY_INFO);
	BECOMES(t.cpu.isolated[0] = 0, "isolated", SEVERITY_INFO);
	BECOMES(strcpy(t.cpu.uncore, "800000-2400000 kHz"), "uncore", SEVERITY_INFO);
	BECOMES(strcpy(t.cpu.uncore, "2400000-2400000 kHz"), "uncore", SEVERITY_OK);
	BECOMES(strcpy(t.cpu.uncore, "2400000-2400000 kHz, 800000-800000 kHz"), "uncore", SEVERITY_INFO);
	BECOMES((strcpy(t.cpu.governor, "powersave"), strcpy(t.cpu.preference, "power")), "energy-preference", SEVERITY_INFO);
	good(NULL);
	t.cpu.turbo = 1;
	strcpy(t.cpu.turbo_file, "/sys/devices/system/cpu/cpufreq/boost");
	assert_string_equal(look("turbo")->mend, "echo 0 > /sys/devices/system/cpu/cpufreq/boost");
	strcpy(t.cpu.turbo_file, "/sys/devices/system/cpu/intel_pstate/no_turbo");
	assert_string_equal(look("turbo")->mend, "echo 1 > /sys/devices/system/cpu/intel_pstate/no_turbo");
	assert_string_equal(look("prefetchers")->mend, "wrmsr -a 0x1a4 0xf   # off; on is 0x0; apt-get install msr-tools");
	/* What else the register holds is kept. */
	strcpy(t.cpu.vendor, "AuthenticAMD");
	t.cpu.prefetch_msr = 0xc0000108;
	t.cpu.prefetch_control = 0x3c1;
	t.cpu.prefetch_off = 1;
	assert_string_equal(look("prefetchers")->now, "some off");
	assert_string_equal(look("prefetchers")->mend,
			    "wrmsr -a 0xc0000108 0x3ef   # off; on is 0x3c0; apt-get install msr-tools");
	BECOMES(t.cpu.prefetch_mixed = 1, "prefetchers", SEVERITY_WARN);
}

static void
kernel(void **state)
{
	(void)state;
	BECOMES(strcpy(t.kernel.thp, "always"), "thp", SEVERITY_WARN);
	BECOMES(strcpy(t.kernel.thp_defrag, "always"), "thp-defrag", SEVERITY_INFO);
	BECOMES(strcpy(t.kernel.thp_shmem, "force"), "thp-shmem", SEVERITY_INFO);
	BECOMES(strcpy(t.kernel.thp_shmem, "advise"), "thp-shmem", SEVERITY_OK);
	BECOMES(t.kernel.numa_balancing = 1, "numa-balancing", SEVERITY_WARN);
	BECOMES((t.kernel.numa_balancing = 1, t.cpu.nodes = 1), "numa-balancing", SEVERITY_INFO);
	BECOMES(t.kernel.demotion = 1, "numa-demotion", SEVERITY_INFO);
	BECOMES(t.kernel.paranoid = 4, "perf", SEVERITY_OK);
	BECOMES((t.kernel.paranoid = 0, t.root = false), "perf", SEVERITY_OK);
	BECOMES((t.kernel.paranoid = 2, t.root = false), "perf", SEVERITY_INFO);
	BECOMES((t.kernel.paranoid = 3, t.root = false), "perf", SEVERITY_WARN);
	good(NULL);
	assert_string_equal(look("perf")->want, "any, for root");
	t.root = false;
	assert_string_equal(look("perf")->want, "0 or less");
	BECOMES(t.kernel.nmi_watchdog = 1, "nmi-watchdog", SEVERITY_INFO);
	BECOMES(t.kernel.seccomp = 2, "seccomp", SEVERITY_INFO);
	BECOMES((t.kernel.console = 7, t.kernel.serial_console = 1), "console", SEVERITY_INFO);
	BECOMES(t.gnuplot = 0, "gnuplot", SEVERITY_WARN);
	good(NULL);
	strcpy(t.kernel.mitigations, "meltdown: PTI; spectre_v2: Retpolines; STIBP: disabled; BHI: Not affected");
	assert_string_equal(look("mitigations")->now, "meltdown, spectre_v2");
}

static void
load(void **state)
{
	(void)state;
	BECOMES(t.load.load1 = 0.7, "load", SEVERITY_OK);
	BECOMES(t.load.load1 = 1, "load", SEVERITY_WARN);
	BECOMES(t.load.load1 = 9, "load", SEVERITY_BAD);
	BECOMES((t.cpu.online = 128, t.load.load1 = 10), "load", SEVERITY_OK);
	BECOMES(t.load.psi_cpu = 6, "psi-cpu", SEVERITY_WARN);
	BECOMES(t.load.psi_memory = -1, "psi-memory", -1);
	BECOMES(t.load.steal = 1, "steal", SEVERITY_WARN);
	BECOMES(t.load.steal = 6, "steal", SEVERITY_BAD);
	BECOMES(t.load.quota = 1.5, "quota", SEVERITY_WARN);
	strcpy(t.load.quota_file, "/sys/fs/cgroup/cpu/box/cpu.cfs_quota_us");
	assert_string_equal(look("quota")->mend, "echo -1 > /sys/fs/cgroup/cpu/box/cpu.cfs_quota_us");
	BECOMES(t.load.allowed = 4, "cpuset", SEVERITY_INFO);
	BECOMES(t.load.swap_kib = 4096, "swap", SEVERITY_INFO);
	BECOMES(t.load.irqbalance = 1, "irqbalance", SEVERITY_INFO);
	BECOMES(strcpy(t.tmpdir_fs, "tmpfs"), "tmpdir", SEVERITY_INFO);
}

static void
rights(void **state)
{
	size_t n = 0;

	(void)state;
	good(NULL);
	assert_null(doctor_lost(&t, 0));
	t.root = false;
	while (doctor_lost(&t, n))
		n++;
	assert_true(n >= 4);
	/* The log is lost only where it cannot be read. */
	t.messages.err = EPERM;
	assert_non_null(doctor_lost(&t, n));
	assert_non_null(strstr(doctor_lost(&t, n), "kernel messages"));
	assert_null(doctor_lost(&t, n + 1));
}

/* More devices than there is room for findings. */
static void
full(void **state)
{
	(void)state;
	t.npmem = TUNING_PMEM;
	for (int k = 0; k < TUNING_PMEM; k++) {
		t.pmem[k] = t.pmem[0];
		t.pmem[k].deep_flush = 0;
	}
	t.nmount = TUNING_MOUNTS;
	for (int k = 0; k < TUNING_MOUNTS; k++) {
		t.mount[k] = t.mount[0];
		t.mount[k].reflink = 1;
	}
	look("");
	assert_true(d.n > TUNING_PMEM && d.n <= FINDINGS_MAX);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(nothing_wrong, good), cmocka_unit_test(flushes), cmocka_unit_test(mounts),
		cmocka_unit_test(quoting), cmocka_unit_test(messages),
		cmocka_unit_test(timers), cmocka_unit_test(processors), cmocka_unit_test(kernel), cmocka_unit_test(load),
		cmocka_unit_test(rights), cmocka_unit_test_setup(full, good),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
