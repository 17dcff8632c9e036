/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tuning.h -- how this machine is set up and what else it does: what can change a
 * number without the benchmark changing.
 *
 * Reads only, by rootfs.h and sysfs.h; judges nothing (doctor.h does).  A text that
 * is "" and a number that is -1 could not be read.
 */
#ifndef TUNING_H
#define TUNING_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "kmsg.h"

enum { TUNING_TEXT = 128, TUNING_PMEM = 64, TUNING_MOUNTS = 32, TUNING_BUSES = 16, TUNING_NVDIMMS = 64, TUNING_CPUS = 4096 };

/* Intel 0x1A4 and AMD 0xC0000108 have one bit a prefetcher in the same places, 1 for off. */
#define PREFETCH_BITS 0x2f

struct tuning_cpu {
	char vendor[32], microcode[TUNING_TEXT], hypervisor[TUNING_TEXT];
	int online, packages, nodes;	/* nodes: those with CPUs (SNC, NPS: more than packages) */
	char governor[TUNING_TEXT], driver[TUNING_TEXT], preference[TUNING_TEXT];	/* every value there is */
	int64_t min_khz, max_khz;
	int turbo;			/* 1, 0 */
	char turbo_file[96];		/* what turns it off; "" where it was read from an MSR */
	int smt;			/* 1: two threads of a core are online */
	uint32_t prefetch_msr;		/* the register that controls prefetchers; 0: none that is known */
	uint64_t prefetch_control;	/* and what it holds */
	int64_t prefetch_off;		/* a bit for each prefetcher that is off, of PREFETCH_BITS */
	int prefetch_mixed;		/* not all CPUs have that value */
	int pmu, msr;			/* counters in hardware; /dev/cpu/0/msr can be read: 1, 0 */
	char idle_driver[32], idle_governor[32], idle_state[32];	/* the deepest state that is not disabled */
	int64_t idle_us;		/* and its exit latency */
	char isolated[TUNING_TEXT], nohz_full[TUNING_TEXT];
	char uncore[TUNING_TEXT];	/* "800000-2400000 kHz" */
};

struct tuning_kernel {
	int major, minor;
	char preempt[32], clocksource[32], clocksources[TUNING_TEXT];
	char thp[32], thp_defrag[32], thp_shmem[32];	/* the chosen word */
	int64_t numa_balancing, demotion, paranoid, nmi_watchdog, swappiness, ksm, console;
	int serial_console;
	int seccomp;			/* mode of this process: 2 is a filter */
	int64_t tainted;		/* /proc/sys/kernel/tainted */
	char mitigations[1024];		/* "name: what; name: what" of those that do something */
};

struct tuning_load {
	double load1, psi_cpu, psi_memory, psi_io;	/* percent of the last 10 s */
	double steal;			/* percent: of the sample, or since boot */
	char busy[TUNING_TEXT];		/* CPUs above 10 % in the sample, as a list */
	int nbusy, sampled;
	double quota;			/* CPUs' worth that the cgroup may use */
	char quota_file[512];		/* and the file that says so */
	int allowed;			/* CPUs this process may run on */
	int64_t swap_kib;		/* room in swap areas */
	int irqbalance;
};

struct tuning_pmem {
	char name[32], region[32], provider[32];
	char domain[32];		/* persistence_domain, "" unknown to the kernel */
	char queue_cache[32];		/* queue/write_cache */
	int dax_cache, fua, deep_flush;	/* deep_flush belongs to the region */
	int64_t poisoned;		/* sectors known to be bad */
};

struct tuning_nvdimm {
	char name[32], flags[TUNING_TEXT];	/* "not_armed smart_event": of firmware */
	char health[16];		/* SMART: ok, non-critical, critical, fatal */
	double celsius;			/* of the media; NaN */
	int64_t alarms, dirty;		/* SMART alarms, a bit each; shutdowns that lost data */
};

struct tuning_mount {
	char source[64], target[256], fstype[16], options[256];
	int reflink;			/* xfs */
};

struct tuning {
	bool root;
	struct tuning_cpu cpu;
	struct tuning_kernel kernel;
	struct tuning_load load;
	struct tuning_pmem pmem[TUNING_PMEM];
	struct tuning_mount mount[TUNING_MOUNTS];	/* of pmem, and tmpfs with huge pages */
	struct { char name[32], scrub[32]; } bus[TUNING_BUSES];
	struct tuning_nvdimm nvdimm[TUNING_NVDIMMS];
	int npmem, nmount, nbus, nnvdimm, nregion;	/* regions: memory that namespaces can be made of */
	struct kmsg messages;
	char preload[256];		/* LD_PRELOAD and PMEM_... of this process: "NAME=value ..." */
	char tmpdir[256], tmpdir_fs[32];	/* where loop targets lie */
	int gnuplot;
};

/* sample_ms: how long to watch the CPUs (0: not at all).  0 or -ENOMEM, *out malloced. */
int tuning_read(struct tuning **out, unsigned sample_ms);

/* What can weaken a flush on a device (pmem0, nvme0n1; "") of a region (region0; ""): what
 * run.json keeps from before and after a run.  New reference. */
json_t *tuning_write_path(const char *device, const char *region);

json_t *tuning_json(const struct tuning *);		/* settings: run.json `tuning` */
json_t *tuning_load_json(const struct tuning *);	/* the moment: part of `doctor` */

/* The parts, for tests. */
void tuning_cpu_read(struct tuning_cpu *);
void tuning_msr_read(struct tuning_cpu *);	/* vendor and hypervisor must be known */
void tuning_nvdimm_read(struct tuning *);
void tuning_kernel_read(struct tuning_kernel *);
void tuning_load_read(struct tuning_load *, unsigned sample_ms);
void tuning_pmem_read(struct tuning *);

#endif
