/* SPDX-License-Identifier: BSD-2-Clause */
/* Persistent memory: what its devices promise, what weakens a flush there. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <errno.h>
#include "doctor_row.h"
#include "hardware.h"
#include "rootfs.h"
#include "sysfs.h"

/* pmem0s, pmem1.2s: the disk of a BTT.  It flushes by itself, and says "write through". */
static bool
is_btt(const char *name)
{
	const size_t n = strlen(name);

	return n > 0 && name[n - 1] == 's';
}

/* A pmem block device, with what stands above it in the device tree. */
struct pmem {
	struct sysdir dir;
	char name[32], region[32], provider[32];
	char domain[32];		/* persistence_domain, "" unknown to the kernel */
	int64_t deep_flush;
	json_t *kept;
};

/* Up from the device to its region, and on to the bus that provides it. */
static void
from_above(struct pmem *p)
{
	struct sysdir d = p->dir;

	do {
		if (!p->region[0] && strncmp(sysfs_name(&d), "region", 6) == 0) {
			snprintf(p->region, sizeof p->region, "%.31s", sysfs_name(&d));
			sysfs_text(&d, "persistence_domain", p->domain, sizeof p->domain);
			p->deep_flush = sysfs_number(&d, "deep_flush", -1);
		}
		if (strncmp(sysfs_name(&d), "ndbus", 5) == 0) {
			sysfs_text(&d, "provider", p->provider, sizeof p->provider);
			return;
		}
	} while (sysfs_up(&d));
}

static bool
is_volatile(const struct pmem *p)
{
	return strcmp(p->provider, "e820") == 0 || strstr(p->provider, "ramdax");
}

struct each { struct doctor *d; const struct doctor_row *r; };

static int
one_pmem(const char *name, void *arg)
{
	struct each *e = arg;
	struct pmem p = { .deep_flush = -1 };

	if (strncmp(name, "pmem", 4) != 0 || sysfs_dir(&p.dir, "block/%s", name) < 0)
		return 0;
	snprintf(p.name, sizeof p.name, "%.31s", name);
	from_above(&p);
	p.kept = object_of(e->d->pmem, p.name);
	e->r->pmem(e->d, e->r, &p);
	return 0;
}

/* A row with a finding for each device. */
static void
each_pmem(struct doctor *d, const struct doctor_row *r)
{
	rootfs_each(one_pmem, &(struct each){ d, r }, "/sys/block");
}

static int
count_region(const char *name, void *arg)
{
	*(int *)arg += strncmp(name, "region", 6) == 0;
	return 0;
}

/* Without a region there is nothing to make a namespace of. */
static void
none(struct doctor *d, const struct doctor_row *r)
{
	int regions = 0;

	if (json_object_size(d->pmem))
		return;
	rootfs_each(count_region, &regions, "/sys/bus/nd/devices");
	if (regions)
		found_mend(found(d, r, SEVERITY_INFO, "no block device of it"),
			   "run-bench prepare --print fsdax   # prints the commands that make one");
	else
		found(d, r, SEVERITY_INFO, "none in this machine");
}

static void
dax_cache(struct doctor *d, const struct doctor_row *r, const struct pmem *p)
{
	const int64_t now = sysfs_number(&p->dir, "dax/write_cache", -1);
	const bool eadr = strcmp(p->domain, "cpu_cache") == 0;
	struct finding *f;

	keep_number(p->kept, "dax_write_cache", now);
	if (now < 0)
		return;
	f = found(d, r, !now && !eadr ? SEVERITY_BAD : now && eadr ? SEVERITY_INFO : SEVERITY_OK, now ? "1" : "0");
	found_what(f, "%s dax/write_cache", p->name);
	found_mend(f, "echo %d > /sys/block/%s/dax/write_cache", !eadr, p->name);
	if (eadr) {
		f->want = "0";
		found_why(f, "msync flushes CPU caches that are persistent already");
	}
}

static void
queue_cache(struct doctor *d, const struct doctor_row *r, const struct pmem *p)
{
	char now[32];
	struct finding *f;

	sysfs_text(&p->dir, "queue/write_cache", now, sizeof now);
	keep_text(p->kept, "queue_write_cache", now);
	keep_number(p->kept, "fua", sysfs_number(&p->dir, "queue/fua", -1));
	if (!now[0] || is_btt(p->name))
		return;
	f = found(d, r, strcmp(now, "write back") ? SEVERITY_BAD : SEVERITY_OK, "%s", now);
	found_what(f, "%s queue/write_cache", p->name);
	found_mend(f, "echo \"write back\" > /sys/block/%s/queue/write_cache", p->name);
}

