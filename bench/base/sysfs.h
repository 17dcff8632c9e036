/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sysfs.h -- directories of /sys and their attributes, read.
 */
#ifndef SYSFS_H
#define SYSFS_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include "text.h"

/* Tests: another root than /sys (NULL: /sys).  dir is kept, not copied. */
void sysfs_set_root(const char *dir);

/* A directory, every symbolic link resolved, so that going up walks the device tree. */
struct sysdir { char path[PATH_MAX]; };

int  sysfs_dir(struct sysdir *, const char *fmt, ...)	/* below /sys; 0 or -errno */
	__attribute__((format(printf, 2, 3)));
int  sysfs_dev(struct sysdir *, bool block, dev_t);	/* the device with this number */
int  sysfs_below(struct sysdir *, const struct sysdir *, const char *name);
bool sysfs_up(struct sysdir *);				/* to the parent; false at the root */
const char *sysfs_name(const struct sysdir *);		/* the last component */

/* An attribute's first line.  0 or -errno (then buf is ""). */
int     sysfs_text(const struct sysdir *, const char *attr, char *buf, size_t len);
int64_t sysfs_number(const struct sysdir *, const char *attr, int64_t missing);	/* any C base */
bool    sysfs_driver_is(const struct sysdir *, const char *name);
bool    sysfs_devno(const struct sysdir *, dev_t *);	/* its `dev` attribute */

/* Call fn for each entry until it returns nonzero; that value, 0, or -errno. */
int sysfs_each(const struct sysdir *, int (*fn)(const struct sysdir *, const char *name, void *), void *arg);

/* "Did you mean" over a directory.  best: the entry most like the word, copied (a directory's
 * names do not last); "": none. */
struct nearest { struct guess guess; char best[NAME_MAX + 1]; };
void nearest_start(struct nearest *, const char *word);
int  nearest_entry(const struct sysdir *, const char *name, void *nearest);	/* for sysfs_each */

#endif
