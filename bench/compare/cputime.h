/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cputime.h -- CPU time of an op, by repeat, from samples.csv: the mean over its windows.
 */
#ifndef CPUTIME_H
#define CPUTIME_H

#include "metric.h"
#include "rundir.h"

struct cputime_repeat { uint32_t at, rep; double ns[STAMPS + 1]; };	/* by stamp; last: throughput */
struct cputime { size_t n; struct cputime_repeat *v; };			/* by point, then repeat */

/* 0, also for a run without samples (an import); -ENOMEM, or -EINVAL with why. */
int    cputime_load(struct cputime *, const struct run *, char *why, size_t whylen);
void   cputime_free(struct cputime *);

/* For this metric's kind of window; NaN where it was not measured. */
double cputime_of(const struct cputime *, uint32_t at, uint32_t rep, enum metric_id);

#endif
