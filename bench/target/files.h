/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * files.h -- the files a worker uses in the run's own directory.
 */
#ifndef FILES_H
#define FILES_H

#include "target.h"

/* Make the file that repeats share, unless an earlier repeat left it as it is needed.  0 or
 * -errno. */
int files_shared(int dir, const struct target_ref *, const struct open_spec *, char *why, size_t whylen);
/* Open that file; the descriptor. */
int files_open(int dir, const struct target_ref *, const struct open_spec *, int oflags,
	       char *why, size_t whylen);
/* A thread's own new file of `size` bytes; the descriptor. */
int files_fresh(int dir, const struct target_ref *, const struct open_spec *, uint64_t size,
		uint32_t thread, int oflags, char *why, size_t whylen);
/* A thread's own new directory for slot files; the descriptor. */
int files_slots(int dir, uint32_t thread, char *why, size_t whylen);
/* Remove a thread's fresh file and slot directory. */
void files_drop(int dir, uint32_t thread);

#endif
