/* SPDX-License-Identifier: BSD-2-Clause */
/* mapsync.h -- the kernels that store through the mapping and then ask the kernel to sync. */
#ifndef MAPSYNC_H
#define MAPSYNC_H

#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>
#include "mapped.h"

/* msync(2) of the pages of [p, p + len). */
static always_inline int
msync_range(const struct work *w, char *p, size_t len, int flags)
{
	size_t into = (uintptr_t)p & (w->page - 1);

	return msync(p - into, into + len, flags) ? -errno : 0;
}

/* Store op i, and say where it lies. */
static always_inline char *
mapsync_store(const struct work *w, uint64_t i)
{
	char *p = work_addr(w, w->slots, i);

	if (w->size < LINE)
		mapped_small(p, work_src(w, i), w->size, store_word, NULL);
	else
		mapped_op(p, work_src(w, i), w->size, 0, store_line, NULL);
	return p;
}

/* One syscall an op that write-protects what it cleaned: the next store to each
 * page faults again.  On DAX surely; tmpfs has nothing to clean. */
static inline void
mapsync_expect(const struct facts *f, const void *opts, struct expect *e)
{
	(void)opts;
	*e = (struct expect){ .syscalls_min = 1, .syscalls_max = 1 };
	e->faults_min = f->caps & CAP_DAX ? pages_min(f) : 0;
	e->faults_max = pages_max(f);
}

/* f(data)sync cleans the pages of all threads, also in the midst of an op. */
static inline void
filesync_expect(const struct facts *f, const void *opts, struct expect *e)
{
	mapsync_expect(f, opts, e);
	e->faults_max *= 2;
}

/* One syscall an op that cleans nothing. */
static inline void
nosync_expect(const struct facts *f, const void *opts, struct expect *e)
{
	mapped_expect(f, opts, e);
	e->syscalls_min = e->syscalls_max = 1;
}

#endif
