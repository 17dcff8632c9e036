/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * layout.h -- do a file's blocks lie so that 2 MiB pages can map them?
 *
 * A DAX mapping gets a 2 MiB page where 2 MiB of the file are contiguous and
 * aligned on the device (FACTS 4).  Without mkfs's stride or su that is chance.
 */
#ifndef LAYOUT_H
#define LAYOUT_H

#include <stdbool.h>
#include <stdint.h>

/* All of the allocated file, but for an end that fills no page. */
bool layout_is_huge(int fd, uint64_t size);

/* Allocate `size` bytes of the empty file fd in dir; where they lie badly, put nameless
 * ballast there for the moment and try again, a few times.  Says how they lie at last;
 * the file may be unallocated when they do not. */
bool layout_allocate(int fd, int dir, uint64_t size);

#endif
