/* SPDX-License-Identifier: BSD-2-Clause */
/* Findings about persistent memory: what makes a flush weaker than it looks. */
#include <string.h>
#include "doctor.h"

static bool
is_volatile(const struct tuning_pmem *p)
{
	return strcmp(p->provider, "e820") == 0 || strstr(p->provider, "ramdax");
}

/* pmem0s, pmem1.2s: the disk of a BTT.  It flushes by itself, and says "write through". */
static bool
is_btt(const struct tuning_pmem *p)
{
	const size_t n = strlen(p->name);

	return n > 0 && p->name[n - 1] == 's';
}

static void
caches(struct doctor *d, const struct tuning_pmem *p)
{
	const int eadr = strcmp(p->domain, "cpu_cache") == 0;
	char what[64];

	snprintf(what, sizeof what, "%s dax/write_cache", p->name);
	if (p->dax_cache >= 0)
		doctor_why(doctor_find(d, "dax-cache", !p->dax_cache && !eadr ? SEVERITY_BAD :
				       p->dax_cache && eadr ? SEVERITY_INFO : SEVERITY_OK, what, p->dax_cache ? "1" : "0",
				       eadr ? "0" : "1"),
			   eadr ? "msync flushes CPU caches that are persistent already" :
			   "msync and fsync write no CPU cache back: they look fast, and data is lost",
			   "echo %d > /sys/block/%s/dax/write_cache", !eadr, p->name);
	snprintf(what, sizeof what, "%s queue/write_cache", p->name);
	if (p->queue_cache[0] && !is_btt(p))
		doctor_why(doctor_find(d, "queue-cache", strcmp(p->queue_cache, "write back") ? SEVERITY_BAD : SEVERITY_OK, what,
				       p->queue_cache, "write back"),
			   "no sync reaches the device: its flush hints are never written",
			   "echo \"write back\" > /sys/block/%s/queue/write_cache", p->name);
}

static void
device(struct doctor *d, const struct tuning_pmem *p)
{
	char what[64], now[64];

	caches(d, p);
	snprintf(what, sizeof what, "%s persistence domain", p->name);
	if (is_volatile(p))
		doctor_why(doctor_find(d, "volatile", SEVERITY_WARN, what, p->provider, "NVDIMM or CXL"),
			   "this is plain RAM under another name: nothing survives, and the numbers are DRAM's",
			   "# remove memmap= from the kernel command line");
	else
		doctor_why(doctor_find(d, "domain", p->domain[0] ? SEVERITY_OK : SEVERITY_WARN, what,
				       p->domain[0] ? p->domain : "unknown", "memory_controller"),
			   "the platform does not say that a flushed line survives: every row is marked so",
			   "# BIOS; in QEMU: -machine nvdimm=on,nvdimm-persistence=mem-ctrl");
	snprintf(what, sizeof what, "%s deep_flush", p->region);
	if (p->deep_flush == 0 && !is_volatile(p))
		doctor_why(doctor_find(d, "deep-flush", SEVERITY_INFO, what, "0", "1"),
			   "no flush hints: a sync ends at the memory controller's queue; BTT looks faster than with them",
			   "# the platform gives none");
	snprintf(what, sizeof what, "%s poison", p->name);
	if (p->poisoned >= 0) {
		snprintf(now, sizeof now, "%lld sectors", (long long)p->poisoned);
		doctor_why(doctor_find(d, "poison", p->poisoned ? SEVERITY_BAD : SEVERITY_OK, what, now, "0 sectors"),
			   "a load of it raises SIGBUS, and the point fails",
			   "ndctl clear-errors -r %s all   # what stood there is lost", p->region);
	}
}

/* "not_armed " of firmware, "critical" of SMART: a module that will not keep what it holds. */
static void
module(struct doctor *d, const struct tuning_nvdimm *m)
{
	static const char *const fails[] = { "not_armed", "save_fail", "restore_fail", "flush_fail", "map_fail" };
	bool bad = strcmp(m->health, "critical") == 0 || strcmp(m->health, "fatal") == 0;
	const bool hints = m->alarms > 0 || strcmp(m->health, "non-critical") == 0 || strstr(m->flags, "smart_event");
	char what[64], now[TUNING_TEXT];

	for (size_t k = 0; k < sizeof fails / sizeof *fails; k++)
		bad |= strstr(m->flags, fails[k]) != NULL;
	snprintf(what, sizeof what, "%s health", m->name);
	snprintf(now, sizeof now, "%s%s%s", m->health[0] ? m->health : "no flags", m->flags[0] ? ", " : "", m->flags);
	if (!m->health[0] && m->flags[0])
		snprintf(now, sizeof now, "%s", m->flags);
	if (now[0] && now[strlen(now) - 1] == ' ')
		now[strlen(now) - 1] = 0;
	doctor_why(doctor_find(d, "nvdimm", bad ? SEVERITY_BAD : hints ? SEVERITY_WARN : SEVERITY_OK, what, now, "ok"),
		   bad ? "the module says that it will not keep, or did not keep, what was flushed to it" :
		   "the module warns: it may slow itself down, for heat or for spares", "ndctl list -DH -d %s", m->name);
}

/* Without a region there is nothing to make a namespace of. */
static void
no_pmem(struct doctor *d)
{
	static const char why[] = "numbers are of DRAM, files and loop devices";

	if (d->t->npmem)
		return;
	if (d->t->nregion)
		doctor_why(doctor_find(d, "no-pmem", SEVERITY_INFO, "persistent memory", "no block device of it", "some"),
			   why, "run-bench prepare --print fsdax   # prints the commands that make one");
	else
		doctor_why(doctor_find(d, "no-pmem", SEVERITY_INFO, "persistent memory", "none in this machine", "some"),
			   why, "# NVDIMMs or CXL memory; to try things out, RAM: memmap=4G!16G on the kernel command line");
}

void
doctor_pmem(struct doctor *d)
{
	const struct tuning *t = d->t;
	char what[64];

	no_pmem(d);
	for (int k = 0; k < t->npmem; k++)
		device(d, &t->pmem[k]);
	for (int k = 0; k < t->nnvdimm; k++)
		module(d, &t->nvdimm[k]);
	for (int k = 0; k < t->nbus; k++) {
		const bool running = strchr(t->bus[k].scrub, '+') != NULL;

		snprintf(what, sizeof what, "%s scrub", t->bus[k].name);
		doctor_why(doctor_find(d, "scrub", running ? SEVERITY_WARN : SEVERITY_OK, what, running ? "running" : "idle", "idle"),
			   "the address range scrub reads all media: it takes bandwidth", "ndctl wait-scrub %s", t->bus[k].name);
	}
}
