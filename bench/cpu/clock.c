/* SPDX-License-Identifier: BSD-2-Clause */
#include <cpuid.h>
#include <linux/perf_event.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "clock.h"
#include "kernel.h"

#define CALIBRATE_NS 200000000u

unsigned
cpu_caps(void)
{
	unsigned a, b, c, d, caps = 0, xcr0 = 0, hi;

	if (__get_cpuid(1, &a, &b, &c, &d)) {
		if (d & 1u << 19)
			caps |= CAP_CLFLUSH;
		if (c & 1u << 20)
			caps |= CAP_CRC32;
		if (c & 1u << 27)	/* OSXSAVE: XCR0 says which registers the kernel saves */
			__asm__ volatile("xgetbv" : "=a"(xcr0), "=d"(hi) : "c"(0));
		if ((c & 1u << 28) && (xcr0 & 6) == 6)
			caps |= CAP_AVX;
	}
	if (__get_cpuid_count(7, 0, &a, &b, &c, &d)) {
		if (b & 1u << 23)
			caps |= CAP_CLFLUSHOPT;
		if (b & 1u << 24)
			caps |= CAP_CLWB;
		if ((b & 1u << 16) && (xcr0 & 0xe6) == 0xe6)
			caps |= CAP_AVX512;
		if (c & 1u << 28)
			caps |= CAP_MOVDIR64B;
	}
	return caps;
}

/* AMD: one leaf.  Intel: a leaf for each, of data (1) or of both (3). */
void
cpu_tlb(unsigned entries[2])
{
	unsigned a, b, c, d;

	entries[0] = entries[1] = 0;
	if (__get_cpuid(0x80000006, &a, &b, &c, &d)) {
		entries[0] = b >> 16 & 0xfff;
		entries[1] = a >> 16 & 0xfff;
	}
	for (unsigned k = 0; k < 16 && __get_cpuid_count(0x18, k, &a, &b, &c, &d); k++) {
		const unsigned type = d & 31, n = (b >> 16) * c;

		if ((type != 1 && type != 3) || (d >> 5 & 7) != 2)
			continue;
		if (b & 1 && n > entries[0])
			entries[0] = n;
		if (b & 2 && n > entries[1])
			entries[1] = n;
	}
}

int
cpu_emulated(void)
{
	unsigned a, b, c, d;

	if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & 1u << 31))
		return 0;
	__cpuid(0x40000000, a, b, c, d);
	return memcmp(&b, "TCGT", 4) == 0 && memcmp(&c, "CGTC", 4) == 0 && memcmp(&d, "GTCG", 4) == 0;
}

/* Invariant TSC (CPUID 0x80000007 EDX[8]) is what the kernel calls constant_tsc and nonstop_tsc.
 * QEMU's TCG has no such bit, yet its TSC is a monotonic counter of the host's: it is believed
 * when the kernel runs its own clock on it. */
static bool
tsc_reliable(void)
{
	unsigned a, b, c, d;
	char source[16] = "";
	FILE *f;

	if (__get_cpuid(0x80000007, &a, &b, &c, &d) && (d & 1u << 8))
		return true;
	f = fopen("/sys/devices/system/clocksource/clocksource0/current_clocksource", "re");
	if (f) {
		if (!fgets(source, sizeof source, f))
			source[0] = 0;
		fclose(f);
	}
	return strncmp(source, "tsc", 3) == 0;
}

static double
hz_from_cpuid(void)
{
	unsigned a, b, c, d;

	if (!__get_cpuid(0x15, &a, &b, &c, &d) || !a || !b || !c)
		return 0;
	return (double)c * b / a;
}

/* perf's user page gives ns = ticks * time_mult >> time_shift; a software event is enough. */
static double
hz_from_perf(void)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_SOFTWARE, .size = sizeof attr,
		.config = PERF_COUNT_SW_DUMMY, .exclude_kernel = 1, .exclude_hv = 1,
	};
	int fd = (int)syscall(SYS_perf_event_open, &attr, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);
	struct perf_event_mmap_page *page;
	double hz = 0;

	if (fd < 0)
		return 0;
	page = mmap(NULL, (size_t)sysconf(_SC_PAGESIZE), PROT_READ, MAP_SHARED, fd, 0);
	if (page != MAP_FAILED) {
		if (page->cap_user_time && page->time_mult)
			hz = 1e9 * (double)(1ull << page->time_shift) / page->time_mult;
		munmap(page, (size_t)sysconf(_SC_PAGESIZE));
	}
	close(fd);
	return hz;
}

/* One pair of reads, the tick read in the middle of the tightest of several. */
static void
pair(uint64_t *ticks, uint64_t *ns)
{
	uint64_t best = UINT64_MAX;

	for (int k = 0; k < 16; k++) {
		uint64_t a = clock_raw_ns(), t = stamp_start(1), b = clock_raw_ns();

		if (b - a < best) {
			best = b - a;
			*ticks = t;
			*ns = a + (b - a) / 2;
		}
	}
}

static double
hz_from_raw(uint64_t t0, uint64_t n0)
{
	uint64_t t1, n1 = clock_raw_ns();
	struct timespec rest = { .tv_nsec = n0 + CALIBRATE_NS > n1 ? (long)(n0 + CALIBRATE_NS - n1) : 0 };

	clock_nanosleep(CLOCK_MONOTONIC, 0, &rest, NULL);
	do
		pair(&t1, &n1);
	while (n1 - n0 < CALIBRATE_NS);
	return (double)(t1 - t0) * 1e9 / (double)(n1 - n0);
}

void
timer_begin(struct timer *t)
{
	unsigned a, b, c, d;

	*t = (struct timer){ .tsc = tsc_reliable(), .hz = 1e9 };
	if (!t->tsc)
		return;
	pair(&t->from_ticks, &t->from_ns);
	t->hz_cpuid = hz_from_cpuid();
	t->hz_perf = hz_from_perf();
	if (__get_cpuid(0x16, &a, &b, &c, &d))
		t->cpuid_mhz = a & 0xffff;
}

void
timer_end(struct timer *t)
{
	if (!t->tsc)
		return;
	t->hz_raw = hz_from_raw(t->from_ticks, t->from_ns);
	/* CPUID's crystal is the nominal one; what ran against the clock is what was used. */
	t->hz = t->hz_perf ? t->hz_perf : t->hz_raw;
	const double all[] = { t->hz_cpuid, t->hz_perf, t->hz_raw };
	for (int k = 0; k < 3; k++)
		if (all[k] && fabs(all[k] / t->hz - 1) * 1e6 > t->spread_ppm)
			t->spread_ppm = fabs(all[k] / t->hz - 1) * 1e6;
}

uint32_t
timer_quantum(int tsc)
{
	uint64_t last = stamp_start(tsc), g = 0;

	for (int k = 0; k < 4096; k++) {
		uint64_t now = stamp_issue(tsc), v = now - last;

		last = now;
		while (v) {
			uint64_t r = g % v;

			g = v;
			v = r;
		}
	}
	return g > UINT32_MAX ? UINT32_MAX : (uint32_t)g;
}
