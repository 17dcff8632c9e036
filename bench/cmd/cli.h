/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cli.h -- the command line: one table of options, a set of them for each command.
 */
#ifndef CLI_H
#define CLI_H

#include <stdbool.h>
#include <stddef.h>
#include "config.h"
#include "guard.h"

#define CLI_LIST_MAX 256

struct cli {
	const char *arg[CLI_LIST_MAX];	/* what is no option: configs, directories */
	size_t narg;
	struct setting set[CLI_LIST_MAX];	/* --set */
	size_t nset;
	const char *destroy[CLI_LIST_MAX];	/* --destroy-data */
	struct consent consent;
	const char *filter, *out_dir, *kernel_path, *only, *events, *budget;
	struct options inline_;			/* -k -s -t -T -m: no file needed */
	struct { const char *match, *margin, *row, *col, *base, *metric; bool png; } compare;
	const char *format;			/* of an export */
	const char *acks;			/* of an audit */
	const char *root;			/* of a verify */
	struct { const char *text; bool is_btt; } image[CLI_LIST_MAX];
	size_t nimage;
	const char *offset;			/* of a namespace in an image */
	bool out_given, csv, verbose, strict, anonymize;
	char precision[64];			/* as a setting */
	bool quick, json, print_config, help_config, dry_run, print;
	int argc;
	char **argv;				/* as typed, for run.json */
};

/* Exit codes (DESIGN 5). */
enum {
	EXIT_OK = 0, EXIT_POINT_FAILED = 1, EXIT_USAGE = 2, EXIT_NOTHING_RAN = 3,
	EXIT_STRICT = 4, EXIT_REFUSED = 5, EXIT_INTERRUPTED = 130,
};

struct command {
	const char *name, *args, *doc;
	const char *options;		/* the keys of the options it takes; see cli.c */
	int (*run)(struct cli *);	/* returns the exit code */
};
extern const struct command commands[];		/* ended by name NULL; the first is the default */

/* Parse argv for a command; help and version are printed and end the program, as
 * argp does.  0 or -EINVAL (message printed). */
int cli_parse(const struct command *, int argc, char **argv, struct cli *);

#endif
