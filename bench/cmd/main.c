/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * run-bench: which command is asked for.  Each lives in a cmd_*.c; only this file exits.
 */
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include "commands.h"
#include "worker.h"

int
main(int argc, char **argv)
{
	const struct command *c = commands;
	struct cli *cli;
	char name[64], *typed;
	int code, named;

	if (argc == 2 && strcmp(argv[1], WORKER_ARG) == 0)
		return worker_main();
	/* A reader that left, `| head`, must not end a run before it has tidied up; and a launcher
	 * that ignores SIGCHLD would make workers end without a status. */
	signal(SIGPIPE, SIG_IGN);
	signal(SIGCHLD, SIG_DFL);
	setlocale(LC_CTYPE, "");	/* how wide a character is; numbers stay as they are */
	cli = calloc(1, sizeof *cli);
	if (!cli)
		return EXIT_POINT_FAILED;
	for (const struct command *k = commands; k->name && argc > 1; k++)
		if (strcmp(argv[1], k->name) == 0)
			c = k;
	cli->argc = argc;
	cli->argv = argv;
	/* argp and getopt name the program after argv[0]. */
	named = argc > 1 && strcmp(argv[1], c->name) == 0;
	snprintf(name, sizeof name, named ? "run-bench %s" : "run-bench", c->name);
	typed = argv[named];
	argv[named] = name;
	code = cli_parse(c, argc - named, argv + named, cli);
	argv[named] = typed;
	code = code < 0 ? EXIT_USAGE : c->run(cli);
	free(cli);
	return code;
}
