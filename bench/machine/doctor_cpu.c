/* SPDX-License-Identifier: BSD-2-Clause */
/* The processors: frequency, idling, threads, nodes, prefetchers. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#if defined(__x86_64__) || defined(__i386__)
#include <cpuid.h>
#endif
#include "doctor_row.h"
#include "rootfs.h"
#include "uncore.h"

#define CPU "/sys/devices/system/cpu"
#define IDLE_US 10			/* a deeper sleep shows in the first ops of a window */

#define MSR_TSC          0x10		/* every CPU has it: can registers be read at all? */
#define INTEL_MISC       0x1a0		/* bit 38 turns turbo off */
#define INTEL_PREFETCH   0x1a4
#define AMD_HWCR         0xc0010015u	/* bit 25 turns boost off */
#define AMD_PREFETCH     0xc0000108u	/* L1 stream, stride, region, L2 stream, up/down; Zen 4 on */
/* The two have one bit a prefetcher in the same places, 1 for off. */
#define PREFETCH_BITS    0x2f

static bool
is_intel(const struct doctor *d)
{
	return strcmp(d->vendor, "GenuineIntel") == 0;
}

static bool
is_amd(const struct doctor *d)
{
	return strcmp(d->vendor, "AuthenticAMD") == 0;
}

static bool
read_msr(uint64_t *v, uint32_t msr)
{
	return rootfs_u64(v, msr, "/dev/cpu/0/msr") == 0;
}

/* The most of all (sign 1), or the least (-1), of what cpufreq's policies say; -1: nothing. */
struct extreme { const char *attr; int sign; int64_t n; };

static int
add_extreme(const char *name, void *arg)
{
	struct extreme *x = arg;
	const int64_t n = rootfs_number(-1, CPU "/cpufreq/%s/%s", name, x->attr);

	if (n >= 0 && (x->n < 0 || x->sign * (n - x->n) > 0))
		x->n = n;
	return 0;
}

static int64_t
extreme(const char *attr, int sign)
{
	struct extreme x = { attr, sign, -1 };

	rootfs_each(add_extreme, &x, CPU "/cpufreq");
	return x.n;
}

static void
governor(struct doctor *d, const struct doctor_row *r)
{
	char now[DOCTOR_TEXT], driver[DOCTOR_TEXT];
	struct finding *f;

	values(now, sizeof now, CPU "/cpufreq", "policy", "scaling_governor");
	values(driver, sizeof driver, CPU "/cpufreq", "policy", "scaling_driver");
	keep_text(d->cpu, "governor", now);
	keep_text(d->cpu, "driver", driver);
	keep_number(d->cpu, "min_khz", extreme("scaling_min_freq", -1));
	keep_number(d->cpu, "max_khz", extreme("scaling_max_freq", 1));
	if (now[0]) {
		found(d, r, strcmp(now, "performance") == 0 ? SEVERITY_OK : SEVERITY_WARN, "%s", now);
		return;
	}
	f = found(d, r, SEVERITY_INFO, "cannot be read");
	found_why(f, "%s", d->hypervisor[0] ? "the host decides; ask who runs it" : "the firmware decides");
	found_mend(f, "# in the %s", d->hypervisor[0] ? "host" : "BIOS");
}

static void
preference(struct doctor *d, const struct doctor_row *r)
{
	const char *chooser = json_string_value(json_object_get(d->cpu, "governor"));
	char now[DOCTOR_TEXT];

	values(now, sizeof now, CPU "/cpufreq", "policy", "energy_performance_preference");
	keep_text(d->cpu, "energy_preference", now);
	if (now[0] && (!chooser || strcmp(chooser, "performance") != 0))
		found(d, r, strcmp(now, "performance") == 0 ? SEVERITY_OK : SEVERITY_INFO, "%s", now);
}

