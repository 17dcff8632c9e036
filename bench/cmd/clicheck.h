/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * clicheck.h -- mistakes in a command line, before argp reads it.
 */
#ifndef CLICHECK_H
#define CLICHECK_H

#include <argp.h>

enum { CLI_OPTIONS = 64, CLI_ALL = 256 };	/* of one command; of all, each as often as commands take it */
enum { CLI_MANY = 0x1000000 };			/* a flag of ours: may stand there more than once */

struct cli_check {
	const char *command, *program;		/* "plan", "run-bench plan" */
	const struct argp_option *known;	/* of the command; ended by name NULL */
	const struct argp_option *others;	/* of all commands */
	unsigned char seen[CLI_OPTIONS];
};

/* 0, or -1 and one line that says what is wrong. */
int cli_check(struct cli_check *, int argc, char **argv);

#endif
