/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdarg.h>
#include <string.h>
#include "doctor.h"

const char *const severity_name[SEVERITIES] = {
	[SEVERITY_OK] = "ok", [SEVERITY_INFO] = "info", [SEVERITY_WARN] = "warn", [SEVERITY_BAD] = "bad",
};

struct finding *
doctor_find(struct doctor *d, const char *id, enum severity s, const char *what, const char *now, const char *want)
{
	/* The last one gives way: a machine with that many devices has its findings already. */
	struct finding *f = &d->v[d->n < FINDINGS_MAX ? d->n++ : FINDINGS_MAX - 1];

	*f = (struct finding){ .id = id, .severity = s };
	snprintf(f->what, sizeof f->what, "%s", what);
	snprintf(f->now, sizeof f->now, "%s", now);
	snprintf(f->want, sizeof f->want, "%s", want);
	return f;
}

void
doctor_why(struct finding *f, const char *why, const char *mend, ...)
{
	va_list ap;

	snprintf(f->why, sizeof f->why, "%s", why);
	va_start(ap, mend);
	vsnprintf(f->mend, sizeof f->mend, mend, ap);
	va_end(ap);
}

const char *
doctor_quoted(char *buf, size_t len, const char *path)
{
	size_t n = 0;

	if (path[strspn(path, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-+=:,@")] == 0) {
		snprintf(buf, len, "%s", path);
		return buf;
	}
	buf[n++] = '\'';
	for (; *path && n + 6 < len; path++)
		if (*path == '\'')
			n += (size_t)snprintf(buf + n, len - n, "'\\''");
		else
			buf[n++] = *path;
	buf[n++] = '\'';
	buf[n] = 0;
	return buf;
}

void
doctor_boot(struct finding *f, const char *why, const char *options, const char *remark)
{
	doctor_why(f, why, "mkdir -p /etc/default/grub.d && echo 'GRUB_CMDLINE_LINUX=\"$GRUB_CMDLINE_LINUX %s\"' "
		   ">>/etc/default/grub.d/daxmark.cfg && update-grub && reboot%s", options, remark);
}

void
doctor_look(struct doctor *d, const struct tuning *t, const struct timing *timing)
{
	memset(d, 0, sizeof *d);
	d->t = t;
	d->timing = timing;
	doctor_pmem(d);
	doctor_mounts(d);
	doctor_messages(d);
	doctor_timer(d);
	doctor_load(d);
	doctor_cpu(d);
	doctor_kernel(d);
	for (size_t k = 0; k < d->n; k++) {
		d->count[d->v[k].severity]++;
		/* What is well needs no mending. */
		if (d->v[k].severity == SEVERITY_OK)
			d->v[k].mend[0] = 0;
	}
}

const char *
doctor_lost(const struct tuning *t, size_t k)
{
	static const char *const lost[] = {
		"devices as targets: devdax, sector (BTT), raw, loop",
		"counters of the whole machine: memory controllers, media, CXL",
		"tracepoints and kprobes",
		"prefetchers (MSRs), and the preemption that was chosen at boot (debugfs)",
		"slot, part and speed of each DIMM (BIOS tables)",
		"health and temperature of NVDIMMs, where regions lie",
		"features of file systems (dumpe2fs reads the device)",
		"kernel messages: lost memory, poison, throttling, an unstable TSC",
	};
	const size_t n = sizeof lost / sizeof *lost - (t->messages.err == 0);

	return t->root || k >= n ? NULL : lost[k];
}

static void
clocksource(struct doctor *d)
{
	const struct tuning_kernel *k = &d->t->kernel;

	if (k->clocksource[0] && strcmp(k->clocksource, "tsc") != 0) {
		const int gone = !strstr(k->clocksources, "tsc");

		doctor_why(doctor_find(d, "clocksource", !d->t->cpu.hypervisor[0] && gone ? SEVERITY_BAD : SEVERITY_INFO,
				       "clock source", k->clocksource, "tsc"),
			   gone ? "the kernel itself does not trust the TSC (dmesg says why)" :
			   "clock_gettime costs more than a TSC read", gone ? "dmesg | grep -iE 'tsc|clocksource'" :
			   "echo tsc > /sys/devices/system/clocksource/clocksource0/current_clocksource");
	}
}

void
doctor_timer(struct doctor *d)
{
	const struct timing *t = d->timing;
	char now[TUNING_TEXT];

	clocksource(d);
	if (!t)
		return;
	doctor_why(doctor_find(d, "tsc", t->clock.tsc ? SEVERITY_OK : SEVERITY_BAD, "time stamp counter",
			       t->clock.tsc ? "invariant" : "not invariant", "invariant"),
		   "without it a tick is a nanosecond of clock_gettime, tens of nanoseconds apart: no latency of one "
		   "flush can be told", "# another machine, or a virtual CPU with invtsc");
	if (!t->clock.tsc)
		return;
	snprintf(now, sizeof now, "%.0f ppm", t->clock.spread_ppm);
	doctor_why(doctor_find(d, "tsc-spread", t->clock.spread_ppm > TIMING_SPREAD_PPM ? SEVERITY_BAD : SEVERITY_OK,
			       "TSC frequency, by its sources", now, "at most 200 ppm apart"),
		   "the sources of the frequency contradict each other: every time is wrong by so much",
		   "run-bench doctor --json   # timer.sources; a migrated virtual machine?");
	snprintf(now, sizeof now, "%.0f to %.0f ns", t->skew.low_ns, t->skew.high_ns);
	if (t->skew.pairs)
		doctor_why(doctor_find(d, "tsc-skew", timing_skewed(&t->skew) ? SEVERITY_BAD : SEVERITY_OK,
				       "TSC offset between CPUs", now, "0 possible"),
			   "threads start and end a window at different times", "# clocksource=tsc tsc=reliable hides it; "
			   "a BIOS update may cure it");
}
