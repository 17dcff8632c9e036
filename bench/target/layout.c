/* SPDX-License-Identifier: BSD-2-Clause */
#include <fcntl.h>
#include <linux/fiemap.h>
#include <linux/fs.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include "fill.h"
#include "keys.h"
#include "layout.h"

enum { EXTENTS = 4096, TRIES = 4 };
static const uint64_t M2 = 2ull << 20;

/* Extents that continue each other count as one; ext4 splits them at 128 MiB. */
static bool
aligned(const struct fiemap_extent *e, uint32_t n, uint64_t size)
{
	uint64_t next = 0;			/* where the file's next byte would continue the run */

	for (uint32_t i = 0; i < n; i++) {
		const bool runs_on = i && e[i].fe_physical == next && e[i].fe_logical == e[i - 1].fe_logical +
				     e[i - 1].fe_length;

		/* A new run may begin on a page's boundary alone, in the file and on the device. */
		if (!runs_on && (e[i].fe_logical % M2 || e[i].fe_physical % M2))
			return false;
		next = e[i].fe_physical + e[i].fe_length;
	}
	return n && e[0].fe_logical == 0 && e[n - 1].fe_logical + e[n - 1].fe_length >= size / M2 * M2;
}

bool
layout_is_huge(int fd, uint64_t size)
{
	struct fiemap *map = calloc(1, sizeof *map + EXTENTS * sizeof *map->fm_extents);
	bool huge = false;

	if (!map || size < M2) {
		free(map);
		return false;
	}
	map->fm_length = size;
	map->fm_flags = FIEMAP_FLAG_SYNC;
	map->fm_extent_count = EXTENTS;
	if (ioctl(fd, FS_IOC_FIEMAP, map) == 0)
		huge = aligned(map->fm_extents, map->fm_mapped_extents, size);
	free(map);
	return huge;
}

bool
layout_allocate(int fd, int dir, uint64_t size)
{
	int ballast[TRIES], n = 0;
	char why[256];
	bool huge = false;

	for (;;) {
		if (fill_room(fd, size, "", why, sizeof why) ||
		    fill_file(fd, size, PREP_UNWRITTEN, why, sizeof why))
			break;
		huge = layout_is_huge(fd, size);
		if (huge || n == TRIES - 1 || ftruncate(fd, 0))
			break;
		ballast[n] = openat(dir, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
		if (ballast[n] < 0)
			break;
		if (fallocate(ballast[n++], 0, 0, (off_t)size))
			break;
	}
	while (n > 0)
		close(ballast[--n]);
	return huge;
}