static void
domain(struct doctor *d, const struct doctor_row *r, const struct pmem *p)
{
	keep_text(p->kept, "region", p->region);
	keep_text(p->kept, "provider", p->provider);
	keep_text(p->kept, "persistence_domain", p->domain);
	if (!is_volatile(p))
		found_what(found(d, r, p->domain[0] ? SEVERITY_OK : SEVERITY_WARN, "%s", p->domain[0] ? p->domain : "unknown"),
			   "%s persistence domain", p->name);
}

static void
plain_ram(struct doctor *d, const struct doctor_row *r, const struct pmem *p)
{
	if (is_volatile(p))
		found_what(found(d, r, SEVERITY_WARN, "%s", p->provider), "%s persistence domain", p->name);
}

static void
deep_flush(struct doctor *d, const struct doctor_row *r, const struct pmem *p)
{
	keep_number(p->kept, "deep_flush", p->deep_flush);
	if (p->deep_flush == 0 && !is_volatile(p))
		found_what(found(d, r, SEVERITY_INFO, "0"), "%s deep_flush", p->region);
}

/* "8 16" a line: where, how many sectors of 512 bytes. */
static void
poison(struct doctor *d, const struct doctor_row *r, const struct pmem *p)
{
	size_t len;
	char *text = rootfs_all(65536, &len, "/sys/block/%s/badblocks", p->name);
	long long n, sum = text ? 0 : -1;
	struct finding *f;

	for (const char *at = text; at && *at; at = strchr(at, '\n') ? strchr(at, '\n') + 1 : NULL)
		if (sscanf(at, "%*s %lld", &n) == 1)
			sum += n;
	free(text);
	keep_number(p->kept, "poisoned_sectors", sum);
	if (sum < 0)
		return;
	f = found(d, r, sum ? SEVERITY_BAD : SEVERITY_OK, "%lld sectors", sum);
	found_what(f, "%s poison", p->name);
	found_mend(f, "ndctl clear-errors -r %s all   # what stood there is lost", p->region);
}

/* "not_armed " of firmware, "critical" of SMART: a module that will not keep what it holds. */
static void
module(struct doctor *d, const struct doctor_row *r, const char *name, const json_t *smart)
{
	static const char *const fails[] = { "not_armed", "save_fail", "restore_fail", "flush_fail", "map_fail" };
	const char *health = json_string_value(json_object_get(smart, "health"));
	const bool critical = health && (strcmp(health, "critical") == 0 || strcmp(health, "fatal") == 0);
	char flags[DOCTOR_TEXT];
	bool bad = critical, warns;
	struct finding *f;

	if (rootfs_line(flags, sizeof flags, "/sys/bus/nd/devices/%s/nfit/flags", name) < 0)
		rootfs_line(flags, sizeof flags, "/sys/bus/nd/devices/%s/papr/flags", name);
	json_object_set_new(object_of(d->tuning, "nvdimm_flags"), name, json_string(flags));
	for (size_t k = 0; k < sizeof fails / sizeof *fails; k++)
		bad |= strstr(flags, fails[k]) != NULL;
	warns = json_integer_value(json_object_get(smart, "alarms")) > 0 || strstr(flags, "smart_event") ||
		(health && strcmp(health, "non-critical") == 0);
	flags[strlen(flags) - (flags[0] && flags[strlen(flags) - 1] == ' ')] = 0;
	f = found(d, r, bad ? SEVERITY_BAD : warns ? SEVERITY_WARN : SEVERITY_OK, "%s%s%s",
		  health ? health : flags[0] ? "" : "no flags", health && flags[0] ? ", " : "", flags);
	found_what(f, "%s health", name);
	found_mend(f, "ndctl list -DH -d %s", name);
	if (bad)
		found_why(f, "the module says that it will not keep, or did not keep, what was flushed to it");
}

struct modules { struct each each; json_t *smart; };

static int
one_module(const char *name, void *arg)
{
	struct modules *m = arg;

	if (strncmp(name, "nmem", 4) != 0)
		return 0;
	if (!m->smart)
		m->smart = nvdimms_json();
	module(m->each.d, m->each.r, name, json_object_get(m->smart, name));
	return 0;
}

