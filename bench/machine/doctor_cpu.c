/* SPDX-License-Identifier: BSD-2-Clause */
/* Findings about the processors. */
#include <string.h>
#include "doctor.h"

#define CPU "/sys/devices/system/cpu"
#define IDLE_US 10			/* a deeper sleep shows in the first ops of a window */

/* "2400000-2400000 kHz", for every package. */
static bool
fixed(const char *ranges)
{
	long long lo, hi;

	return sscanf(ranges, "%lld-%lld", &lo, &hi) == 2 && lo == hi && !strchr(ranges, ',');
}

static void
frequency(struct doctor *d)
{
	const struct tuning_cpu *c = &d->t->cpu;
	const int virtual = c->hypervisor[0] != 0;

	if (c->governor[0])
		doctor_why(doctor_find(d, "governor", strcmp(c->governor, "performance") == 0 ? SEVERITY_OK : SEVERITY_WARN,
				       "frequency governor", c->governor, "performance"),
			   "the frequency follows the load: short windows run slower than long ones",
			   "echo performance | tee " CPU "/cpufreq/policy*/scaling_governor");
	else
		doctor_why(doctor_find(d, "governor", SEVERITY_INFO, "frequency governor", "cannot be read", "performance"),
			   virtual ? "the host decides; ask who runs it" : "the firmware decides", "# in the %s",
			   virtual ? "host" : "BIOS");
	if (c->preference[0] && strcmp(c->governor, "performance") != 0)
		doctor_why(doctor_find(d, "energy-preference", strcmp(c->preference, "performance") == 0 ? SEVERITY_OK :
				       SEVERITY_INFO, "energy preference", c->preference, "performance"),
			   "the hardware picks lower frequencies by itself",
			   "echo performance | tee " CPU "/cpufreq/policy*/energy_performance_preference");
	if (c->turbo >= 0)
		doctor_why(doctor_find(d, "turbo", c->turbo ? SEVERITY_WARN : SEVERITY_OK, "turbo", c->turbo ? "on" : "off", "off"),
			   "the frequency depends on heat and on how many cores are busy: one thread is not one of many",
			   c->turbo_file[0] ? "echo %d > %s" : "# BIOS setting: Turbo Boost, Core Performance Boost",
			   strstr(c->turbo_file, "no_turbo") != NULL, c->turbo_file);
	if (c->uncore[0])
		doctor_why(doctor_find(d, "uncore", fixed(c->uncore) ? SEVERITY_OK : SEVERITY_INFO, "uncore frequency", c->uncore,
				       "one value"),
			   "when it may move, latency of memory follows the load of the package",
			   "for p in " CPU "/intel_uncore_frequency/*; do cat $p/max_freq_khz > $p/min_freq_khz; done");
}

static void
siblings(struct doctor *d)
{
	const struct tuning_cpu *c = &d->t->cpu;
	const struct tuning_load *l = &d->t->load;
	const int busy = l->sampled && l->nbusy;

	if (c->smt < 0)
		return;
	doctor_why(doctor_find(d, "smt", !c->smt ? SEVERITY_OK : busy ? SEVERITY_WARN : SEVERITY_INFO, "SMT siblings",
			       !c->smt ? "off" : busy ? "on, and CPUs are busy" : "on", "off, or idle"),
		   "the sibling of a measured CPU takes half of its core",
		   "echo off > " CPU "/smt/control");
}

static void
idling(struct doctor *d)
{
	const struct tuning_cpu *c = &d->t->cpu;
	char now[TUNING_TEXT];

	if (strcmp(c->idle_governor, "haltpoll") == 0) {
		doctor_why(doctor_find(d, "idle", SEVERITY_INFO, "idle states", "haltpoll", "-"),
			   "an idle virtual CPU polls before it halts; the host's own states are not to be seen here",
			   "# in the host");
	} else if (c->idle_us >= 0) {
		snprintf(now, sizeof now, "%s (%lld us to leave)", c->idle_state, (long long)c->idle_us);
		doctor_why(doctor_find(d, "idle", c->idle_us > IDLE_US ? SEVERITY_WARN : SEVERITY_OK, "deepest idle state",
				       now, "at most 10 us"),
			   "a CPU that slept starts slowly, and its caches may be empty: kernels that block pay for it",
			   "cpupower idle-set -D %d   # apt-get install linux-cpupower", IDLE_US);
	}
}

