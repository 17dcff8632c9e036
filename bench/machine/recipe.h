/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * recipe.h -- the commands that make namespaces, file systems and mounts, for a person to read and
 * run: of MODEs of the command line (recipe.c), of the targets of a config (recipe_config.c).
 * Makes nothing; all but recipe_look.c is pure: what the machine has in, text out.
 */
#ifndef RECIPE_H
#define RECIPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include "config.h"
#include "target.h"

enum { RECIPE_PATH = 2 * TARGET_PATH_MAX + 2 };
/* What ndctl wants the namespace of an fsdax or devdax to begin at, whatever the alignment of its region. */
enum { RECIPE_BEGINS_AT = 16 << 20 };

/* A region, and the room in it. */
struct recipe_region {
	char name[32];
	int node;			/* -1 unknown */
	bool labels;			/* false: it is one namespace, as a whole */
	char dimms[256];		/* of one without: "nmem0 nmem1", which have room for labels; "" */
	char whole[32];			/* that namespace's name, "" none */
	bool used;			/* ... and it is mounted */
	uint64_t free;			/* the largest piece to be had, with labels where they can be */
	uint64_t align;			/* sizes are multiples of this */
	/* recipe_place: */
	bool init;			/* it is to get labels */
	size_t sharers;			/* recipes without a size that share what is free */
};

/* Keys with a choice of values. */
enum recipe_key { RECIPE_FS, RECIPE_DAX, RECIPE_ALIGN, RECIPE_MAP, RECIPE_SECTOR, RECIPE_KEYS };

/* A namespace is to be made; one that is there mounted, after mkfs when it is blank; nothing. */
enum recipe_step { RECIPE_MAKE, RECIPE_MOUNT, RECIPE_NOTHING };

/* One MODE, KIND[,KEY=VALUE...], or what a target needs. */
struct recipe {
	enum recipe_step step;
	enum target_kind kind;		/* fsdax, devdax, sector or raw */
	char name[NAME_MAX_];		/* the namespace's; of a MODE also its target's */
	const char *key[RECIPE_KEYS];	/* "" does not apply, or is left to the tools */
	uint64_t size;			/* 0: a fair share of what is free */
	bool least;			/* size may be rounded up */
	char region[32];		/* "" any */
	int node;			/* -1 any */
	struct recipe_region *at;	/* recipe_place */

	const char *target;		/* of the config; NULL: a MODE of its own */
	enum target_kind as;		/* what it is there */
	char mount[RECIPE_PATH];	/* mount point, "" /mnt/NAME */
	char dir[RECIPE_PATH];		/* a directory to be made, "" none */
	char device[TARGET_PATH_MAX];	/* to be mounted; of one to be made: as a config says, "" */
	char note[RECIPE_PATH + 64];	/* why nothing is to be done */
};

/* The kind a text begins with; KINDS: it is no MODE. */
enum target_kind recipe_kind(const char *text);
void recipe_start(struct recipe *, enum target_kind);	/* with the defaults of the kind */

int recipe_set(struct recipe *, unsigned key, const char *value);	/* 0; -EINVAL: not such a value */

/* KIND[,KEY=VALUE...].  0; -EINVAL with why: what is wrong, what is allowed. */
int recipe_parse(struct recipe *, const char *text, char *why, size_t whylen);

/* Give each that is to be made a region, a size and a name of its own.  0; -EINVAL; -ENOSPC with why. */
int recipe_place(struct recipe *, size_t n, struct recipe_region *, size_t nregion,
		 char *why, size_t whylen);

/* The script.  0 or -EIO. */
int recipe_print(const struct recipe *, size_t n, const struct recipe_region *, size_t nregion, FILE *);

/* What this machine has of a target. */
struct recipe_found {
	bool ready;			/* a run could use it as it is */
	char dir[RECIPE_PATH];		/* only this directory is missing, and would do; "" */
	char device[64];		/* its namespace is there, not mounted; "" */
	uint64_t size;			/* of that */
	char why[WHY_MAX];		/* what stands in the way; "" */
};

/*
 * One recipe a target, in the order of the config; zeroed before.  own: the MODEs of the command
 * line, each with the name of a target, say how that one is made.  0; -EINVAL with why.
 */
int recipe_config(struct recipe *, const struct config *, const struct recipe_found *,
		  const struct recipe *own, size_t nown, char *why, size_t whylen);

/* Where the file system of a directory target is to be mounted, and the directory when it lies
 * below that ("" else).  Of /mnt/X/Y it is /mnt/X, of others the directory itself. */
void recipe_mount_point(const struct target_spec *, char mount[RECIPE_PATH], char dir[RECIPE_PATH]);
void recipe_below(char to[RECIPE_PATH], const char *mount, const char *dir);	/* MOUNT/DIR */

/* What is here (recipe_look.c).  The regions, *out malloced: how many.  One of found for each target
 * of the config: 0.  -errno when nothing can be known. */
int recipe_regions(struct recipe_region **out);
int recipe_look(const struct config *, struct recipe_found *);

/* The keys, for --help. */
#define RECIPE_HELP \
	"MODE is fsdax, devdax, sector or raw, with KEY=VALUE after commas:\n" \
	"  size=SIZE     of the namespace; else a fair share of what is free\n" \
	"  name=NAME     of namespace and mount point /mnt/NAME; else the mode\n" \
	"  region=NAME   where; a region without labels as a whole, but with size= it gets them\n" \
	"  node=N        on a region of this NUMA node\n" \
	"  fs=ext4|xfs   fsdax (ext4) and sector (none)\n" \
	"  dax=always|inode|never   fsdax: how it is mounted (always)\n" \
	"  align=4K|2M|1G   devdax, fsdax (2M)\n" \
	"  map=dev|mem   devdax, fsdax: where page structs lie\n" \
	"  sector=512|520|528|4096|4104|4160|4224   sector (4096)\n" \
	"Where no region has labels, one gets them whose NVDIMMs have room for labels.\n" \
	"With CONFIG: what its targets need and this machine does not have yet, of the size and at the place " \
	"they name.  A MODE after it with name=TARGET says how that one is made."

#endif
