/* SPDX-License-Identifier: BSD-2-Clause */
#include "journal.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "csv.h"
#include "deadline.h"
#include "metric.h"
#include "replace.h"
#include "row.h"
#include "text.h"
#include "uncore.h"
#include "why.h"

#define SYNC_EVERY_NS 2000000000u

/* Unknown is not 0. */
static void
put_stretches(struct row *row, const struct sample *s)
{
	const struct { const char *column; uint64_t v; } of[] = {
		{ "chunks", s->stretches }, { "disturbed", s->disturbed }, { "stalled", s->stalled },
		{ "kept_ops", s->kept_ops }, { "kept_ticks", s->kept_ticks },
	};

	for (size_t k = 0; k < sizeof of / sizeof *of; k++)
		if (s->stretches)
			row_u64(row, of[k].column, of[k].v);
		else
			row_text(row, of[k].column, "");
}

static int
put_samples(FILE *f, const struct results *r, const struct job *j, const struct answer *a)
{
	struct row row = row_in(f, TABLE_SAMPLES, 0);

	(void)r;
	for (uint32_t k = 0; k < a->out.nsample; k++) {
		const struct sample *s = &a->sample[k];

		row_u64(&row, "point", j->point);
		row_u64(&row, "rep", j->rep);
		row_u64(&row, "window", s->window);
		row_u64(&row, "thread", s->thread);
		row_text(&row, "mode", s->mode == MODE_LATENCY ? "latency" : "throughput");
		row_text(&row, "stamp", s->mode != MODE_LATENCY ? "" : stamp_name[s->drained ? STAMP_DRAINED : STAMP_ISSUE]);
		row_u64(&row, "ops", s->ops);
		row_u64(&row, "bytes", s->ops * j->size);
		row_u64(&row, "ticks", s->ticks);
		put_stretches(&row, s);
		row_u64(&row, "lost_ns", s->lost_ns);
		row_u64(&row, "cpu_ns", s->cpu_ns);
		row_u64(&row, "taint", s->taint);
		row_end(&row);
	}
	return row.rc;
}

static int
put_hist(FILE *f, const struct results *r, const struct job *j, const struct answer *a)
{
	struct row row = row_in(f, TABLE_HIST, 0);

	(void)r;
	for (int d = 0; d < 2; d++)
		for (uint32_t k = 0; k < a->out.nbin[d]; k++) {
			row_u64(&row, "point", j->point);
			row_u64(&row, "rep", j->rep);
			row_text(&row, "stamp", stamp_name[d]);
			row_u64(&row, "lo_ticks", a->bin[d][k].lo);
			row_u64(&row, "hi_ticks", a->bin[d][k].hi);
			row_u64(&row, "count", a->bin[d][k].count);
			row_end(&row);
		}
	return row.rc;
}

/* An event's count: of one place, or (NULL) of all. */
static void
put_count(struct row *row, const struct job *j, uint32_t event, const struct counter_value *v, const struct counter_placed *at)
{
	const struct event *e = &j->events.event[event];
	char instance[NAME_MAX + 1];
	double scaled;
	const bool counted = counter_estimate(v, &scaled) == 0;

	row_u64(row, "point", j->point);
	row_u64(row, "rep", j->rep);
	row_text(row, "scope", event_scope_name(e->scope));
	row_text(row, "event", e->text);
	if (counted)
		row_u64(row, "value", v->value);
	else
		row_text(row, "value", "");	/* never 0 */
	row_u64(row, "enabled_ns", v->enabled_ns);
	row_u64(row, "running_ns", counted ? v->running_ns : 0);
	row_double(row, "scaled", counted ? scaled : NAN);
	row_text(row, "instance", at ? uncore_name(at->type, instance, sizeof instance) : "");
	row_double(row, "socket", at && uncore_socket(at->cpu) >= 0 ? uncore_socket(at->cpu) : NAN);
	row_end(row);
}

static int
put_counters(FILE *f, const struct results *r, const struct job *j, const struct answer *a)
{
	struct row row = row_in(f, TABLE_COUNTERS, 0);

	(void)r;
	for (uint32_t k = 0; k < a->out.nevent; k++) {
		double ignored;
		uint32_t places = 0;

		/* Where one place did not count there is no sum: the reader must not make one of
		 * the others. */
		for (uint32_t p = 0; p < a->out.nplaced && counter_estimate(&a->count[k], &ignored) == 0; p++)
			if (a->placed[p].event == k && ++places)
				put_count(&row, j, k, &a->placed[p].v, &a->placed[p]);
		if (!places)
			put_count(&row, j, k, &a->count[k], NULL);
	}
	return row.rc;
}