/* By sysfs, or by the register where that is silent. */
static void
turbo(struct doctor *d, const struct doctor_row *r)
{
	static const struct { const char *file; int off; } knob[] = {
		{ CPU "/intel_pstate/no_turbo", 1 }, { CPU "/cpufreq/boost", 0 },
	};
	struct finding *f;
	uint64_t v;
	int64_t now = -1;
	size_t k = 0;

	while (k < sizeof knob / sizeof *knob && (now = rootfs_number(-1, "%s", knob[k].file)) < 0)
		k++;
	if (now >= 0)
		now = now != knob[k].off;
	else if ((is_intel(d) || is_amd(d)) && read_msr(&v, is_intel(d) ? INTEL_MISC : AMD_HWCR))
		now = !(v >> (is_intel(d) ? 38 : 25) & 1);
	keep_bool(d->cpu, "turbo", now);
	if (now < 0)
		return;
	f = found(d, r, now ? SEVERITY_WARN : SEVERITY_OK, now ? "on" : "off");
	if (k < sizeof knob / sizeof *knob)
		found_mend(f, "echo %d > %s", knob[k].off, knob[k].file);
}

static void
uncore(struct doctor *d, const struct doctor_row *r)
{
	char lo[DOCTOR_TEXT / 2 - 4], hi[DOCTOR_TEXT / 2 - 4], now[DOCTOR_TEXT];

	values(lo, sizeof lo, CPU "/intel_uncore_frequency", "", "min_freq_khz");
	values(hi, sizeof hi, CPU "/intel_uncore_frequency", "", "max_freq_khz");
	if (!lo[0] || !hi[0])
		return;
	snprintf(now, sizeof now, "%s-%s kHz", lo, hi);
	keep_text(d->cpu, "uncore", now);
	found(d, r, strcmp(lo, hi) == 0 && !strchr(lo, ',') ? SEVERITY_OK : SEVERITY_INFO, "%s", now);
}

static void
siblings(struct doctor *d, const struct doctor_row *r)
{
	const int64_t smt = rootfs_number(-1, CPU "/smt/active");

	keep_bool(d->cpu, "smt", smt);
	if (smt >= 0)
		found(d, r, !smt ? SEVERITY_OK : d->busy > 0 ? SEVERITY_WARN : SEVERITY_INFO,
		      !smt ? "off" : d->busy > 0 ? "on, and CPUs are busy" : "on");
}

struct idle { char name[32]; int64_t us; };

static int
deepest(const char *name, void *arg)
{
	struct idle *i = arg;
	const int64_t us = rootfs_number(-1, CPU "/cpu0/cpuidle/%s/latency", name);

	if (rootfs_number(0, CPU "/cpu0/cpuidle/%s/disable", name) == 0 && us > i->us) {
		i->us = us;
		rootfs_line(i->name, sizeof i->name, CPU "/cpu0/cpuidle/%s/name", name);
	}
	return 0;
}

static void
idling(struct doctor *d, const struct doctor_row *r)
{
	char driver[32], chooser[32];
	struct idle i = { .us = -1 };

	rootfs_line(driver, sizeof driver, CPU "/cpuidle/current_driver");
	rootfs_line(chooser, sizeof chooser, CPU "/cpuidle/current_governor");
	rootfs_each(deepest, &i, CPU "/cpu0/cpuidle");
	keep_text(d->cpu, "idle_driver", driver);
	keep_text(d->cpu, "idle_governor", chooser);
	keep_text(d->cpu, "idle_deepest", i.name);
	keep_number(d->cpu, "idle_exit_us", i.us);
	if (strcmp(chooser, "haltpoll") == 0) {
		struct finding *f = found(d, r, SEVERITY_INFO, "haltpoll");

		found_why(f, "an idle virtual CPU polls before it halts; the host's own states are not to be seen here");
		found_mend(f, "# in the host");
	} else if (i.us >= 0) {
		found(d, r, i.us > IDLE_US ? SEVERITY_WARN : SEVERITY_OK, "%s (%lld us to leave)", i.name, (long long)i.us);
	}
}

