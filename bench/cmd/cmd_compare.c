/* SPDX-License-Identifier: BSD-2-Clause */
/* run-bench compare: two or more sides, or the columns of one run. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "commands.h"
#include "compareout.h"
#include "filter.h"
#include "log.h"
#include "text.h"

struct sides {
	struct arena mem;
	struct run *run;
	struct compared_run *source;
	size_t nrun, room, nside;
};

static int
load(struct sides *s, const char *dir)
{
	char why[512];

	if (s->nrun == s->room) {
		warn("more than %zu runs", s->room);
		return -E2BIG;
	}
	if (rundir_load(&s->run[s->nrun], dir, why, sizeof why) < 0) {
		warn("%s", why);
		return -EINVAL;
	}
	s->source[s->nrun] = (struct compared_run){ &s->run[s->nrun], (uint32_t)s->nside };
	s->nrun++;
	return 0;
}

/* A directory, or several with commas between them; a folder whose name has a comma is one. */
static int
load_side(struct sides *s, const char *arg)
{
	struct stat st;
	char *copy, *save = NULL;
	int err = 0;

	if (stat(arg, &st) == 0 || !strchr(arg, ',')) {
		err = load(s, arg);
	} else {
		copy = arena_strdup(&s->mem, arg);
		for (char *d = strtok_r(copy, ",", &save); d && err == 0; d = strtok_r(NULL, ",", &save))
			err = load(s, d);
	}
	s->nside++;
	return err;
}

