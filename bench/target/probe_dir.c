/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>
#include "fill.h"
#include "loop.h"
#include "keys.h"
#include "layout.h"
#include "mapping.h"
#include "mounts.h"
#include "probe.h"
#include "why.h"
#include "xfs.h"

static const uint64_t M2 = 2ull << 20;
static const char on_btt[] = "a BTT has no DAX: each write moves the sector";

/* Is a word among comma-separated options? */
static bool
has_option(const char *options, const char *word)
{
	const size_t len = strlen(word);

	for (const char *p = options; *p; p += strcspn(p, ","), p += *p == ',')
		if (strcspn(p, ",") == len && memcmp(p, word, len) == 0)
			return true;
	return false;
}

/* The device beneath the file system, and what it says. */
static void
look_beneath(struct facts_target *f, const struct stat *st)
{
	struct mounted m;
	struct origin o;
	struct sysdir d;
	dev_t dev;

	f->medium = MEDIUM_DISK;
	if (mount_of(st->st_dev, &m))
		return;
	snprintf(f->fstype, sizeof f->fstype, "%s", m.fstype);
	snprintf(f->options, sizeof f->options, "%.*s", FACTS_TEXT - 1, m.options);
	snprintf(f->device, sizeof f->device, "%.*s", FACTS_TEXT - 1, m.source);
	if (strcmp(m.fstype, "tmpfs") == 0 || strcmp(m.fstype, "ramfs") == 0 || strcmp(m.fstype, "rootfs") == 0)
		f->medium = MEDIUM_DRAM;
	f->memory_fs = f->medium == MEDIUM_DRAM;
	f->no_barrier = has_option(m.options, "nobarrier") || has_option(m.options, "barrier=0");
	dev = mount_device(&m);
	if (!dev || origin_of(&o, true, dev))
		return;
	probe_origin(f, &o);
	if (o.btt)
		snprintf(f->no_map_sync, sizeof f->no_map_sync, "%s", on_btt);
	f->atomic_sector = false;	/* a file's block is not a sector of its own */
	if (origin_disk(&d, dev) == 0)
		probe_caches(f, &d);
}

static void
look_at_inode(struct facts_target *f, int fd)
{
	static const struct { int flag; const char *name; } flags[] = {
		{ FS_DAX_FL, "dax" }, { FS_SYNC_FL, "sync" }, { FS_DIRSYNC_FL, "dirsync" },
		{ FS_JOURNAL_DATA_FL, "journal-data" }, { FS_NOCOW_FL, "nocow" }, { FS_COMPR_FL, "compressed" },
	};
	size_t used = 0;
	int have = 0;

	if (ioctl(fd, FS_IOC_GETFLAGS, &have))
		return;
	for (size_t k = 0; k < sizeof flags / sizeof *flags; k++)
		if (have & flags[k].flag)
			used += (size_t)snprintf(f->inode + used, sizeof f->inode - used, "%s%s", used ? " " : "", flags[k].name);
}

static bool
is_dax(int fd)
{
	struct statx x;

	return statx(fd, "", AT_EMPTY_PATH, STATX_BASIC_STATS, &x) == 0 &&
	       (x.stx_attributes_mask & STATX_ATTR_DAX) && (x.stx_attributes & STATX_ATTR_DAX);
}

/* Only MAP_SHARED_VALIDATE validates (FACTS 0.2).  virtio-pmem refuses, but not always: a struct
 * dax_device that the kernel uses again keeps the flag of the NVDIMM it was before (seen on 6.1
 * and 6.12). */
static void
try_map_sync(struct facts_target *f, int fd)
{
	void *p;

	if (f->async_flush) {
		snprintf(f->no_map_sync, sizeof f->no_map_sync, "MAP_SYNC cannot hold on virtio-pmem: "
			 "the host must be asked to flush");
		return;
	}
	p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED_VALIDATE | MAP_SYNC, fd, 0);
	if (p != MAP_FAILED) {
		munmap(p, 4096);
		f->caps |= CAP_MAP_SYNC;
		return;
	}
	snprintf(f->no_map_sync, sizeof f->no_map_sync, "mmap with MAP_SYNC: %s", strerror(errno));
}

