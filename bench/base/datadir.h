/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * datadir.h -- where configs/ and plots/ lie.
 */
#ifndef DATADIR_H
#define DATADIR_H

/* $DAXMARK_DATADIR; else the source tree of this binary, or share/daxmark beside its bin/; else
 * where it was installed. */
const char *data_dir(void);

#endif
