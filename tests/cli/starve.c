/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * starve.so, for LD_PRELOAD: perf events that are alone in their group never get a counter.
 */
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static int
is_perf(int fd)
{
	char path[64], to[64];
	ssize_t n;

	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	n = readlink(path, to, sizeof to - 1);
	to[n > 0 ? n : 0] = 0;
	return strcmp(to, "anon_inode:[perf_event]") == 0;
}

/* How many, enabled, running, a count. */
ssize_t
read(int fd, void *buf, size_t len)
{
	uint64_t *word = buf;
	ssize_t got = syscall(SYS_read, fd, buf, len);

	if (got == 4 * sizeof *word && is_perf(fd))
		word[2] = word[3] = 0;
	return got;
}
