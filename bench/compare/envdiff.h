/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * envdiff.h -- in what the machines, tools and targets of two or more sides differ,
 * as far as their run.json say.
 */
#ifndef ENVDIFF_H
#define ENVDIFF_H

#include "projection.h"

struct envdiff_line {
	const char *key;		/* "host.cpu", "target pm.fstype" */
	const char **value;		/* by side; NULL: that side does not say */
	bool unstated;			/* some side does not say; the others agree */
	bool measured;			/* no setting: a number that the runs found, over 10 % apart */
};

struct envdiff { size_t n, same; struct envdiff_line *line; };	/* same: keys that agree */

void envdiff_make(struct envdiff *, struct arena *, const struct compared_run *, size_t nsource, size_t sides);

#endif
