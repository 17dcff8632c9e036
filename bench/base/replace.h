/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * replace.h -- files in a directory that others may have filled: one that appears whole or not
 * at all, written beside its name and then renamed over it; one that is appended to.  Neither
 * ever leads to where a link points.
 */
#ifndef REPLACE_H
#define REPLACE_H

#include <stdio.h>

struct replace {
	FILE *file;			/* write here */
	int dirfd;
	char name[200], temp[210];
};

/* 0 or -errno.  name is relative to dirfd. */
int replace_open(struct replace *, int dirfd, const char *name);
/* Put it in place; with err < 0, or when a write failed, drop it instead.  err or -errno. */
int replace_close(struct replace *, int err);

/* Open a regular file of one name for appending; flags: 0 or O_CREAT.  A descriptor; -EMLINK: it
 * is a link, has another name or is no file; -errno.  errno says the same. */
int own_append(int dirfd, const char *name, int flags);

#endif
