/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pick.h -- the rows that a figure shows, out of one run or several.
 *
 * A row is one number of one point with its interval; what else is known of the
 * point, its target and its run are its fields.  Memory is an arena's.
 */
#ifndef PICK_H
#define PICK_H

#include "hist.h"
#include "plugin.h"
#include "summary.h"

/* A run that is drawn from.  label: what it is called beside others. */
struct input { const struct summary *s; const char *label; };

struct pick {
	const struct input *from;
	const struct run_point *p;
	double v, lo, hi;		/* lo, hi NaN: no interval */
	double tail[2];			/* what figure.stat names; NaN: none */
	uint32_t n, clean, total;	/* repeats behind it; DATA_CLASSES: cuts, of them those with nothing lost */
	const char *metric;		/* its name; of a count its event */
	double order;			/* DATA_REPEATS: its place in the run, from 1 */
	bool disturbed, amortised;
	const struct hist *hist;	/* DATA_HIST: its ops, in ticks */
};

struct picks {
	struct arena *mem;
	const struct input *input;
	size_t ninput, n;
	struct pick *v;
	uint64_t size;			/* DATA_LADDER: what most rows were measured with */
	bool thinned;			/* DATA_REPEATS: evenly, to what can be seen */
	bool base_missing;		/* there was nothing to hold some row against */
};

/* A field by its name: an axis or another column of points.csv, a parameter with p_ or without,
 * and what figure_keys's fields are; "" where it does not apply. */
const char *pick_field(const struct pick *, const char *name);

/* All rows of the inputs for the figure, its expression and its baseline applied; in the order of
 * the runs and their points.  0; -EINVAL, -errno with why. */
int picks_make(struct picks *, struct arena *, const struct figure *, const struct input *, size_t ninput, char *why,
	       size_t whylen);

#endif
