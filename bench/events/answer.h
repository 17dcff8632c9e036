/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * answer.h -- a counter is believed once it was seen to count: loads of which one knows what
 * they make, and what the counters say of them.
 *
 * A set says what its events must add up to (`answer LOAD FORMULA`, eventset.h).  The load runs in
 * this process, on a CPU of the node that is measured; counters of places are read by socket: those of
 * that CPU's must have it, those of the others nothing.
 */
#ifndef ANSWER_H
#define ANSWER_H

#include <jansson.h>
#include "eventset.h"

/* In place of what `did` is known: what the near and the far counters say.  A counter is
 * checked from 0.95 to 1.2 times, and with at most 0.05 times on other sockets.
 * true, or false and why. */
bool answer_right(double did, double near, double far, char *why, size_t len);

/* Run the loads of the set's answers where its events can be counted (rows of the matrix that
 * are `available`) and set `proof` of the rows to "checked", or `proof_why` of those that said
 * something else.  node: where the memory is that is measured; -1: where this runs. */
void answers_check(const struct eventset *, json_t *matrix, int node);

/* `proof` of every row that has none: "open" where it is available, "n/a". */
void answers_close(json_t *matrix);

#endif
