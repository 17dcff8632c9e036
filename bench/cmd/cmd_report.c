/* SPDX-License-Identifier: BSD-2-Clause */
/* run-bench report: summarise and draw a results directory again. */
#include "commands.h"
#include "log.h"
#include "report.h"

int
cmd_report(struct cli *cli)
{
	int rc;

	if (cli->narg != 1) {
		warn("report wants one results directory");
		return EXIT_USAGE;
	}
	rc = report_make(cli->arg[0], cli->only, stdout);
	if (rc < 0)
		return EXIT_USAGE;
	return rc > 0 && cli->strict ? EXIT_STRICT : EXIT_OK;
}
