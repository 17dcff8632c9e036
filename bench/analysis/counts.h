/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * counts.h -- what of the counts people are shown: a column an event or metric of a set,
 * a row a point.  The rest (per byte, events that a set computes with) is in summary.csv.
 */
#ifndef COUNTS_H
#define COUNTS_H

#include <stdio.h>
#include "summary.h"

enum { COUNTS_MAX = 64 };
struct counts {
	const struct summary *s;
	size_t n;
	struct count_column {
		const char *name, *unit;
		uint32_t metric;	/* of summary.h */
		uint32_t running;	/* that of its _running; 0: counted all the time */
	} column[COUNTS_MAX];
};

void counts_find(struct counts *, const struct summary *);	/* n 0: nothing was counted */
bool counts_any(const struct counts *, const struct run_point *);
const char *counts_head(const struct count_column *, char *buf, size_t len);	/* its name and unit */
/* "1.23", "1.23 (50 %)" where it was counted for so much of the time, or "-". */
const char *counts_cell(const struct counts *, const struct run_point *, size_t column, char *buf, size_t len);

/* For a terminal, at most max_rows points.  0 or -ENOMEM. */
int  counts_print(const struct counts *, FILE *, size_t max_rows);

#endif
