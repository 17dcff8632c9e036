/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * owned.h -- a directory of the run's own inside one the user named.
 *
 * Made exclusively, 0700, with a file `owner` that names the run and is locked
 * while the run lives.  No symbolic link below DIR is followed.  Only names of
 * the shapes listed in owned.c are ever removed.
 */
#ifndef OWNED_H
#define OWNED_H

#include <stddef.h>
#include <stdint.h>
#include "config.h"

struct owned {
	char path[TARGET_PATH_MAX];
	char name[256];			/* its name in the parent directory */
	int parent, dir, owner;		/* descriptors; owner carries the lock */
};

/* Make DIR/daxmark-RUN-TARGET, or take over the one a dead process of this run left (what
 * lies in it is removed).  0; -errno with why. */
int  owned_make(struct owned *, const char *in, const char *run_id, const char *target,
		char *why, size_t whylen);
/* Remove it and what we made in it.  -ENOTEMPTY when something else lies there: that stays. */
int  owned_remove(struct owned *, char *why, size_t whylen);

/* Remove our files from a directory of ours (not `owner`). */
int  owned_clean(int dir);
/* Remove a directory of slot files in it. */
int  owned_clean_slots(int dir, const char *name);

/* The directory as a worker opens it: the same inode or nothing. */
int  owned_open(const char *path, uint64_t dev, uint64_t ino, char *why, size_t whylen);

#endif
