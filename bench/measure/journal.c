/* SPDX-License-Identifier: BSD-2-Clause */
/* Taking up an interrupted run: results_resume of results.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "csv.h"
#include "results.h"

/* Lengths of the tables after the last whole repeat. */
struct ends { uint64_t hist, samples, counters, repeats; };

static int
take_repeat(struct csv *c, const int *col, const struct plan *plan, struct progress_point *pr,
	    struct ends *e)
{
	uint64_t point, rep, tainted;
	const uint64_t *sched;
	double headline = 0;
	const char *status;
	struct progress_point *p;

	if (csv_u64(c, col[0], &point) < 0 || csv_u64(c, col[1], &rep) < 0 ||
	    csv_double(c, col[3], &headline) < 0 ||
	    csv_u64(c, col[4], &e->hist) < 0 || csv_u64(c, col[5], &e->samples) < 0 ||
	    csv_u64(c, col[6], &e->counters) < 0 || csv_u64(c, col[8], &tainted) < 0)
		return -EINVAL;
	if (point >= plan->n || plan->point[point].skip ||
	    rep != (uint64_t)pr[point].done + pr[point].counted)
		return csv_fail(c, "repeat %llu of point %llu is not the next one",
				(unsigned long long)rep, (unsigned long long)point);
	p = &pr[point];
	sched = point_bench(plan, &plan->point[point])->sched;
	status = c->field[col[2]];
	if (strncmp(status, "fail:", 5) == 0) {
		p->failed = strdup(status + 5);
		p->finished = 1;
	}
	if (strcmp(c->field[col[7]], "counting") == 0)
		p->counted++;
	else if (p->done < progress_room(sched))
		progress_take(p, sched, headline, (uint32_t)tainted);
	else
		return csv_fail(c, "more repeats of point %llu than planned", (unsigned long long)point);
	e->repeats = c->offset;
	return 0;
}

static int
read_journal(const char *path, const struct plan *plan, struct progress_point *pr,
	     struct ends *e, char *why, size_t whylen)
{
	static const char *const names[] = {
		"point", "rep", "status", "headline_ns", "hist_end", "samples_end", "counters_end", "kind", "tainted", NULL
	};
	struct csv c;
	int col[9], rc = csv_open(&c, AT_FDCWD, path);

	if (rc == 0)
		rc = csv_columns(&c, names, col);
	e->repeats = c.offset;
	while (rc == 0 && (rc = csv_next(&c)) == 1)
		rc = take_repeat(&c, col, plan, pr, e);
	if (rc < 0)
		snprintf(why, whylen, "%s", c.error);
	csv_close(&c);
	return rc;
}

/* Cut a table to len bytes and open it behind them. */
static FILE *
reopen(const char *dir, const char *name, uint64_t len, char *why, size_t whylen)
{
	char path[4352];
	FILE *f = NULL;
	struct stat st;

	snprintf(path, sizeof path, "%s/%s", dir, name);
	if (stat(path, &st) == 0 && (uint64_t)st.st_size < len) {
		errno = EINVAL;
		snprintf(why, whylen, "%s is shorter than repeats.csv says", path);
	} else if (truncate(path, (off_t)len) != 0 || !(f = fopen(path, "ae"))) {
		snprintf(why, whylen, "%s: %s", path, strerror(errno));
	}
	return f;
}

/* The end of the header line: where a table with no repeat stops. */
static uint64_t
header_end(const char *dir, const char *name)
{
	char path[4352];
	struct csv c;
	uint64_t end = 0;

	snprintf(path, sizeof path, "%s/%s", dir, name);
	if (csv_open(&c, AT_FDCWD, path) == 0)
		end = c.offset;
	csv_close(&c);
	return end;
}

int
results_resume(struct results *r, const char *dir, const struct plan *plan,
	       struct progress_point *pr, char *why, size_t whylen)
{
	struct ends e = { header_end(dir, "hist.csv"), header_end(dir, "samples.csv"),
			  header_end(dir, "counters.csv"), 0 };
	char path[4352];
	json_error_t err;
	int rc;

	*r = (struct results){ .dir = realpath(dir, NULL) };
	if (!r->dir)
		return snprintf(why, whylen, "%s: %s", dir, strerror(errno)), -errno;
	r->id = strrchr(r->dir, '/') + 1;
	rc = results_lock(r);
	if (rc < 0)
		return snprintf(why, whylen, "%s: %s", dir, rc == -EBUSY ?
				"its run is still going" : strerror(-rc)), rc;
	snprintf(path, sizeof path, "%s/run.json", dir);
	r->json = json_load_file(path, 0, &err);
	if (!r->json)
		return snprintf(why, whylen, "%s:%d: %s", path, err.line, err.text), -EINVAL;
	snprintf(path, sizeof path, "%s/repeats.csv", dir);
	rc = read_journal(path, plan, pr, &e, why, whylen);
	if (rc < 0)
		return rc;
	if (!(r->hist = reopen(dir, "hist.csv", e.hist, why, whylen)) ||
	    !(r->samples = reopen(dir, "samples.csv", e.samples, why, whylen)) ||
	    !(r->counters = reopen(dir, "counters.csv", e.counters, why, whylen)) ||
	    !(r->repeats = reopen(dir, "repeats.csv", e.repeats, why, whylen)))
		return -errno;
	return 0;
}
