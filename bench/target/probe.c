/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "fill.h"
#include "loop.h"
#include "mapping.h"
#include "mem.h"
#include "namespaces.h"
#include "probe.h"
#include "text.h"
#include "why.h"

#define DEFAULT_SIZE (256ull << 20)

static const uint64_t M2 = 2ull << 20;

void
probe_origin(struct facts_target *f, const struct origin *o)
{
	f->medium = o->medium;
	f->domain = o->domain;
	f->node = o->node;
	f->atomic_sector = o->btt && !o->composed;
	f->async_flush = o->async;
	snprintf(f->region, sizeof f->region, "%s", o->region);
	snprintf(f->namespace_, sizeof f->namespace_, "%s", o->namespace_);
	memcpy(f->map, o->map, sizeof f->map);
}

int
probe_part(const struct target_spec *spec, struct facts_target *f, uint64_t whole, char *why, size_t whylen)
{
	char a[TEXT_NUM], b[TEXT_NUM], c[TEXT_NUM];
	const uint64_t unit = f->align;

	if (spec->offset % unit || spec->length % unit)
		return why_set(why, whylen, EINVAL, "%s: offset %s and length %s must be multiples of %s",
			       f->path, text_put_size(a, spec->offset), text_put_size(b, spec->length),
			       text_put_size(c, unit));
	if (spec->offset >= whole || spec->length > whole - spec->offset)
		return why_set(why, whylen, EINVAL, "%s: offset %s and length %s do not fit into its %s",
			       f->path, text_put_size(a, spec->offset), text_put_size(b, spec->length),
			       text_put_size(c, whole));
	f->size = spec->length ? spec->length : (whole - spec->offset) / unit * unit;
	/* `size` bounds what is used of a device as well. */
	if (spec->size && spec->size < f->size)
		f->size = spec->size / unit * unit;
	return f->size ? 0 : why_set(why, whylen, EINVAL, "%s: a size of less than %s is of no use",
				     f->path, text_put_size(a, unit));
}

/* Headers of Debian 12 are older than these fields of struct statx (Linux 6.11). */
enum { STATX_WRITE_ATOMIC_ = 0x10000, STATX_ATTR_WRITE_ATOMIC_ = 0x400000 };
enum { ATOMIC_MIN_AT = 0xa8, ATOMIC_MAX_AT = 0xac };

void
probe_atomic(struct facts_target *f, int fd)
{
	struct statx x;

	_Static_assert(sizeof x >= ATOMIC_MAX_AT + 4, "struct statx has room");
	memset(&x, 0, sizeof x);
	if (statx(fd, "", AT_EMPTY_PATH, STATX_BASIC_STATS | STATX_WRITE_ATOMIC_, &x) ||
	    !(x.stx_mask & STATX_WRITE_ATOMIC_) || !(x.stx_attributes & STATX_ATTR_WRITE_ATOMIC_))
		return;
	memcpy(&f->atomic_min, (char *)&x + ATOMIC_MIN_AT, sizeof f->atomic_min);
	memcpy(&f->atomic_max, (char *)&x + ATOMIC_MAX_AT, sizeof f->atomic_max);
	if (f->atomic_max)
		f->caps |= CAP_ATOMIC;
}

/* Free pages of the pool, on a node or anywhere. */
static bool
hugetlb_has(uint64_t page, int node, uint64_t bytes)
{
	struct sysdir d;
	char pool[64];
	int rc;

	snprintf(pool, sizeof pool, "hugepages-%llukB", (unsigned long long)(page >> 10));
	rc = node < 0 ? sysfs_dir(&d, "kernel/mm/hugepages/%s", pool) :
			sysfs_dir(&d, "devices/system/node/node%d/hugepages/%s", node, pool);
	return rc == 0 && (uint64_t)sysfs_number(&d, "free_hugepages", 0) >= (bytes + page - 1) / page && bytes;
}

static bool
thp_allowed(void)
{
	struct sysdir d;
	char text[64];

	return sysfs_dir(&d, "kernel/mm/transparent_hugepage") == 0 &&
	       sysfs_text(&d, "enabled", text, sizeof text) == 0 && !strstr(text, "[never]");
}

static int
gave_memory(const struct sysdir *d, const char *name, void *arg)
{
	struct sysdir dev;

	return sysfs_below(&dev, d, name) == 0 && sysfs_number(&dev, "target_node", -1) == *(int *)arg &&
	       sysfs_driver_is(&dev, "kmem");
}

/* A node without CPUs whose memory came from a dax device (CXL, or pmem as system-ram) is not
 * plain DRAM. */
