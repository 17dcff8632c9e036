/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>
#include "grant.h"
#include "why.h"

#ifndef BLKGETDISKSEQ
#define BLKGETDISKSEQ _IOR(0x12, 128, uint64_t)
#endif

uint64_t
grant_diskseq(int fd)
{
	uint64_t seq = 0;

	return ioctl(fd, BLKGETDISKSEQ, &seq) == 0 ? seq : 0;
}

static bool
is_granted(const struct grant *g, int fd)
{
	struct stat st;

	return g->given && fstat(fd, &st) == 0 && st.st_rdev == g->dev &&
	       (g->block ? S_ISBLK(st.st_mode) : S_ISCHR(st.st_mode));
}

int
grant_open(const struct grant *g, const char *path, int oflags, char *why, size_t whylen)
{
	char self[40];
	int fd, at = open(path, O_PATH | O_CLOEXEC | O_NOFOLLOW);

	if (at < 0)
		return why_set(why, whylen, errno, "%s: %s", path, strerror(errno));
	if (!is_granted(g, at)) {
		close(at);
		return why_set(why, whylen, EPERM, "%s is not the device the guard looked at", path);
	}
	/* By the descriptor: what was looked at is what is opened. */
	snprintf(self, sizeof self, "/proc/self/fd/%d", at);
	fd = open(self, O_RDWR | O_CLOEXEC | oflags);
	if (fd < 0)
		fd = why_set(why, whylen, errno, "%s: cannot be opened for writing: %s", path, strerror(errno));
	close(at);
	if (fd >= 0 && g->block && g->diskseq && grant_diskseq(fd) != g->diskseq) {
		close(fd);
		return why_set(why, whylen, EPERM, "%s is another disk than the guard looked at", path);
	}
	return fd;
}
