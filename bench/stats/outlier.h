/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * outlier.h -- which of many values stands apart: the modified z-score.
 *
 * Iglewicz & Hoaglin, "How to Detect and Handle Outliers" (ASQC 1993): 0.6745 (x - median)
 * / MAD, an outlier beyond 3.5; where more than half are equal and the MAD is 0, the mean
 * absolute deviation times 1.253314 stands in.  Pure.
 */
#ifndef OUTLIER_H
#define OUTLIER_H

#include <stddef.h>

#define OUTLIER_Z 3.5
enum { OUTLIER_LEAST = 5 };		/* of fewer values none can be told to stand apart */

/* z[i] of x[i]; *median of x.  0 or -ENOMEM. */
int outlier_z(const double *x, size_t n, double *z, double *median);

#endif
