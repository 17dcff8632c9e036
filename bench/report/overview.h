/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * overview.h -- the summary as a table for a terminal.
 */
#ifndef OVERVIEW_H
#define OVERVIEW_H

#include <stdio.h>
#include "summary.h"

/* At most max_rows points (0: all); a last line says how many more summary.csv has,
 * and how many points were skipped, failed or not measured, by reason.  0 or -ENOMEM. */
int overview_print(const struct summary *, FILE *, size_t max_rows);

#endif
