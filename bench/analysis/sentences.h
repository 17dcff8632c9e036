/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sentences.h -- what a run found, in words: what the report begins with.
 *
 * Pure: made from the ladder alone.  One sentence or two a target: what durability costs by the
 * cheapest and the dearest strategy there and how far they are apart, then which strategies do not
 * make durable, and of which nobody knows.  Controls say nothing.
 */
#ifndef SENTENCES_H
#define SENTENCES_H

#include "ladder.h"

/* Plain UTF-8, in the arena; *n of them: 0 when nothing but controls was measured.
 *
 *   4 KiB made durable on pm0: clwb 0.60 [0.59, 0.61] µs, msync 1.71 [1.50, 2.00] ms, 2,900 times as
 *   long.  Not durable there: store. */
const char *const *sentences_make(const struct ladder *, struct arena *, size_t *n);

#endif
