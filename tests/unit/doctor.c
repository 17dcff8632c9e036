// links: doctor.o doctor_cpu.o doctor_kernel.o doctor_load.o doctor_mounts.o doctor_pmem.o xfs.o kmsg.o wrap.o utf8.o rootfs.o uncore.o sysfs.o text.o why.o -ljansson -lmount -lm
/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Rows of doctor: below the root of a machine with nothing wrong, write one file and see the one
 * finding that must change, with its severity.
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>
#include "doctor_row.h"
#include "hardware.h"
#include "rootfs.h"

#define TREE "tests/golden/sysfs-doctor"
#define CPU  "sys/devices/system/cpu/"
#define ND   "sys/devices/platform/ACPI0012/ndbus0/"
#define PMEM ND "region0/namespace0.0/block/pmem0/"
#define NAMES "/tmp/daxmark-doctor-XXXXXX"

/* timing.o would draw in the topology; the judgement is tested with it. */
int
timing_skewed(const struct skew *s)
{
	return s->pairs && s->low_ns > TIMING_SKEW_NS;
}

static uid_t user;
static const char *smart;			/* what libndctl says of nmem0 */
static char root[] = NAMES;
static struct timing timing;
static struct doctor *d;

uid_t
geteuid(void)
{
	return user;
}

json_t *
nvdimms_json(void)
{
	return json_loads(smart, 0, NULL);
}

static void changed(const char *name);

static void
put_bytes(const char *name, const void *bytes, size_t n, off_t at)
{
	char path[512];
	int fd;

	changed(name);

	snprintf(path, sizeof path, "%s/%s", root, name);
	for (char *p = path + strlen(root) + 1; (p = strchr(p, '/')); p++) {
		*p = 0;
		assert_true(mkdir(path, 0700) == 0 || errno == EEXIST);
		*p = '/';
	}
	fd = open(path, O_RDWR | O_CREAT | (at ? 0 : O_TRUNC) | O_CLOEXEC, 0600);
	assert_true(fd >= 0 && pwrite(fd, bytes, n, at) == (ssize_t)n);
	close(fd);
}

static void
put(const char *name, const char *text)
{
	put_bytes(name, text, strlen(text), 0);
}

static void
drop(const char *name)
{
	char path[512];

	changed(name);
	snprintf(path, sizeof path, "%s/%s", root, name);
	unlink(path);
}

/* The file of the registers is sparse. */
static void
put_msr(int cpu, uint32_t msr, uint64_t v)
{
	char name[32];

	snprintf(name, sizeof name, "dev/cpu/%d/msr", cpu);
	put_bytes(name, &v, sizeof v, msr);
}

/* While CPUs are watched CPU 1 works. */
int
nanosleep(const struct timespec *pause, struct timespec *left)
{
	(void)pause;
	(void)left;
	put("proc/stat", "cpu 20 0 0 180 0 0 0 0\ncpu0 10 0 0 90 0 0 0 0\ncpu1 20 0 0 90 0 0 0 0\n");
	return 0;
}

