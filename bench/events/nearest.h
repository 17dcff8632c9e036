/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * nearest.h -- "did you mean" over the entries of a directory.
 */
#ifndef NEAREST_H
#define NEAREST_H

#include <limits.h>
#include "text.h"

struct sysdir;

/* best: the entry most like the word, copied (a directory's names do not last); "": none. */
struct nearest { struct guess guess; char best[NAME_MAX + 1]; };

void nearest_start(struct nearest *, const char *word);
/* For sysfs_each(). */
int  nearest_entry(const struct sysdir *, const char *name, void *nearest);

#endif
