/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <linux/loop.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>
#include "held.h"
#include "mounts.h"
#include "origin.h"
#include "why.h"

static bool
in_family(const struct family *f, dev_t dev)
{
	for (size_t i = 0; i < f->n; i++)
		if (f->dev[i] == dev)
			return true;
	return false;
}

static int
add(struct family *f, dev_t dev)
{
	if (in_family(f, dev))
		return 0;
	if (f->n == sizeof f->dev / sizeof f->dev[0])
		return -E2BIG;
	f->dev[f->n++] = dev;
	return 0;
}

static int
add_partition(const struct sysdir *disk, const char *name, void *arg)
{
	struct sysdir part;
	dev_t dev;

	if (sysfs_below(&part, disk, name) || sysfs_number(&part, "partition", 0) <= 0 || !sysfs_devno(&part, &dev))
		return 0;
	return add(arg, dev);
}

static int
add_disk(struct family *f, const struct sysdir *disk)
{
	dev_t dev;
	int rc = sysfs_devno(disk, &dev) ? add(f, dev) : 0;

	return rc ? rc : sysfs_each(disk, add_partition, f);
}

struct siblings { struct family *family; const char *namespace_; };

static int
add_sibling(const struct sysdir *all, const char *name, void *arg)
{
	struct siblings *s = arg;
	struct sysdir disk;
	struct origin o;
	dev_t dev;

	if (sysfs_below(&disk, all, name) || !sysfs_devno(&disk, &dev) || in_family(s->family, dev))
		return 0;
	origin_from(&o, &disk);
	/* What lies on it by dm or md is its holder. */
	if (o.composed || strcmp(o.namespace_, s->namespace_) != 0)
		return 0;
	snprintf(s->family->sibling, sizeof s->family->sibling, "%.31s", name);
	return add_disk(s->family, &disk);
}

/* What a loop device lies on; -ENXIO: nothing. */
static int
loop_info(const char *name, struct loop_info64 *info)
{
	char path[64];
	int fd, rc = 0;

	snprintf(path, sizeof path, "/dev/%.40s", name);
	fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (ioctl(fd, LOOP_GET_STATUS64, info) != 0)
		rc = -errno;
	close(fd);
	return rc;
}

static bool
overlap(const struct loop_info64 *a, const struct loop_info64 *b)
{
	const uint64_t end_a = a->lo_sizelimit ? a->lo_offset + a->lo_sizelimit : UINT64_MAX;
	const uint64_t end_b = b->lo_sizelimit ? b->lo_offset + b->lo_sizelimit : UINT64_MAX;

	return a->lo_offset < end_b && b->lo_offset < end_a;
}

struct twins { struct family *family; const struct loop_info64 *of; };

/* Another loop device over the same bytes of the same file. */
static int
add_twin(const struct sysdir *all, const char *name, void *arg)
{
	struct twins *t = arg;
	struct loop_info64 info;
	struct sysdir disk, loop;
	int rc;

	if (strncmp(name, "loop", 4) != 0 || sysfs_below(&disk, all, name) || sysfs_below(&loop, &disk, "loop"))
		return 0;
	rc = loop_info(name, &info);
	/* Gone meanwhile. */
	if (rc == -ENXIO || rc == -ENOENT)
		return 0;
	if (rc == 0 && info.lo_device == t->of->lo_device && info.lo_inode == t->of->lo_inode &&
	    overlap(&info, t->of))
		rc = add_disk(t->family, &disk);
	return rc;
}

/* Of a loop device: its twins, and the block device it lies on, with that one's. */
static int
add_loop(struct family *f, const struct sysdir *disk)
{
	struct loop_info64 info;
	struct sysdir all;
	int rc;

	if (strncmp(sysfs_name(disk), "loop", 4) != 0)
		return 0;
	rc = loop_info(sysfs_name(disk), &info);
	if (rc == 0 && info.lo_rdevice)
		rc = add(f, info.lo_rdevice);
	if (rc == 0)
		rc = sysfs_dir(&all, "block");
	return rc ? rc : sysfs_each(&all, add_twin, &(struct twins){ f, &info });
}