static void
each_module(struct doctor *d, const struct doctor_row *r)
{
	struct modules m = { .each = { d, r } };

	rootfs_each(one_module, &m, "/sys/bus/nd/devices");
	json_decref(m.smart);
}

static int
one_bus(const char *name, void *arg)
{
	const struct each *e = arg;
	char scrub[32];
	struct finding *f;

	if (strncmp(name, "ndbus", 5) != 0 ||
	    rootfs_line(scrub, sizeof scrub, "/sys/bus/nd/devices/%s/nfit/scrub", name) < 0)
		return 0;
	keep_text(object_of(e->d->tuning, "scrubs"), name, scrub);
	f = found(e->d, e->r, strchr(scrub, '+') ? SEVERITY_WARN : SEVERITY_OK, strchr(scrub, '+') ? "running" : "idle");
	found_what(f, "%s scrub", name);
	found_mend(f, "ndctl wait-scrub %s", name);
	return 0;
}

static void
each_bus(struct doctor *d, const struct doctor_row *r)
{
	rootfs_each(one_bus, &(struct each){ d, r }, "/sys/bus/nd/devices");
}

/* /dev/mapper/x is a link to /dev/dm-0; sysfs knows that name alone. */
static int
block_dir(struct sysdir *d, const char *device)
{
	char path[PATH_MAX];

	if (device[0] == '/' && !realpath(device, path))
		return -errno;
	if (device[0] == '/')
		device = strrchr(path, '/') + 1;
	return *device ? sysfs_dir(d, "class/block/%s", device) : -ENOENT;
}

json_t *
doctor_write_path(const char *device, const char *region)
{
	json_t *o = json_object();
	char text[64];
	struct sysdir d;

	if (block_dir(&d, device) == 0) {
		/* A partition's queue is its disk's. */
		while (sysfs_text(&d, "queue/write_cache", text, sizeof text) < 0 && sysfs_up(&d))
			;
		keep_text(o, "queue_write_cache", text);
		keep_number(o, "fua", sysfs_number(&d, "queue/fua", -1));
		keep_number(o, "dax_write_cache", sysfs_number(&d, "dax/write_cache", -1));
	}
	if (*region && sysfs_dir(&d, "bus/nd/devices/%s", region) == 0) {
		keep_number(o, "deep_flush", sysfs_number(&d, "deep_flush", -1));
		sysfs_text(&d, "persistence_domain", text, sizeof text);
		keep_text(o, "persistence_domain", text);
	}
	return o;
}

const struct doctor_row doctor_pmem[] = {
	{ "domain", "persistence domain", "memory_controller",
	  "the platform does not say that a flushed line survives: every row is marked so",
	  "# BIOS; in QEMU: -machine nvdimm=on,nvdimm-persistence=mem-ctrl", .look = each_pmem, .pmem = domain },
	{ "volatile", "persistence domain", "NVDIMM or CXL",
	  "this is plain RAM under another name: nothing survives, and the numbers are DRAM's",
	  "# remove memmap= from the kernel command line", .look = each_pmem, .pmem = plain_ram },
	{ "no-pmem", "persistent memory", "some", "numbers are of DRAM, files and loop devices",
	  "# NVDIMMs or CXL memory; to try things out, RAM: memmap=4G!16G on the kernel command line", .look = none },
	{ "dax-cache", "dax/write_cache", "1", "msync and fsync write no CPU cache back: they look fast, and data is lost",
	  NULL, .look = each_pmem, .pmem = dax_cache },
	{ "queue-cache", "queue/write_cache", "write back", "no sync reaches the device: its flush hints are never written",
	  NULL, .look = each_pmem, .pmem = queue_cache },
	{ "deep-flush", "deep_flush", "1",
	  "no flush hints: a sync ends at the memory controller's queue; BTT looks faster than with them",
	  "# the platform gives none", .look = each_pmem, .pmem = deep_flush },
	{ "poison", "poison", "0 sectors", "a load of it raises SIGBUS, and the point fails", NULL, .look = each_pmem, .pmem = poison },
	{ "nvdimm", "health", "ok", "the module warns: it may slow itself down, for heat or for spares", NULL, .look = each_module },
	{ "scrub", "scrub", "idle", "the address range scrub reads all media: it takes bandwidth", NULL, .look = each_bus },
	{ 0 },
};
