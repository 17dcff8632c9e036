/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * matrix.h -- the events of a config on this machine: which can be counted, which were,
 * and why not.
 *
 * The matrix is `counters` of run.json: one row an event that was asked for, by itself or in a set.
 *
 *     event, available, why	why it is not counted and what mends it; "" when it is
 *     scope, scale, unit	where it can be opened
 *     set			the event set that asked for it, where that one is for other CPUs
 *     counted			true once a counting repeat had it; with a `why`: another had not
 *     proof, proof_why		"checked": it read what a load of known size did (answer.h); "open": that was
 *				not tried, or it read something else, which the why says; "n/a"
 */
#ifndef MATRIX_H
#define MATRIX_H

#include <jansson.h>
#include "config.h"
#include "multiplex.h"
#include "event.h"
#include "say.h"

/* Fill the list with the events that can be counted here; a name of an event set
 * (configs/events/NAME.txt) stands for its events.  *matrix is a new reference.  What cannot be
 * counted is said once.  0, also when nothing can; -EINVAL, -E2BIG: asked for in a way that is
 * wrong on any machine (and said); -ENOMEM.  node: where known loads run (answer.h). */
int matrix_list(const struct config *, struct event_list *, json_t **matrix, int node, const struct say *);
/* The event sets among the config's events, those for this CPU: name, doc, events, metrics. */
json_t *matrix_sets(const struct config *);		/* new reference */

/* What a counting repeat has of the first n events of the list; what it lost is said.  true: it
 * changed the matrix. */
bool matrix_seen(json_t *matrix, const struct event_list *, const struct counter_value *, uint32_t n,
		   const struct say *);

#endif
