/* SPDX-License-Identifier: BSD-2-Clause */
/* fdwrite.h -- the kernels that write through a descriptor.  A short write is -EIO. */
#ifndef FDWRITE_H
#define FDWRITE_H

#include <errno.h>
#include <fcntl.h>
#include <sys/uio.h>
#include <unistd.h>
#include "isa.h"
#include "kernel.h"

#ifndef RWF_ATOMIC
#define RWF_ATOMIC 0x40			/* Linux 6.11; not in Debian 12's headers */
#endif

static always_inline int
done(const struct work *w, ssize_t n)
{
	if (n < 0)
		return -errno;
	return (size_t)n == w->size ? 0 : -EIO;
}

/* Op i by pwrite(2), then sync (NULL: none) of the descriptor. */
static always_inline int
fdwrite_run(const struct work *w, uint64_t i, uint64_t end, int (*sync)(int))
{
	for (; i < end; i++) {
		int rc = done(w, pwrite(w->fd, work_src(w, i), w->size, work_off(w, i)));

		if (rc)
			return rc;
		if (sync && sync(w->fd))
			return -errno;
	}
	return 0;
}

/* Op i by pwritev2(2) with RWF_* flags. */
static always_inline int
fdwritev2_run(const struct work *w, uint64_t i, uint64_t end, int flags)
{
	for (; i < end; i++) {
		struct iovec v = { (void *)(uintptr_t)work_src(w, i), w->size };
		int rc = done(w, pwritev2(w->fd, &v, 1, work_off(w, i), flags));

		if (rc)
			return rc;
	}
	return 0;
}

static inline void
one_syscall(const struct facts *f, const void *opts, struct expect *e)
{
	(void)f, (void)opts;
	*e = (struct expect){ .syscalls_min = 1, .syscalls_max = 1 };
}

static inline void
two_syscalls(const struct facts *f, const void *opts, struct expect *e)
{
	(void)f, (void)opts;
	*e = (struct expect){ .syscalls_min = 2, .syscalls_max = 2 };
}

#endif
