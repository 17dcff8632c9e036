/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * datadir.h -- where configs/ and plots/ lie.
 */
#ifndef DATADIR_H
#define DATADIR_H

#include <stddef.h>

/* $DAXMARK_DATADIR; else the source tree of this binary, or share/daxmark beside its bin/; else
 * where it was installed. */
const char *data_dir(void);

/* A path below it as a person here would type it: relative where the working directory lies above
 * it, or in it; buf is returned. */
const char *data_typed(const char *path, char *buf, size_t len);

#endif
