/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * loop.h -- a block device of the run's own: a nameless file and a loop device.
 *
 * Nothing is left behind: the file has no name, and the kernel detaches the
 * device when its last descriptor is closed, however the process ends.
 */
#ifndef LOOP_H
#define LOOP_H

#include "grant.h"

struct loop {
	int fd, file;			/* of the device, held exclusively; of its file */
	char path[32];			/* /dev/loopN */
	struct grant grant;
};

bool loop_allowed(char *why, size_t whylen);	/* may this process make one? */
const char *loop_dir(void);		/* where files go: $TMPDIR, else the current directory */
int  loop_make(struct loop *, const char *dir, uint64_t size, char *why, size_t whylen);
void loop_remove(struct loop *);

/* A file without a name in dir, for reading and writing.  -errno. */
int  nameless_file(const char *dir);

#endif