/* Bare metal, tuned, idle, with one NVDIMM. */
static const struct { const char *name, *text; } machine[] = {
	{ "proc/cpuinfo", "processor\t: 0\nvendor_id\t: GenuineIntel\nmicrocode\t: 0x1\nflags\t\t: fpu sse\n" },
	{ "proc/version", "Linux version 6.1.0-49-amd64 (a@b) (gcc) #1 SMP PREEMPT_DYNAMIC Debian 6.1.192-1 (2026-11-01)\n" },
	{ "proc/cmdline", "root=/dev/sda1\n" }, { "proc/loadavg", "0.10 0.1 0.1 1/100 1\n" },
	{ "proc/stat", "cpu 20 0 0 160 0 0 0 0\ncpu0 10 0 0 80 0 0 0 0\ncpu1 10 0 0 80 0 0 0 0\n" },
	{ "proc/pressure/cpu", "some avg10=0.00\n" }, { "proc/pressure/memory", "some avg10=0.00\n" },
	{ "proc/pressure/io", "some avg10=0.00\n" }, { "proc/swaps", "Filename Type Size\n" },
	{ "proc/self/status", "Name:\tx\nSeccomp:\t0\n" }, { "proc/self/cgroup", "0::/box\n" },
	{ "proc/self/mountinfo", "26 25 259:0 / /mnt/p rw - xfs /dev/pmem0 rw,dax=always\n" },
	{ "proc/kmsg", "<6>[    1.0] all is well\n" }, { "proc/77/comm", "sh\n" },
	{ "proc/sys/kernel/osrelease", "6.1.0-49-amd64\n" }, { "proc/sys/kernel/numa_balancing", "0\n" },
	{ "proc/sys/kernel/perf_event_paranoid", "2\n" }, { "proc/sys/kernel/nmi_watchdog", "0\n" },
	{ "proc/sys/kernel/tainted", "0\n" }, { "proc/sys/kernel/printk", "4 4 1 7\n" }, { "proc/sys/vm/swappiness", "60\n" },
	{ CPU "online", "0-7\n" }, { CPU "isolated", "1-7\n" }, { CPU "smt/active", "0\n" },
	{ CPU "cpu0/topology/physical_package_id", "0\n" }, { CPU "cpu4/topology/physical_package_id", "1\n" },
	{ "sys/devices/system/node/node0/cpulist", "0-3\n" }, { "sys/devices/system/node/node1/cpulist", "4-7\n" },
	{ "sys/devices/system/node/node2/cpulist", "\n" },
	{ CPU "cpufreq/policy0/scaling_governor", "performance\n" }, { CPU "cpufreq/policy1/scaling_governor", "performance\n" },
	{ CPU "cpufreq/policy0/scaling_driver", "intel_pstate\n" }, { CPU "intel_pstate/no_turbo", "1\n" },
	{ CPU "cpuidle/current_governor", "menu\n" }, { CPU "cpu0/cpuidle/state1/name", "C1\n" },
	{ CPU "cpu0/cpuidle/state1/latency", "2\n" }, { CPU "cpu0/cpuidle/state1/disable", "0\n" },
	{ CPU "vulnerabilities/meltdown", "Not affected\n" },
	{ "sys/bus/event_source/devices/cpu/type", "4\n" },
	{ "sys/devices/system/clocksource/clocksource0/current_clocksource", "tsc\n" },
	{ "sys/devices/system/clocksource/clocksource0/available_clocksource", "tsc hpet\n" },
	{ "sys/kernel/mm/transparent_hugepage/enabled", "always [madvise] never\n" },
	{ "sys/kernel/mm/transparent_hugepage/defrag", "always defer [madvise] never\n" },
	{ "sys/kernel/mm/transparent_hugepage/shmem_enabled", "always advise [never]\n" },
	{ "sys/kernel/mm/numa/demotion_enabled", "false\n" }, { "sys/kernel/mm/ksm/run", "0\n" },
	{ "sys/kernel/debug/sched/preempt", "none (voluntary) full\n" },
	{ "sys/fs/cgroup/box/cpu.max", "max 100000\n" },
	{ ND "provider", "ACPI.NFIT\n" }, { ND "region0/persistence_domain", "memory_controller\n" },
	{ ND "region0/deep_flush", "1\n" }, { PMEM "queue/write_cache", "write back\n" }, { PMEM "queue/fua", "1\n" },
	{ PMEM "dax/write_cache", "1\n" }, { PMEM "badblocks", "" },
	{ "sys/bus/nd/devices/nmem0/nfit/flags", "\n" }, { "sys/bus/nd/devices/ndbus0/nfit/scrub", "3\n" },
	{ "sys/bus/nd/devices/region0/size", "1\n" },
};

/* Which of them are not as above: a file that is must not be written again for every change. */
static bool stale[sizeof machine / sizeof *machine];

static void
changed(const char *name)
{
	for (size_t k = 0; k < sizeof machine / sizeof *machine; k++)
		stale[k] |= strcmp(machine[k].name, name) == 0;
}

static void
make_link(const char *name, const char *to)
{
	char path[512];

	put(name, "");
	drop(name);
	snprintf(path, sizeof path, "%s/%s", root, name);
	assert_true(symlink(to, path) == 0);
}

static void
good(void)
{
	user = 0;
	smart = "{\"nmem0\": {\"health\": \"ok\", \"alarms\": 0}}";
	for (size_t k = 0; k < sizeof machine / sizeof *machine; k++)
		if (stale[k]) {
			put(machine[k].name, machine[k].text);
			stale[k] = false;
		}
	put_msr(0, 0x10, 1);
	put_msr(0, 0x1a4, 0);
	put_bytes("dev/pmem0", (char[256]){ "XFSB" }, 256, 0);
	timing = (struct timing){ .clock = { .tsc = 1, .hz = 2e9, .spread_ppm = 30 }, .skew = { .pairs = 7, .low_ns = -80, .high_ns = 90 } };
}

static void
empty_root(void)
{
	char command[64];

	snprintf(command, sizeof command, "rm -rf '%s'/*", root);
	assert_int_equal(system(command), 0);
}

static int
setup(void **state)
{
	(void)state;
	strcpy(root, NAMES);
	assert_non_null(mkdtemp(root));
	rootfs_set(root);
	setenv("TMPDIR", "/proc", 1);
	setenv("PATH", "/bin:/usr/bin", 1);
	unsetenv("LD_PRELOAD");
	memset(stale, true, sizeof stale);
	good();
	make_link("sys/block/pmem0", "../devices/platform/ACPI0012/ndbus0/region0/namespace0.0/block/pmem0");
	make_link("sys/class/block/pmem0", "../../devices/platform/ACPI0012/ndbus0/region0/namespace0.0/block/pmem0");
	return 0;
}

static int
teardown(void **state)
{
	char command[64];

	(void)state;
	doctor_free(d);
	d = NULL;
	rootfs_set(NULL);
	snprintf(command, sizeof command, "rm -rf '%s'", root);
	return system(command);
}

static const struct finding *
look(const char *id)
{
	doctor_free(d);
	d = doctor_look(&timing, 0);
	for (size_t k = 0; k < d->n; k++)
		if (strcmp(d->v[k].id, id) == 0)
			return &d->v[k];
	return NULL;
}

/* Of that finding now; -1: there is none.  What is not well says why and how to mend it. */
static int
severity(const char *id)
{
	const struct finding *f = look(id);

	if (f && f->severity > SEVERITY_OK && (!f->why[0] || !f->mend[0] || !f->want[0] || !f->what[0] || !f->now[0]))
		fail_msg("%s says not why, or how to mend it", id);
	return f ? (int)f->severity : -1;
}