static enum medium
node_medium(int node)
{
	struct sysdir d;
	char cpus[16];

	if (node < 0 || sysfs_dir(&d, "devices/system/node/node%d", node) ||
	    sysfs_text(&d, "cpulist", cpus, sizeof cpus) || cpus[0] || sysfs_dir(&d, "bus/dax/devices"))
		return MEDIUM_DRAM;
	return sysfs_each(&d, gave_memory, &node) == 1 ? MEDIUM_VOLATILE : MEDIUM_DRAM;
}

/* One such page can be had: that it is allowed says little in a sandbox. */
static bool
gives_2m(void)
{
	struct mapping m;
	char why[WHY_MAX];
	bool has;

	if (!thp_allowed() || mapping_memory(&m, 0, M2, M2, why, sizeof why) < 0)
		return false;
	has = mapping_prefault(&m, M2, true, why, sizeof why) == 0 && m.page_seen == M2;
	mapping_drop(&m);
	return has;
}

static int
probe_dram(const struct target_spec *spec, struct facts_target *f, char *why, size_t whylen)
{
	const int64_t room = mem_node_free(spec->node);
	char a[TEXT_NUM], b[TEXT_NUM];
	struct sysdir d;

	f->size = spec->size ? spec->size : DEFAULT_SIZE;
	if (spec->node >= 0 && sysfs_dir(&d, "devices/system/node/node%d", spec->node))
		return why_set(why, whylen, ENODEV, "there is no NUMA node %d; see numactl -H", spec->node);
	f->caps = CAP_MAP;
	f->node = spec->node;
	f->medium = node_medium(spec->node);
	f->align = 4096;
	f->page_sizes = 1 << 12;
	if (hugetlb_has(M2, spec->node, f->size) || gives_2m())
		f->page_sizes |= M2;
	if (hugetlb_has(1 << 30, spec->node, f->size))
		f->page_sizes |= 1 << 30;
	/* Those that translations cost least. */
	f->page_size = spec->page_size ? spec->page_size : f->page_sizes & M2 ? M2 : 4096;
	/* Huge pages are taken out of what is available already. */
	if (room >= 0 && (uint64_t)room < f->size && !hugetlb_has(f->page_size, spec->node, f->size))
		return why_set(why, whylen, ENOMEM, "%s of memory asked, %s are free%s; set a smaller size",
			       text_put_size(a, f->size), text_put_size(b, (uint64_t)room >> 20 << 20),
			       spec->node < 0 ? "" : " on this node");
	return 0;
}

