/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * reps.h -- samples and histograms to reps.csv: one number per repeat and metric.
 *
 * A pure function of the files: the same samples give the same bytes.  Follows
 * the journal; repeats that failed are passed over.  Of counting repeats it has what
 * they counted, per op (counted.h).
 */
#ifndef REPS_H
#define REPS_H

#include <stdio.h>
#include "rundir.h"

/* Write reps.csv into the run's directory.  0 (also without a journal: reps.csv is
 * then taken as it is); -EINVAL or -errno with a message in why. */
int reps_make(const struct run *, char *why, size_t whylen);
/* Write the same to a stream, of a run with a journal: for who only reads. */
int reps_print(const struct run *, FILE *, char *why, size_t whylen);

#endif
