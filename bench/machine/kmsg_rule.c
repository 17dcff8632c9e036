/* SPDX-License-Identifier: BSD-2-Clause */
#include <ctype.h>
#include <stdbool.h>
#include <string.h>
#include "kmsg_rule.h"

/* The first that fits decides: has, and `and` where there is one, in any case. */
static const struct rule { enum kmsg_kind kind; const char *has, *and; } rules[] = {
	{ KMSG_MEMORY, "Memory failure: ", NULL },
	{ KMSG_MEMORY, "[Hardware Error]", "ncorrected" },
	{ KMSG_MEMORY, "[Hardware Error]", "severity: recoverable" },
	{ KMSG_MEMORY, "[Hardware Error]", "severity: fatal" },
	{ KMSG_MEMORY, "EDAC ", " UE " },
	{ KMSG_MEMORY, "error, dev pmem", NULL },
	{ KMSG_MEMORY, "error on dev pmem", NULL },
	{ KMSG_HARDWARE, "[Hardware Error]", NULL },
	{ KMSG_HARDWARE, "EDAC ", " CE " },
	{ KMSG_HARDWARE, "CMCI storm", NULL },
	{ KMSG_HARDWARE, "AER: ", "error" },
	{ KMSG_DAX, "DAX ", "unsupported" },
	{ KMSG_DAX, "DAX ", "not supported" },
	{ KMSG_DAX, "Turning off DAX", NULL },
	{ KMSG_DAX, "DAX and reflink", NULL },
	{ KMSG_CLOCK, "tsc", "unstable" },
	{ KMSG_CLOCK, "clocksource", "unstable" },
	{ KMSG_CLOCK, "TSC ADJUST", NULL },
	{ KMSG_HEAT, "clock throttled", NULL },
	{ KMSG_HEAT, "critical temperature", NULL },
	{ KMSG_STALL, "soft lockup", NULL },
	{ KMSG_STALL, "hard lockup", NULL },
	{ KMSG_STALL, "rcu", "detected stall" },
	{ KMSG_STALL, "rcu", "self-detected" },
	{ KMSG_STALL, "blocked for more than", NULL },
	{ KMSG_STALL, "RT throttling activated", NULL },
	{ KMSG_FAULT, "kernel BUG at", NULL },
	{ KMSG_FAULT, "Oops: ", NULL },
	{ KMSG_FAULT, "EXT4-fs error", NULL },
	{ KMSG_FAULT, "XFS (", "orruption" },
};

static bool
begins(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

/* Of the drivers behind /dev/pmem and /dev/dax. */
static bool
of_pmem(const char *text)
{
	static const char *const driver[] = { "nd_", "nd ", "nfit ", "btt", "dax", "device_dax", "cxl", "pmem", "nvdimm", "virtio_pmem" };

	for (size_t k = 0; k < sizeof driver / sizeof *driver; k++)
		if (begins(text, driver[k]))
			return true;
	return false;
}

int
kmsg_rule(int level, const char *text)
{
	enum { WARNING = 4 };

	if (level < 0)
		return -1;
	for (size_t k = 0; k < sizeof rules / sizeof *rules; k++)
		if (strcasestr(text, rules[k].has) && (!rules[k].and || strcasestr(text, rules[k].and)))
			return (int)rules[k].kind;
	if (level <= WARNING && of_pmem(text))
		return KMSG_PMEM;
	return begins(text, "BUG: ") || begins(text, "WARNING: ") ? KMSG_FAULT : -1;
}

/* The end of "python3:1234" or "python3/1234" from p on: a process's name may hold blanks and
 * colons, its number is the last. */
static char *
task_end(char *p)
{
	char *end = NULL;

	for (; *p && *p != ']'; p++)
		if ((*p == ':' || *p == '/') && isdigit((unsigned char)p[1])) {
			end = p + 1 + strspn(p + 1, "0123456789");
			if (*end && !strchr(" ],", *end))
				end = NULL;
		}
	return end;
}

static void
cut(char *from, const char *to)
{
	memmove(from + 1, to, strlen(to) + 1);
	*from = '?';
}

void
kmsg_hide(char *text)
{
	static const char *const task[] = { "! [", "task ", "SIGBUS to ", "Killing ", "Killed process ", "CPU#" };
	static const char *const serial[] = { "PPIN: ", "PPIN ", "serial number: ", "fru_text: " };
	char *p, *end;

	for (size_t k = 0; k < sizeof task / sizeof *task; k++) {
		p = strstr(text, task[k]);
		p = p ? p + strlen(task[k]) : NULL;
		/* "CPU#1: python3/1234" */
		if (p && task[k][0] == 'C' && task[k][3] == '#')
			p = begins(p += strspn(p, "0123456789"), ": ") ? p + 2 : NULL;
		if (p && (end = task_end(p)))
			cut(p, end);
	}
	for (size_t k = 0; k < sizeof serial / sizeof *serial; k++)
		if ((p = strstr(text, serial[k])) && p[strlen(serial[k])]) {
			p += strlen(serial[k]);
			/* A CPU's is one word, another may have several. */
			cut(p, serial[k][0] == 'P' ? p + strcspn(p, " ") : "");
		}
	if ((p = strstr(text, " comm ")) && (end = strstr(p + 6, ": ")))
		cut(p + 6, end);
	if ((p = strstr(text, "Comm: ")) && p[6])
		cut(p + 6, p + 6 + strcspn(p + 6, " "));
}