/* A hypervisor may return 0 for a register that is not there: CPUID Fn8000_0021 EAX[13] says. */
static bool
amd_has_prefetch(void)
{
#if defined(__x86_64__) || defined(__i386__)
	unsigned a = 0, b, c, d;

	if (rootfs_real())
		return __get_cpuid(0x80000021, &a, &b, &c, &d) && a >> 13 & 1;
#endif
	return !rootfs_real();
}

struct prefetch { uint32_t msr; uint64_t control; bool there, mixed; };

static int
read_prefetch(const char *cpu, void *arg)
{
	struct prefetch *p = arg;
	uint64_t control;

	/* /dev/cpu/microcode is there, too; a CPU that is offline has no registers. */
	if (!isdigit((unsigned char)cpu[0]) || rootfs_u64(&control, p->msr, "/dev/cpu/%s/msr", cpu) < 0)
		return 0;
	p->mixed |= p->there && control != p->control;
	p->control = p->there ? p->control : control;
	p->there = true;
	return 0;
}

/* The register that controls them, and what it must hold for all to be off. */
static void
found_prefetch(struct doctor *d, const struct doctor_row *r, const struct prefetch *p)
{
	const unsigned long long off = is_intel(d) ? 0xf : PREFETCH_BITS, bits = p->control & PREFETCH_BITS;

	keep_number(d->cpu, "prefetchers_off", (int64_t)bits);
	json_object_set_new(d->cpu, "prefetch_control", json_sprintf("MSR 0x%x = 0x%llx%s", p->msr,
			    (unsigned long long)p->control, p->mixed ? ", CPUs differ" : ""));
	found_mend(found(d, r, p->mixed ? SEVERITY_WARN : SEVERITY_INFO, "%s%s",
			 bits == 0 ? "all on" : bits == PREFETCH_BITS ? "all off" : "some off", p->mixed ? ", CPUs differ" : ""),
		   "wrmsr -a 0x%x 0x%llx   # off; on is 0x%llx; apt-get install msr-tools", p->msr,
		   (unsigned long long)p->control | off, (unsigned long long)p->control & ~off);
}

static void
prefetchers(struct doctor *d, const struct doctor_row *r)
{
	struct prefetch p = { .msr = is_intel(d) ? INTEL_PREFETCH : AMD_PREFETCH };
	uint64_t v;

	/* A guest's registers say nothing about the CPU it runs on. */
	if (d->hypervisor[0] || !read_msr(&v, MSR_TSC) || !(is_intel(d) || (is_amd(d) && amd_has_prefetch())))
		return;
	rootfs_each(read_prefetch, &p, "/dev/cpu");
	if (p.there)
		found_prefetch(d, r, &p);
}

static void
registers(struct doctor *d, const struct doctor_row *r)
{
	uint64_t v;

	if (d->hypervisor[0] || read_msr(&v, MSR_TSC))
		return;
	found_mend(found(d, r, d->root ? SEVERITY_WARN : SEVERITY_INFO, "not readable"), "%s",
		   d->root ? "modprobe msr" : "# run as root, with the msr module");
}

/* "KVMKVMKVM", "Microsoft Hv": CPUID 0x40000000, of the CPU that runs this. */
static void
name_hypervisor(char *buf, size_t len)
{
#if defined(__x86_64__) || defined(__i386__)
	unsigned a, r[3] = { 0 };
	char name[sizeof r + 1] = "";

	__cpuid(0x40000000, a, r[0], r[1], r[2]);
	memcpy(name, r, sizeof r);
	for (size_t k = 0; name[k]; k++)
		if (!isprint((unsigned char)name[k]))
			return;
	if (a >= 0x40000000 && name[0])
		snprintf(buf, len, "%s", strncmp(name, "KVMKVMKVM", 9) == 0 ? "KVM" : name);
#else
	(void)buf;
	(void)len;
#endif
}

static void
virtual(struct doctor *d, const struct doctor_row *r)
{
	if (d->hypervisor[0])
		found(d, r, SEVERITY_INFO, "%s", d->hypervisor);
}

