/* SPDX-License-Identifier: BSD-2-Clause */
/* sigbus -- touches a page behind the end of a file, as a full file system or a shrunk one would have it. */
#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>
#include "kernel.h"

static int
sigbus_run(const struct work *w, uint64_t i, uint64_t end)
{
	int fd = memfd_create("sigbus", MFD_CLOEXEC);
	char *p = fd < 0 ? MAP_FAILED : mmap(NULL, w->page, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	(void)i, (void)end;
	if (p == MAP_FAILED)
		return -errno;
	*(volatile char *)p = 1;
	return 0;
}

const struct kernel kernel_sigbus = {
	KERNEL_HEADER, .name = "sigbus", .doc = "raises SIGBUS", .moves = MOVES_NOTHING, .control = CONTROL_YES, .run = sigbus_run,
};
