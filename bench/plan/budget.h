/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * budget.h -- a plan that cannot be measured in a time: what it has to give up before it begins.
 *
 * Only the least that a run makes must fit: repeats beyond it, and repeats for disturbed
 * ones, are begun while there is time (deadline.h).
 */
#ifndef BUDGET_H
#define BUDGET_H

#include <stdio.h>
#include "plan.h"

/*
 * Change the schedules of the config until the least that the plan measures, counting repeats
 * included, takes at most ns, giving up in this order: long windows and warm-ups; repeats, down
 * to the six that an interval needs; all counting repeats but one.  Then bound the wait for a
 * steady state, so that as many fit even when none is reached.  Each step that was needed is a
 * line on `say`.  0, or -ETIME when not even that is enough (*least_ns: what it would take).
 */
int budget_fit(struct config *, struct plan *, uint64_t ns, FILE *say, uint64_t *least_ns);

#endif
