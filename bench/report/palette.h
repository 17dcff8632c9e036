/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * palette.h -- plots/palette.tsv: a strategy looks the same in every figure of every run.
 */
#ifndef PALETTE_H
#define PALETTE_H

#include <stddef.h>
#include "arena.h"

struct palette_look { const char *color; int point, dash; };	/* "#0072B2", gnuplot's pt and dt */

struct palette {
	size_t n;
	struct palette_row { const char *name; struct palette_look look; } *row;
};

/* Read DIR/palette.tsv; what stands twice or is no look is told as FILE:LINE in why.
 * 0, -EINVAL or -errno. */
int palette_load(struct palette *, struct arena *, const char *dir, char *why, size_t whylen);
/* The look of this name; NULL: it is not in there. */
const struct palette_look *palette_find(const struct palette *, const char *name, size_t len);
/* Of a name that is not in there: always the same. */
struct palette_look palette_other(const char *name);
/* The how-manieth variant of a look: other point, other dash, the same colour. */
struct palette_look palette_variant(struct palette_look, size_t nth);

#endif
