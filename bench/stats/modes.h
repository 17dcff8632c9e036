/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * modes.h -- do the repeats of a point fall into two groups?
 *
 * The widest gap that leaves three tenths of the values on either side is held against
 * the range.  Among distributions with one peak the flat one has the widest gaps in the
 * middle, so it is what a gap must beat: with the ends given, the n - 1
 * spacings of a flat sample are each above t of the range with probability
 * (1 - t)^(n - 2), which over the k gaps looked at is at most MODES_ALARM.
 * tests/unit/modes.c finds that alarm rate by simulation.
 */
#ifndef MODES_H
#define MODES_H

#include <stdbool.h>
#include <stddef.h>

#define MODES_ALARM 0.05	/* of a sample with one peak: how often it is called two */
#define MODES_EFFECT 0.05	/* a narrower gap, as a fraction of the median, is of no interest */
enum { MODES_LEAST = 6 };	/* fewer values are never called two groups */

/* x ascending.  step: values are multiples of it (a clock's quantum; 0: any): a gap of
 * two steps is rounding. */
bool modes_two(const double *x, size_t n, double step);

#endif
