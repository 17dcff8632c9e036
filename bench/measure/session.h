/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * session.h -- a config on this machine: targets probed, points planned.
 *
 * What `run`, `plan` and `resume` have in common.  Changes nothing.
 */
#ifndef SESSION_H
#define SESSION_H

#include "cli.h"
#include "filter.h"
#include "plan.h"
#include "topo.h"

struct session {
	struct config *config;
	struct filter *filter;
	struct topo *topo;
	struct facts_target *fact;	/* one per config.target */
	struct plan plan;
	uint64_t began_ns;		/* deadline_now() of session_open */
	uint64_t budget_ns;		/* --budget; 0: none */
	char *gave_up;			/* for it, before the run: lines; or NULL */
};

/* Load FILE ("-": standard input; NULL: the text that follows from -k -s -t, or quick.yaml),
 * apply --set and --quick, expand auto, probe and plan.  Returns 0 or an exit code; what is
 * wrong has been printed. */
int  session_open(struct session *, const struct cli *, const char *file);
void session_close(struct session *);

/* Only the first half: the config, for --print-config. */
int  session_config(struct session *, const struct cli *, const char *file);


#endif
