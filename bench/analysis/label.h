/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * label.h -- what to call a point beside others: its kernel and whatever differs.
 */
#ifndef LABEL_H
#define LABEL_H

#include "rundir.h"

enum { LABEL_MAX = 160 };

/* The columns of points.csv that tell points apart which agree in kernel and target:
 * axes and p_ parameters, but not size, threads and mode, which have places of their own. */
struct labels {
	const struct run *run;
	size_t n;
	int column[32];
};
void labels_find(struct labels *, const struct run *);

/* "clwb fence=16 random"; buf of LABEL_MAX bytes. */
const char *label_point(const struct labels *, const struct run_point *, char *buf);

#endif
