/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * grant.h -- the right to write to one device, and the only way to use it.
 *
 * Only guard.c (a device the user gave) and loop.c (a device the run made) fill
 * one in.  Plain data: it travels to the worker, where grant_open() is the one
 * place that opens a block or character device for writing.
 */
#ifndef GRANT_H
#define GRANT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct grant {
	bool given;
	bool block;			/* else a character device */
	uint64_t dev;			/* dev_t of the node that was looked at */
	uint64_t diskseq;		/* block: which disk bore this number; 0: kernel before 5.15 */
};

/* Open path for reading and writing, plus oflags.  The descriptor, or -errno with why:
 * -EPERM when it is not the device that was granted. */
int grant_open(const struct grant *, const char *path, int oflags, char *why, size_t whylen);

uint64_t grant_diskseq(int fd);		/* of an open block device */

#endif
