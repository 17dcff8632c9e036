/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * guard.h -- may this device be written?  (DESIGN 8)
 *
 * Every path that writes to a block or character device holds a grant from here
 * (or from loop.c); grant_open() is the only way to a writable descriptor of
 * one.  Looking changes nothing: devices are opened for reading alone.
 */
#ifndef GUARD_H
#define GUARD_H

#include <stdbool.h>
#include <sys/types.h>
#include <stddef.h>
#include "config.h"
#include "grant.h"
#include "target.h"

struct consent {
	const char *const *name;	/* --destroy-data=NAME, as given: the config's path or namespace,
					 * or the uuid of the namespace */
	size_t n;
	bool overwrite_nonblank;	/* --overwrite-nonblank */
};

/* A device that may be written until guard_release(). */
struct guarded {
	struct grant grant;
	char path[TARGET_PATH_MAX];	/* of the node, resolved */
	int lock;			/* of this run on the disk or namespace (lock.h) */
	int excl;			/* block: held with O_EXCL, so that nobody mounts it meanwhile; workers,
					 * which come without O_EXCL, pass */
	bool blank;			/* devdax: the page at `at` held nothing but zeros */
	uint64_t at;			/* devdax: where the part that is used begins */
};
#define GUARDED_NONE { .lock = -1, .excl = -1 }

/*
 * Look, under a lock, and refuse: mounted (it, a partition of it, its disk, a sibling
 * on its namespace); swap; held (holders/, LVM, md, dm, BTT, somebody's loop device);
 * not named by consent, and only what is free is offered that way out; carrying a
 * signature at its beginning, at its end or where the part begins and ends that the config
 * uses (libblkid, BTT and PFN info blocks; devdax: a page that is not blank) unless
 * overwrite_nonblank.  path: the device, as the probe found it.  0; -EPERM with the reason
 * and what to do in why, and for nothing else; other -errno likewise (no such device,
 * read-only ...).
 */
int  guard_device(const struct target_spec *, const char *path, const struct consent *, struct guarded *,
		  char *why, size_t whylen);
/* What guard_device() would say, letting go at once: nothing is written. */
int  guard_look(const struct target_spec *, const char *path, const struct consent *, char *why, size_t whylen);
/* Let go.  A devdax whose first used page was blank gets it back so, or the next run would find
 * it written. */
void guard_release(struct guarded *);

/*
 * One run at a time on a device: flock(2) on a directory of sysfs, that of the namespace, else of the
 * disk, else of the device.  So two nodes, a partition and its disk, and two faces of one namespace
 * share a lock; nothing is left behind, and the device itself is not opened.
 *
 * The descriptor that keeps the lock until it is closed; -EBUSY or other -errno with why.
 */
int lock_device(bool block, dev_t, char *why, size_t whylen);

#endif
