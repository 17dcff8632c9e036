/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fill.h -- bring a file's blocks into a known state, durably (FACTS 1).
 */
#ifndef FILL_H
#define FILL_H

#include <stddef.h>
#include <stdint.h>

/* Make the empty file fd `size` bytes of PREP_HOLE, PREP_UNWRITTEN (allocated) or PREP_WRITTEN
 * (allocated, then zeros written over it), and fsync it.  0; -errno with why. */
int fill_file(int fd, uint64_t size, int preparation, char *why, size_t whylen);

/* As PREP_UNWRITTEN, but the file stays empty: blocks beyond its end. */
int fill_beyond(int fd, uint64_t size, char *why, size_t whylen);

/* Is there room for `size` more bytes?  -ENOSPC with why. */
int fill_room(int fd, uint64_t size, const char *path, char *why, size_t whylen);

#endif