static void
counters(struct doctor *d, const struct doctor_row *r)
{
	const bool pmu = rootfs_has("/sys/bus/event_source/devices/cpu") ||
			 rootfs_has("/sys/bus/event_source/devices/cpu_core") ||
			 rootfs_has("/sys/bus/event_source/devices/armv8_pmuv3_0");

	keep_bool(d->cpu, "pmu", pmu);
	found_mend(found(d, r, pmu ? SEVERITY_OK : SEVERITY_WARN, pmu ? "there" : "none"), "%s", d->hypervisor[0] ?
		   "# a host that gives its guests a PMU" : "# enable it in the BIOS");
}

static void
microcode(struct doctor *d, const struct doctor_row *r)
{
	if (strchr(d->microcode, ','))
		found_mend(found(d, r, SEVERITY_WARN, "%s", d->microcode),
			   "apt-get install %s-microcode && reboot   # of non-free-firmware; or update the BIOS",
			   is_amd(d) ? "amd64" : "intel");
	else if (d->microcode[0])
		found(d, r, SEVERITY_OK, "%s", d->microcode);
}

static void
clustering(struct doctor *d, const struct doctor_row *r)
{
	keep_number(d->cpu, "packages", d->packages);
	if (d->packages > 0 && d->nodes > 0)
		keep_real(d->cpu, "nodes_per_package", (double)d->nodes / d->packages);
	if (d->packages > 0 && d->nodes > 0)
		found(d, r, d->nodes > d->packages ? SEVERITY_INFO : SEVERITY_OK, "%d node%s in %d package%s", d->nodes,
		      d->nodes > 1 ? "s" : "", d->packages, d->packages > 1 ? "s" : "");
}

static void
isolation(struct doctor *d, const struct doctor_row *r)
{
	char isolated[DOCTOR_TEXT], full[DOCTOR_TEXT], options[96], remark[64];

	rootfs_line(isolated, sizeof isolated, CPU "/isolated");
	rootfs_line(full, sizeof full, CPU "/nohz_full");
	keep_text(d->cpu, "isolated", isolated);
	keep_text(d->cpu, "nohz_full", strcmp(full, "(null)") == 0 ? "" : full);
	if (d->online <= 2)
		return;
	snprintf(options, sizeof options, "isolcpus=1-%d nohz_full=1-%d", d->online - 1, d->online - 1);
	snprintf(remark, sizeof remark, "   # then --set cpus=1-%d", d->online - 1);
	found_boot(found(d, r, isolated[0] ? SEVERITY_OK : SEVERITY_INFO, "%s", isolated[0] ? isolated : "none"),
		   options, remark);
}

/* What follows "key\t: " in the next line of /proc/cpuinfo that has the key; NULL: none has. */
static const char *
cpuinfo_next(const char *at, const char *key, char *buf, size_t len)
{
	const size_t n = strlen(key);

	while (at && (at = strstr(at, key)) && !strchr("\t :", at[n]))
		at += n;
	if (at) {
		at += n + strcspn(at + n, ":\n");
		at += strspn(at, ": ");
		snprintf(buf, len, "%.*s", (int)strcspn(at, "\n"), at);
	}
	return at;
}

static void
read_cpuinfo(struct doctor *d)
{
	size_t len;
	char *text = rootfs_all(16u << 20, &len, "/proc/cpuinfo"), line[8192] = "";

	cpuinfo_next(text, "vendor_id", d->vendor, sizeof d->vendor);
	for (const char *at = text; (at = cpuinfo_next(at, "\nmicrocode", line, sizeof line));)
		add_distinct(d->microcode, sizeof d->microcode, line);
	line[0] = 0;
	cpuinfo_next(text, "\nflags", line, sizeof line);
	free(text);
	rootfs_line(d->hypervisor, sizeof d->hypervisor, "/sys/hypervisor/type");
	if (d->hypervisor[0] || !has_word(line, "hypervisor"))
		return;
	rootfs_line(d->hypervisor, sizeof d->hypervisor, "/sys/class/dmi/id/sys_vendor");
	if (d->hypervisor[0])
		return;
	snprintf(d->hypervisor, sizeof d->hypervisor, "yes");
	if (rootfs_real())
		name_hypervisor(d->hypervisor, sizeof d->hypervisor);
}

