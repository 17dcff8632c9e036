/* SPDX-License-Identifier: BSD-2-Clause */
/* Findings about what the kernel has complained of since boot. */
#include <errno.h>
#include <string.h>
#include "doctor.h"

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
	struct finding *f;
	char now[64];

	taint(d);
	if (k->err) {
		doctor_why(doctor_find(d, "messages", SEVERITY_INFO, "kernel messages",
				       k->err == EPERM ? "not for this user" : strerror(k->err), "readable"),
			   "lost memory, poison, throttling, an unstable TSC: what the kernel complained of stays unknown",
			   d->t->root ? "# a container: docker run --cap-add SYSLOG" : "sudo sysctl kernel.dmesg_restrict=0");
		return;
	}
	snprintf(now, sizeof now, "%u of %u in doubt", k->doubtful, k->lines);
	f = doctor_find(d, "messages", k->doubtful ? SEVERITY_WARN : SEVERITY_OK, "kernel messages", now, "none");
	doctor_why(f, "since boot the kernel warned of memory, hardware, pmem drivers, DAX, clock, heat or stalls",
		   "dmesg -kt -l emerg,alert,crit,err,warn | grep -E '" KMSG_DOUBTFUL "'");
}
