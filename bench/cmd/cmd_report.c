/* SPDX-License-Identifier: BSD-2-Clause */
/* run-bench report: summarise and draw a results directory again. */
#include <string.h>
#include "commands.h"
#include "figure.h"
#include "log.h"
#include "report.h"
#include "text.h"

static bool
has_figure(const char *name)
{
	struct guess g;

	guess_start(&g, name);
	for (const struct figure *f = figures; f->name; f++) {
		if (strcmp(f->name, name) == 0)
			return true;
		guess_try(&g, f->name);
	}
	warn("--only %s: no such figure; %s%s", name, g.best ? "did you mean " : "run-bench list figures shows them",
	     g.best ? g.best : "");
	return false;
}

int
cmd_report(struct cli *cli)
{
	int rc;

	if (cli->narg != 1) {
		warn("report wants one results directory");
		return EXIT_USAGE;
	}
	if (cli->only && !has_figure(cli->only))
		return EXIT_USAGE;
	rc = report_make(cli->arg[0], cli->only, stdout, &log_say);
	if (rc < 0)
		return EXIT_USAGE;
	return rc > 0 && cli->strict ? EXIT_STRICT : EXIT_OK;
}
