/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * signature.h -- does a device hold something?  Reads, never writes.
 */
#ifndef SIGNATURE_H
#define SIGNATURE_H

#include <stddef.h>

/* What an open block device carries: a file system, swap, RAID or LVM member, a partition
 * table (libblkid), a BTT, PFN or DAX info block.  1 and its name in what; 0: nothing; -errno. */
int signature_block(int fd, char *what, size_t len);

/* Is the first page of an open devdax other than zeros?  1, 0 or -errno. */
int signature_devdax(int fd, size_t align);

#endif
