/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * held.h -- is a block device in use: it, its partitions, its disk, its siblings?
 */
#ifndef HELD_H
#define HELD_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Device numbers that stand for the same bytes. */
struct family {
	size_t n;
	dev_t dev[256];
	char sibling[32];		/* another disk on the same namespace, "" none */
};

/* The device, its partitions; the disk it is a partition of; every block device on the same
 * nvdimm namespace, and every loop device over the same bytes of a file, with partitions; what a
 * loop device lies on.  0 or -errno (-E2BIG: more than fit). */
int  family_of(struct family *, bool block, dev_t);

/* Mounted, swap, a second face of a namespace, held by dm, md, bcache (holders/), a BTT, or under
 * a loop device. 1 and the sentence in why; 0: free; -errno. */
int  family_held(const struct family *, char *why, size_t whylen);

#endif
