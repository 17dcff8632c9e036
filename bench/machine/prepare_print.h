/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * prepare_print.h -- the commands that make namespaces and file systems, for a
 * person to read and run.  Pure: modes and regions in, text out; makes nothing.
 */
#ifndef PREPARE_PRINT_H
#define PREPARE_PRINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include "config.h"

/* A region, and the room in it. */
struct prep_region {
	char name[32];
	bool labels;			/* false: it is one namespace, as a whole */
	char whole[32];			/* that namespace's name */
	bool used;			/* ... and it is mounted */
	uint64_t free;			/* the largest piece to be had */
	uint64_t align;			/* sizes are multiples of this */
	int node;			/* -1 unknown */
};

enum prep_kind { PREP_FSDAX, PREP_DEVDAX, PREP_SECTOR, PREP_RAW, PREP_KINDS };
extern const char *const prep_kind_name[PREP_KINDS];

enum { PREP_PATH = 2 * TARGET_PATH_MAX + 2 };

/* What is to be done for one: a namespace made; one that is there mounted, after mkfs when it is
 * blank; nothing. */
enum prep_step { PREP_MAKE, PREP_FORMAT, PREP_MOUNT, PREP_NOTHING };

/* One MODE of the command line, KIND[,KEY=VALUE...], or what a target of a config needs
 * (prepare_config.h); and where prepare_place put it. */
struct prep_mode {
	enum prep_step step;
	enum prep_kind kind;
	char name[NAME_MAX_];		/* the namespace's; of a MODE also its target's */
	char region[32];		/* "" any */
	const char *fs, *dax, *map;	/* "" does not apply */
	uint64_t size, align, sector;	/* size 0: a fair share; 0: does not apply */
	bool least;			/* size may be rounded up */
	int node;			/* -1 any */
	const struct prep_region *at;

	const char *target, *as;	/* of the config, and its kind; NULL: a MODE of its own */
	char mount[PREP_PATH];		/* mount point, "" /mnt/NAME */
	char dir[PREP_PATH];		/* the directory to use, "" the mount point */
	char device[TARGET_PATH_MAX];	/* to be mounted; of one to be made: as the config calls it, "" not at all */
	char note[PREP_PATH + 64];	/* why nothing is to be done */
};

/* A kind with its defaults. */
void prepare_mode(struct prep_mode *, enum prep_kind);

/* KIND[,KEY=VALUE...].  0; -EINVAL with why: what is wrong, what is allowed. */
int prepare_parse(struct prep_mode *, const char *text, char *why, size_t whylen);

/* The KIND a text begins with; PREP_KINDS: it is no MODE. */
enum prep_kind prepare_kind(const char *text);

/* Give each that is to be made a region, a size and a name of its own.  0; -EINVAL; -ENOSPC with
 * why. */
int prepare_place(struct prep_mode *, size_t n, const struct prep_region *, size_t nregion,
		  char *why, size_t whylen);

/* The script.  0 or -EIO. */
int prepare_print(const struct prep_mode *, size_t n, FILE *);

/* A word as sh takes it: quoted where it must be. */
void prepare_word(const char *, FILE *);

/* The keys, for --help. */
#define PREPARE_HELP \
	"MODE is fsdax, devdax, sector or raw, with KEY=VALUE after commas:\n" \
	"  size=SIZE     of the namespace; else a fair share of what is free\n" \
	"  name=NAME     of namespace and mount point /mnt/NAME; else the mode\n" \
	"  region=NAME   where; a region without labels only when named, and whole\n" \
	"  node=N        on a region of this NUMA node\n" \
	"  fs=ext4|xfs   fsdax (ext4) and sector (none)\n" \
	"  dax=always|inode|never   fsdax: how it is mounted (always)\n" \
	"  align=4K|2M|1G   devdax, fsdax (2M)\n" \
	"  map=dev|mem   devdax, fsdax: where page structs lie\n" \
	"  sector=512|520|528|4096|4104|4160|4224   sector (4096)\n" \
	"With CONFIG: what its targets need and this machine does not have yet, of the size and at the place " \
	"they name.  A MODE after it with name=TARGET says how that one is made."

#endif