/* On the good machine but for what the changes make of it. */
#define BECOMES(change, id, level) \
	do { \
		good(); \
		change; \
		if (severity(id) != (int)(level)) \
			fail_msg("%s: %s is %d, not %d", #change, id, severity(id), (int)(level)); \
		good(); \
	} while (0)

static void
nothing_wrong(void **state)
{
	(void)state;
	look("");
	for (size_t k = 0; k < d->n; k++)
		if (d->v[k].severity > SEVERITY_OK && strcmp(d->v[k].id, "prefetchers") && strcmp(d->v[k].id, "gnuplot"))
			fail_msg("%s: %s is %s", severity_name[d->v[k].severity], d->v[k].what, d->v[k].now);
	assert_true(d->count[SEVERITY_BAD] == 0 && d->count[SEVERITY_OK] > 20);
}

static void
flushes(void **state)
{
	(void)state;
	BECOMES(put(PMEM "dax/write_cache", "0\n"), "dax-cache", SEVERITY_BAD);
	BECOMES((put(PMEM "dax/write_cache", "0\n"), put(ND "region0/persistence_domain", "cpu_cache\n")), "dax-cache", SEVERITY_OK);
	BECOMES(put(ND "region0/persistence_domain", "cpu_cache\n"), "dax-cache", SEVERITY_INFO);
	BECOMES(drop(PMEM "dax/write_cache"), "dax-cache", -1);
	BECOMES(put(PMEM "queue/write_cache", "write through\n"), "queue-cache", SEVERITY_BAD);
	BECOMES(drop(ND "region0/persistence_domain"), "domain", SEVERITY_WARN);
	BECOMES(put(ND "provider", "e820\n"), "volatile", SEVERITY_WARN);
	BECOMES(put(ND "provider", "e820\n"), "domain", -1);
	BECOMES(put(ND "region0/deep_flush", "0\n"), "deep-flush", SEVERITY_INFO);
	BECOMES(put("sys/bus/nd/devices/ndbus0/nfit/scrub", "3+\n"), "scrub", SEVERITY_WARN);
	BECOMES(put(PMEM "badblocks", "8 16\n64 1\n"), "poison", SEVERITY_BAD);
	BECOMES(drop(PMEM "badblocks"), "poison", -1);
	put(PMEM "dax/write_cache", "0\n");
	assert_string_equal(look("dax-cache")->mend, "echo 1 > /sys/block/pmem0/dax/write_cache");
	put(PMEM "badblocks", "8 16\n64 1\n");
	assert_string_equal(look("poison")->now, "17 sectors");
}

static void
modules(void **state)
{
	(void)state;
	BECOMES(put("sys/bus/nd/devices/nmem0/nfit/flags", "not_armed \n"), "nvdimm", SEVERITY_BAD);
	BECOMES(put("sys/bus/nd/devices/nmem0/nfit/flags", "smart_notify \n"), "nvdimm", SEVERITY_OK);
	BECOMES(put("sys/bus/nd/devices/nmem0/nfit/flags", "smart_event \n"), "nvdimm", SEVERITY_WARN);
	BECOMES(smart = "{\"nmem0\": {\"health\": \"critical\"}}", "nvdimm", SEVERITY_BAD);
	BECOMES(smart = "{\"nmem0\": {\"health\": \"non-critical\"}}", "nvdimm", SEVERITY_WARN);
	BECOMES(smart = "{\"nmem0\": {\"health\": \"ok\", \"alarms\": 2}}", "nvdimm", SEVERITY_WARN);
	BECOMES(smart = "{}", "nvdimm", SEVERITY_OK);
	/* A BTT's disk says that rightly: it flushes by itself.  Namespaces are made of regions. */
	empty_root();
	put("sys/block/pmem1.2s/queue/write_cache", "write through\n");
	assert_int_equal(severity("queue-cache"), -1);
	empty_root();
	assert_string_equal(look("no-pmem")->now, "none in this machine");
	assert_null(strstr(look("no-pmem")->mend, "prepare"));
	put("sys/bus/nd/devices/region0/size", "1\n");
	assert_non_null(strstr(look("no-pmem")->mend, "prepare --print fsdax"));
}

static void
mount_of(const char *line)
{
	put("proc/self/mountinfo", line);
}

static void
reflinked(void)
{
	unsigned char sb[256] = "XFSB";

	sb[0x65] = 5;
	sb[0xd7] = 4;
	put_bytes("dev/pmem0", sb, sizeof sb, 0);
}

static void
mounts(void **state)
{
	(void)state;
	BECOMES((void)0, "mount", SEVERITY_OK);
	BECOMES(mount_of("1 0 0:1 / /mnt/p rw - xfs /dev/pmem0 rw,dax\n"), "mount", SEVERITY_OK);
	BECOMES(mount_of("1 0 0:1 / /mnt/p rw - ext4 /dev/pmem0 rw,noatime\n"), "mount", SEVERITY_WARN);
	BECOMES(mount_of("1 0 0:1 / /mnt/p rw - ext4 /dev/pmem0 rw,dax=never\n"), "mount", SEVERITY_WARN);
	BECOMES(mount_of("1 0 0:1 / /mnt/p rw - ext4 /dev/pmem0 rw,dax=inode\n"), "mount", SEVERITY_WARN);
	BECOMES(mount_of("1 0 0:1 / /mnt/p rw - ext4 /dev/pmem0s rw\n"), "mount", -1);
	BECOMES((void)0, "reflink", -1);
	BECOMES(reflinked(), "reflink", SEVERITY_WARN);
	BECOMES((reflinked(), put("proc/sys/kernel/osrelease", "6.12.0\n")), "reflink", SEVERITY_WARN);
	BECOMES((reflinked(), mount_of("1 0 0:1 / /mnt/p rw - ext4 /dev/pmem0 rw,dax\n")), "reflink", -1);
	BECOMES(mount_of("1 0 0:1 / /huge rw - tmpfs tmpfs rw,huge=always\n"), "tmpfs-huge", SEVERITY_INFO);
	BECOMES(mount_of("1 0 0:1 / /huge rw - tmpfs tmpfs rw,huge=never\n"), "tmpfs-huge", -1);
	BECOMES(mount_of("1 0 0:1 / /mnt/p rw - ext4 /dev/pmem0 rw,dax,nobarrier\n"), "barrier", SEVERITY_BAD);
	BECOMES(mount_of("1 0 0:1 / /mnt/p rw - ext4 /dev/sda1 rw,barrier=0\n"), "barrier", SEVERITY_BAD);
	BECOMES(mount_of("1 0 0:1 / /mnt/p rw - ext4 /dev/pmem0 rw,dax,barrier\n"), "barrier", -1);
	/* Why it matters depends on the kernel. */
	reflinked();
	assert_non_null(strstr(look("reflink")->why, "before Linux 6.2"));
	put("proc/sys/kernel/osrelease", "6.12.117\n");
	assert_non_null(strstr(look("reflink")->why, "MAP_SYNC loses"));
	mount_of("1 0 0:1 / /mnt/a\\040b rw - ext4 /dev/pmem0 rw,nobarrier\n");
	assert_string_equal(look("barrier")->mend, "mount -o remount,barrier '/mnt/a b'");
}

/* A path is one word to the shell, whatever is in it. */
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
		assert_string_equal(shell_quoted(buf, sizeof buf, v[k].path), v[k].want);
	assert_true(strlen(shell_quoted(tiny, sizeof tiny, "'''''''''''''''")) < sizeof tiny);
}

