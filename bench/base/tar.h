/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tar.h -- writing a POSIX ustar archive of regular files, with a hash of each.
 *
 * The same files give the same bytes: owner 0, mode 644, the files' own times.
 */
#ifndef TAR_H
#define TAR_H

#include <stdio.h>
#include <time.h>

struct tar { FILE *out; FILE *sums; char *sum_text; size_t sum_len; const char *top; };

/* Every name stands below top/.  0 or -errno. */
int tar_open(struct tar *, FILE *out, const char *top);
int tar_file(struct tar *, int dirfd, const char *name);	/* -ENAMETOOLONG: over 255 bytes */
int tar_text(struct tar *, const char *name, const char *text, time_t when);
/* SHA256SUMS of all, and the end of the archive.  out stays open. */
int tar_close(struct tar *, int err, time_t when);

#endif
