/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mounts.h -- /proc/self/mountinfo, by libmount.
 */
#ifndef MOUNTS_H
#define MOUNTS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct mounted {
	char target[4096], source[256], fstype[32], options[512];
	dev_t dev;			/* of the file system, as st_dev */
};

/* Call fn for each mount until it returns nonzero; that value, 0, or -errno. */
int mounts_each(int (*fn)(const struct mounted *, void *), void *arg);

int mount_of(dev_t st_dev, struct mounted *);	/* a mount of this file system; -ENOENT */

/* The block device under a file system: its st_dev, or its source's where st_dev is
 * anonymous (btrfs, overlay).  0 when there is none. */
dev_t mount_device(const struct mounted *);

#endif