static void
messages(void **state)
{
	(void)state;
	BECOMES(put("proc/kmsg", "<6>[    1.0] pmem0: hello\n"), "messages", SEVERITY_OK);
	BECOMES(put("proc/kmsg", "<4>[    1.0] EDAC MC0: 1 CE\n"), "messages", SEVERITY_WARN);
	BECOMES(drop("proc/kmsg"), "messages", SEVERITY_INFO);
	BECOMES(put("proc/sys/kernel/tainted", "16\n"), "tainted", SEVERITY_BAD);
	BECOMES(put("proc/sys/kernel/tainted", "4608\n"), "tainted", SEVERITY_INFO);
	BECOMES(put("proc/sys/kernel/tainted", "4096\n"), "tainted", SEVERITY_OK);
	BECOMES(drop("proc/sys/kernel/tainted"), "tainted", -1);
	put("proc/kmsg", "<4>[    1.0] EDAC MC0: 1 CE\n<6>[    2.0] fine\n");
	assert_string_equal(look("messages")->now, "1 of 2 in doubt");
	drop("proc/kmsg");
	user = 1000;
	assert_string_equal(look("messages")->mend, "sudo sysctl kernel.dmesg_restrict=0");
}

static void
clocksource(const char *now, const char *all)
{
	put("sys/devices/system/clocksource/clocksource0/current_clocksource", now);
	put("sys/devices/system/clocksource/clocksource0/available_clocksource", all);
}

static void
guest(void)
{
	put("proc/cpuinfo", "vendor_id\t: GenuineIntel\nmicrocode\t: 0x1\nflags\t\t: fpu hypervisor\n");
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
	BECOMES(clocksource("hpet\n", "hpet acpi_pm\n"), "clocksource", SEVERITY_BAD);
	BECOMES(clocksource("hpet\n", "tsc hpet\n"), "clocksource", SEVERITY_INFO);
	BECOMES((clocksource("kvm-clock\n", "kvm-clock\n"), guest()), "clocksource", SEVERITY_INFO);
}

