/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * experiment_open.h -- from a command line to an experiment: what `run`, `plan` and `resume`
 * have in common.  Changes nothing.
 */
#ifndef EXPERIMENT_OPEN_H
#define EXPERIMENT_OPEN_H

#include "cli.h"
#include "experiment.h"

/* Load FILE ("-": standard input; NULL: the text that follows from -k -s -t, or quick.yaml),
 * apply --set and --quick, expand auto, probe and plan.  Returns 0 or an exit code; what is
 * wrong has been printed. */
int  experiment_open(struct experiment *, const struct cli *, const char *file);
/* The same with the config of an old run: config.resolved.json in its directory, which is open as
 * dirfd and called dir. */
int  experiment_reopen(struct experiment *, const struct cli *, int dirfd, const char *dir);
void experiment_close(struct experiment *);

/* Only the first half: the config, for --print-config. */
int  experiment_config(struct experiment *, const struct cli *, const char *file);

#endif
