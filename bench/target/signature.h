/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * signature.h -- does a device hold something?  Reads, never writes.
 */
#ifndef SIGNATURE_H
#define SIGNATURE_H

#include <stddef.h>
#include <stdint.h>

/* What the `size` bytes from `at` on of an open block device (0: all that follow) carry at their
 * beginning and at their end, as if they were a device: a file system, swap, RAID or LVM member, a
 * partition table (libblkid), a BTT, PFN or DAX info block.  1 and its name in what; 0: nothing;
 * -errno. */
int signature_block(int fd, uint64_t at, uint64_t size, char *what, size_t len);

/* Is the page at `at` of an open devdax other than zeros?  1, 0 or -errno. */
int signature_devdax(int fd, uint64_t at, size_t align);

#endif
