/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * run-bench: which command is asked for.  Each lives in a cmd_*.c; only this file exits.
 */
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "commands.h"
#include "log.h"
#include "worker.h"

/* Or the first files that are opened get the numbers of the streams that were closed, and with
 * them what is said there. */
static int
fill_closed(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDWR);
	while (fd >= 0 && fd <= STDERR_FILENO);
	return fd < 0 ? -errno : close(fd);
}

/* Also where argp ends the program.  A reader that left has what it wanted, `| head`; anything
 * else that is lost is an error. */
static void
say_lost(int code, void *arg)
{
	struct pollfd p = { .fd = STDOUT_FILENO, .events = POLLOUT };

	(void)arg;
	errno = 0;
	if (fflush(stdout) == 0 && !ferror(stdout))
		return;
	if (poll(&p, 1, 0) == 1 && p.revents & POLLERR)
		return;
	/* Of an earlier write only that it failed is known. */
	if (errno)
		fail_at(errno, "standard output:");
	else
		warn("standard output: a part could not be written");
	_exit(code ? code : EXIT_POINT_FAILED);
}

/* `run-bench help compare` is `run-bench compare --help`. */
static void
take_help(int argc, char **argv)
{
	static char help[] = "--help";

	if (argc < 2 || argc > 3 || strcmp(argv[1], "help") != 0)
		return;
	if (argc == 3)
		argv[1] = argv[2];
	argv[argc - 1] = help;
}

int
main(int argc, char **argv)
{
	const struct command *c = commands;
	struct cli *cli;
	char name[64], *typed;
	int code, named;

	if (fill_closed() < 0)
		return EXIT_POINT_FAILED;
	if (argc == 2 && strcmp(argv[1], WORKER_ARG) == 0)
		return worker_main();
	on_exit(say_lost, NULL);
	take_help(argc, argv);
	/* A reader that left, `| head`, must not end a run before it has tidied up, nor a limit on
	 * the size of files; and a launcher that ignores SIGCHLD would make workers end without a
	 * status. */
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
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
