/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * commands.h -- what main() can do.  Each takes the parsed command line and
 * returns the exit code.
 */
#ifndef COMMANDS_H
#define COMMANDS_H

#include "cli.h"

int cmd_run(struct cli *);
int cmd_plan(struct cli *);
int cmd_list(struct cli *);
int cmd_report(struct cli *);
int cmd_plot(struct cli *);
int cmd_resume(struct cli *);
int cmd_compare(struct cli *);
int cmd_import(struct cli *);
int cmd_export(struct cli *);
int cmd_collect(struct cli *);
int cmd_prepare(struct cli *);
int cmd_doctor(struct cli *);
int cmd_btt_check(struct cli *);
int cmd_verify(struct cli *);

#endif