static void
processors(void **state)
{
	(void)state;
	BECOMES(put(CPU "cpufreq/policy0/scaling_governor", "powersave\n"), "governor", SEVERITY_WARN);
	BECOMES((drop(CPU "cpufreq/policy0/scaling_governor"), drop(CPU "cpufreq/policy1/scaling_governor")), "governor", SEVERITY_INFO);
	BECOMES(put(CPU "intel_pstate/no_turbo", "0\n"), "turbo", SEVERITY_WARN);
	BECOMES((drop(CPU "intel_pstate/no_turbo"), put_msr(0, 0x1a0, 1ull << 38)), "turbo", SEVERITY_OK);
	BECOMES(put(CPU "smt/active", "1\n"), "smt", SEVERITY_INFO);
	BECOMES(put(CPU "cpu0/cpuidle/state1/latency", "10\n"), "idle", SEVERITY_OK);
	BECOMES(put(CPU "cpu0/cpuidle/state1/latency", "133\n"), "idle", SEVERITY_WARN);
	BECOMES(put(CPU "cpuidle/current_governor", "haltpoll\n"), "idle", SEVERITY_INFO);
	BECOMES(drop("dev/cpu/0/msr"), "msr", SEVERITY_WARN);
	BECOMES((drop("dev/cpu/0/msr"), user = 1000), "msr", SEVERITY_INFO);
	BECOMES(drop("dev/cpu/0/msr"), "prefetchers", -1);
	BECOMES((put_msr(1, 0x10, 1), put_msr(1, 0x1a4, 1)), "prefetchers", SEVERITY_WARN);
	drop("dev/cpu/1/msr");
	BECOMES(guest(), "virtual", SEVERITY_INFO);
	BECOMES(guest(), "prefetchers", -1);
	BECOMES(put("proc/cpuinfo", "vendor_id\t: GenuineIntel\nmicrocode\t: 0x1\nflags\t: a\n\nmicrocode\t: 0x2\n"), "microcode", SEVERITY_WARN);
	BECOMES(put("sys/devices/system/node/node2/cpulist", "8\n"), "clustering", SEVERITY_INFO);
	BECOMES(put(CPU "isolated", "\n"), "isolated", SEVERITY_INFO);
	BECOMES((put(CPU "cpufreq/policy0/scaling_governor", "powersave\n"),
		 put(CPU "cpufreq/policy0/energy_performance_preference", "power\n")), "energy-preference", SEVERITY_INFO);
	drop(CPU "cpufreq/policy0/energy_performance_preference");
	BECOMES((put(CPU "intel_uncore_frequency/p0/min_freq_khz", "800000\n"),
		 put(CPU "intel_uncore_frequency/p0/max_freq_khz", "2400000\n")), "uncore", SEVERITY_INFO);
	BECOMES(put(CPU "intel_uncore_frequency/p0/min_freq_khz", "2400000\n"), "uncore", SEVERITY_OK);
	BECOMES((put(CPU "intel_uncore_frequency/p1/min_freq_khz", "800000\n"),
		 put(CPU "intel_uncore_frequency/p1/max_freq_khz", "800000\n")), "uncore", SEVERITY_INFO);
	put("sys/bus/event_source/devices/cpu/type", "4\n");
	assert_int_equal(severity("pmu"), SEVERITY_OK);
	empty_root();
	assert_int_equal(severity("pmu"), SEVERITY_WARN);
}

/* What is to be typed names the knob that was read. */
static void
knobs(void **state)
{
	(void)state;
	put(CPU "intel_pstate/no_turbo", "0\n");
	assert_string_equal(look("turbo")->mend, "echo 1 > /sys/devices/system/cpu/intel_pstate/no_turbo");
	drop(CPU "intel_pstate/no_turbo");
	put(CPU "cpufreq/boost", "1\n");
	assert_string_equal(look("turbo")->mend, "echo 0 > /sys/devices/system/cpu/cpufreq/boost");
	assert_string_equal(look("prefetchers")->mend, "wrmsr -a 0x1a4 0xf   # off; on is 0x0; apt-get install msr-tools");
	/* AMD: prefetch control where its bits are, boost from HWCR; what else the register holds is kept. */
	drop(CPU "cpufreq/boost");
	drop("dev/cpu/0/msr");
	put("proc/cpuinfo", "vendor_id\t: AuthenticAMD\nflags\t\t: fpu\n");
	put_msr(0, 0x10, 1);
	assert_int_equal(severity("prefetchers"), -1);
	assert_int_equal(severity("turbo"), -1);
	put_msr(0, 0xc0000108, 0x3c1);
	put_msr(0, 0xc0010015, 1 << 25);
	put("dev/cpu/microcode", "");
	assert_string_equal(look("prefetchers")->now, "some off");
	assert_string_equal(look("prefetchers")->mend, "wrmsr -a 0xc0000108 0x3ef   # off; on is 0x3c0; apt-get install msr-tools");
	assert_int_equal(severity("turbo"), SEVERITY_OK);
	put("proc/cpuinfo", "vendor_id\t: AuthenticAMD\nflags\t\t: fpu hypervisor\n");
	assert_int_equal(severity("prefetchers"), -1);
}

