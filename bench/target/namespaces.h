/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * namespaces.h -- the persistent memory of this machine: libndctl and libdaxctl.
 *
 * Finds and describes; what a namespace really does is for the probe to see.
 */
#ifndef NAMESPACES_H
#define NAMESPACES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "target.h"

struct namespace_ {
	char name[64], alias[64];	/* namespace0.0 or dax0.0; the label's own name, "" */
	char uuid[40], raw_uuid[40];	/* as `ndctl list` shows them; "" without a label */
	char mode[16];			/* fsdax devdax sector raw system-ram */
	char device[64];		/* /dev/pmem0, "" when it has none (disabled) */
	char region[32], provider[32];
	uint64_t size;			/* bytes that can be used */
	uint64_t sector, align;		/* block devices; devdax.  0: does not apply */
	int node, target_node;
	enum medium medium;
	enum domain domain;
	unsigned badblocks;		/* ranges */
	char mount[TARGET_PATH_MAX], fstype[32], options[FACTS_TEXT];	/* "" when it is not mounted */
};

/* *out is malloced.  How many, or -errno. */
int namespaces_list(struct namespace_ **out);

/* Does it bear this name or uuid?  By the kernel's, the label's and both uuids. */
bool namespace_is(const struct namespace_ *, const char *id);

/* The one that bears it.  0; -ENOENT, -EEXIST (several), -ENODEV (disabled) with why. */
int namespace_pick(const struct namespace_ *, int n, const char *id, const struct namespace_ **,
		   char *why, size_t whylen);

/* Where a target of this kind on a namespace named by uuid or name is: its device; fsdax: where
 * that is mounted.  0; -ENOENT, -ENODEV, -EINVAL (another mode) ... with why. */
int namespace_find(const char *id, enum target_kind, char *path, size_t pathlen, char *why, size_t whylen);

#endif
