/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * origin.h -- what a device is made of, read from sysfs: the medium at its
 * bottom, its region and that region's persistence domain, its namespace.
 */
#ifndef ORIGIN_H
#define ORIGIN_H

#include "sysfs.h"
#include "target.h"

struct origin {
	enum medium medium;
	enum domain domain;
	int node;			/* -1 unknown */
	bool btt;			/* sectors are atomic */
	bool composed;			/* dm or md: the rest is said of its first part */
	bool async;			/* virtio-pmem: flushing is the host's, CPU flushes do not suffice */
	char region[32], namespace_[32], provider[32], map[4];	/* map: as in facts.h */
	char uuid[40], holder_uuid[40];	/* of the namespace; of the btt, pfn or dax on it */
};

int  origin_of(struct origin *, bool block, dev_t);	/* 0, -errno: no such device */
void origin_from(struct origin *, const struct sysdir *);

/* The disk of a partition, the device itself otherwise. */
int  origin_disk(struct sysdir *, dev_t);

#endif
