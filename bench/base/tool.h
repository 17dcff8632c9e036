/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tool.h -- running a program of the system's to its end.
 */
#ifndef TOOL_H
#define TOOL_H

/* argv[0] by PATH, in the folder dir (AT_FDCWD: here), with in, out and err as its standard streams;
 * -1 is /dev/null.  0; -ENOENT: there is no such program; -EIO: it failed; -errno. */
int tool_run(char *const argv[], int dir, int in, int out, int err);

#endif