static void
kernel(void **state)
{
	(void)state;
	BECOMES(put("sys/kernel/mm/transparent_hugepage/enabled", "[always] madvise never\n"), "thp", SEVERITY_WARN);
	BECOMES(put("sys/kernel/mm/transparent_hugepage/defrag", "[always] madvise never\n"), "thp-defrag", SEVERITY_INFO);
	BECOMES(put("sys/kernel/mm/transparent_hugepage/defrag", "always [defer+madvise] never\n"), "thp-defrag", SEVERITY_OK);
	BECOMES(put("sys/kernel/mm/transparent_hugepage/shmem_enabled", "never [force]\n"), "thp-shmem", SEVERITY_INFO);
	BECOMES(put("sys/kernel/mm/transparent_hugepage/shmem_enabled", "never [advise]\n"), "thp-shmem", SEVERITY_OK);
	BECOMES(put("proc/sys/kernel/numa_balancing", "1\n"), "numa-balancing", SEVERITY_WARN);
	BECOMES((put("proc/sys/kernel/numa_balancing", "1\n"), put("sys/devices/system/node/node1/cpulist", "\n")),
		"numa-balancing", SEVERITY_INFO);
	BECOMES(put("sys/kernel/mm/numa/demotion_enabled", "true\n"), "numa-demotion", SEVERITY_INFO);
	BECOMES(put("sys/kernel/mm/ksm/run", "1\n"), "ksm", SEVERITY_INFO);
	BECOMES(put("proc/sys/kernel/perf_event_paranoid", "4\n"), "perf", SEVERITY_OK);
	BECOMES((put("proc/sys/kernel/perf_event_paranoid", "0\n"), user = 1000), "perf", SEVERITY_OK);
	BECOMES((put("proc/sys/kernel/perf_event_paranoid", "2\n"), user = 1000), "perf", SEVERITY_INFO);
	BECOMES((put("proc/sys/kernel/perf_event_paranoid", "3\n"), user = 1000), "perf", SEVERITY_WARN);
	assert_string_equal(look("perf")->want, "any, for root");
	user = 1000;
	assert_string_equal(look("perf")->want, "0 or less");
	BECOMES(put("proc/sys/kernel/nmi_watchdog", "1\n"), "nmi-watchdog", SEVERITY_INFO);
	BECOMES(put("proc/self/status", "Name:\tx\nSeccomp:\t2\n"), "seccomp", SEVERITY_INFO);
	BECOMES((put("proc/sys/kernel/printk", "7 4 1 7\n"), put("proc/cmdline", "console=ttyS0\n")), "console", SEVERITY_INFO);
	BECOMES(put("proc/sys/kernel/printk", "7 4 1 7\n"), "console", -1);
	put(CPU "vulnerabilities/meltdown", "Mitigation: PTI\n");
	put(CPU "vulnerabilities/spectre_v2", "Mitigation: Retpolines; STIBP: disabled; BHI: Not affected\n");
	assert_string_equal(look("mitigations")->now, "meltdown, spectre_v2");
}

/* What this process brings along. */
static void
environment(void **state)
{
	(void)state;
	assert_int_equal(severity("preload"), -1);
	setenv("LD_PRELOAD", "/usr/lib/libeatmydata.so", 1);
	assert_int_equal(severity("preload"), SEVERITY_BAD);
	setenv("LD_PRELOAD", "/usr/lib/other.so", 1);
	assert_int_equal(severity("preload"), SEVERITY_WARN);
	unsetenv("LD_PRELOAD");
	setenv("PMEM_NO_CLWB", "1", 1);
	assert_int_equal(severity("preload"), SEVERITY_WARN);
	unsetenv("PMEM_NO_CLWB");
	setenv("PATH", "/nonexistent", 1);
	assert_int_equal(severity("gnuplot"), SEVERITY_WARN);
	setenv("PATH", "/bin:/usr/bin", 1);
	setenv("TMPDIR", "/dev/shm", 1);
	assert_int_equal(severity("tmpdir"), SEVERITY_INFO);
}

static void
preempts(const char *debugfs, const char *version, const char *cmdline, const char *config)
{
	if (debugfs)
		put("sys/kernel/debug/sched/preempt", debugfs);
	else
		drop("sys/kernel/debug/sched/preempt");
	if (version)
		put("proc/version", version);
	if (cmdline)
		put("proc/cmdline", cmdline);
	if (config)
		put("boot/config-6.1.0-49-amd64", config);
}

#define IS_MODEL(word, ...) \
	do { \
		good(); \
		preempts(__VA_ARGS__); \
		assert_string_equal(look("preemption")->now, word); \
	} while (0)

/* From what knows to what only hints. */
static void
preemption(void **state)
{
	(void)state;
	IS_MODEL("voluntary", "none (voluntary) full\n", NULL, "preempt=full\n", NULL);
	IS_MODEL("lazy", "full (lazy)\n", NULL, NULL, NULL);
	IS_MODEL("full", NULL, NULL, "quiet preempt=full ro\n", NULL);
	IS_MODEL("PREEMPT_RT", NULL, "Linux version 6.1.0 #1 SMP PREEMPT_RT\n", NULL, NULL);
	IS_MODEL("PREEMPT_DYNAMIC", NULL, NULL, NULL, NULL);
	IS_MODEL("cannot be told", NULL, "Linux version 6.1.0 #1 SMP\n", NULL, NULL);
	IS_MODEL("none", NULL, NULL, NULL, "CONFIG_X=y\nCONFIG_PREEMPT_NONE=y\nCONFIG_PREEMPT_DYNAMIC=y\n");
	IS_MODEL("voluntary", NULL, NULL, NULL, "CONFIG_X=y\nCONFIG_PREEMPT_VOLUNTARY=y\nCONFIG_PREEMPT_DYNAMIC=y\n");
	IS_MODEL("lazy", NULL, NULL, NULL, "CONFIG_X=y\nCONFIG_PREEMPT_LAZY=y\n");
	IS_MODEL("full", NULL, NULL, NULL, "CONFIG_X=y\nCONFIG_PREEMPT=y\n");
	IS_MODEL("none", NULL, NULL, "preempt=none\n", NULL);
	assert_int_equal(severity("preemption"), SEVERITY_OK);
	drop("boot/config-6.1.0-49-amd64");
	BECOMES(preempts(NULL, NULL, NULL, NULL), "preemption", SEVERITY_INFO);
}