int
family_of(struct family *f, bool block, dev_t dev)
{
	struct origin o;
	struct sysdir d;
	int rc;

	*f = (struct family){ 0 };
	rc = origin_of(&o, block, dev);
	if (rc == 0 && block) {
		rc = add(f, dev);
		if (rc == 0)
			rc = origin_disk(&d, dev);
		/* Of a partition: not its sisters, which hold other bytes. */
		if (rc == 0 && sysfs_dev(&d, true, dev) == 0 && sysfs_number(&d, "partition", 0) > 0)
			rc = origin_disk(&d, dev) == 0 && sysfs_devno(&d, &dev) ? add(f, dev) : -ENODEV;
		else if (rc == 0)
			rc = add_disk(f, &d);
		if (rc == 0)
			rc = origin_disk(&d, dev);
		if (rc == 0)
			rc = add_loop(f, &d);
	}
	if (rc == 0 && o.namespace_[0] && !o.composed && sysfs_dir(&d, "block") == 0)
		rc = sysfs_each(&d, add_sibling, &(struct siblings){ f, o.namespace_ });
	return rc;
}

static bool
node_in_family(const struct family *f, const char *path)
{
	struct stat st;

	return path[0] == '/' && stat(path, &st) == 0 && S_ISBLK(st.st_mode) && in_family(f, st.st_rdev);
}

struct search { const struct family *family; char *why; size_t len; };

static int
find_mount(const struct mounted *m, void *arg)
{
	struct search *s = arg;

	if (!in_family(s->family, m->dev) && !node_in_family(s->family, m->source))
		return 0;
	snprintf(s->why, s->len, "is mounted: %s on %s; umount it", m->source, m->target);
	return 1;
}

static int
find_swap(const struct family *f, char *why, size_t len)
{
	FILE *swaps = fopen("/proc/swaps", "re");
	char line[4200], path[4096];
	int found = 0;

	if (!swaps)
		return errno == ENOENT ? 0 : -errno;
	while (!found && fgets(line, sizeof line, swaps)) {
		if (sscanf(line, "%4095s", path) == 1 && node_in_family(f, path)) {
			snprintf(why, len, "is swap space; swapoff %s", path);
			found = 1;
		}
	}
	fclose(swaps);
	return found;
}

static int
first_holder(const struct sysdir *d, const char *name, void *arg)
{
	struct search *s = arg;

	(void)d;
	snprintf(s->why, s->len, "is held by %s (device mapper, md, LVM, bcache ...); stop that first", name);
	return 1;
}

/* holders/, and an nvdimm namespace that another driver claimed while this face of it lives. */
static int
find_holder(struct search *s, dev_t dev)
{
	struct sysdir d, below;
	char holder[64];
	int rc;

	/* The device itself was there (family_of()); a face of it may be gone.  What cannot be
	 * read may be held. */
	if ((rc = sysfs_dev(&d, true, dev)) < 0)
		return rc == -ENOENT ? 0 : rc;
	if (sysfs_below(&below, &d, "holders") == 0) {
		rc = sysfs_each(&below, first_holder, s);
		if (rc != 0)
			return rc;
	}
	if (sysfs_below(&below, &d, "device") == 0 && strncmp(sysfs_name(&below), "namespace", 9) == 0 &&
	    sysfs_text(&below, "holder", holder, sizeof holder) == 0 && holder[0]) {
		snprintf(s->why, s->len, "is held by %s of its namespace; use that device", holder);
		return 1;
	}
	return 0;
}

/* losetup on a block device claims nothing, so that O_EXCL does not see it. */
static int
find_loop(const struct sysdir *all, const char *name, void *arg)
{
	struct search *s = arg;
	char path[4096];
	struct sysdir d;
	dev_t dev;

	/* A member of the family lies on another, and is looked at as such. */
	if (strncmp(name, "loop", 4) != 0 || sysfs_below(&d, all, name) ||
	    (sysfs_devno(&d, &dev) && in_family(s->family, dev)) ||
	    sysfs_text(&d, "loop/backing_file", path, sizeof path) || !node_in_family(s->family, path))
		return 0;
	snprintf(s->why, s->len, "lies under /dev/%s; losetup -d /dev/%s", name, name);
	return 1;
}

int
family_held(const struct family *f, char *why, size_t len)
{
	struct search s = { f, why, len };
	struct sysdir all;
	int rc = mounts_each(find_mount, &s);

	if (rc == 0)
		rc = find_swap(f, why, len);
	if (rc == 0 && f->sibling[0]) {
		snprintf(why, len, "lies on the same namespace as /dev/%s; use that device", f->sibling);
		rc = 1;
	}
	for (size_t i = 0; rc == 0 && i < f->n; i++)
		rc = find_holder(&s, f->dev[i]);
	if (rc == 0 && sysfs_dir(&all, "block") == 0)
		rc = sysfs_each(&all, find_loop, &s);
	return rc;
}
