/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cli.h -- the command line: groups of options, and which of them each command takes.
 */
#ifndef CLI_H
#define CLI_H

#include <stdbool.h>
#include <stddef.h>
#include "config.h"
#include "guard.h"

#define RESULTS_DIR "results"

enum { CLI_LIST_MAX = 256, CLI_GROUPS_MAX = 12 };

/* What a group of options parses into; a group of one option is a field of struct cli. */
struct change_options {
	struct setting set[CLI_LIST_MAX + 1];	/* --set, and --precision as one */
	size_t nset;
	bool quick;
};
struct config_options {
	const char *filter, *events, *budget;
	char precision[64];			/* as a setting */
	bool print, help;			/* and stop */
};
struct run_options { const char *acks; bool dry; };
struct consent_options { const char *destroy[CLI_LIST_MAX]; struct consent to; };
struct compare_options {
	const char *row, *col, *base, *filter, *margin, *metric, *fail_if;
	const char *match[CLI_LIST_MAX];
	size_t nmatch;
	const char *dir;			/* NULL: nothing is written */
	bool png, csv;
};
struct export_options { const char *format, *file; };	/* file NULL: standard output */
struct page_options { const char *width, *font, *format; bool bare, literature; };	/* of figures */
struct runs_options { const char *label[CLI_LIST_MAX]; size_t nlabel; const char *dir; };	/* dir NULL: its default */
struct plot_options { const char *x, *y, *z, *series, *panel, *where, *form, *stat, *baseline, *title, *figure; };
struct verify_options {
	const char *root;
	struct { const char *text; bool is_btt; } image[CLI_LIST_MAX];
	size_t nimage;
};

struct cli {
	const char *arg[CLI_LIST_MAX];		/* what is no option: configs, directories */
	size_t narg;
	int argc;
	char **argv;				/* as typed, for run.json */
	struct options what;			/* -k -s -t -T -m: no file needed */
	struct change_options change;
	struct config_options config;
	struct run_options run;
	struct consent_options consent;
	struct compare_options compare;
	struct export_options export;
	struct page_options page;
	struct runs_options runs;
	struct plot_options plot;
	struct verify_options verify;
	const char *figure_path;		/* a folder of more figures */
	const char *kernel_path;
	const char *results;			/* the folder that holds results directories; NULL: RESULTS_DIR */
	const char *only;			/* one figure */
	const char *fleet;			/* the file of a collection; NULL: its default */
	const char *offset;			/* of a namespace in an image */
	bool json, print, strict, anonymize, verbose;
};

/* Exit codes (DESIGN 5). */
enum {
	EXIT_OK = 0, EXIT_POINT_FAILED = 1, EXIT_USAGE = 2, EXIT_NOTHING_RAN = 3,
	EXIT_STRICT = 4, EXIT_REFUSED = 5, EXIT_INTERRUPTED = 130,
};

/* Each a child of its commands' argp (cli.c). */
extern const struct option_group options_what, options_change, options_config, options_kernels, options_run, options_results, options_consent,
	options_figure, options_figures, options_page, options_runs, options_plot, options_print, options_compare, options_export, options_collect, options_btt,
	options_verify, options_json, options_strict, options_anonymize;

struct command {
	const char *name, *args, *doc;
	const struct option_group *options[CLI_GROUPS_MAX];	/* that it takes; ended by NULL */
	int (*run)(struct cli *);	/* returns the exit code */
};
extern const struct command commands[];		/* ended by name NULL; the first is the default */

/* Parse argv for a command; help and version are printed and end the program, as
 * argp does.  0 or -EINVAL (message printed). */
int cli_parse(const struct command *, int argc, char **argv, struct cli *);

#endif
