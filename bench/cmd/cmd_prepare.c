/* SPDX-License-Identifier: BSD-2-Clause */
/* run-bench prepare --print: the commands that make namespaces, for a person to run. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "commands.h"
#include "log.h"
#include "recipe.h"
#include "text.h"
#include "experiment_open.h"

/* Place them in the regions of this machine, and print.  The exit code. */
static int
place_and_print(struct recipe *mode, size_t n)
{
	struct recipe_region *region;
	const int nregion = recipe_regions(&region);
	char why[WHY_MAX];
	int rc;

	if (nregion < 0) {
		fail_at(nregion, "looking for regions:");
		return EXIT_POINT_FAILED;
	}
	rc = recipe_place(mode, n, region, (size_t)nregion, why, sizeof why);
	if (rc < 0)
		warn("%s", nregion || rc != -ENOSPC ? why :
		     "no persistent memory regions here; for one of RAM boot with memmap=4G!16G");
	else if (recipe_print(mode, n, region, (size_t)nregion, stdout) < 0)
		rc = -EIO;
	free(region);
	return rc == -ENOSPC ? EXIT_NOTHING_RAN : rc == -EIO ? EXIT_POINT_FAILED : rc ? EXIT_USAGE : EXIT_OK;
}

static void
put_option(const char *option, const char *value)
{
	printf(" %s", option);
	text_word(value, stdout);
}

/* What a person types when that has been run. */
static void
print_run(const struct cli *cli, const struct config *c)
{
	printf("\n# Then:\n# run-bench ");
	text_word(cli->arg[0], stdout);
	for (size_t k = 0; k < cli->change.nset; k++)
		put_option("--set ", cli->change.set[k].text);
	if (cli->change.quick)
		printf(" --quick");
	for (size_t i = 0; i < c->ntarget; i++) {
		const struct target_spec *t = &c->target[i];

		if (t->kind == KIND_DEVDAX || t->kind == KIND_SECTOR || t->kind == KIND_RAW)
			put_option("--destroy-data=", t->namespace_[0] ? t->namespace_ : t->path);
	}
	putchar('\n');
}

static int
for_config(struct cli *cli, const struct recipe *own, size_t nown)
{
	struct experiment s;
	struct recipe_found *found = NULL;
	struct recipe *mode = NULL;
	char why[WHY_MAX];
	int code = experiment_config(&s, cli, cli->arg[0]), rc;

	if (code)
		goto end;
	found = calloc(s.config->ntarget + 1, sizeof *found);
	mode = calloc(s.config->ntarget + 1, sizeof *mode);
	rc = found && mode ? recipe_look(s.config, found) : -ENOMEM;
	if (rc < 0) {
		fail_at(rc, "looking for namespaces:");
		code = EXIT_POINT_FAILED;
	} else if (recipe_config(mode, s.config, found, own, nown, why, sizeof why) < 0) {
		warn("%s: %s", s.config->file, why);
		code = EXIT_USAGE;
	} else
		code = place_and_print(mode, s.config->ntarget);
	if (!code)
		print_run(cli, s.config);
end:
	free(found);
	free(mode);
	experiment_close(&s);
	return code;
}

/* A MODE misspelt is none, unless a file is called so. */
static bool
is_config(const char *arg)
{
	return recipe_kind(arg) == KINDS && (strcmp(arg, "-") == 0 || strpbrk(arg, "./") || access(arg, F_OK) == 0);
}

int
cmd_prepare(struct cli *cli)
{
	const size_t from = cli->narg && is_config(cli->arg[0]), n = cli->narg - from;
	struct recipe *mode = calloc(n + 1, sizeof *mode);
	char why[WHY_MAX];
	int code = EXIT_OK;

	if (!mode) {
		fail_at(-ENOMEM, "prepare:");
		return EXIT_POINT_FAILED;
	}
	if (!cli->print || cli->narg == 0) {
		warn(cli->print ? "prepare --print wants a CONFIG or a mode: fsdax, devdax, sector or raw" :
		     "prepare makes nothing itself: --print shows the commands");
		code = EXIT_USAGE;
	}
	for (size_t i = 0; !code && i < n; i++)
		if (recipe_parse(&mode[i], cli->arg[from + i], why, sizeof why) < 0) {
			warn("%s: %s", cli->arg[from + i], why);
			code = EXIT_USAGE;
		}
	if (!code)
		code = from ? for_config(cli, mode, n) : place_and_print(mode, n);
	free(mode);
	return code;
}