static bool
maps_huge(int fd, uint64_t len)
{
	struct mapping m;
	char why[WHY_MAX];
	bool huge;

	if (mapping_file(&m, fd, 0, len, M2, false, why, sizeof why))
		return false;
	huge = mapping_prefault(&m, len, true, why, sizeof why) == 0 && m.page_seen == M2;
	mapping_drop(&m);
	return huge;
}

/* Does this file system put a file of this size on 2 MiB boundaries, and does the kernel map it
 * so? */
static bool
try_huge(const char *path, uint64_t size)
{
	int dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), fd = nameless_file(path);
	bool huge = dir >= 0 && fd >= 0 && size >= M2 && layout_allocate(fd, dir, size) &&
		    maps_huge(fd, size < 2 * M2 ? M2 : 2 * M2);

	if (fd >= 0)
		close(fd);
	if (dir >= 0)
		close(dir);
	return huge;
}

static int
cannot_write(const char *path, int err, char *why, size_t whylen)
{
	const char *mend =
		err == EROFS ? "a read-only file system; mount -o remount,rw it" :
		err == EACCES || err == EPERM ? "this user may not write there; chown or chmod it" :
		err == ENOSPC || err == EDQUOT ? "no space is left; free some" : strerror(err);

	return why_set(why, whylen, err == EPERM ? EACCES : err, "%s: %s, or name another directory", path, mend);
}

static int
no_dax(const struct facts_target *f, char *why, size_t whylen)
{
	const bool can = strcmp(f->fstype, "xfs") == 0 || strcmp(f->fstype, "ext4") == 0;
	const char *mend = strcmp(f->no_map_sync, on_btt) == 0 ? on_btt :
		strstr(f->options, "dax=never") ?
		"it is mounted with dax=never: remount it with -o dax=always" : can ?
		"mount it with -o dax=always, or set the flag on the directory: xfs_io -c 'chattr +x' DIR; "
		"the device must be an fsdax namespace and the block size 4096" :
		"this file system has none; use `file:`";

	return why_set(why, whylen, ENOTSUP, "%s (%s on %s): statx says that its files are not DAX; %s",
		       f->path, f->fstype, f->device, mend);
}

/* What a file there can do, from a file made there. */
static int
try_file(const struct target_spec *spec, struct facts_target *f, int fd, char *why, size_t whylen)
{
	int rc = fill_file(fd, 4096, PREP_WRITTEN, why, whylen);

	if (rc < 0)
		return rc;
	f->caps = CAP_MAP | CAP_FD | CAP_SYNC | CAP_DIR;
	f->align = 4096;
	f->page_sizes = 1 << 12;
	f->page_size = 4096;
	/* One that does not say is as mkfs.xfs makes them: it can. */
	f->reflink = strcmp(f->fstype, "xfs") == 0 && xfs_reflink(fd) != 0;
	look_at_inode(f, fd);
	probe_atomic(f, fd);
	if (is_dax(fd)) {
		f->caps |= CAP_DAX;
		try_map_sync(f, fd);
		if (try_huge(f->path, f->size))
			f->page_sizes |= f->page_size = M2;
	} else {
		f->page_cache = true;
		if (!f->no_map_sync[0])
			snprintf(f->no_map_sync, sizeof f->no_map_sync, "the file is not DAX");
	}
	return spec->kind == KIND_FSDAX && f->page_cache ? no_dax(f, why, whylen) : 0;
}

int
probe_directory(const struct target_spec *spec, struct facts_target *f, char *why, size_t whylen)
{
	struct statvfs v;
	struct stat st;
	int fd, rc;

	if (stat(f->path, &st))
		return why_set(why, whylen, errno, "%s: %s", f->path, strerror(errno));
	look_beneath(f, &st);
	if (statvfs(f->path, &v) == 0 && (v.f_flag & ST_RDONLY))
		return cannot_write(f->path, EROFS, why, whylen);
	if (faccessat(AT_FDCWD, f->path, W_OK | X_OK, AT_EACCESS))
		return cannot_write(f->path, errno, why, whylen);
	fd = nameless_file(f->path);
	if (fd < 0)
		return cannot_write(f->path, -fd, why, whylen);
	rc = fill_room(fd, f->size, f->path, why, whylen);
	if (rc == 0)
		rc = try_file(spec, f, fd, why, whylen);
	close(fd);
	return rc;
}
