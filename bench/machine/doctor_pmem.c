/* SPDX-License-Identifier: BSD-2-Clause */
/* Findings about persistent memory: what makes a flush weaker than it looks. */
#include <string.h>
#include "doctor.h"

static bool
is_volatile(const struct tuning_pmem *p)
{
	return strcmp(p->provider, "e820") == 0 || strstr(p->provider, "ramdax");
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
	if (p->queue_cache[0])
		doctor_why(doctor_find(d, "queue-cache", strcmp(p->queue_cache, "write back") ? SEVERITY_BAD : SEVERITY_OK, what,
				       p->queue_cache, "write back"),
			   "no sync reaches the device: its flush hints are never written",
			   "echo \"write back\" > /sys/block/%s/queue/write_cache", p->name);
}

static void
device(struct doctor *d, const struct tuning_pmem *p)
{
	char what[64];

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
			   "# BIOS or virtual machine: NFIT platform capabilities");
	snprintf(what, sizeof what, "%s deep_flush", p->region);
	if (p->deep_flush == 0 && !is_volatile(p))
		doctor_why(doctor_find(d, "deep-flush", SEVERITY_INFO, what, "0", "1"),
			   "no flush hints: a sync ends at the memory controller's queue; BTT looks faster than with them",
			   "# the platform gives none");
}

/* One option of a list with commas. */
static bool
has_option(const char *options, const char *name)
{
	const size_t n = strlen(name);

	for (const char *p = options; (p = strstr(p, name)); p += n)
		if ((p == options || p[-1] == ',') && (p[n] == 0 || p[n] == ','))
			return true;
	return false;
}

static void
mounted(struct doctor *d, const struct tuning_mount *m)
{
	const bool dax = has_option(m->options, "dax") || has_option(m->options, "dax=always");
	const bool never = has_option(m->options, "dax=never"), old = d->t->kernel.major < 6 ||
			   (d->t->kernel.major == 6 && d->t->kernel.minor < 2);
	char what[320];

	if (strncmp(m->source, "/dev/pmem", 9) != 0)
		return;
	snprintf(what, sizeof what, "mount %s", m->target);
	doctor_why(doctor_find(d, "mount", dax ? SEVERITY_OK : SEVERITY_WARN, what, dax ? "dax" : never ? "dax=never" :
			       "without dax", "dax=always"),
		   never ? "files go through the page cache: no store of ours reaches the memory" :
		   "only files with the DAX attribute are mapped; others go through the page cache",
		   "umount %s && mount -o dax=always %s %s", m->target, m->source, m->target);
	if (m->reflink == 1 && old)
		doctor_why(doctor_find(d, "reflink", SEVERITY_WARN, what, "reflink=1", "reflink=0"),
			   "before Linux 6.2 shared files, before 6.0 the whole file system, have no DAX: xfs goes on without",
			   "umount %s && mkfs.xfs -f -m reflink=0 %s   # destroys what is there", m->target, m->source);
}

void
doctor_pmem(struct doctor *d)
{
	const struct tuning *t = d->t;
	char what[64];

	if (t->npmem == 0)
		doctor_why(doctor_find(d, "no-pmem", SEVERITY_INFO, "persistent memory", "no block device of it", "some"),
			   "numbers are of DRAM, files and loop devices", "run-bench prepare --print fsdax");
	for (int k = 0; k < t->npmem; k++)
		device(d, &t->pmem[k]);
	for (int k = 0; k < t->nmount; k++)
		mounted(d, &t->mount[k]);
	for (int k = 0; k < t->nbus; k++) {
		const bool running = strchr(t->bus[k].scrub, '+') != NULL;

		snprintf(what, sizeof what, "%s scrub", t->bus[k].name);
		doctor_why(doctor_find(d, "scrub", running ? SEVERITY_WARN : SEVERITY_OK, what, running ? "running" : "idle", "idle"),
			   "the address range scrub reads all media: it takes bandwidth", "ndctl wait-scrub %s", t->bus[k].name);
	}
}
