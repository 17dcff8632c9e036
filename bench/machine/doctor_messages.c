/* SPDX-License-Identifier: BSD-2-Clause */
/* Findings about what the kernel has complained of since boot. */
#include <errno.h>
#include <string.h>
#include "doctor.h"

#define OLD_S 3600			/* a throttling before that is over */

/* passes: it disturbs while it lasts; what was lost, or a clock that was given up, stays so. */
static const struct complaint {
	const char *id, *what;
	enum severity severity;
	bool passes;
	const char *why, *grep;
} complaint[KMSG_KINDS] = {
	[KMSG_MEMORY] = { "msg-memory", "memory that lost data", SEVERITY_BAD, false,
		"a read of it kills or stops a run, and writes there are slow",
		"Memory failure|Hardware Error|EDAC|error.* dev pmem" },
	[KMSG_HARDWARE] = { "msg-hardware", "hardware errors", SEVERITY_WARN, true,
		"errors that were corrected: each may stop all CPUs for milliseconds in firmware",
		"Hardware Error|EDAC|AER:|CMCI" },
	[KMSG_PMEM] = { "msg-pmem", "pmem, BTT and CXL drivers", SEVERITY_WARN, false,
		"the driver below the numbers says that something is wrong", "^(nd_|nd |nfit |btt|dax|cxl|pmem|nvdimm|virtio_pmem)" },
	[KMSG_DAX] = { "msg-dax", "DAX refused", SEVERITY_WARN, false,
		"a file system went on without it: its files go through the page cache", "dax" },
	[KMSG_CLOCK] = { "msg-clock", "clock called unstable", SEVERITY_BAD, false,
		"the kernel gave the TSC up: times of ours are taken with it", "tsc|clocksource" },
	[KMSG_HEAT] = { "msg-heat", "throttled for heat", SEVERITY_WARN, true,
		"the frequency fell while something ran: so it will under our load", "throttled|temperature" },
	[KMSG_STALL] = { "msg-stall", "lockups and stalls", SEVERITY_WARN, true,
		"a CPU did not come back for seconds", "lockup|stall|blocked for more|RT throttling" },
	[KMSG_FAULT] = { "msg-fault", "faults of the kernel", SEVERITY_WARN, false,
		"after one the kernel or a file system may do anything", "BUG|WARNING|Oops|EXT4-fs error|XFS .*orruption" },
};

/* "12 min ago"; "" when nobody knows. */
static const char *
age_text(char *buf, size_t len, double age)
{
	const double unit = age < 120 ? 1 : age < 7200 ? 60 : age < 172800 ? 3600 : 86400;

	buf[0] = 0;
	if (age >= 0)
		snprintf(buf, len, ", %.0f %s ago", age / unit, unit == 1 ? "s" : unit == 60 ? "min" : unit == 3600 ? "h" : "days");
	return buf;
}

static void
complain(struct doctor *d, const struct complaint *c, const struct kmsg_count *count)
{
	const struct kmsg *k = &d->t->messages;
	const double age = k->now >= 0 && count->at >= 0 ? k->now - count->at : -1;
	enum severity s = c->passes && age > OLD_S ? SEVERITY_INFO : c->severity;
	char now[64], ago[32], why[320];

	/* Guests have another clock than the TSC, and are told so at boot. */
	if (c == &complaint[KMSG_CLOCK] && d->t->cpu.hypervisor[0])
		s = SEVERITY_WARN;
	snprintf(now, sizeof now, "%u message%s", count->n, count->n > 1 ? "s" : "");
	snprintf(why, sizeof why, "%s; the last%s: %s", c->why, age_text(ago, sizeof ago, age), count->last);
	doctor_why(doctor_find(d, c->id, s, c->what, now, "none"), why, "dmesg -t | grep -iE '%s'", c->grep);
}

static void
taint(struct doctor *d)
{
	/* include/linux/panic.h; what only says which modules are loaded is left out. */
	static const struct { int bit; const char *what; enum severity severity; } flag[] = {
		{ 4, "machine check", SEVERITY_BAD }, { 5, "bad page", SEVERITY_WARN }, { 7, "oops", SEVERITY_WARN },
		{ 14, "soft lockup", SEVERITY_INFO }, { 9, "warning", SEVERITY_INFO },
	};
	enum severity worst = SEVERITY_OK;
	char now[64];
	size_t n = 0;

	if (d->t->kernel.tainted < 0)
		return;
	for (size_t k = 0; k < sizeof flag / sizeof *flag; k++)
		if (d->t->kernel.tainted >> flag[k].bit & 1) {
			n += (size_t)snprintf(now + n, sizeof now - n, "%s%s", n ? ", " : "", flag[k].what);
			worst = flag[k].severity > worst ? flag[k].severity : worst;
		}
	doctor_why(doctor_find(d, "tainted", worst, "marks on the kernel", n ? now : "none", "none"),
		   "it remembers what it met since boot, and goes on at its own risk", "reboot");
}

void
doctor_messages(struct doctor *d)
{
	const struct kmsg *k = &d->t->messages;
	unsigned n = 0;
	char now[64];

	taint(d);
	if (k->err) {
		doctor_why(doctor_find(d, "messages", SEVERITY_INFO, "kernel messages",
				       k->err == EPERM ? "not for this user" : strerror(k->err), "readable"),
			   "lost memory, poison, throttling, an unstable TSC: what the kernel complained of stays unknown",
			   d->t->root ? "# a container: docker run --cap-add SYSLOG" : "sudo sysctl kernel.dmesg_restrict=0");
		return;
	}
	for (int kind = 0; kind < KMSG_KINDS; kind++)
		if (k->kind[kind].n) {
			complain(d, &complaint[kind], &k->kind[kind]);
			n += k->kind[kind].n;
		}
	snprintf(now, sizeof now, "%u of %u", n, k->lines);
	if (!n)
		doctor_why(doctor_find(d, "messages", SEVERITY_OK, "kernel messages", now, "none in doubt"),
			   "what the kernel complained of since boot", "%s", "");
}
