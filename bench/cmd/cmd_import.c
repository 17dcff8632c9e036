/* SPDX-License-Identifier: BSD-2-Clause */
/* run-bench import: published results of others as a results directory. */
#include <stdio.h>
#include "commands.h"
#include "import.h"
#include "log.h"

static int
import_one(const char *file, const char *parent)
{
	struct imported in;
	char why[512], dir[4400];
	int err = import_read(&in, file, why, sizeof why);

	if (err == 0)
		err = import_write(&in, parent, dir, sizeof dir, why, sizeof why);
	if (err < 0) {
		warn("%s", why);
	} else {
		info("%s: %zu points, each measured once (n=1); %zu without a counterpart here left out", file,
		     json_array_size(in.points), in.passed);
		if (in.note)
			info("%s: %s", file, in.note);
		printf("%s\n", dir);
	}
	import_free(&in);
	return err;
}

int
cmd_import(struct cli *cli)
{
	if (cli->narg == 0) {
		warn("import what? A .json of PerMA-Bench or a .csv of OptaneStudy");
		return EXIT_USAGE;
	}
	for (size_t i = 0; i < cli->narg; i++)
		if (import_one(cli->arg[i], cli->results ? cli->results : RESULTS_DIR) < 0)
			return EXIT_USAGE;
	return EXIT_OK;
}
