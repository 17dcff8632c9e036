/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/statvfs.h>
#include <unistd.h>
#include "fill.h"
#include "keys.h"
#include "text.h"
#include "why.h"

/* A file system wants some room for itself, or its metadata fails first. */
enum { HEADROOM = 8 << 20 };
enum { CHUNK = 2 << 20 };

int
fill_room(int fd, uint64_t size, const char *path, char *why, size_t whylen)
{
	char want[TEXT_NUM];
	struct statvfs v;
	uint64_t room;

	if (fstatvfs(fd, &v))
		return why_set(why, whylen, errno, "%s: %s", path, strerror(errno));
	room = (uint64_t)v.f_bavail * v.f_frsize;
	/* A file system that counts nothing (some FUSE ones) says zero blocks in all. */
	if (v.f_blocks == 0 || room >= size + HEADROOM)
		return 0;
	return why_set(why, whylen, ENOSPC, "%s: needs %s and 8M of headroom, %lluM are free; "
		       "free some or set a smaller size", path, text_put_size(want, size),
		       (unsigned long long)(room >> 20));
}

static int
write_zeros(int fd, uint64_t size)
{
	void *zero = mmap(NULL, CHUNK, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int rc = zero == MAP_FAILED ? -ENOMEM : 0;
	uint64_t at = 0;

	while (!rc && at < size) {
		size_t n = size - at < CHUNK ? size - at : CHUNK;
		ssize_t k = pwrite(fd, zero, n, (off_t)at);

		if (k > 0)
			at += (uint64_t)k;
		else if (k == 0 || errno != EINTR)
			rc = k == 0 ? -EIO : -errno;
	}
	if (zero != MAP_FAILED)
		munmap(zero, CHUNK);
	return rc;
}

static int
allocate(int fd, int mode, uint64_t size)
{
	int rc;

	do
		rc = fallocate(fd, mode, 0, (off_t)size);
	while (rc && errno == EINTR);
	return rc ? -errno : 0;
}

static int
blame(int rc, uint64_t size, char *why, size_t whylen)
{
	char text[TEXT_NUM];

	text_put_size(text, size);
	if (rc == -EOPNOTSUPP)
		return why_set(why, whylen, ENOTSUP, "this file system cannot preallocate; "
			       "use `preparation: hole` or `written`");
	if (rc == -EFBIG)
		return why_set(why, whylen, EFBIG, "a file of %s is too large for this file system or ulimit -f", text);
	return why_set(why, whylen, -rc, "preparing a file of %s: %s", text, strerror(-rc));
}

int
fill_file(int fd, uint64_t size, int preparation, char *why, size_t whylen)
{
	int rc = ftruncate(fd, (off_t)size) ? -errno : 0;

	if (rc == 0 && preparation != PREP_HOLE)
		rc = allocate(fd, 0, size);
	/* Allocated first, so that the zeros land in 2 MiB extents. */
	if (preparation == PREP_WRITTEN && (rc == 0 || rc == -EOPNOTSUPP))
		rc = write_zeros(fd, size);
	if (rc == 0 && fsync(fd))
		rc = -errno;
	return rc ? blame(rc, size, why, whylen) : 0;
}

int
fill_beyond(int fd, uint64_t size, char *why, size_t whylen)
{
	int rc = allocate(fd, FALLOC_FL_KEEP_SIZE, size);

	if (rc == 0 && fsync(fd))
		rc = -errno;
	return rc ? blame(rc, size, why, whylen) : 0;
}
