/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * budget.h -- fit a plan into a time, and say what that costs.
 */
#ifndef BUDGET_H
#define BUDGET_H

#include <stdio.h>
#include "plan.h"

/*
 * Change the schedules of the config until the plan takes at most ns, giving up in this
 * order: repeats beyond the least, waiting for a steady state, repeats down to the six that
 * an interval needs, long windows.  Each step that was needed is a line on `say`.
 * 0, or -ETIME when not even that is enough (*least_ns: what it would take).
 */
int budget_fit(struct config *, const struct plan *, uint64_t ns, FILE *say, uint64_t *least_ns);

#endif
