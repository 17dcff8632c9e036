/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * xfs.h -- what an XFS says of itself.
 */
#ifndef XFS_H
#define XFS_H

/* Can files of the file system that fd is on share blocks (reflink=1)?  1 or 0; -errno: no XFS. */
int xfs_reflink(int fd);

#endif
