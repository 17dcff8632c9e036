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
#include "text.h"

/* Lengths of the tables after the last whole repeat. */
struct ends { uint64_t hist, samples, counters, repeats; };

enum { J_POINT, J_REP, J_STATUS, J_HEADLINE, J_HIST, J_SAMPLES, J_COUNTERS, J_KIND, J_NEW,
       J_BLOCK = J_NEW, J_UNDISTURBED, J_CANARY, J_FAULTS_MIN, J_COLUMNS };
static const char *const columns[] = {
	"point", "rep", "status", "headline_ns", "hist_end", "samples_end", "counters_end", "kind", NULL,
};
/* Those that a run of an older program had not. */
static const char *const newer[] = { "block", "undisturbed", "canary_ticks", "faults_min" };

static void
take_pace(struct progress_point *p, uint32_t threads, const char *text)
{
	for (uint32_t k = 0; k < threads && *text; k++) {
		char *end;

		pace_merge(&p->pace[k], &(struct pace){ .canary = strtod(text, &end) });
		if (end == text)
			break;
		text = end;
	}
}

static int
take_timed(struct csv *c, const int *col, const struct plan *plan, const struct point *point,
	   struct progress_point *p, struct progress_repeat *r)
{
	const uint64_t *sched = point_bench(plan, point)->sched;

	if (csv_double(c, col[J_HEADLINE], &r->headline) < 0 ||
	    csv_double(c, col[J_UNDISTURBED], &r->undisturbed) < 0)
		return -EINVAL;
	if (p->done >= progress_room(sched))
		return csv_fail(c, "more repeats of point %zu than planned", (size_t)(point - plan->point));
	take_pace(p, point->threads, c->field[col[J_CANARY]]);
	progress_take(p, r, point_reruns(plan, point));
	return 0;
}

static int
take_repeat(struct csv *c, const int *col, const struct plan *plan, struct progress_point *pr,
	    struct ends *e)
{
	struct progress_repeat r = { 0 };
	uint64_t point, rep, block;
	struct progress_point *p;
	int rc = 0;

	if (csv_u64(c, col[J_POINT], &point) < 0 || csv_u64(c, col[J_REP], &rep) < 0 ||
	    csv_u64(c, col[J_BLOCK], &block) < 0 || csv_u64(c, col[J_HIST], &e->hist) < 0 ||
	    csv_u64(c, col[J_SAMPLES], &e->samples) < 0 || csv_u64(c, col[J_COUNTERS], &e->counters) < 0)
		return -EINVAL;
	p = &pr[point < plan->n ? point : 0];
	/* A block that was to be measured again was given up where the time was short (deadline.h). */
	if (point >= plan->n || plan->point[point].skip || rep != (uint64_t)p->done + p->counted ||
	    block >= UINT16_MAX || (strcmp(c->field[col[J_KIND]], "timed") == 0 && block < p->block))
		return csv_fail(c, "repeat %llu of point %llu in block %llu is not the next one",
				(unsigned long long)rep, (unsigned long long)point, (unsigned long long)block);
	r.block = (uint32_t)block;
	if (strncmp(c->field[col[J_STATUS]], "fail:", 5) == 0) {
		p->failed = strdup(c->field[col[J_STATUS]] + 5);
		p->finished = 1;
	}
	if (strcmp(c->field[col[J_KIND]], "counting") == 0)
		p->counted++;
	else
		rc = take_timed(c, col, plan, &plan->point[point], p, &r);
	e->repeats = c->offset;
	return rc;
}

static int
read_journal(const char *path, const struct plan *plan, struct progress_point *pr,
	     struct ends *e, char *why, size_t whylen)
{
	struct csv c;
	int col[J_COLUMNS], rc = csv_open(&c, AT_FDCWD, path);

	if (rc == 0)
		rc = csv_columns(&c, columns, col);
	for (int k = J_NEW; rc == 0 && k < J_COLUMNS; k++)
		if ((col[k] = csv_column(&c, newer[k - J_NEW])) < 0)
			rc = csv_fail(&c, "no column %s: an older run-bench began this run; that one can resume it, "
				      "this one can report and compare what is there", newer[k - J_NEW]);
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
	char path[PATH_BUF];
	FILE *f = NULL;
	struct stat st;
	int fd;

	snprintf(path, sizeof path, "%s/%s", dir, name);
	/* Never through a link: only what the run itself made is cut.  (fdopen() does not seek as
	 * fopen() does, and the journal asks the stream where it is.) */
	fd = open(path, O_WRONLY | O_APPEND | O_NOFOLLOW | O_CLOEXEC);
	if (fd >= 0 && fstat(fd, &st) == 0 && (!S_ISREG(st.st_mode) || st.st_nlink != 1)) {
		errno = EINVAL;
		snprintf(why, whylen, "%s is not a file of the run's own", path);
	} else if (fd >= 0 && (uint64_t)st.st_size < len) {
		errno = EINVAL;
		snprintf(why, whylen, "%s is shorter than repeats.csv says", path);
	} else if (fd < 0 || ftruncate(fd, (off_t)len) != 0 || lseek(fd, 0, SEEK_END) < 0 || !(f = fdopen(fd, "a"))) {
		snprintf(why, whylen, "%s: %s", path, strerror(errno));
	}
	if (!f && fd >= 0)
		close(fd);
	return f;
}

/* The end of the header line: where a table with no repeat stops. */
static uint64_t
header_end(const char *dir, const char *name)
{
	char path[PATH_BUF];
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
	char path[PATH_BUF];
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
