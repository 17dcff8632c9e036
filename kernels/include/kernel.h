/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kernel.h -- the contract between the harness and a workload kernel.
 *
 * A kernel is one way to make `size` bytes durable.  It declares what it needs and does; the
 * harness checks, opens, maps, allocates, pins, counts and reads the clock.  Only run() is on the
 * clock.  A kernel sees this folder and libc; it never allocates, prints, exits or reads a clock.
 * (*) is for work to come: the loader refuses a kernel that uses it today.
 */
#ifndef KERNEL_H
#define KERNEL_H

#include <stddef.h>
#include <stdint.h>
#include "cap.h"
#include "does.h"
#include "param.h"
#include "slots.h"

#define KERNEL_ABI 2

enum moves { MOVES_NOTHING = 1, MOVES_WRITES, MOVES_READS };	/* what happens to an op's bytes */
enum control { CONTROL_NO, CONTROL_YES, CONTROL_FLOOR };	/* FLOOR: the loop and nothing else */

/* What expect() and pm_size() may look at; what expect() says: counts of one unit. */
struct facts {
	unsigned caps;			/* of target and CPU */
	uint64_t page;			/* bytes that one page fault maps */
	uint64_t size, unit, slots;	/* bytes per op; ops per unit; slots of the thread */
	int fresh;			/* slots are touched for the first time */
};
struct expect { double faults_min, faults_max, syscalls_min, syscalls_max; };

/* All a kernel knows of the thread it runs in.  The harness owns every pointer. */
struct work {
	char *base;			/* this thread's share of the mapping; NULL without CAP_MAP */
	const char *src;		/* ring of stamped blocks of `size` bytes, 4 KiB aligned */
	char *buf;			/* size bytes to read into, 4 KiB aligned */
	struct slots slots;		/* which slot op i uses */
	uint64_t src_mask;		/* blocks in the ring - 1 */
	uint64_t off;			/* where this thread's share starts in fd */
	size_t size, len;		/* bytes per op; of the whole share */
	size_t page;			/* the base page size: what msync(2) rounds to */
	int map_flags;			/* mmap(2) flags of the share's mapping */
	int fd, dir, deep;		/* opened with oflags; the target's directory (CAP_DIR);
					 * (*) the region's deep_flush (CAP_DEEP_FLUSH); or -1 */
	char *pm; size_t pm_len;	/* with pm_size() the whole share; else NULL */
	const void *opts;		/* opts_size bytes, params filled in */
	void *state;			/* state_size bytes, zeroed, this thread's own */
};

struct kernel {
	uint32_t abi, kernel_size, work_size;	/* KERNEL_HEADER; another value is refused */
	const char *name, *doc;		/* file flush-clean.c, symbol kernel_flush_clean, name "flush-clean" */
	unsigned needs, does;		/* CAP_*, never "safe here" (clwb: MAP alone); DOES_* */
	enum moves moves;		/* must be said */
	enum control control;		/* a yardstick: promises no durability */
	int oflags;			/* open(2) flags for work.fd */
	int consumes;			/* each slot once (append): no warm-up, no prefault */
	int files;			/* slot i is a file of its own, named by slot_file() */
	uint64_t granule;		/* size is a multiple of this (4096: and of the mapping's page);
					 * 0: of 8, and of 64 from 64 on */
	const struct param *params;	/* ended by name NULL; NULL: none */
	size_t opts_size, state_size;
	/* All but run() are optional.  int: 0 or -errno. */
	uint64_t (*unit)(const void *opts);	/* ops that become durable together; NULL: 1 */
	void (*expect)(const struct facts *, const void *opts, struct expect *);	/* NULL: unknown */
	/* Bytes of a share that the kernel lays out: its slots lie where find() says. */
	size_t (*pm_size)(const struct facts *, const void *opts);
	int  (*format)(struct work *);	/* writes pm once, before setup() */
	int  (*setup)(struct work *);	/* once a thread */
	int  (*reset)(struct work *);	/* before a window, off the clock */
	int  (*run)(const struct work *, uint64_t i, uint64_t end);	/* ops [i, end) are durable */
	int  (*recover)(const struct work *);	/* in place of both after a restart */
	/* A slot as its readers see it; -ENODATA: torn. */
	int  (*find)(const struct work *, uint64_t slot, void *buf);
	void (*teardown)(struct work *);
};

#define KERNEL_HEADER \
	.abi = KERNEL_ABI, .kernel_size = sizeof(struct kernel), .work_size = sizeof(struct work)

#include "work.h"			/* work_addr, work_off, work_src: of op i */

#endif
