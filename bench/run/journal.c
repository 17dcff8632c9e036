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
#include "replace.h"
#include "results.h"
#include "text.h"
#include "why.h"

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
take_repeat(struct csv *c, const int *col, const struct plan *plan, struct progress_point *pr)
{
	struct progress_repeat r = { 0 };
	uint64_t point, rep, block;
	struct progress_point *p;
	int rc = 0;

	if (csv_u64(c, col[J_POINT], &point) < 0 || csv_u64(c, col[J_REP], &rep) < 0 ||
	    csv_u64(c, col[J_BLOCK], &block) < 0)
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
	return rc;
}

/* What of a repeat lies beyond the end of its table the machine lost when it crashed. */
static int
is_there(struct csv *c, const int *col, const struct results *r, uint64_t end[RESULT_TABLES])
{
	static const int column[RESULT_JOURNAL] = { J_HIST, J_SAMPLES, J_COUNTERS };

	for (int t = 0; t < RESULT_JOURNAL; t++)
		if (csv_u64(c, col[column[t]], &end[t]) < 0)
			return -EINVAL;
	end[RESULT_JOURNAL] = c->offset;
	for (int t = 0; t < RESULT_JOURNAL; t++)
		if (end[t] > r->len[t])
			return 0;
	return 1;
}

/* The journal up to the first line whose data are not there; keep: the lengths it says then. */
static int
read_lines(struct csv *c, const int *col, struct results *r, const struct plan *plan,
	   struct progress_point *pr, uint64_t keep[RESULT_TABLES])
{
	uint64_t end[RESULT_TABLES];
	int rc;

	while ((rc = csv_next(c)) == 1) {
		rc = r->lost ? 0 : is_there(c, col, r, end);
		if (rc == 0)
			r->lost++;
		if (rc == 1) {
			rc = take_repeat(c, col, plan, pr);
			memcpy(keep, end, sizeof end);
		}
		if (rc < 0)
			return rc;
	}
	return rc;
}

static int
read_journal(struct results *r, const struct plan *plan, struct progress_point *pr,
	     uint64_t keep[RESULT_TABLES], char *why, size_t whylen)
{
	struct csv c;
	int col[J_COLUMNS], rc = csv_open(&c, r->lock, result_name[RESULT_JOURNAL]);

	if (rc == 0)
		rc = csv_columns(&c, columns, col);
	for (int k = J_NEW; rc == 0 && k < J_COLUMNS; k++)
		if ((col[k] = csv_column(&c, newer[k - J_NEW])) < 0)
			rc = csv_fail(&c, "no column %s: an older run-bench began this run; that one can resume it, "
				      "this one can report and compare what is there", newer[k - J_NEW]);
	keep[RESULT_JOURNAL] = c.offset;
	if (rc == 0)
		rc = read_lines(&c, col, r, plan, pr, keep);
	if (rc < 0)
		snprintf(why, whylen, "%s/%s", r->dir, c.error);
	csv_close(&c);
	return rc;
}

/* The end of the header line: where a table with no repeat stops.  0: it has none. */
static uint64_t
header_end(const struct results *r, enum result_table t)
{
	struct csv c;
	uint64_t end = 0;

	if (csv_open(&c, r->lock, result_name[t]) == 0)
		end = c.offset;
	csv_close(&c);
	return end;
}

static int
open_tables(struct results *r, uint64_t keep[RESULT_TABLES], char *why, size_t whylen)
{
	for (int t = 0; t < RESULT_TABLES; t++) {
		struct stat st;

		r->fd[t] = own_append(r->lock, result_name[t], 0);
		if (r->fd[t] < 0 || fstat(r->fd[t], &st) != 0)
			return why_set(why, whylen, errno, "%s/%s: %s", r->dir, result_name[t],
				       r->fd[t] == -EMLINK ? "is a link: not a file of the run's own" :
				       strerror(errno));
		r->len[t] = (uint64_t)st.st_size;
		keep[t] = header_end(r, t);
	}
	return 0;
}

static int
load(struct results *r, const struct plan *plan, struct progress_point *pr, char *why, size_t whylen)
{
	uint64_t keep[RESULT_TABLES] = { 0 };
	json_error_t err;
	char path[PATH_BUF];
	int rc = results_lock(r);

	if (rc < 0)
		return why_set(why, whylen, -rc, "%s: %s", r->dir, rc == -EBUSY ?
			       "its run is still going" : strerror(-rc));
	snprintf(path, sizeof path, "%s/run.json", r->dir);
	r->json = json_load_file(path, 0, &err);
	if (!r->json)
		return why_set(why, whylen, EINVAL, "%s:%d: %s", path, err.line, err.text);
	rc = open_tables(r, keep, why, whylen);
	if (rc == 0)
		rc = read_journal(r, plan, pr, keep, why, whylen);
	if (rc < 0)
		return rc;
	results_cut(r, keep);
	for (int t = 0; t < RESULT_TABLES; t++)
		if (r->len[t] != keep[t])
			return why_set(why, whylen, EIO, "%s/%s: cannot be cut to what the journal says", r->dir,
				       result_name[t]);
	return 0;
}

int
results_resume(struct results *r, const char *dir, const struct plan *plan,
	       struct progress_point *pr, char *why, size_t whylen)
{
	*r = (struct results)RESULTS_NONE;
	r->dir = realpath(dir, NULL);
	if (!r->dir)
		return why_set(why, whylen, errno, "%s: %s", dir, strerror(errno));
	r->id = strrchr(r->dir, '/') + 1;
	return load(r, plan, pr, why, whylen);
}
