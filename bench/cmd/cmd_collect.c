/* SPDX-License-Identifier: BSD-2-Clause */
/* run-bench collect: many runs into one SQLite file and one CSV. */
#include <dirent.h>
#include <errno.h>
#include <libsmartcols/libsmartcols.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "collect.h"
#include "commands.h"
#include "log.h"
#include "outlier.h"

struct dirs { struct arena *mem; const char **v; size_t n; };

static bool
is_run(const char *dir)
{
	char path[4096];

	snprintf(path, sizeof path, "%s/run.json", dir);
	return access(path, R_OK) == 0;
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void
add(struct dirs *d, const char *dir)
{
	d->v = arena_grow(d->mem, d->v, d->n, sizeof *d->v);
	d->v[d->n++] = dir;
}

/* A results directory, or a folder of them, by job and host: `latest` and what is still being
 * made are left out. */
static void
find(struct dirs *d, const char *path, int depth)
{
	struct dirent *e;
	DIR *dir;

	if (is_run(path)) {
		add(d, path);
		return;
	}
	dir = depth > 0 ? opendir(path) : NULL;
	while (dir && (e = readdir(dir))) {
		const char *below = arena_printf(d->mem, "%s/%s", path, e->d_name);
		struct stat st;

		if (e->d_name[0] != '.' && lstat(below, &st) == 0 && S_ISDIR(st.st_mode))
			find(d, below, depth - 1);
	}
	if (dir)
		closedir(dir);
}

static int
expand(struct dirs *d, const char *arg)
{
	size_t first = d->n;

	find(d, arg, 3);
	if (d->n == first) {
		warn("%s: neither a results directory nor a folder of them", arg);
		return -ENOENT;
	}
	qsort(d->v + first, d->n - first, sizeof *d->v, by_name);
	return 0;
}

/* Each run is loaded twice and never two at a time: a fleet's worth does not fit in memory. */
static int
each(struct collect *c, const struct dirs *d, int (*what)(struct collect *, const struct run *))
{
	int err = 0;

	for (size_t i = 0; i < d->n && err == 0; i++) {
		struct run run;

		err = rundir_load(&run, d->v[i], c->error, sizeof c->error);
		if (err < 0)
			break;
		err = what(c, &run);
		rundir_free(&run);
	}
	return err;
}

static int
fill(struct collect *c, const struct dirs *d, const char *sqlite, FILE *csv)
{
	int err = each(c, d, collect_announce);

	if (err == 0)
		err = collect_start(c, sqlite, csv);
	if (err == 0)
		err = each(c, d, collect_add);
	if (err == 0)
		err = collect_outliers(c);
	return err < 0 ? err : collect_finish(c);
}

static void
print_hosts(const struct collect *c)
{
	struct libscols_table *t;

	scols_init_debug(0);
	t = scols_new_table();
	if (t == NULL)
		return;
	scols_table_new_column(t, "HOST", 0, 0);
	scols_table_new_column(t, "POINTS", 0, SCOLS_FL_RIGHT);
	scols_table_new_column(t, "OUTLYING", 0, SCOLS_FL_RIGHT);
	scols_table_new_column(t, "WORST Z", 0, SCOLS_FL_RIGHT);
	scols_table_new_column(t, "WORST POINT", 0, 0);
	for (size_t i = 0; i < c->nhost; i++) {
		const struct fleet_host *h = &c->host[i];
		struct libscols_line *l = scols_table_new_line(t, NULL);
		char text[32];

		scols_line_set_data(l, 0, h->name);
		snprintf(text, sizeof text, "%zu", h->points);
		scols_line_set_data(l, 1, text);
		snprintf(text, sizeof text, "%zu", h->outlying);
		scols_line_set_data(l, 2, text);
		snprintf(text, sizeof text, "%.1f", h->z);
		scols_line_set_data(l, 3, h->outlying ? text : "");
		scols_line_set_data(l, 4, h->worst);
	}
	scols_print_table(t);
	scols_unref_table(t);
}

/* FILE.new, renamed when whole; the CSV has its name with .csv. */
static int
collect(struct collect *c, const struct dirs *d, const char *file)
{
	const char *dot = strrchr(file, '.'), *slash = strrchr(file, '/');
	size_t stem = dot && (!slash || dot > slash) ? (size_t)(dot - file) : strlen(file);
	const char *csv = arena_printf(&c->mem, "%.*s.csv", (int)stem, file);
	const char *new_csv = arena_printf(&c->mem, "%s.new", csv), *new_file = arena_printf(&c->mem, "%s.new", file);
	FILE *f;
	int err;

	if (strcmp(csv, file) == 0)
		return collect_fail(c, EINVAL, "-o names the SQLite file; the CSV is written beside it");
	unlink(new_file);
	f = fopen(new_csv, "we");
	if (f == NULL)
		return collect_fail(c, errno, "%s: %s", new_csv, strerror(errno));
	err = fill(c, d, new_file, f);
	if (fclose(f) != 0 && err == 0)
		err = collect_fail(c, errno, "%s: %s", new_csv, strerror(errno));
	if (err == 0 && (rename(new_file, file) < 0 || rename(new_csv, csv) < 0))
		err = collect_fail(c, errno, "%s: %s", file, strerror(errno));
	if (err < 0) {
		unlink(new_file);
		unlink(new_csv);
		return err;
	}
	print_hosts(c);
	printf("\n%zu runs, %zu hosts, %zu rows: %s, %s\n", c->nruns, c->nhost, c->nresults, file, csv);
	if (c->nhost < OUTLIER_LEAST)
		printf("of fewer than %d hosts none can be told to stand apart\n", OUTLIER_LEAST);
	return 0;
}

static int
collect_all(struct collect *c, const struct cli *cli)
{
	struct dirs d = { .mem = &c->mem };
	int err = 0;

	for (size_t i = 0; i < cli->narg && err == 0; i++)
		err = expand(&d, cli->arg[i]);
	if (err == 0) {
		err = collect(c, &d, cli->fleet ? cli->fleet : "fleet.sqlite");
		if (err < 0)
			warn("%s", c->error);
	}
	return err;
}

int
cmd_collect(struct cli *cli)
{
	struct collect c = { 0 };
	int err;

	if (cli->narg == 0) {
		warn("collect wants results directories, or folders of them");
		return EXIT_USAGE;
	}
	if (setjmp(c.mem.oom)) {
		warn("out of memory");
		return EXIT_POINT_FAILED;
	}
	err = collect_all(&c, cli);
	collect_close(&c);
	return err < 0 ? EXIT_USAGE : EXIT_OK;
}