static bool
same_run(const struct run *a, const struct run *b)
{
	const char *id = run_text(a, "run_id");
	struct stat x, y;

	if (*id && strcmp(id, run_text(b, "run_id")) == 0)
		return true;
	return fstat(a->fd, &x) == 0 && fstat(b->fd, &y) == 0 && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

/* A run that counts twice makes its side look surer than it is; against itself it is the same. */
static int
check_twice(const struct sides *s)
{
	for (size_t i = 0; i < s->nrun; i++)
		for (size_t k = 0; k < i; k++) {
			if (!same_run(&s->run[k], &s->run[i]))
				continue;
			if (s->source[i].side == s->source[k].side) {
				warn("%s and %s are one run: it cannot count twice on one side", s->run[k].dir,
				     s->run[i].dir);
				return -EINVAL;
			}
			warn("%s and %s are one run, compared with itself", s->run[k].dir, s->run[i].dir);
			break;
		}
	return 0;
}

static int
load_all(struct sides *s, const struct cli *cli)
{
	int err = 0;

	for (size_t i = 0; i < cli->narg; i++) {
		s->room++;
		for (const char *p = cli->arg[i]; *p; p++)
			s->room += *p == ',';
	}
	s->run = arena_alloc(&s->mem, s->room, sizeof *s->run);
	s->source = arena_alloc(&s->mem, s->room, sizeof *s->source);
	for (size_t i = 0; i < cli->narg && err == 0; i++)
		err = load_side(s, cli->arg[i]);
	return err == 0 ? check_twice(s) : err;
}

/* What is not in the results directories. */
struct wanted {
	double margin;
	enum compared_outcome fail_if;	/* OUTCOMES: nothing is */
};

static int
take_fail_if(const char *word, enum compared_outcome *out)
{
	struct guess g;

	*out = OUTCOMES;
	if (!word)
		return 0;
	guess_start(&g, word);
	for (int k = 0; k < OUTCOMES; k++) {
		guess_try(&g, outcome_name[k]);
		if (strcmp(outcome_name[k], word) == 0)
			*out = (enum compared_outcome)k;
	}
	if (*out < OUTCOMES)
		return 0;
	warn("--fail-if wants faster, slower, same, unclear or n=1, not '%s'%s%s%s", word,
	     g.best ? "; did you mean '" : "", g.best ? g.best : "", g.best ? "'?" : "");
	return -EINVAL;
}

static int
check(const struct cli *cli, struct wanted *w)
{
	uint64_t thousandths;

	if (cli->narg == 0 || (cli->narg == 1) != (cli->compare.col != NULL)) {
		warn(cli->compare.col ? "--col compares the columns of one run: give one directory"
		     : "compare wants two or more results directories, or one with --col AXIS");
		return -EINVAL;
	}
	if (cli->compare.png && !cli->compare.dir) {
		warn("--png draws into a folder: give -o DIR");
		return -EINVAL;
	}
	if (cli->json && cli->compare.csv) {
		warn("--json or --csv, not both");
		return -EINVAL;
	}
	w->margin = 0.05;
	if (cli->compare.margin && text_percent(cli->compare.margin, &thousandths) < 0) {
		warn("--margin wants a percentage, not '%s'", cli->compare.margin);
		return -EINVAL;
	}
	if (cli->compare.margin)
		w->margin = (double)thousandths / 1e5;
	return take_fail_if(cli->compare.fail_if, &w->fail_if);
}

static int
write_file(const struct compare_view *v, const char *dir, const char *name, bool json)
{
	char path[4096];
	FILE *f;
	int err = 0;

	snprintf(path, sizeof path, "%s/%s", dir, name);
	f = fopen(path, "we");
	if (!f)
		return -errno;
	if (json)
		err = compare_json(v, f);
	else
		compare_csv(v, f);
	return fclose(f) != 0 && err == 0 ? -errno : err;
}

static int
write_folder(const struct compare_view *v, const char *dir, bool png)
{
	int err = mkdir(dir, 0777) == 0 || errno == EEXIST ? 0 : -errno;

	if (err == 0)
		err = write_file(v, dir, "compare.csv", false);
	if (err == 0)
		err = write_file(v, dir, "compare.json", true);
	if (err == 0)
		err = compare_figure(v, dir, png, stderr);
	if (err < 0)
		fail_at(-err, "%s:", dir);
	return err;
}

static int
show(const struct compare_view *v, const struct cli *cli)
{
	int err = 0;

	if (cli->json)
		err = compare_json(v, stdout);
	else if (cli->compare.csv)
		compare_csv(v, stdout);
	else
		compare_text(v, stdout);
	return err == 0 && cli->compare.dir ? write_folder(v, cli->compare.dir, cli->compare.png) : err;
}

/* A gate that compared nothing has not been passed. */
static int
exit_code(const struct comparison *c, enum compared_outcome fail_if)
{
	if (fail_if == OUTCOMES)
		return EXIT_OK;
	if (c->n == 0)
		return EXIT_NOTHING_RAN;
	return c->count[fail_if] > 0 ? EXIT_STRICT : EXIT_OK;
}

static int
compare(struct sides *s, const struct cli *cli, const struct wanted *w)
{
	struct projection_names names = { s->source, s->nrun };
	struct projection_spec spec = {
		.row = cli->compare.row, .col = cli->compare.col, .base = cli->compare.base,
		.match = cli->compare.match, .nmatch = cli->compare.nmatch,
	};
	struct filter *filter = NULL;
	struct comparison c;
	char why[512];
	int err = 0;

	if (cli->compare.filter)
		err = filter_parse(&filter, cli->compare.filter, projection_knows, &names, stderr);
	spec.filter = filter;
	if (err == 0) {
		err = comparison_make(&c, &s->mem, s->source, s->nrun, s->nside, &spec, cli->compare.metric,
				      w->margin, why, sizeof why);
		if (err < 0)
			warn("%s", why);
	}
	if (err == 0) {
		struct compare_view v = { .c = &c, .source = s->source, .nsource = s->nrun, .sides = s->nside,
					  .row = spec.row, .columns = spec.col != NULL, .verbose = cli->verbose };

		envdiff_make(&v.env, &s->mem, s->source, s->nrun, s->nside);
		err = show(&v, cli);
	}
	filter_free(filter);
	return err < 0 ? EXIT_USAGE : exit_code(&c, w->fail_if);
}

int
cmd_compare(struct cli *cli)
{
	struct sides s = { 0 };
	struct wanted w;
	int rc, err = check(cli, &w);

	if (err < 0)
		return EXIT_USAGE;
	if (setjmp(s.mem.oom)) {
		warn("out of memory");
		return EXIT_POINT_FAILED;
	}
	err = load_all(&s, cli);
	rc = err < 0 ? EXIT_USAGE : compare(&s, cli, &w);
	for (size_t i = 0; i < s.nrun; i++)
		rundir_free(&s.run[i]);
	arena_free(&s.mem);
	return rc;
}
