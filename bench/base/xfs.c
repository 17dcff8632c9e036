/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include "xfs.h"

/* struct xfs_fsop_geom of XFS_IOC_FSGEOMETRY: no header of the kernel for user space has it. */
struct geometry { uint32_t to_flags[23], flags, rest[40]; };
#define GET_GEOMETRY _IOR('X', 126, struct geometry)
#define GEOMETRY_REFLINK (1u << 20)

int
xfs_reflink(int fd)
{
	struct geometry g = { 0 };

	return ioctl(fd, GET_GEOMETRY, &g) ? -errno : (g.flags & GEOMETRY_REFLINK) != 0;
}
