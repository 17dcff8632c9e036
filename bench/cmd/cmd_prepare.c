/* SPDX-License-Identifier: BSD-2-Clause */
/* run-bench prepare --print: the commands that make namespaces, for a person to run. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "commands.h"
#include "log.h"
#include "prepare_look.h"
#include "experiment_open.h"

/* Place them in the regions of this machine, and print.  The exit code. */
static int
place_and_print(struct prep_mode *mode, size_t n)
{
	struct prep_region *region;
	const int nregion = prepare_regions(&region);
	char why[WHY_MAX];
	size_t make = 0;
	int rc;

	if (nregion < 0) {
		fail_at(nregion, "looking for regions:");
		return EXIT_POINT_FAILED;
	}
	for (size_t i = 0; i < n; i++)
		make += mode[i].step == PREP_MAKE;
	if (make && nregion == 0) {
		warn("no persistent memory regions here; for one of RAM boot with memmap=4G!16G");
		return EXIT_NOTHING_RAN;
	}
	rc = prepare_place(mode, n, region, (size_t)nregion, why, sizeof why);
	if (rc < 0)
		warn("%s", why);
	else if (prepare_print(mode, n, stdout) < 0)
		rc = -EIO;
	free(region);
	return rc == -ENOSPC ? EXIT_NOTHING_RAN : rc == -EIO ? EXIT_POINT_FAILED : rc ? EXIT_USAGE : EXIT_OK;
}

static int
parse_all(struct prep_mode *mode, const char *const *arg, size_t n)
{
	char why[WHY_MAX];

	for (size_t i = 0; i < n; i++)
		if (prepare_parse(&mode[i], arg[i], why, sizeof why) < 0) {
			warn("%s: %s", arg[i], why);
			return EXIT_USAGE;
		}
	return 0;
}

static void
put_option(const char *option, const char *value)
{
	printf(" %s", option);
	prepare_word(value, stdout);
}

/* What a person types when that has been run. */
static void
print_run(const struct cli *cli, const struct config *c)
{
	printf("\n# Then:\n# run-bench ");
	prepare_word(cli->arg[0], stdout);
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
for_config(struct cli *cli, const struct prep_mode *own, size_t nown)
{
	struct experiment s;
	struct prep_found *found = NULL;
	struct prep_mode *mode = NULL;
	char why[WHY_MAX];
	int code = experiment_config(&s, cli, cli->arg[0]), rc = 0;

	if (!code) {
		found = calloc(s.config->ntarget + 1, sizeof *found);
		mode = calloc(s.config->ntarget + 1, sizeof *mode);
		rc = found && mode ? prepare_look(s.config, found) : -ENOMEM;
		if (rc < 0) {
			fail_at(rc, "looking for namespaces:");
			code = EXIT_POINT_FAILED;
		}
	}
	if (!code && prepare_config(mode, s.config, found, own, nown, why, sizeof why) < 0) {
		warn("%s: %s", s.config->file, why);
		code = EXIT_USAGE;
	}
	if (!code)
		code = place_and_print(mode, s.config->ntarget);
	if (!code)
		print_run(cli, s.config);
	free(found);
	free(mode);
	experiment_close(&s);
	return code;
}

/* A MODE misspelt is none, unless a file is called so. */
static bool
is_config(const char *arg)
{
	return prepare_kind(arg) == PREP_KINDS && (strcmp(arg, "-") == 0 || strpbrk(arg, "./") || access(arg, F_OK) == 0);
}

int
cmd_prepare(struct cli *cli)
{
	const size_t from = cli->narg && is_config(cli->arg[0]), n = cli->narg - from;
	struct prep_mode *mode;
	int code;

	if (!cli->print || cli->narg == 0) {
		warn(cli->print ? "prepare --print wants a CONFIG or a mode: fsdax, devdax, sector or raw" :
		     "prepare makes nothing itself: --print shows the commands");
		return EXIT_USAGE;
	}
	mode = calloc(n + 1, sizeof *mode);
	if (!mode) {
		fail_at(-ENOMEM, "prepare:");
		return EXIT_POINT_FAILED;
	}
	code = parse_all(mode, cli->arg + from, n);
	if (!code)
		code = from ? for_config(cli, mode, n) : place_and_print(mode, n);
	free(mode);
	return code;
}
