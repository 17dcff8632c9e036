/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * diag.h -- `FILE:LINE:COL: error: ...` with the source line and a caret.
 *
 * Collected while a text is checked, printed at the end, by place: whoever
 * mends a file sees all that is wrong with it.
 */
#ifndef DIAG_H
#define DIAG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* What messages point into: a file or an option's argument.  made: a text that nobody typed; what
 * was typed for a line stands behind its tab and "# ", and that is what messages name. */
struct source { const char *name, *text; size_t len; bool made; };
/* `len` bytes at `off` of it; off may be its length (the end). */
struct where { const struct source *src; size_t off, len; };

enum { DIAG_MAX = 20, DIAG_TEXT = 640 };	/* messages kept; bytes of one */
struct diag {
	size_t n;			/* how many there were; DIAG_MAX are kept */
	struct { struct where at; char text[DIAG_TEXT]; } msg[DIAG_MAX];
};

void diag_add(struct diag *, struct where, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
void diag_print(struct diag *, FILE *);

#endif
