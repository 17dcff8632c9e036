/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kernel.h -- the contract between the harness and a workload kernel.
 *
 * A kernel is one way to make `size` bytes durable.  It declares what it needs
 * and what it does; the harness checks, opens, maps, allocates, pins, counts
 * and reads the clock.  Only run() is on the clock: it makes ops [i, end)
 * durable and returns 0 or -errno.  A kernel sees this folder and libc; it
 * never allocates, prints, exits or reads a clock.
 */
#ifndef KERNEL_H
#define KERNEL_H

#include <stddef.h>
#include <stdint.h>
#include "slots.h"

#define KERNEL_ABI 1
enum { KERNEL_PARAMS_MAX = 8, KERNEL_OPTS_MAX = 256 };	/* params of a kernel; bytes of its opts */

/* What a kernel may need; the CPU and the opened target together must have it. */
#define CAP_LIST(X) \
	X(MAP,        "a mapping of the target") \
	X(FD,         "read(2) and write(2) on the target") \
	X(SYNC,       "msync(2) and fsync(2) on the target") \
	X(BLOCK,      "a block device") \
	X(DEVDAX,     "a device-DAX character device") \
	X(DAX,        "a mapping that bypasses the page cache") \
	X(MAP_SYNC,   "mmap with MAP_SYNC") \
	X(DIR,        "a directory to create files in") \
	X(ATOMIC,     "RWF_ATOMIC writes") \
	X(ROOT,       "root") \
	X(CLFLUSH,    "the CLFLUSH instruction") \
	X(CLFLUSHOPT, "the CLFLUSHOPT instruction") \
	X(CLWB,       "the CLWB instruction") \
	X(AVX,        "AVX") \
	X(AVX512,     "AVX-512F") \
	X(MOVDIR64B,  "the MOVDIR64B instruction") \
	X(LIBPMEM,    "libpmem at build time")
enum cap_bit {
#define X(name, doc) CAP_BIT_##name,
	CAP_LIST(X)
#undef X
	CAP_COUNT
};
enum cap {
#define X(name, doc) CAP_##name = 1 << CAP_BIT_##name,
	CAP_LIST(X)
#undef X
};

/* How a kernel persists: the input of the durability rule (bench/plan/durability.h). */
enum does {
	DOES_NOTHING       = 0,		/* no step towards durability */
	DOES_USER_FLUSH    = 1 << 0,	/* stores, then cache-line write-back and a fence */
	DOES_NT            = 1 << 1,	/* stores that bypass the cache, and a fence */
	DOES_KERNEL_SYNC   = 1 << 2,	/* stores, then msync or fsync of the mapping */
	DOES_FD_SYNC       = 1 << 3,	/* write(2) made durable by flag or f(data)sync */
	DOES_ATOMIC_SECTOR = 1 << 4,	/* O_DIRECT sectors; atomic where the device says so */
	DOES_ATOMIC_WRITE  = 1 << 5,	/* RWF_ATOMIC */
	DOES_NAME_SYNC     = 1 << 6,	/* kernels with .files: fsync of the directory as well */
};

enum moves { MOVES_NOTHING, MOVES_WRITES, MOVES_READS };	/* what happens to an op's bytes */
enum control { CONTROL_NO, CONTROL_YES, CONTROL_FLOOR };	/* FLOOR: the loop and nothing else */

/* One parameter: a config key, a line of help and a result column p_NAME. */
struct choice {
	const char *name;
	uint64_t value;
	unsigned needs;			/* CAP_* beyond the kernel's */
	unsigned drops;			/* DOES_* of the kernel's that this choice takes away */
};
struct param {
	const char *name, *doc;
	size_t off;			/* of a uint64_t in the kernel's opts */
	uint64_t def, min, max;		/* a number in [min, max] ... */
	int pow2;			/* ... a power of two */
	const struct choice *choices;	/* or one of these (def is a value), ended by name NULL; where
					 * def's needs are not met it is the first whose needs are */
};

/* What expect() may look at, and what it says: counts per op. */
struct facts {
	unsigned caps;			/* of target and CPU */
	uint64_t page;			/* bytes that one page fault maps */
	uint64_t size;			/* bytes per op */
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
	size_t size;			/* bytes per op */
	size_t page;			/* the base page size: what msync(2) rounds to */
	int fd, dir;			/* opened with oflags; the target's directory (CAP_DIR); or -1 */
	const void *opts;		/* opts_size bytes, params filled in */
	void *state;			/* state_size bytes, zeroed, this thread's own */
};

struct kernel {
	uint32_t abi, kernel_size, work_size;	/* KERNEL_HEADER; another value is refused */
	const char *name, *doc;		/* file flush-clean.c, symbol kernel_flush_clean, name "flush-clean" */
	unsigned needs;			/* CAP_*; never "safe here": clwb needs MAP, not MAP_SYNC */
	unsigned does;			/* DOES_* */
	enum moves moves;
	enum control control;		/* a yardstick: promises no durability */
	int oflags;			/* open(2) flags for work.fd */
	int consumes;			/* each slot once (first touch, append): no warm-up, no prefault */
	int files;			/* slot i is a file of its own, named by slot_file() */
	uint64_t granule;		/* size is a multiple of this (4096: and of the mapping's page);
					 * 0: of 8, and of 64 from 64 on */
	const struct param *params;	/* ended by name NULL; NULL: none */
	void (*expect)(const struct facts *, const void *opts, struct expect *);	/* NULL: unknown */
	size_t opts_size, state_size;
	int  (*setup)(struct work *);	/* once a thread, optional; 0 or -errno */
	int  (*reset)(struct work *);	/* before a window, off the clock, optional */
	int  (*run)(const struct work *, uint64_t i, uint64_t end);
	void (*teardown)(struct work *);
};

#define KERNEL_HEADER \
	.abi = KERNEL_ABI, .kernel_size = sizeof(struct kernel), .work_size = sizeof(struct work)

/* The address, the file offset and the source block of op i. */
static inline char *
work_addr(const struct work *w, struct slots s, uint64_t i)
{
	return w->base + slots_at(s, i) * w->size;
}

static inline int64_t
work_off(const struct work *w, uint64_t i)
{
	return (int64_t)(w->off + slots_at(w->slots, i) * w->size);
}

static inline const char *
work_src(const struct work *w, uint64_t i)
{
	return w->src + (i & w->src_mask) * w->size;
}

#endif
