/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * replace.h -- a file that appears whole or not at all: written beside its name,
 * then renamed over it.
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

#endif