/* A Debian kernel and a model, on a machine with a BTT. */
static void
btt_with(const char *debian, const char *model)
{
	char text[128];

	snprintf(text, sizeof text, "Linux version 6.1.0-49-amd64 (a@b) #1 SMP PREEMPT_DYNAMIC Debian %s-1 (2026)\n", debian);
	put("proc/version", text);
	snprintf(text, sizeof text, "x (%s)\n", model);
	put("sys/kernel/debug/sched/preempt", text);
	put("sys/block/pmem1s/size", "1\n");
}

/* Exactly what has been seen and what kernel.org's releases say; the rest is not known. */
static void
btt_lanes_of_kernels(void **state)
{
	static const struct { int v[3]; enum lanes_state state; } known[] = {
		{ { 6, 1, 175 }, LANES_UNKNOWN }, { { 6, 1, 176 }, LANES_AFFECTED }, { { 6, 1, 177 }, LANES_AFFECTED },
		{ { 6, 1, 178 }, LANES_FIXED }, { { 6, 1, 192 }, LANES_FIXED }, { { 6, 6, 144 }, LANES_UNKNOWN },
		{ { 6, 6, 145 }, LANES_FIXED }, { { 6, 12, 96 }, LANES_UNKNOWN }, { { 6, 12, 97 }, LANES_FIXED },
		{ { 6, 18, 14 }, LANES_UNKNOWN }, { { 6, 18, 15 }, LANES_AFFECTED }, { { 6, 18, 39 }, LANES_AFFECTED },
		{ { 6, 18, 40 }, LANES_FIXED }, { { 7, 0, 0 }, LANES_AFFECTED }, { { 7, 0, 1 }, LANES_UNKNOWN },
		{ { 7, 1, 4 }, LANES_UNKNOWN }, { { 7, 1, 5 }, LANES_FIXED }, { { 7, 2, 0 }, LANES_UNKNOWN },
		{ { 7, 3, 3 }, LANES_UNKNOWN }, { { 7, 3, 4 }, LANES_FIXED }, { { 8, 0, 0 }, LANES_FIXED },
		{ { 5, 10, 0 }, LANES_UNKNOWN }, { { 6, 13, 1 }, LANES_UNKNOWN },
	};
	const char *fix;

	(void)state;
	for (size_t k = 0; k < sizeof known / sizeof *known; k++)
		if (btt_lanes(known[k].v, &fix) != known[k].state)
			fail_msg("%d.%d.%d", known[k].v[0], known[k].v[1], known[k].v[2]);
	assert_int_equal(severity("btt-lanes"), SEVERITY_OK);
	BECOMES(btt_with("6.1.176", "full"), "btt-lanes", SEVERITY_BAD);
	BECOMES(btt_with("6.18.15", "lazy"), "btt-lanes", SEVERITY_BAD);
	BECOMES(btt_with("6.1.176", "voluntary"), "btt-lanes", SEVERITY_OK);
	BECOMES(btt_with("6.1.176", "none"), "btt-lanes", SEVERITY_OK);
	BECOMES(btt_with("6.1.192", "full"), "btt-lanes", SEVERITY_OK);
	BECOMES(btt_with("6.12.90", "full"), "btt-lanes", SEVERITY_WARN);
	BECOMES((btt_with("6.12.90", "x"), drop("sys/kernel/debug/sched/preempt")), "btt-lanes", SEVERITY_WARN);
	btt_with("6.12.90", "full");
	assert_string_equal(look("btt-lanes")->now, "6.12.90: not known");
	assert_non_null(strstr(look("btt-lanes")->mend, "Linux 6.12.97"));
	/* What another distribution made of 6.8.0 is not told by its name. */
	put("proc/version", "Linux version 6.8.0-45-generic (a@b) #1 SMP\n");
	put("proc/sys/kernel/osrelease", "6.8.0-45-generic\n");
	assert_string_equal(look("btt-lanes")->now, "version not known");
	put("proc/sys/kernel/osrelease", "6.18.44\n");
	assert_string_equal(look("btt-lanes")->now, "6.18.44: fixed");
}

/* Without a BTT it is to be known. */
static void
no_btt(void **state)
{
	(void)state;
	put("proc/version", "Linux version 6.1.0 #1 SMP Debian 6.1.176-1\n");
	put("sys/kernel/debug/sched/preempt", "(full)\n");
	assert_int_equal(severity("btt-lanes"), SEVERITY_INFO);
}

