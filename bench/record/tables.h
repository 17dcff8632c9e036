/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tables.h -- every column of every CSV file of a run: name, unit, meaning.
 *
 * The writers take their headers from here and docs/results-format.md is printed
 * from here; the readers go by the names in the file, so that an older or newer
 * minor version can be read.
 */
#ifndef TABLES_H
#define TABLES_H

#include <stddef.h>
#include <stdio.h>
#include "keys.h"

struct column {
	const char *name, *unit, *doc;	/* "p_*": one column for each parameter of the kernels used */
	int axis;			/* 1 + enum axis_id of an axis (doc: axis_keys), else 0 */
};

struct table {
	const char *file, *doc;
	const struct column *column;	/* ended by name NULL */
};

enum table_id {
	TABLE_POINTS, TABLE_REPEATS, TABLE_SAMPLES, TABLE_HIST, TABLE_COUNTERS, TABLE_REPS,
	TABLE_SUMMARY,	/* its own columns; those of points.csv up to `durable` stand before them */
	TABLE_CHECKS,
	TABLES
};
extern const struct table tables[TABLES];

/* The header line.  param: names for p_* (points.csv), each without its p_. */
void table_header(FILE *, enum table_id, const char *const *param, size_t nparam);

#endif
