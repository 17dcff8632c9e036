/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * target.h -- where bytes are made durable, and what is done there: probing (facts.h), guarding,
 * preparing, opening, mapping.
 */
#ifndef TARGET_H
#define TARGET_H

#include <stdbool.h>
#include <stdint.h>
#include "config.h"
#include "facts.h"
#include "grant.h"

/* Look at a target without writing to a device (a directory gets a nameless file for a
 * moment).  0; -errno with a message in why: what is wrong and what to do.  An optional
 * target that fails, a loop target without root and a page_size that cannot be had
 * are 0 with present = false. */
int  target_probe(const struct target_spec *, struct facts_target *, char *why, size_t whylen);

/* What this machine can offer without consent: dram, the current file system, loop when
 * root, mounted DAX file systems.  *out is malloced; returns how many or -errno. */
int  target_auto(struct target_spec **out);

/*
 * Preparing, by the parent, before the first point; undone after the last.  A
 * directory target gets one directory of the run's own, DIR/daxmark-RUN-TARGET
 * (O_EXCL, mode 0700, an owner file naming the run; a later process of the same
 * run takes it over), a loop target a nameless file and a loop device.  A device
 * goes through the guard: -EPERM means refused for safety (exit 5), and nothing
 * else does.  The lock on the target is held until target_unprepare.
 */
struct consent;
struct prepared;
int  target_prepare(const struct target_spec *, const struct facts_target *, const char *run_id,
		    const struct consent *, struct prepared **, char *why, size_t whylen);
/* Removes what it made and nothing else.  0, or -errno and why says what was left. */
int  target_unprepare(struct prepared *, char *why, size_t whylen);

/* What the worker needs to open a prepared target.  Plain data. */
struct target_ref {
	enum target_kind kind;
	unsigned caps;			/* what the probe saw: the worker looks again */
	char path[TARGET_PATH_MAX];	/* the run's own directory, or the device; "" for dram */
	uint64_t dir_dev, dir_ino;	/* of that directory */
	struct grant grant;		/* for that device */
	uint64_t offset, size;		/* the part to use */
	uint64_t align;			/* of offsets and lengths: pages, sectors, devdax align */
	int node;
};
void target_ref(const struct prepared *, struct target_ref *);

/* One worker's use of a target. */
struct open_spec {
	const struct kernel *kernel;
	uint8_t preparation, map_sync, o_sync;	/* PREP_* (auto is written), 1 or 0 */
	uint64_t page_size;		/* of the mapping, verified; 0: no mapping is needed */
	uint64_t bytes;			/* a thread's share; shares lie target_stride() apart */
	uint32_t threads;
	uint64_t seed;			/* chooses the random aligned offset inside the target */
	const int *node;		/* threads of them: where dram without a node of its own puts
					 * a share (-1: on first touch).  Filled in by the worker;
					 * NULL: on first touch */
};
struct share {
	char *base;			/* NULL without a mapping */
	uint64_t off;			/* of its first byte in fd */
	int fd, dir;			/* or -1 */
	void *map; size_t map_len;	/* its own mapping, of its own file */
};
struct opened {
	struct share *thread;		/* one per thread */
	uint32_t threads;
	uint64_t offset;		/* the random offset that was chosen, inside the target */
	uint64_t page_seen;		/* page size really mapped, 0 unknown */
	void *map; size_t map_len;	/* the mapping all share, reserve included */
	int map_flags;			/* of mmap(2): of every share */
	int dir;			/* the run's own directory, or -1 */
	struct target_ref ref;
	const struct kernel *kernel;
};

/*
 * Open, prepare, map, prefault; all of it off the clock.  0; -errno with a message
 * in why.  A page size that was not got is -ENOTSUP.
 *
 * A kernel that uses slots again gets one file per (preparation, page size) and
 * run: `written` is kept, `hole` and `unwritten` are made anew for each repeat, so
 * that repeats are alike; mappings are prefaulted.  A kernel that consumes its
 * slots gets a fresh file for each repeat and thread and no prefault; when it needs
 * no mapping, the file is empty (hole), or preallocated beyond its end (unwritten).
 * A kernel whose slots are files gets a fresh empty directory for each thread.
 */
int  target_open(const struct target_ref *, const struct open_spec *, struct opened *,
		 char *why, size_t whylen);
/* Unmap; write back what is dirty, so that no repeat pays for another; remove what the
 * repeat alone used. */
void target_close(struct opened *);

#endif