static void
load(void **state)
{
	(void)state;
	BECOMES(put("proc/loadavg", "0.70 0 0 1/1 1\n"), "load", SEVERITY_OK);
	BECOMES(put("proc/loadavg", "1.00 0 0 1/1 1\n"), "load", SEVERITY_WARN);
	BECOMES(put("proc/loadavg", "9.00 0 0 1/1 1\n"), "load", SEVERITY_BAD);
	BECOMES((put("proc/loadavg", "10.00 0 0 1/1 1\n"), put(CPU "online", "0-127\n")), "load", SEVERITY_OK);
	BECOMES(put("proc/pressure/cpu", "some avg10=5.00\n"), "psi-cpu", SEVERITY_OK);
	BECOMES(put("proc/pressure/cpu", "some avg10=6.00\n"), "psi-cpu", SEVERITY_WARN);
	BECOMES(put("proc/pressure/memory", "some avg10=2.00\n"), "psi-memory", SEVERITY_WARN);
	BECOMES(put("proc/pressure/io", "some avg10=6.00\n"), "psi-io", SEVERITY_WARN);
	BECOMES(drop("proc/pressure/memory"), "psi-memory", -1);
	BECOMES(put("proc/stat", "cpu 97 0 0 900 0 0 0 3\ncpu0 97 0 0 900 0 0 0 3\n"), "steal", SEVERITY_OK);
	BECOMES(put("proc/stat", "cpu 90 0 0 900 0 0 0 10\ncpu0 90 0 0 900 0 0 0 10\n"), "steal", SEVERITY_WARN);
	BECOMES(put("proc/stat", "cpu 40 0 0 900 0 0 0 60\ncpu0 40 0 0 900 0 0 0 60\n"), "steal", SEVERITY_BAD);
	BECOMES(put("sys/fs/cgroup/box/cpu.max", "150000 100000\n"), "quota", SEVERITY_WARN);
	BECOMES(put("proc/swaps", "Filename Type Size\n/dev/sda2 partition 4096 0 -2\n"), "swap", SEVERITY_INFO);
	BECOMES(put("proc/77/comm", "irqbalance\n"), "irqbalance", SEVERITY_INFO);
	put("proc/self/cgroup", "4:cpu,cpuacct:/box\n");
	put("sys/fs/cgroup/cpu,cpuacct/box/cpu.cfs_quota_us", "50000\n");
	put("sys/fs/cgroup/cpu,cpuacct/box/cpu.cfs_period_us", "100000\n");
	assert_string_equal(look("quota")->mend, "echo -1 > /sys/fs/cgroup/cpu,cpuacct/box/cpu.cfs_quota_us");
}

/* The row of the siblings stands behind the one that watches the CPUs. */
static void
watched(void **state)
{
	(void)state;
	put(CPU "smt/active", "1\n");
	d = doctor_look(&timing, 250);
	assert_int_equal(d->busy, 1);
	assert_string_equal(json_string_value(json_object_get(d->load, "busy_cpus")), "1");
	for (size_t k = 0; k < d->n; k++)
		if (strcmp(d->v[k].id, "smt") == 0)
			assert_int_equal(d->v[k].severity, SEVERITY_WARN);
}

static void
rights(void **state)
{
	size_t n = 0;

	(void)state;
	look("");
	assert_null(doctor_lost(d, 0));
	user = 1000;
	look("");
	while (doctor_lost(d, n))
		n++;
	assert_true(n >= 4);
	/* The log is lost only where it cannot be read. */
	drop("proc/kmsg");
	look("");
	assert_non_null(strstr(doctor_lost(d, n), "kernel messages"));
	assert_null(doctor_lost(d, n + 1));
}

/* More devices than there is room for findings. */
static void
full(void **state)
{
	char name[64];

	(void)state;
	for (int k = 0; k < FINDINGS_MAX / 2; k++) {
		snprintf(name, sizeof name, "sys/block/pmem%d/dax/write_cache", k);
		put(name, "0\n");
		snprintf(name, sizeof name, "sys/block/pmem%d/queue/write_cache", k);
		put(name, "write back\n");
	}
	look("");
	assert_int_equal(d->n, FINDINGS_MAX);
}

static const char *
text_of(const json_t *o, const char *key)
{
	return json_string_value(json_object_get(o, key));
}

/* By device or partition, and region; what is not there is left out. */
static void
write_path(void **state)
{
	json_t *o, *same;

	(void)state;
	rootfs_set(TREE);
	o = doctor_write_path("pmem0", "region0");
	assert_string_equal(text_of(o, "queue_write_cache"), "write through");
	assert_string_equal(text_of(o, "persistence_domain"), "memory_controller");
	assert_int_equal(json_integer_value(json_object_get(o, "dax_write_cache")), 0);
	assert_int_equal(json_integer_value(json_object_get(o, "deep_flush")), 1);
	same = doctor_write_path("pmem0p1", "region0");
	assert_true(json_equal(o, same));
	json_decref(same);
	json_decref(o);
	o = doctor_write_path("", "");
	assert_int_equal(json_object_size(o), 0);
	json_decref(o);
	o = doctor_write_path("/dev/none", "region9");
	assert_int_equal(json_object_size(o), 0);
	json_decref(o);
}

/* A machine without any of these files: unknown everywhere, nothing made up. */
static void
nothing(void **state)
{
	(void)state;
	empty_root();
	look("");
	assert_int_equal(json_object_size(d->kernel), 0);
	assert_null(json_object_get(d->cpu, "turbo"));
	assert_int_equal(json_object_size(d->load), 0);
	assert_non_null(text_of(d->messages, "unreadable"));
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(nothing_wrong), TEST(flushes), TEST(modules), TEST(mounts), TEST(quoting), TEST(messages), TEST(timers),
		TEST(processors), TEST(knobs), TEST(kernel), TEST(environment), TEST(preemption), TEST(btt_lanes_of_kernels),
		TEST(no_btt), TEST(load), TEST(watched), TEST(rights), TEST(full), TEST(write_path), TEST(nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
