/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * experiment.h -- a config on this machine: targets probed, points planned.
 *
 * What is to be measured, as whoever asked for it (cmd/) opened it.  A run reads it and
 * changes nothing in it.
 */
#ifndef EXPERIMENT_H
#define EXPERIMENT_H

#include "filter.h"
#include "plan.h"
#include "topo.h"

struct experiment {
	struct config *config;
	struct filter *filter;		/* NULL: none */
	const char *filter_text;	/* as typed, or NULL; the caller's */
	int argc;			/* as typed, for run.json; the caller's */
	char **argv;
	struct topo *topo;
	struct facts_target *fact;	/* one per config.target */
	struct plan plan;
	uint64_t began_ns;		/* deadline_now() when it was opened */
	uint64_t budget_ns;		/* --budget; 0: none */
};

#endif
