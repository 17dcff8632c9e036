/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rootfs.h -- small files of /proc, /sys and /dev, read; for tests from another root.
 */
#ifndef ROOTFS_H
#define ROOTFS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Read below this directory instead of / (NULL: /); sysfs.h follows.  Kept, not copied. */
void rootfs_set(const char *dir);
bool rootfs_real(void);			/* it is the machine that this process runs on */

/* Each path is that of the real file, by a format. */
#define ROOTFS_FMT(n) __attribute__((format(printf, n, n + 1)))
/* The first line without its newline; "" and -errno when there is none. */
int     rootfs_line(char *buf, size_t len, const char *fmt, ...) ROOTFS_FMT(3);
int64_t rootfs_number(int64_t missing, const char *fmt, ...) ROOTFS_FMT(2);	/* decimal or 0x */
bool    rootfs_has(const char *fmt, ...) ROOTFS_FMT(1);
/* Everything, at most `max` bytes, ended by NUL; malloced; NULL and errno. */
char   *rootfs_all(size_t max, size_t *len, const char *fmt, ...) ROOTFS_FMT(3);
/* Eight bytes at an offset, as /dev/cpu/N/msr has them. */
int     rootfs_u64(uint64_t *, uint64_t offset, const char *fmt, ...) ROOTFS_FMT(3);
/* Names in a directory, in version order, until fn returns nonzero; that, 0, or -errno. */
int     rootfs_each(int (*fn)(const char *name, void *), void *arg, const char *fmt, ...) ROOTFS_FMT(3);

#endif
