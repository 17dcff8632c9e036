/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * row.h -- one row of a table, as tables.h has its columns.
 *
 * Every value names the column it is for.  One that is not the column that comes next, and a
 * row that ends early, stay wrong for good: a swapped or a forgotten pair fails with its first row.
 */
#ifndef ROW_H
#define ROW_H

#include "csv.h"
#include "tables.h"

struct row {
	struct csv_out out;		/* for what stands before the table's own columns */
	enum table_id table;
	size_t nparam;			/* columns that stand for p_* */
	size_t at, param;		/* what comes next */
	int rc;				/* 0, or -EPROTO for good; wrong says what */
	char wrong[128];
};

struct row row_in(FILE *, enum table_id, size_t nparam);

/* "p_*" takes nparam values. */
void row_text(struct row *, const char *column, const char *);
void row_u64(struct row *, const char *column, uint64_t);
void row_double(struct row *, const char *column, double);	/* NaN: empty */
void row_end(struct row *);

#endif
