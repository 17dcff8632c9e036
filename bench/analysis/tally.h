/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tally.h -- points that have no number, grouped by the reason.
 */
#ifndef TALLY_H
#define TALLY_H

#include "rundir.h"

enum { TALLY_MAX = 64 };
struct tally {
	size_t n, total, more;		/* reasons kept; points; points whose reason was left out */
	struct { const char *reason; size_t points; } row[TALLY_MAX];	/* most points first */
};
void tally_points(struct tally *, const struct run *, enum run_state);

#endif
