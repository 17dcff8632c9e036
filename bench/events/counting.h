/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * counting.h -- the events of a config on this machine: which can be counted, and why not.
 */
#ifndef COUNTING_H
#define COUNTING_H

#include <jansson.h>
#include "config.h"
#include "event.h"

/*
 * Fill the list with the events that can be counted here; a name of an event set
 * (configs/events/NAME.txt) stands for its events.  *matrix: every event asked for with
 * `available` and `why`, or its scope, scale and unit, for run.json (a new reference).  0, also when none can be counted;
 * -EINVAL: an event that no machine knows (message printed); -ENOMEM.
 */
int counting_list(const struct config *, struct event_list *, json_t **matrix);
/* The event sets among the config's events, those for this CPU: name, doc, events, metrics. */
json_t *counting_sets(const struct config *);		/* new reference */

#endif