static void
prefetchers(struct doctor *d)
{
	const struct tuning_cpu *c = &d->t->cpu;
	const unsigned long long off = strcmp(c->vendor, "GenuineIntel") == 0 ? 0xf : PREFETCH_BITS;
	char now[TUNING_TEXT];

	if (c->prefetch_off >= 0) {
		snprintf(now, sizeof now, "%s%s", c->prefetch_off == 0 ? "all on" : c->prefetch_off == PREFETCH_BITS ? "all off" :
			 "some off", c->prefetch_mixed ? ", CPUs differ" : "");
		doctor_why(doctor_find(d, "prefetchers", c->prefetch_mixed ? SEVERITY_WARN : SEVERITY_INFO, "hardware prefetchers",
				       now, "as the paper's"),
			   "they halve or double the bandwidth of small random reads; published numbers were often made without",
			   "wrmsr -a 0x%x 0x%llx   # off; on is 0x%llx; apt-get install msr-tools", c->prefetch_msr,
			   (unsigned long long)c->prefetch_control | off, (unsigned long long)c->prefetch_control & ~off);
	} else if (!c->msr && !c->hypervisor[0]) {
		doctor_why(doctor_find(d, "msr", d->t->root ? SEVERITY_WARN : SEVERITY_INFO, "model-specific registers",
				       "not readable", "readable"),
			   "prefetchers and turbo stay unknown (others lost months over prefetchers that were on)",
			   d->t->root ? "modprobe msr" : "# run as root, with the msr module");
	}
}

static void
isolation(struct doctor *d)
{
	const struct tuning_cpu *c = &d->t->cpu;
	char options[96], remark[64];
	struct finding *f;

	if (c->online <= 2)
		return;
	snprintf(options, sizeof options, "isolcpus=1-%d nohz_full=1-%d", c->online - 1, c->online - 1);
	snprintf(remark, sizeof remark, "   # then --set cpus=1-%d", c->online - 1);
	f = doctor_find(d, "isolated", c->isolated[0] ? SEVERITY_OK : SEVERITY_INFO, "isolated CPUs",
			c->isolated[0] ? c->isolated : "none", "those that measure");
	doctor_boot(f, "the scheduler may put anything beside a measuring thread", options, remark);
}

void
doctor_cpu(struct doctor *d)
{
	const struct tuning_cpu *c = &d->t->cpu;
	char now[TUNING_TEXT];

	frequency(d);
	siblings(d);
	idling(d);
	prefetchers(d);
	if (c->hypervisor[0])
		doctor_why(doctor_find(d, "virtual", SEVERITY_INFO, "virtual machine", c->hypervisor, "bare metal"),
			   "faults cost two page walks, and neighbours are not to be seen", "# a machine of your own");
	doctor_why(doctor_find(d, "pmu", c->pmu ? SEVERITY_OK : SEVERITY_WARN, "performance counters",
			       c->pmu ? "there" : "none", "there"),
		   "only software events can be counted: no cache misses, no memory controller",
		   c->hypervisor[0] ? "# a host that gives its guests a PMU" : "# enable it in the BIOS");
	if (strchr(c->microcode, ','))
		doctor_why(doctor_find(d, "microcode", SEVERITY_WARN, "microcode", c->microcode, "one version"),
			   "CPUs of one machine behave differently", "apt-get install %s-microcode && reboot   # of non-free-firmware; or update the BIOS",
			   strcmp(c->vendor, "AuthenticAMD") == 0 ? "amd64" : "intel");
	if (c->nodes > c->packages && c->packages > 0) {
		snprintf(now, sizeof now, "%d nodes in %d package%s", c->nodes, c->packages, c->packages > 1 ? "s" : "");
		doctor_why(doctor_find(d, "clustering", SEVERITY_INFO, "sub-NUMA clustering", now, "as compared with"),
			   "near memory is nearer than without SNC or NPS; compare machines that are set alike",
			   "# BIOS setting: SNC (Intel), NPS (AMD)");
	}
	isolation(d);
}
