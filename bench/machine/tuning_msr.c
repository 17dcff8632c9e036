/* SPDX-License-Identifier: BSD-2-Clause */
/* What only registers tell: prefetchers, turbo where sysfs is silent, the name of the hypervisor. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#if defined(__x86_64__) || defined(__i386__)
#include <cpuid.h>
#endif
#include "rootfs.h"
#include "tuning.h"

#define MSR_TSC          0x10		/* every CPU has it: can registers be read at all? */
#define INTEL_MISC       0x1a0		/* bit 38 turns turbo off */
#define INTEL_PREFETCH   0x1a4
#define AMD_HWCR         0xc0010015u	/* bit 25 turns boost off */
#define AMD_PREFETCH     0xc0000108u	/* L1 stream, stride, region, L2 stream, up/down; Zen 4 on */

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

static int
read_prefetch(const char *cpu, void *arg)
{
	struct tuning_cpu *c = arg;
	uint64_t control;

	/* /dev/cpu/microcode is there, too; a CPU that is offline has no registers. */
	if (!isdigit((unsigned char)cpu[0]) || rootfs_u64(&control, c->prefetch_msr, "/dev/cpu/%s/msr", cpu) < 0)
		return 0;
	if (c->prefetch_off < 0) {
		c->prefetch_control = control;
		c->prefetch_off = (int64_t)(control & PREFETCH_BITS);
	}
	c->prefetch_mixed |= control != c->prefetch_control;
	return 0;
}

void
tuning_msr_read(struct tuning_cpu *c)
{
	const bool intel = strcmp(c->vendor, "GenuineIntel") == 0, amd = strcmp(c->vendor, "AuthenticAMD") == 0;
	uint64_t v;

	if (strcmp(c->hypervisor, "yes") == 0 && rootfs_real())
		name_hypervisor(c->hypervisor, sizeof c->hypervisor);
	c->msr = rootfs_u64(&v, MSR_TSC, "/dev/cpu/0/msr") == 0;
	if (!c->msr || (!intel && !amd))
		return;
	if (c->turbo < 0 && rootfs_u64(&v, intel ? INTEL_MISC : AMD_HWCR, "/dev/cpu/0/msr") == 0)
		c->turbo = !(v >> (intel ? 38 : 25) & 1);
	/* A guest's registers say nothing about the CPU it runs on. */
	if (c->hypervisor[0] || (amd && !amd_has_prefetch()))
		return;
	c->prefetch_msr = intel ? INTEL_PREFETCH : AMD_PREFETCH;
	rootfs_each(read_prefetch, c, "/dev/cpu");
}
