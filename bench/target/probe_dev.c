/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "probe.h"
#include "why.h"

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

/* A disk's own word is believed, but for pmem: its driver says "write back" everywhere, for nothing but
 * a flush fences a finished write; another word there is root's.  BTT flushes by itself. */
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