static void
put_expected(struct row *row, const struct expected *e, bool counting)
{
	row_u64(row, "faults", e->faults);
	row_double(row, "faults_min", e->known ? e->faults_min : NAN);
	row_double(row, "faults_max", e->known ? e->faults_max : NAN);
	row_double(row, "syscalls_min", e->known && counting ? e->syscalls_min : NAN);
	row_double(row, "syscalls_max", e->known && counting ? e->syscalls_max : NAN);
}

/* By thread, as `cpus`. */
static const char *
pace_text(const struct outcome *o, const struct pace *p, char *buf, size_t len)
{
	size_t n = 0;

	buf[0] = 0;
	for (uint32_t k = 0; k < o->npace && n < len; k++)
		n += (size_t)snprintf(buf + n, len - n, "%s%.0f", k ? " " : "", p[k].canary);
	return buf;
}

static int
put_repeat(FILE *f, const struct results *r, const struct job *j, const struct answer *a)
{
	struct row row = row_in(f, TABLE_REPEATS, 0);
	const struct outcome *o = &a->out;
	char text[sizeof o->why + 8], cpus[JOB_THREADS_MAX * 12];
	size_t n = 0;

	row_u64(&row, "point", j->point);
	row_u64(&row, "rep", j->rep);
	row_text(&row, "kind", j->counting ? "counting" : "timed");
	row_u64(&row, "block", j->block);
	snprintf(text, sizeof text, o->rc ? "fail:%s" : "ok", o->why);
	row_text(&row, "status", text);
	row_u64(&row, "seed", j->open.seed);
	row_u64(&row, "offset", o->offset);
	row_u64(&row, "page", o->page_seen);
	for (uint32_t k = 0; k < j->threads; k++)
		n += (size_t)snprintf(cpus + n, sizeof cpus - n, "%s%u", k ? " " : "", j->cpu[k]);
	row_text(&row, "cpus", cpus);
	row_u64(&row, "quantum_ticks", o->quantum);
	row_u64(&row, "floor_issue_ticks", o->floor[0]);
	row_u64(&row, "floor_drained_ticks", o->floor[1]);
	row_text(&row, "canary_ticks", pace_text(o, a->pace, cpus, sizeof cpus));
	row_u64(&row, "skew_ticks", o->skew);
	row_u64(&row, "checked", o->checked);
	row_u64(&row, "windows", answer_windows(a));
	row_u64(&row, "tainted", answer_tainted(a));
	row_double(&row, "undisturbed", o->undisturbed);
	row_text(&row, "flags", flags_text(o->flags, text, sizeof text));
	row_double(&row, "headline_ns", o->headline_ns);
	put_expected(&row, &o->expected, j->counting);
	row_u64(&row, "hist_end", r->len[RESULT_HIST]);
	row_u64(&row, "counters_end", r->len[RESULT_COUNTERS]);
	row_u64(&row, "samples_end", r->len[RESULT_SAMPLES]);
	row_end(&row);
	return row.rc;
}

/* A repeat, and which table's rows of it. */
struct repeat { enum result_table table; const struct results *r; const struct job *j; const struct answer *a; };

static int
put_rows(FILE *f, const void *arg)
{
	static int (*const rows[RESULT_TABLES])(FILE *, const struct results *, const struct job *,
						const struct answer *) = {
		put_hist, put_samples, put_counters, put_repeat,
	};
	const struct repeat *of = arg;

	return rows[of->table](f, of->r, of->j, of->a);
}

/* Now and then: it takes 10 ms, and a repeat 60. */
static int
sync_now_and_then(struct results *r)
{
	const uint64_t now = deadline_now();

	if (r->held || now - r->synced_ns < SYNC_EVERY_NS)
		return 0;
	r->synced_ns = now;
	return results_sync(r);
}

int
journal_append(struct results *r, const struct job *j, const struct answer *a)
{
	struct repeat of = { .r = r, .j = j, .a = a };
	uint64_t before[RESULT_TABLES];
	int rc = 0;

	memcpy(before, r->len, sizeof before);
	for (; rc == 0 && of.table < RESULT_JOURNAL; of.table++)
		rc = results_put(r, of.table, put_rows, &of);
	if (rc == 0)
		rc = sync_now_and_then(r);
	if (rc == 0)
		rc = results_put(r, RESULT_JOURNAL, put_rows, &of);
	if (rc < 0)
		results_cut(r, before);
	return rc;
}

/* Taking up an interrupted run. */
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
	/* A block that was to be measured again was given up where the time was short
	 * (deadline.h). */
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

int
journal_resume(struct results *r, const struct plan *plan, struct progress_point *pr,
	       char *why, size_t whylen)
{
	uint64_t keep[RESULT_TABLES] = { 0 };
	int rc = open_tables(r, keep, why, whylen);

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
