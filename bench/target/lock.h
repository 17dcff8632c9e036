/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lock.h -- one run at a time on a device.
 *
 * flock(2) on a directory of sysfs: that of the namespace, else of the disk, else of
 * the device.  So two nodes, a partition and its disk, and two faces of one namespace
 * share a lock; nothing is left behind, and the device itself is not opened.
 */
#ifndef LOCK_H
#define LOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* The descriptor that keeps the lock until it is closed; -EBUSY or other -errno with why. */
int lock_device(bool block, dev_t, char *why, size_t whylen);

#endif
