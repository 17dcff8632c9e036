/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * nofile.h -- a config that is not there: what may have been meant.
 */
#ifndef NOFILE_H
#define NOFILE_H

#include <stddef.h>

/* "x: no such file or command; did you mean plan?" in buf, which is returned. */
const char *nofile_text(const char *file, char *buf, size_t len);

#endif
