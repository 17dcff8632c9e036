/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * grid.h -- a table for people: it fits the terminal, or $COLUMNS where that is set; elsewhere a
 * row is one line, for grep.
 */
#ifndef GRID_H
#define GRID_H

#include <stdio.h>

enum { GRID_RIGHT = 1, GRID_WRAP = 2 };	/* WRAP: may be broken between words */

struct grid;
/* Without memory grid_new() is NULL; the others take that, and grid_print() says -ENOMEM. */
struct grid *grid_new(void);
void grid_column(struct grid *, const char *heading, int flags);
void grid_row(struct grid *, const char *const *cell);	/* one for each column; copied */
void grid_free(struct grid *);
int  grid_print(struct grid *, FILE *);			/* and frees it.  0 or -errno */

#endif
