/* SPDX-License-Identifier: BSD-2-Clause */
/* run-bench report: summarise and draw a results directory again, or several together. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "commands.h"
#include "figureset.h"
#include "log.h"
#include "runset.h"
#include "text.h"

static bool
has_figure(const struct figures *all, const char *name)
{
	struct guess g;

	guess_start(&g, name);
	for (size_t i = 0; i < all->n; i++)
		guess_try(&g, all->v[i].name);
	if (figures_find(all, name))
		return true;
	warn("--only %s: no such figure; %s%s", name, g.best ? "did you mean " : "run-bench list figures shows them",
	     g.best ? g.best : "");
	return false;
}

/* All runs in the same figures, in a folder of their own. */
static int
together(struct cli *cli, const struct report_want *want)
{
	struct runset runs;
	int fd, rc = runset_open(&runs, cli);

	if (rc < 0) {
		runset_close(&runs);
		return rc;
	}
	rc = mkdir(cli->runs.dir, 0777) == 0 || errno == EEXIST ? 0 : -errno;
	fd = rc == 0 ? open(cli->runs.dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	if (fd < 0) {
		rc = -errno;
		fail_at(-rc, "%s:", cli->runs.dir);
	} else {
		rc = report_runs(runs.input, runs.n, want, fd, cli->runs.dir, &log_say);
		close(fd);
	}
	for (size_t i = 0; i < runs.n && rc == 0; i++)
		printf("%s: %s\n", runs.input[i].label, runs.run[i].dir);
	if (rc == 0)
		printf("%s/report.html\n", cli->runs.dir);
	runset_close(&runs);
	return rc;
}

static int
report(struct cli *cli, const struct figures *all)
{
	struct report_want want = { .figures = all, .only = cli->only };
	int rc;

	if (figureset_page(&want.page, cli) < 0 || (cli->only && !has_figure(all, cli->only)))
		return EXIT_USAGE;
	if (cli->narg > 1)
		return together(cli, &want) < 0 ? EXIT_USAGE : EXIT_OK;
	rc = report_make(AT_FDCWD, cli->arg[0], &want, stdout, &log_say);
	if (rc < 0)
		return EXIT_USAGE;
	return rc > 0 && cli->strict ? EXIT_STRICT : EXIT_OK;
}

int
cmd_report(struct cli *cli)
{
	struct figures all;
	int code = EXIT_USAGE;

	if (cli->narg == 0 || (cli->narg == 1 && (cli->runs.dir || cli->runs.nlabel))) {
		warn(cli->narg ? "-o and --label are for several results directories" : "report wants one results directory, or several");
		return EXIT_USAGE;
	}
	if (!cli->runs.dir)
		cli->runs.dir = "report";
	if (figureset_open(&all, cli) == 0)
		code = report(cli, &all);
	figures_free(&all);
	return code;
}