/* Nodes with memory alone have no CPUs. */
static int
count_node(const char *name, void *arg)
{
	struct doctor *d = arg;
	char list[1024];

	if (strncmp(name, "node", 4) == 0 && isdigit((unsigned char)name[4]))
		d->nodes += rootfs_line(list, sizeof list, "/sys/devices/system/node/%s/cpulist", name) == 0 && list[0];
	return 0;
}

void
doctor_know_cpus(struct doctor *d)
{
	char line[1024], packages[1024];
	int lo, hi;

	read_cpuinfo(d);
	rootfs_line(line, sizeof line, CPU "/online");
	for (const char *p = line, *next; p && *p && (next = cpulist_next(p, &lo, &hi)) != p; p = next)
		d->online += hi - lo + 1;
	values(packages, sizeof packages, CPU, "cpu", "topology/physical_package_id");
	d->packages = packages[0] != 0;
	for (const char *p = packages; (p = strchr(p, ',')); p++)
		d->packages++;
	rootfs_each(count_node, d, "/sys/devices/system/node");
}

const struct doctor_row doctor_cpu[] = {
	{ "governor", "frequency governor", "performance", "the frequency follows the load: short windows run slower than long ones",
	  "echo performance | tee " CPU "/cpufreq/policy*/scaling_governor", .look = governor, .alike = true },
	{ "energy-preference", "energy preference", "performance", "the hardware picks lower frequencies by itself",
	  "echo performance | tee " CPU "/cpufreq/policy*/energy_performance_preference", .look = preference, .alike = true },
	{ "turbo", "turbo", "off", "the frequency depends on heat and on how many cores are busy: one thread is not one of many",
	  "# BIOS setting: Turbo Boost, Core Performance Boost", .look = turbo, .alike = true },
	{ "uncore", "uncore frequency", "one value", "when it may move, latency of memory follows the load of the package",
	  "for p in " CPU "/intel_uncore_frequency/*; do cat $p/max_freq_khz > $p/min_freq_khz; done", .look = uncore, .alike = true },
	{ "smt", "SMT siblings", "off, or idle", "the sibling of a measured CPU takes half of its core",
	  "echo off > " CPU "/smt/control", .look = siblings, .alike = true },
	{ "idle", "deepest idle state", "at most 10 us",
	  "a CPU that slept starts slowly, and its caches may be empty: kernels that block pay for it",
	  "cpupower idle-set -D 10   # apt-get install linux-cpupower", .look = idling, .alike = true },
	{ "prefetchers", "hardware prefetchers", "as the paper's",
	  "they halve or double the bandwidth of small random reads; published numbers were often made without",
	  NULL, .look = prefetchers, .alike = true },
	{ "msr", "model-specific registers", "readable",
	  "prefetchers and turbo stay unknown (others lost months over prefetchers that were on)", NULL, .look = registers },
	{ "virtual", "virtual machine", "bare metal", "faults cost two page walks, and neighbours are not to be seen",
	  "# a machine of your own", .look = virtual, .alike = true },
	{ "pmu", "performance counters", "there", "only software events can be counted: no cache misses, no memory controller",
	  NULL, .look = counters },
	{ "microcode", "microcode", "one version", "CPUs of one machine behave differently", NULL, .look = microcode, .alike = true },
	{ "clustering", "sub-NUMA clustering", "as compared with",
	  "near memory is nearer than without SNC or NPS; compare machines that are set alike",
	  "# BIOS setting: SNC (Intel), NPS (AMD)", .look = clustering, .alike = true },
	{ "isolated", "isolated CPUs", "those that measure", "the scheduler may put anything beside a measuring thread",
	  NULL, .look = isolation, .alike = true },
	{ 0 },
};
