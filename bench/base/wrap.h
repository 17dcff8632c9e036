/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * wrap.h -- text for people on lines of a certain width.
 */
#ifndef WRAP_H
#define WRAP_H

#include <stddef.h>
#include <stdio.h>

/* Columns of the terminal behind a stream; where there is none $COLUMNS, else 80.  At least 60. */
size_t wrap_width(FILE *);
/* How many bytes of text go on a line of `width` (over 0): whole words where that is possible. */
size_t wrap_line(const char *text, size_t width);
/* All of it, with newlines instead of the blanks where lines end; malloced, NULL: no memory. */
char *wrap_text(const char *text, size_t width);

#endif
