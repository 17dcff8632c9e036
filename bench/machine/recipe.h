/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * recipe.h -- the commands that make namespaces, file systems and mounts, for a person to read and
 * run: of MODEs of the command line (recipe.c), of the targets of a config (recipe_config.c).
 *
 * The script looks for itself what is there already, and may be run again.  Nothing here makes anything.
 */
#ifndef RECIPE_H
#define RECIPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include "config.h"
#include "target.h"

/* Where namespaces can be made. */
struct recipe_region {
	char name[32];
	int node;			/* -1 unknown */
	bool labels;			/* false: it is one namespace, as a whole */
	char whole[32];			/* that namespace's name */
	bool used;			/* ... and it is mounted */
	char dimms[256];		/* "nmem0 nmem1" that could have labels; "" */
	unsigned recipes;		/* how many go there by name: recipe_place */
};

/* Keys with a choice of values. */
enum recipe_key { RECIPE_FS, RECIPE_DAX, RECIPE_ALIGN, RECIPE_MAP, RECIPE_SECTOR, RECIPE_KEYS };

/* One MODE, KIND[,KEY=VALUE...], or what a target needs. */
struct recipe {
	enum target_kind kind;		/* fsdax, devdax, sector or raw */
	char name[NAME_MAX_];		/* the namespace's; of a MODE also its target's */
	const char *key[RECIPE_KEYS];	/* "" does not apply, or is left to the tools */
	uint64_t size;			/* 0: what is left of a region */
	bool exact;			/* a person gave it */
	char region[32];		/* "" any */
	int node;			/* -1 any */
	const struct recipe_region *at;	/* of that name or node; NULL: ndctl looks for one */

	const char *target;		/* of the config; NULL: a MODE of its own */
	enum target_kind as;		/* what it is there */
	char mount[TARGET_PATH_MAX];	/* mount point, "" /mnt/NAME */
	char dir[TARGET_PATH_MAX];	/* a directory to be made, "" none */
	char device[TARGET_PATH_MAX];	/* as the config calls it, "" not at all */
	const char *note;		/* nothing is to be made: why, and of what */
	char of[TARGET_PATH_MAX];
};

/* The kind a text begins with; KINDS: it is no MODE. */
enum target_kind recipe_kind(const char *text);
void recipe_start(struct recipe *, enum target_kind);	/* with the defaults of the kind */

/* KIND[,KEY=VALUE...].  0; -EINVAL with why: what is wrong, what is allowed. */
int recipe_parse(struct recipe *, const char *text, char *why, size_t whylen);

/*
 * One for each target, in the order of the config.  own: the MODEs of the command line, each with
 * the name of a target, say how that one is made.  ready(target): a run could use it as it is.
 * 0; -EINVAL with why.
 */
int recipe_config(struct recipe *, const struct config *, bool ready(const struct target_spec *),
		  const struct recipe *own, size_t nown, char *why, size_t whylen);

/* Names, and regions where they are asked for or one without labels must do.  0; -EINVAL; -ENOSPC
 * with why. */
int recipe_place(struct recipe *, size_t n, struct recipe_region *, size_t nregion, char *why, size_t whylen);

/* The script.  0 or -EIO. */
int recipe_print(const struct recipe *, size_t n, const struct recipe_region *, size_t nregion, FILE *);

/* A word as sh takes it: quoted where it must be. */
void recipe_word(const char *, FILE *);

/* The regions of this machine, *out malloced: how many; -errno (recipe_regions.c). */
int recipe_regions(struct recipe_region **out);

/* The keys, for --help. */
#define RECIPE_HELP \
	"MODE is fsdax, devdax, sector or raw, with KEY=VALUE after commas:\n" \
	"  size=SIZE     of the namespace; else what is left of a region: give sizes where several share one\n" \
	"  name=NAME     of namespace and mount point /mnt/NAME; else the mode\n" \
	"  region=NAME   where\n" \
	"  node=N        on a region of this NUMA node\n" \
	"  fs=ext4|xfs   fsdax (ext4) and sector (none)\n" \
	"  dax=always|inode|never   fsdax: how it is mounted (always)\n" \
	"  align=4K|2M|1G   devdax, fsdax (2M)\n" \
	"  map=dev|mem   devdax, fsdax: where page structs lie\n" \
	"  sector=512|520|528|4096|4104|4160|4224   sector (4096)\n" \
	"A region without labels gets them where its NVDIMMs have room for labels; else it is one namespace.\n" \
	"With CONFIG: what its targets need and this machine does not have yet, of the size and at the place " \
	"they name.  A MODE after it with name=TARGET says how that one is made."

#endif
