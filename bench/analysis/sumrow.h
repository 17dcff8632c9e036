/* SPDX-License-Identifier: BSD-2-Clause */
/* sumrow.h -- one row of the summary and its flags; for summary.c alone. */
#ifndef SUMROW_H
#define SUMROW_H

#include "summary.h"

/* A line of reps.csv. */
struct value { uint32_t at, metric, rep, clean; double v; };

/* What journal and plan know of each point. */
struct sumfacts { uint32_t *flags; double *quantum; };	/* ns */
int  sumfacts_find(struct sumfacts *, const struct run *);	/* 0 or -ENOMEM; free in every case */
void sumfacts_free(struct sumfacts *);

/* The row of the n values of one point and metric; x has room for them.  0 or -ENOMEM. */
int  sumrow_make(const struct summary *, const struct sumfacts *, struct sum *, const struct value *, size_t n,
		 double *x);
/* The flags that a row has of its point and of its neighbours. */
void sumrow_flags(struct summary *, const struct sumfacts *);

#endif
