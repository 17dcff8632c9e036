/* SPDX-License-Identifier: BSD-2-Clause */
/* cligroup.h -- what groups of options are made of: for cli.c and clidraw.c alone. */
#ifndef CLIGROUP_H
#define CLIGROUP_H

#include <argp.h>
#include "cli.h"

/* Children of one argp: what each parses into lies at `at` in struct cli. */
struct option_group { const struct argp_option *option; argp_parser_t parse; size_t at; };
#define GROUP(name, parser, field) \
	const struct option_group options_##name = { name##_option, parser, offsetof(struct cli, field) }

/* One more of a list of CLI_LIST_MAX. */
error_t cli_add(const char **list, size_t *n, const char *arg, struct argp_state *);
/* The parser of a group with one option, a text. */
error_t cli_text(int key, char *arg, struct argp_state *);

#endif