/* The device is made later; these facts are the loop driver's. */
static int
probe_loop(const struct target_spec *spec, struct facts_target *f, char *why, size_t whylen)
{
	int fd, rc;

	f->size = spec->size ? spec->size : DEFAULT_SIZE;
	f->size = f->size / 4096 * 4096;
	f->medium = MEDIUM_LOOP;
	f->caps = CAP_BLOCK | CAP_FD | CAP_SYNC | CAP_MAP;
	f->page_cache = true;
	f->volatile_cache = true;
	f->sector = 512;
	f->align = 4096;
	f->page_size = 4096;
	f->page_sizes = 1 << 12;
	snprintf(f->device, sizeof f->device, "loop");
	f->present = loop_allowed(f->why, sizeof f->why);
	if (f->size == 0)
		return why_set(why, whylen, EINVAL, "a loop device of less than 4K is of no use");
	if (!f->present)
		return 0;
	fd = open(loop_dir(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return why_set(why, whylen, errno, "%s: %s; set TMPDIR", loop_dir(), strerror(errno));
	rc = fill_room(fd, f->size, loop_dir(), why, whylen);
	close(fd);
	return rc;
}

static bool
is_directory_kind(enum target_kind k)
{
	return k == KIND_FILE || k == KIND_FSDAX;
}

/* A path of another nature than the kind of target wants: what it would be right for. */
static const char *
other_use(mode_t mode)
{
	return S_ISDIR(mode) ? "; a directory is `file:` or `fsdax:`" :
	       S_ISBLK(mode) ? "; a block device is `raw:` or `sector:`" :
	       S_ISCHR(mode) ? "; a /dev/daxX.Y is `devdax:`" :
	       "; for a file under a loop device use `loop: SIZE`";
}

static int
check_nature(enum target_kind kind, const char *path, mode_t mode, char *why, size_t whylen)
{
	if (is_directory_kind(kind))
		return S_ISDIR(mode) ? 0 :
		       why_set(why, whylen, ENOTDIR, "%s is not a directory%s", path,
			       S_ISREG(mode) ? "; name the directory to make files in" : other_use(mode));
	if (kind == KIND_DEVDAX)
		return S_ISCHR(mode) ? 0 :
		       why_set(why, whylen, EINVAL, "%s is not a character device%s", path, other_use(mode));
	return S_ISBLK(mode) ? 0 :
	       why_set(why, whylen, ENOTBLK, "%s is not a block device%s", path, other_use(mode));
}

/* The path as the config has it, or where its namespace leads. */
static int
named_path(const struct target_spec *spec, char *path, size_t len, char *why, size_t whylen)
{
	int rc = 0;

	if (!spec->namespace_[0])
		snprintf(path, len, "%s", spec->path);
	else
		rc = namespace_find(spec->namespace_, spec->kind, path, len, why, whylen);
	if (rc == 0 && spec->namespace_[0] && spec->path[0]) {
		const size_t n = strlen(path);

		if ((size_t)snprintf(path + n, len - n, "/%s", spec->path) >= len - n)
			rc = why_set(why, whylen, ENAMETOOLONG, "%s: %s", spec->path, strerror(ENAMETOOLONG));
	}
	return rc;
}

/* Where the target is, and whether it is of the right nature. */
static int
find(const struct target_spec *spec, struct facts_target *f, char *why, size_t whylen)
{
	const bool dir = is_directory_kind(spec->kind);
	char path[TARGET_PATH_MAX];
	struct stat st;
	int rc = named_path(spec, path, sizeof path, why, whylen);

	if (rc < 0)
		return rc;
	if (realpath(path, f->path) && stat(f->path, &st) == 0)
		return check_nature(spec->kind, path, st.st_mode, why, whylen);
	if (errno != ENOENT)
		return why_set(why, whylen, errno, "%s: %s", path, strerror(errno));
	return why_set(why, whylen, ENOENT, dir ? "%s: no such directory; make it or name another" :
		       "%s: no such device; `run-bench list targets` shows what there is", path);
}

static int
probe(const struct target_spec *spec, struct facts_target *f, char *why, size_t whylen)
{
	int rc;

	if (spec->kind == KIND_DRAM)
		return probe_dram(spec, f, why, whylen);
	if (spec->kind == KIND_LOOP)
		return probe_loop(spec, f, why, whylen);
	rc = find(spec, f, why, whylen);
	if (rc < 0)
		return rc;
	if (is_directory_kind(spec->kind)) {
		f->size = spec->size ? spec->size : DEFAULT_SIZE;
		return probe_directory(spec, f, why, whylen);
	}
	return spec->kind == KIND_DEVDAX ? probe_devdax(spec, f, why, whylen) :
					   probe_block(spec, f, why, whylen);
}

/* Pages that cannot be had are a skip, not an error. */
static void
want_page(const struct target_spec *spec, struct facts_target *f)
{
	char text[TEXT_NUM];

	f->page_size = spec->page_size;
	f->present = f->page_sizes & spec->page_size;
	if (!f->present)
		snprintf(f->why, sizeof f->why, "pages of %s cannot be had here%s",
			 text_put_size(text, spec->page_size), spec->kind == KIND_DRAM ?
			 "; reserve some: nr_hugepages below /sys/kernel/mm/hugepages" : "");
}

int
target_probe(const struct target_spec *spec, struct facts_target *f, char *why, size_t whylen)
{
	int rc;

	*f = (struct facts_target){ .present = true, .node = -1, .dax_write_cache = -1, .medium = MEDIUM_DISK };
	rc = probe(spec, f, why, whylen);
	if (rc == 0 && f->present && spec->page_size)
		want_page(spec, f);
	if (rc < 0 && spec->optional) {
		f->present = false;
		snprintf(f->why, sizeof f->why, "%s", why);
		return 0;
	}
	return rc == -EPERM ? -EACCES : rc;
}

/* The disks at the bottom of a block device, and the queues above them. */
struct below { bool any, pmem, flush_dropped; };

static void look_below(struct below *, const struct sysdir *disk);

static int
look_at_slave(const struct sysdir *slaves, const char *name, void *arg)
{
	struct below *b = arg;
	struct sysdir d;

	b->any = true;
	if (sysfs_below(&d, slaves, name) == 0)
		look_below(b, &d);
	return 0;
}

static void
look_below(struct below *b, const struct sysdir *disk)
{
	struct sysdir d = *disk, slaves;
	struct below under = { 0 };
	struct origin o;
	char text[32];

	if (sysfs_number(&d, "partition", 0) > 0)
		sysfs_up(&d);
	if (sysfs_below(&slaves, &d, "slaves") == 0)
		sysfs_each(&slaves, look_at_slave, &under);
	if (!under.any) {
		origin_from(&o, &d);
		under.pmem = o.region[0] && !o.btt;
	}
	sysfs_text(&d, "queue/write_cache", text, sizeof text);
	b->pmem |= under.pmem;
	b->flush_dropped |= under.flush_dropped || (under.pmem && strcmp(text, "write through") == 0);
}

/* A disk's own word is believed, but for pmem: its driver says "write back" everywhere, for
 * nothing but a flush fences a finished write; another word there is root's.  BTT flushes by
 * itself. */
void
probe_caches(struct facts_target *f, const struct sysdir *disk)
{
	struct below b = { 0 };
	char text[32];

	look_below(&b, disk);
	sysfs_text(disk, "queue/write_cache", text, sizeof text);
	f->volatile_cache = b.pmem || strcmp(text, "write back") == 0;
	f->flush_dropped = b.flush_dropped;
	f->dax_write_cache = (int)sysfs_number(disk, "dax/write_cache", -1);
}

static int
device_dir(struct facts_target *f, struct sysdir *d, bool block, dev_t *dev, char *why, size_t whylen)
{
	struct stat st;
	struct origin o;
	int rc;

	if (stat(f->path, &st))
		return why_set(why, whylen, errno, "%s: %s", f->path, strerror(errno));
	*dev = st.st_rdev;
	rc = sysfs_dev(d, block, st.st_rdev);
	if (rc < 0)
		return why_set(why, whylen, -rc, "%s: not known to sysfs: %s", f->path, strerror(-rc));
	origin_from(&o, d);
	probe_origin(f, &o);
	snprintf(f->device, sizeof f->device, "%.*s", FACTS_TEXT - 1, f->path);
	return 0;
}

int
probe_block(const struct target_spec *spec, struct facts_target *f, char *why, size_t whylen)
{
	struct sysdir d, disk;
	uint64_t bytes;
	dev_t dev;
	int fd, rc = device_dir(f, &d, true, &dev, why, whylen);

	if (rc < 0)
		return rc;
	if (origin_disk(&disk, dev))
		disk = d;
	bytes = (uint64_t)sysfs_number(&d, "size", 0) * 512;
	if (bytes == 0)
		return why_set(why, whylen, ENODEV, "%s: a device of no size", f->path);
	f->caps = CAP_BLOCK | CAP_FD | CAP_SYNC | CAP_MAP;
	f->page_cache = true;
	f->sector = (uint32_t)sysfs_number(&disk, "queue/logical_block_size", 512);
	f->align = f->sector > 4096 ? f->sector : 4096;
	f->page_size = 4096;
	f->page_sizes = 1 << 12;
	probe_caches(f, &disk);
	snprintf(f->no_map_sync, sizeof f->no_map_sync, "a block device is mapped through the page cache");
	/* Without the right to read it the guard will have its say. */
	fd = open(f->path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		probe_atomic(f, fd);
		close(fd);
	}
	return probe_part(spec, f, bytes, why, whylen);
}

int
probe_devdax(const struct target_spec *spec, struct facts_target *f, char *why, size_t whylen)
{
	struct origin o;
	struct sysdir d;
	uint64_t bytes;
	dev_t dev;
	int rc = device_dir(f, &d, false, &dev, why, whylen);

	if (rc < 0)
		return rc;
	bytes = (uint64_t)sysfs_number(&d, "size", 0);
	f->align = (uint64_t)sysfs_number(&d, "align", 0);
	if (f->align == 0)
		return why_set(why, whylen, EINVAL, "%s is not a device-DAX device", f->path);
	if (sysfs_driver_is(&d, "kmem"))
		return why_set(why, whylen, EBUSY, "%s is in use as system RAM; "
			       "daxctl reconfigure-device --mode=devdax %s", f->path, sysfs_name(&d));
	origin_from(&o, &d);
	if (o.async)
		return why_set(why, whylen, ENOTSUP, "%s is virtio-pmem: the host must flush, and device DAX has no way "
			       "to ask it; use an fsdax namespace", f->path);
	f->caps = CAP_MAP | CAP_DEVDAX | CAP_DAX | CAP_MAP_SYNC;
	f->page_size = f->align;
	f->page_sizes = f->align;
	return probe_part(spec, f, bytes, why, whylen);
}
