/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * machine.h -- a modelled target: memory behind a cache, with a descriptor and
 * a directory, whose media keeps only what a strategy has pushed to it.
 *
 * `mem` is what loads and read(2) see, `media` what a power failure leaves.  A
 * store dirties its line; a flush takes a copy of a dirty line under way; a
 * fence, and nothing else, lets the copies under way arrive.  NT stores are
 * under way at once.  Syscalls enter by ld --wrap (wrap.c).
 */
#ifndef MACHINE_H
#define MACHINE_H

#include <stddef.h>
#include <stdint.h>

#define LINE 64
#define MEM_LEN (1 << 18)		/* bytes of the target ... */
#define SHARE_OFF (1 << 16)		/* ... and where the thread's share of it starts ... */
#define SHARE_LEN (1 << 17)		/* ... and its length */
#define FILES 256

enum event {
	EV_STORE8, EV_STORE64, EV_NT8, EV_NT16, EV_NT32, EV_NT64, EV_MOVDIR64B,
	EV_CLFLUSH, EV_CLFLUSHOPT, EV_CLWB, EV_SFENCE, EV_LOAD,
	EV_MSYNC, EV_FSYNC, EV_FDATASYNC, EV_PWRITE, EV_PWRITEV2, EV_PREAD, EV_OPENAT, EV_CLOSE,
	EV_PMEM, EV_COUNT
};
enum { TARGET_FD = 1000, DIR_FD, FILE_FD };

struct file {
	char name[64], *mem, *media;
	size_t len, media_len;
	int open, named;		/* named: a power failure leaves its name */
};

struct machine {
	char *mem, *media, *under_way;	/* MEM_LEN bytes each, as is ... */
	char *blank;			/* ... what mem and media held at first */
	const char *src;		/* the ring of source blocks */
	size_t src_len, page;
	int own_words;			/* the kernel lays its share out: it stores words of its own as well */
	int oflags;			/* of TARGET_FD */
	unsigned needs;			/* CAP_* that the kernel asked for */
	uint8_t dirty[MEM_LEN / LINE], flying[MEM_LEN / LINE], loaded[MEM_LEN / LINE];
	uint16_t flushes[MEM_LEN / LINE];
	uint8_t mapped[MEM_LEN / 4096];	/* a store to the page faults no more */
	struct file files[FILES];
	int nfiles;
	uint64_t events[EV_COUNT], stored, faults;
	uint64_t ndirty, max_dirty;	/* dirty lines: now, and most when a flush came */
	void (*cut)(void);		/* NULL, or called at a fence, before what is under way has arrived */
	uint64_t syscalls, fail_at;	/* the fail_at-th syscall (from 1) ... */
	int fail_errno, short_by;	/* ... fails with this, or moves so much less */
	int was_short;			/* it did move bytes, and so fell short */
	uint64_t after_fail;		/* syscalls after it, close(2) apart */
};
extern struct machine m;
extern const char *const event_names[EV_COUNT];

/* A fresh machine: mem and media the same known pattern, counters zero. */
void machine_reset(void);
/* The same counters zero, but the contents stay. */
void machine_count_anew(void);
void machine_store(void *p, const void *s, size_t n, enum event e);
void machine_flush(void *p, enum event e);
void machine_fence(void);
/* Marks the bytes loaded and returns the first word. */
uint64_t machine_load(const void *p, size_t n);
/* The power fails now: mem becomes what the media hold, with what chance let arrive of the words that are
 * under way or dirty (`seed`; 0: nothing of it, 1: all).  The caches are empty then. */
void machine_power_cut(uint64_t seed);
/* One copy of all that it is but for its files, to go back to. */
void machine_save(void);
void machine_restore(void);
/* What [off, off + len) of mem holds is on the media. */
void machine_persist(size_t off, size_t len);
/* Write-protects the pages of [off, off + len), as a sync does. */
void machine_protect(size_t off, size_t len);
/* [off, off + len) of mem has been written, not by an instruction; in the
 * mapping that may fault. */
void machine_touch(size_t off, size_t len);
void machine_fault(size_t off, size_t len);
/* The offset of [p, p + n) in the target; outside the thread's share the case
 * fails (named by `what`) and -1 comes back. */
int64_t machine_off(const void *p, size_t n, const char *what);
/* The kernel does something that needs CAP `cap`. */
void machine_need(unsigned cap, const char *what);
/* The running case fails check `check`; the first failure is kept. */
void fail(const char *check, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
