/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * count_table.h -- what of the counts people are shown: a column an event or metric of a set,
 * a row a point.  The rest (per byte, events that a set computes with) is in summary.csv.
 */
#ifndef COUNT_TABLE_H
#define COUNT_TABLE_H

#include <stdio.h>
#include "summary.h"

enum { COUNTS_MAX = 64 };
struct count_table {
	const struct summary *s;
	size_t n;
	struct count_column {
		const char *name, *unit;
		uint32_t metric;	/* of summary.h */
		uint32_t running;	/* that of its _running; 0: counted all the time */
	} column[COUNTS_MAX];
};

void count_table_find(struct count_table *, const struct summary *);	/* n 0: nothing was counted */
bool count_table_any(const struct count_table *, const struct run_point *);
const char *count_table_head(const struct count_column *, char *buf, size_t len);	/* its name and unit */
/* "1.23", "1.23 (50 %)" where it was counted for so much of the time, or "-". */
const char *count_table_cell(const struct count_table *, const struct run_point *, size_t column, char *buf, size_t len);

/* For a terminal, at most max_rows points.  0 or -ENOMEM. */
int  count_table_print(const struct count_table *, FILE *, size_t max_rows);

#endif
