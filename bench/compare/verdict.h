/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * verdict.h -- is this faster, slower, the same, or can it not be told?  (METHOD 4)
 *
 * Pure: times in, verdicts out.  A contest is one row of a table: the same point on
 * two sides.  Holm runs over all contests that have a test; a side of one unit has
 * none, so its contest keeps the ratio and the verdict n=1.
 */
#ifndef VERDICT_H
#define VERDICT_H

#include "stats.h"

enum compared_outcome { OUTCOME_FASTER, OUTCOME_SLOWER, OUTCOME_SAME, OUTCOME_UNCLEAR, OUTCOME_SINGLE, OUTCOMES };
extern const char *const outcome_name[OUTCOMES];	/* faster slower same unclear n=1 */

#define COMPARE_ALPHA 0.05
enum { COMPARE_NEEDS_MAX = 1000 };

struct contest {
	const double *base, *cand;	/* times, all > 0; paired: the i-th of both share a block */
	size_t nbase, ncand;		/* at least 1; equal when paired */
	bool paired;
	bool blind;			/* a step of the clock is over the margin: no test, and unclear for ever */
	/* filled in */
	struct interval ratio, inner;	/* time of cand / time of base, at 95 % and at 90 % */
	double p, holm;			/* as tested; adjusted over the table.  NaN: no test */
	enum compared_outcome verdict;
	size_t needs;			/* unclear: units a side that would do, at most COMPARE_NEEDS_MAX; 0: none would */
};

/* Judge a table.  margin: the least effect that counts, 0.05.  0, -ENOMEM, or -EDOM for a
 * time that is not positive. */
int compare_judge(struct contest *, size_t n, double margin);

/* The least p such sides can reach, and how many rows it carries under Holm. */
double compare_least_p(bool paired, size_t nbase, size_t ncand);
size_t compare_carries(bool paired, size_t nbase, size_t ncand);
/* Units a side from which a table of so many rows can carry a verdict. */
size_t compare_units_for(bool paired, size_t rows);

#endif
