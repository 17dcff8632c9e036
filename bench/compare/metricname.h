/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * metricname.h -- a metric that no repeat of the runs has: what may have been meant.
 */
#ifndef METRICNAME_H
#define METRICNAME_H

#include "projection.h"

/* -EINVAL; why: the name, the nearest one or the list of those that reps.csv has. */
int metricname_refuse(const struct compared_run *, size_t nsource, const char *metric, char *why, size_t whylen);

#endif
