/* SPDX-License-Identifier: BSD-2-Clause */
#include "report.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "count_table.h"
#include "overview.h"
#include "report_part.h"
#include "reps.h"

enum { TABLE_ROWS = 200 };	/* more does not help on a terminal; summary.csv has all */

/* What the figures had to say, line by line.  That there is nothing to draw is news to those who
 * asked for one figure. */
static void
say_drawn(const struct say *to, char *text, bool asked)
{
	for (char *line = text, *end; line && *line; line = end) {
		end = strchr(line, '\n');
		if (end)
			*end++ = '\0';
		if (strncmp(line, "figures without data", 20) == 0)
			say(to, asked ? SAY_INFO : SAY_DEBUG, "%s", line);
		else
			say(to, SAY_WARN, "%s", line);
	}
}

static int
open_plots(int dirfd)
{
	int fd;

	if (mkdirat(dirfd, "plots", 0777) < 0 && errno != EEXIST)
		return -errno;
	fd = openat(dirfd, "plots", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

/* Draw into dir/plots, and say what there is to say. */
static int
draw(const struct input *input, size_t ninput, const struct report_want *want, int dirfd, const char *dir,
     struct drawn **out, size_t *n, const struct say *to)
{
	const struct drawing d = {
		.figures = want->figures, .input = input, .ninput = ninput, .page = want->page, .shown = "plots/",
		.dirfd = open_plots(dirfd), .always = want->only != NULL,
	};
	char *said = NULL;
	size_t len;
	FILE *err = open_memstream(&said, &len);
	int rc = d.dirfd < 0 ? d.dirfd : err ? draw_figures(&d, want->only, err, out, n) : -ENOMEM;

	if (err)
		fclose(err);
	say_drawn(to, said, want->only != NULL);
	free(said);
	if (rc == -ENOENT && d.dirfd >= 0)
		say(to, SAY_WARN, "no figure '%s' (run-bench list figures)", want->only);
	else if (rc < 0)
		say(to, SAY_WARN, "%s/plots: %s", dir, strerror(-rc));
	if (d.dirfd >= 0)
		close(d.dirfd);
	return rc;
}

int
report_runs(const struct input *input, size_t ninput, const struct report_want *want, int dirfd, const char *dir,
	    const struct say *to)
{
	struct drawn *drawn = NULL;
	size_t n = 0;
	int rc = draw(input, ninput, want, dirfd, dir, &drawn, &n, to);

	if (rc == 0 && (rc = report_runs_html(input, ninput, drawn, n, dirfd)) < 0)
		say(to, SAY_WARN, "%s/report.html: %s", dir, strerror(-rc));
	drawn_free(drawn, n);
	return rc;
}

static int
draw_run(const struct report *r, const struct report_want *want, const struct say *to)
{
	const struct run *run = r->s->run;
	const struct input input = { r->s, run_text(run, "name") };
	struct drawn *drawn = NULL;
	size_t n = 0;
	int rc = draw(&input, 1, want, run->fd, run->dir, &drawn, &n, to);

	if (rc == 0 && (rc = run->classes ? report_classes_html(run, drawn, n) : report_html(r, drawn, n)) < 0)
		say(to, SAY_WARN, "%s/report.html: %s", run->dir, strerror(-rc));
	drawn_free(drawn, n);
	return rc;
}

/* One line when all is well, else one for each check that failed. */
static void
print_checks(const struct selftest *t, FILE *f)
{
	size_t warned = selftest_warned(t), none = 0;

	for (int k = 0; k < SELFTESTS; k++)
		none += t[k].verdict == VERDICT_NONE;
	fprintf(f, "checks: %zu passed, ", SELFTESTS - warned - none);
	if (warned > 0)
		fprintf(f, "%zu WARN, ", warned);
	fprintf(f, "%zu n/a\n", none);
	for (int k = 0; k < SELFTESTS; k++)
		if (t[k].verdict == VERDICT_WARN)
			fprintf(f, "WARN: %s: %u of %u, such as %s\n",
				t[k].name, t[k].failed, t[k].looked, t[k].detail);
}

/* A control is no strategy: its flags object to nothing. */
static bool
flagged(const struct summary *s)
{
	for (size_t i = 0; i < s->run->npoint; i++) {
		const struct sum *h = summary_headline(s, &s->run->point[i]);

		if (h && h->flags && !s->run->point[i].control)
			return true;
	}
	return false;
}

static int
print(const struct report *r, FILE *f)
{
	struct count_table c;
	int rc;

	if (selftest_warned(r->check) > 0)
		fputs("WARN: this run contradicts itself: see the checks below the table\n", f);
	rc = overview_print(r->s, f, TABLE_ROWS);
	if (rc == 0)
		print_checks(r->check, f);
	count_table_find(&c, r->s);
	return rc == 0 ? count_table_print(&c, f, TABLE_ROWS) : rc;
}

static int
make(const struct summary *s, const struct report_want *want, FILE *table, const struct say *to)
{
	struct selftest check[SELFTESTS];
	struct taints taints;
	char why[512] = "";
	const struct report r = { s, check, &taints };
	int rc = taints_count(&taints, s->run, why, sizeof(why));

	if (rc < 0) {
		say(to, SAY_WARN, "%s", why);
		return rc;
	}
	rc = selftest_run(s, check);
	if (rc == 0)
		rc = selftest_write(s->run, check);
	if (rc < 0)
		say(to, SAY_WARN, "%s/checks.csv: %s", s->run->dir, strerror(-rc));
	if (rc == 0 && table)
		rc = print(&r, table);
	else if (rc == 0 && selftest_warned(check) > 0)
		say(to, SAY_WARN, "%s contradicts itself: see checks.csv", s->run->dir);
	if (rc == 0)
		rc = draw_run(&r, want, to);
	return rc < 0 ? rc : selftest_warned(check) > 0 || flagged(s);
}

/* What reps.csv and summary.csv have: both are made here, and only here.  The laboratory has no times. */
static int
tabulate(const struct run *run, struct summary *s, char *why, size_t len)
{
	int rc = run->classes ? 0 : reps_make(run, why, len);

	if (rc == 0)
		rc = summary_make(s, run, why, len);
	if (rc == 0 && !run->classes && (rc = summary_write(s)) < 0) {
		snprintf(why, len, "%s/summary.csv: %s", run->dir, strerror(-rc));
		summary_free(s);
	}
	return rc;
}

int
report_make(int dirfd, const char *dir, const struct report_want *want, FILE *table, const struct say *to)
{
	char why[512] = "";
	struct run run;
	struct summary s;
	int rc = rundir_load_held(&run, dirfd, dir, why, sizeof why);

	if (rc < 0) {
		say(to, SAY_WARN, "%s", why);
		return rc;
	}
	if (run.lost)
		say(to, SAY_WARN, "%s: %zu repeats have no data and do not count", dir, run.lost);
	rc = tabulate(&run, &s, why, sizeof why);
	if (rc == 0) {
		rc = run.classes ? draw_run(&(struct report){ .s = &s }, want, to) : make(&s, want, table, to);
		summary_free(&s);
	} else {
		say(to, SAY_WARN, "%s", why);
	}
	rundir_free(&run);
	return rc;
}
