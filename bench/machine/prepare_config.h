/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * prepare_config.h -- what the targets of a config need, as modes for prepare_print.h.
 * Pure: what is there already comes from prepare_look.h.
 */
#ifndef PREPARE_CONFIG_H
#define PREPARE_CONFIG_H

#include "config.h"
#include "prepare_print.h"
#include "target.h"

/* What this machine has of a target. */
struct prep_found {
	bool ready;			/* a run could use it as it is */
	char mount[PREP_PATH];		/* only the directory is missing, below this one, which would do; "" */
	char space[NAME_MAX_];		/* its namespace is there, not mounted; "" */
	char device[64], fs[32];	/* of that; what it carries, "" nothing */
	uint64_t size;			/* of that */
	char why[WHY_MAX];		/* what stands in the way; "" */
};

/* Where the file system of a directory target is to be mounted, and the directory when it lies
 * below that ("" else).  Of /mnt/X/Y it is /mnt/X, of others the directory itself. */
void prepare_mount_point(const struct target_spec *, char mount[PREP_PATH], char dir[PREP_PATH]);
void prepare_below(char to[PREP_PATH], const char *mount, const char *dir);	/* MOUNT/DIR */

/*
 * One mode a target, in the order of the config.  own: the MODEs of the command line, each with
 * the name of a target, say how that one is made.  0; -EINVAL with why.
 */
int prepare_config(struct prep_mode *, const struct config *, const struct prep_found *,
		   const struct prep_mode *own, size_t nown, char *why, size_t whylen);

/* What the benches ask of the i-th target (prepare_needs.c).  Bytes of its namespace, with the file
 * system fs on it ("" none); 0: a fair share. */
uint64_t prepare_room(const struct config *, size_t i, const char *fs);
uint64_t prepare_sector(const struct config *, size_t i);	/* 4096, unless sectors are written that are no multiple */
uint64_t prepare_page(const struct config *, size_t i);		/* the pages asked for, when all ask for the same; 2M */

#endif
