/* SPDX-License-Identifier: BSD-2-Clause */
#include "runset.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "log.h"
#include "report.h"

static int
load(struct runset *r, const char *dir)
{
	char why[512] = "", left[160];
	struct run *run = &r->run[r->n];
	int rc = rundir_load_held(run, AT_FDCWD, dir, why, sizeof why);

	if (rc == 0) {
		rc = summary_make(&r->summary[r->n], run, why, sizeof why);
		if (rc < 0)
			rundir_free(run);
	}
	if (rc < 0) {
		warn("%s", why);
		return rc;
	}
	r->input[r->n].s = &r->summary[r->n];
	r->n++;
	if (*run_unfinished(run, left, sizeof left))
		warn("%s: %s; what there is is drawn", dir, left);
	return 0;
}

/* Is what `name` says of each run there, and different? */
static bool
distinct(const struct runset *r, const char *(*name)(const struct run *))
{
	for (size_t i = 0; i < r->n; i++) {
		if (!*name(&r->run[i]))
			return false;
		for (size_t k = 0; k < i; k++)
			if (strcmp(name(&r->run[i]), name(&r->run[k])) == 0)
				return false;
	}
	return true;
}

static const char *by_host(const struct run *r) { return run_text(r, "host.name"); }
static const char *by_linux(const struct run *r) { return run_text(r, "host.kernel"); }
static const char *by_name(const struct run *r) { return run_text(r, "name"); }

static const char *
by_dir(const struct run *r)
{
	const char *slash = strrchr(r->dir, '/');

	return slash && slash[1] ? slash + 1 : r->dir;
}

/* "": of a directory that was never called by a person, or twice the same. */
static const char *
by_own_dir(const struct run *r)
{
	return strcmp(by_dir(r), run_text(r, "run_id")) == 0 ? "" : by_dir(r);
}

/* A, B, C as in a comparison where nothing short tells them apart; the page says which is which. */
static void
name_all(struct runset *r)
{
	static const char letters[26][2] = {
		"A", "B", "C", "D", "E", "F", "G", "H", "I", "J", "K", "L", "M",
		"N", "O", "P", "Q", "R", "S", "T", "U", "V", "W", "X", "Y", "Z",
	};
	const char *(*const ways[])(const struct run *) = { by_host, by_linux, by_name, by_own_dir };

	for (size_t w = 0; w < sizeof ways / sizeof *ways; w++)
		if (distinct(r, ways[w])) {
			for (size_t i = 0; i < r->n; i++)
				r->input[i].label = ways[w](&r->run[i]);
			return;
		}
	for (size_t i = 0; i < r->n; i++)
		r->input[i].label = r->n <= 26 ? letters[i] : by_dir(&r->run[i]);
}

/* --label DIR=TEXT. */
static int
label(struct runset *r, const char *given)
{
	const char *is = strrchr(given, '=');

	for (size_t i = 0; is && i < r->n; i++)
		if ((strlen(r->run[i].dir) == (size_t)(is - given) && strncmp(r->run[i].dir, given, (size_t)(is - given)) == 0) ||
		    (strlen(by_dir(&r->run[i])) == (size_t)(is - given) &&
		     strncmp(by_dir(&r->run[i]), given, (size_t)(is - given)) == 0)) {
			r->input[i].label = is + 1;
			return 0;
		}
	warn("--label %s: expected DIR=TEXT, where DIR is one of the directories that are drawn", given);
	return -EINVAL;
}

int
runset_open(struct runset *r, const struct cli *cli)
{
	int rc = 0;

	*r = (struct runset){ .run = calloc(cli->narg, sizeof *r->run), .summary = calloc(cli->narg, sizeof *r->summary),
			      .input = calloc(cli->narg, sizeof *r->input) };
	if (!r->run || !r->summary || !r->input)
		return -ENOMEM;
	for (size_t i = 0; i < cli->narg && rc == 0; i++)
		rc = load(r, cli->arg[i]);
	if (rc == 0)
		name_all(r);
	for (size_t i = 0; i < cli->runs.nlabel && rc == 0; i++)
		rc = label(r, cli->runs.label[i]);
	return rc;
}

void
runset_close(struct runset *r)
{
	for (size_t i = 0; i < r->n; i++) {
		summary_free(&r->summary[i]);
		rundir_free(&r->run[i]);
	}
	free(r->run);
	free(r->summary);
	free(r->input);
}
