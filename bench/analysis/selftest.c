/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "csv.h"
#include "fingerprint.h"
#include "intake.h"
#include "replace.h"
#include "row.h"
#include "selftest_part.h"
#include "text.h"

/* Two medians of one run may miss each other by so much before they contradict. */
#define SLACK 0.10

const char *const verdict_name[] = { "PASS", "WARN", "n/a" };

void
selftest_contradict(struct selftest *t, const char *fmt, ...)
{
	va_list ap;

	if (t->failed++)
		return;
	va_start(ap, fmt);
	vsnprintf(t->detail, sizeof t->detail, fmt, ap);
	va_end(ap);
}

void
selftest_conclude(struct selftest *t, const char *none)
{
	t->verdict = t->failed ? VERDICT_WARN : t->looked ? VERDICT_PASS : VERDICT_NONE;
	if (t->verdict == VERDICT_NONE)
		snprintf(t->detail, sizeof t->detail, "%s", none);
}

static bool
found(const struct summary *s, const struct run_point *p, enum metric_id m, struct interval *v)
{
	const struct sum *row = summary_find(s, p, m);

	*v = row ? row->v : (struct interval){ .est = NAN };
	if (!v->has)
		v->lo = v->hi = v->est;
	return isfinite(v->est);
}

const char *
selftest_label(const struct run_point *p, char buf[SELFTEST_LABEL])
{
	snprintf(buf, SELFTEST_LABEL, "point %u (%s, %llu bytes, %s)", p->id, p->kernel,
		 (unsigned long long)p->size, p->target);
	return buf;
}

/* The clock's step, in ns: two readings may differ by one and be equal. */
static double
clock_step(const struct run *r, const struct run_point *p)
{
	double ticks = 0;

	for (size_t k = 0; k < r->nrepeat; k++)
		if (&r->point[r->repeat[k].at] == p && r->repeat[k].quantum > ticks)
			ticks = r->repeat[k].quantum;
	return ticks * 1e9 / r->hz;
}

/* No op can be faster than the empty one between the same stamps. */
static void
above_floor(const struct summary *s, struct selftest *t)
{
	struct interval v, floor;
	char buf[SELFTEST_LABEL];

	for (size_t k = 0; k < s->run->npoint; k++) {
		const struct run_point *p = &s->run->point[k];

		if (p->control && strcmp(run_field(s->run, p, "control"), "floor") == 0)
			continue;
		if (!found(s, p, metric_latency(STAMP_DRAINED, LATENCY_P50), &v) ||
		    !found(s, p, METRIC_FLOOR_DRAINED, &floor))
			continue;
		t->looked++;
		if (v.hi < floor.lo && v.hi < floor.lo - clock_step(s->run, p))
			selftest_contradict(t, "%s: median %.1f ns under the floor of %.1f ns", selftest_label(p, buf), v.est,
				   floor.est);
	}
	selftest_conclude(t, "no latency was measured");
}

/* What an op is, whatever the mode: the fields of all axes but these, as one number. */
static uint64_t
op_key(const struct run *r, const struct run_point *p)
{
	static const char *const but[] = { "run_id", "host", "point", "bench", "mode", "gap", "line", "tlb", "label",
					   "notes", "status" };
	uint64_t h = 14695981039346656037u;

	for (size_t c = 0; c < r->ncolumn; c++) {
		bool skip = false;

		for (size_t b = 0; b < sizeof but / sizeof *but; b++)
			skip |= strcmp(r->column[c], but[b]) == 0;
		for (const char *f = p->field[c]; !skip && *f; f++)
			h = (h ^ (unsigned char)*f) * 1099511628211u;
		h = (h ^ 0x1f) * 1099511628211u;
	}
	return h;
}

struct keyed { uint64_t key; const struct run_point *point; };

static int
by_key(const void *a, const void *b)
{
	const struct keyed *x = a, *y = b;

	return (x->key > y->key) - (x->key < y->key);
}

/* The throughput points, for bsearch; *n of them. */
static struct keyed *
throughput_points(const struct run *r, size_t *n)
{
	struct keyed *v = calloc(r->npoint ? r->npoint : 1, sizeof *v);

	*n = 0;
	for (size_t k = 0; v && k < r->npoint; k++)
		if (strcmp(r->point[k].mode, "throughput") == 0)
			v[(*n)++] = (struct keyed){ op_key(r, &r->point[k]), &r->point[k] };
	if (v)
		qsort(v, *n, sizeof *v, by_key);
	return v;
}

/* Waiting for each op cannot be faster than letting them overlap.  Means: a median leaves out
 * the slow ops that the amortised time has. */
static int
not_faster_alone(const struct summary *s, struct selftest *t)
{
	struct interval v, floor, amortised;
	char buf[SELFTEST_LABEL];
	size_t n;
	struct keyed *other = throughput_points(s->run, &n);

	if (!other)
		return -ENOMEM;
	for (size_t k = 0; k < s->run->npoint; k++) {
		const struct run_point *p = &s->run->point[k];
		struct keyed key, *q;

		if (strcmp(p->mode, "latency") != 0 || p->threads != 1 || p->control ||
		    strcmp(run_field(s->run, p, "line"), "hot") == 0)
			continue;
		key.key = op_key(s->run, p);
		q = bsearch(&key, other, n, sizeof *other, by_key);
		if (!q || !found(s, p, metric_latency(STAMP_DRAINED, LATENCY_MEAN), &v) ||
		    !found(s, p, METRIC_FLOOR_DRAINED, &floor) || !found(s, q->point, METRIC_TIME, &amortised))
			continue;
		t->looked++;
		if (v.hi - floor.lo < (1 - SLACK) * amortised.lo * (double)p->unit)
			selftest_contradict(t, "%s: %.1f ns drained (mean, net of the floor), yet %.1f ns amortised",
				   selftest_label(p, buf), v.est - floor.est, amortised.est * (double)p->unit);
	}
	free(other);
	selftest_conclude(t, "no op was measured in both modes");
	return 0;
}

/* The most that controls wrote, or anything read, by one way into one target. */
struct roof { const char *target; uint64_t threads; bool mapped, writes; double gbs; };

bool
selftest_mapped(const struct run *r, const struct run_point *p)
{
	return *run_field(r, p, "page_size") != '\0';
}

static struct roof *
find_roof(struct roof *v, size_t n, const struct run *r, const struct run_point *p)
{
	for (size_t k = 0; k < n; k++)
		if (v[k].threads == p->threads && v[k].mapped == selftest_mapped(r, p) &&
		    strcmp(v[k].target, p->target) == 0)
			return &v[k];
	return NULL;
}

static size_t
find_roofs(const struct summary *s, struct roof *roof)
{
	const struct run *r = s->run;
	struct interval v;
	size_t n = 0;

	for (size_t k = 0; k < r->npoint; k++) {
		const struct run_point *p = &r->point[k];
		const char *moves = run_field(r, p, "moves");
		struct roof *at;

		if (p->durable == DURABLE_YES || strcmp(moves, "nothing") == 0 ||
		    !found(s, p, METRIC_BANDWIDTH, &v))
			continue;
		at = find_roof(roof, n, r, p);
		if (!at)
			*(at = &roof[n++]) = (struct roof){ p->target, p->threads, selftest_mapped(r, p), false, 0 };
		at->writes |= strcmp(moves, "writes") == 0;
		at->gbs = fmax(at->gbs, v.hi);
	}
	return n;
}

/* Nothing is made durable faster than bytes are stored without.  Plain stores read each line
 * before they write it, streaming ones do not: twice as fast is possible. */
static int
under_roof(const struct summary *s, struct selftest *t)
{
	const struct run *r = s->run;
	struct roof *roof = calloc(r->npoint ? r->npoint : 1, sizeof *roof), *at;
	struct interval v;
	size_t n;
	char buf[SELFTEST_LABEL];

	if (!roof)
		return -ENOMEM;
	n = find_roofs(s, roof);
	for (size_t k = 0; k < r->npoint; k++) {
		const struct run_point *p = &r->point[k];

		at = find_roof(roof, n, r, p);
		if (!at || !at->writes || p->control || p->durable != DURABLE_YES ||
		    strcmp(run_field(r, p, "moves"), "writes") != 0 || !found(s, p, METRIC_BANDWIDTH, &v))
			continue;
		t->looked++;
		if (v.lo > (at->mapped ? 2 : 1) * (1 + SLACK) * at->gbs)
			selftest_contradict(t, "%s: %.2f GB/s durable, yet without durability %.2f GB/s at most moved there",
				   selftest_label(p, buf), v.est, at->gbs);
	}
	free(roof);
	selftest_conclude(t, "no control that writes was measured in throughput mode beside a durable kernel");
	return 0;
}

/* What the ops claim to have written was found when it was read back. */
static void
read_back(const struct summary *s, struct selftest *t)
{
	const struct run *r = s->run;
	char buf[SELFTEST_LABEL];

	for (size_t k = 0; k < r->nrepeat; k++) {
		const struct run_repeat *rep = &r->repeat[k];
		const struct run_point *p = &r->point[rep->at];
		const char *wrong = rep->ok ? NULL : strstr(rep->why, "read-back");

		if (strcmp(run_field(r, p, "moves"), "writes") != 0 || (!rep->ok && !wrong))
			continue;
		t->looked++;
		if (wrong)
			selftest_contradict(t, "%s: repeat %u: %.100s", selftest_label(p, buf), rep->rep, wrong);
		else if (rep->checked == 0)
			selftest_contradict(t, "%s: repeat %u read nothing back", selftest_label(p, buf), rep->rep);
	}
	selftest_conclude(t, "nothing was written");
}

/* The page size that was asked for was the one mapped. */
static int
pages_mapped(const struct summary *s, struct selftest *t)
{
	static const char *const names[] = { "point", "page", NULL };
	struct csv c;
	int col[2], rc = csv_open(&c, s->run->fd, "repeats.csv");
	uint64_t point, asked, seen;
	char buf[SELFTEST_LABEL];

	if (rc == 0)
		rc = csv_columns(&c, names, col);
	while (rc == 0 && (rc = csv_next(&c)) == 1) {
		const struct run_point *p;

		rc = csv_u64(&c, col[0], &point);
		p = rc == 0 ? run_point(s->run, point) : NULL;
		if (!p || !*c.field[col[1]] || csv_u64(&c, col[1], &seen) < 0 || seen == 0 ||
		    text_size(run_field(s->run, p, "page_size"), &asked) < 0)
			continue;
		t->looked++;
		if (asked != seen)
			selftest_contradict(t, "%s: pages of %llu bytes, asked for %llu", selftest_label(p, buf),
				   (unsigned long long)seen, (unsigned long long)asked);
	}
	csv_close(&c);
	selftest_conclude(t, "no mapping whose page size could be seen");
	return rc == -ENOENT ? 0 : rc;
}

/* A working set that the cache holds says little of the medium, and its rows must say so. */
static void
beyond_cache(const struct summary *s, struct selftest *t)
{
	const struct run *r = s->run;
	const double llc = run_number(r, "host.llc_bytes");
	char buf[SELFTEST_LABEL];
	uint64_t set;

	for (size_t k = 0; k < r->npoint && llc > 0; k++) {
		const struct run_point *p = &r->point[k];

		if (p->state != RUN_OK || !selftest_mapped(r, p) ||
		    text_size(run_field(r, p, "working_set"), &set) < 0)
			continue;
		t->looked++;
		/* Of all threads together, as the column says. */
		if ((double)set < 3 * llc && !strstr(run_field(r, p, "notes"), "cache-resident"))
			selftest_contradict(t, "%s: working set under three times the last-level cache, not flagged",
				   selftest_label(p, buf));
	}
	selftest_conclude(t, llc > 0 ? "no mapping was measured" : "the size of the last-level cache is not known");
}

/* Clocks that agree within this are one clock (METHOD 1). */
#define PPM_MAX 200

static void
one_clock(const struct summary *s, struct selftest *t)
{
	const struct run *r = s->run;
	const double ppm = run_number(r, "timer.spread_ppm");

	if (isfinite(ppm) && json_is_true(run_json(r, "timer.tsc"))) {
		t->looked = 1;
		if (ppm > PPM_MAX)
			selftest_contradict(t, "the clock's sources differ by %.0f ppm", ppm);
		else if (json_is_false(run_json(r, "timer.reliable")))
			selftest_contradict(t, "%.200s", run_text(r, "timer.why_not"));
	}
	selftest_conclude(t, "the clock is not the TSC");
}

/* What passed is worth telling: it decides what a flush costs that comes before a load. */
static void
tell(const struct fingerprint *f, double hz, struct selftest *t)
{
	const uint32_t evicted = fingerprint_evicted(f), clwb = f->of[FINGER_CLWB].reload;
	const char *by = f->of[FINGER_CLFLUSHOPT].reload ? finger_name[FINGER_CLFLUSHOPT] : finger_name[FINGER_CLFLUSH];

	if (!clwb)
		snprintf(t->detail, sizeof t->detail, "no clwb here; a reload takes %u ticks after %s, %u when cached",
			 evicted, by, f->cached);
	else if (!evicted)
		snprintf(t->detail, sizeof t->detail, "a reload takes %u ticks after clwb, %u when cached; nothing here that "
			 "surely evicts", clwb, f->cached);
	else
		snprintf(t->detail, sizeof t->detail, "clwb %s the line: a reload takes %u ticks after it, %u when cached, %u "
			 "after %s; a flush of a dirty line takes %u, of the same line again %u",
			 fingerprint_keeps(f, hz) > 0 ? "keeps" : "evicts", clwb, f->cached, evicted, by,
			 f->of[FINGER_CLWB].first, f->of[FINGER_CLWB].again);
}

static void
flushes(const struct summary *s, struct selftest *t)
{
	struct fingerprint f;
	char why[SELFTEST_TEXT], none[SELFTEST_TEXT] = "this run did not measure it";
	unsigned wrong = 0;

	if (fingerprint_read(&f, run_json(s->run, "flush")) == 0) {
		for (enum finger k = 0; k < FINGERS; k++)
			t->looked += f.of[k].reload != 0;
		wrong = fingerprint_wrong(&f, s->run->hz, why, sizeof why);
		snprintf(none, sizeof none, "no flush instruction here");
	}
	if (f.emulated && wrong) {
		t->looked = 0;
		snprintf(none, sizeof none, "an emulated CPU, whose times mean nothing: %.200s", why);
	} else if (wrong) {
		selftest_contradict(t, "%s", why);
		t->failed = wrong;
	}
	selftest_conclude(t, none);
	if (t->verdict == VERDICT_PASS)
		tell(&f, s->run->hz, t);
}

/* hist.csv and samples.csv tell of the same ops: or rows of one of them were lost. */
static int
histograms(const struct summary *s, struct selftest *t)
{
	struct intake in;
	char buf[SELFTEST_LABEL];
	int rc = intake_open(&in, s->run);

	while (rc >= 0 && (rc = intake_next(&in)) == 1)
		for (int d = 0; d < STAMPS; d++) {
			const uint64_t unit = s->run->point[in.repeat->at].unit;	/* a latency is of */

			if (in.ops[d] == 0 && in.count[d] == 0)
				continue;
			t->looked++;
			if ((double)(in.count[d] * unit) != in.ops[d])
				selftest_contradict(t, "%s: repeat %u: %llu ops (%s) in hist.csv, %.0f in samples.csv",
						    selftest_label(&s->run->point[in.repeat->at], buf), in.repeat->rep,
						    (unsigned long long)(in.count[d] * unit), stamp_name[d], in.ops[d]);
		}
	intake_close(&in);
	selftest_conclude(t, "no latency was measured");
	return rc == -ENOENT ? 0 : rc;
}

int
selftest_run(const struct summary *s, struct selftest out[SELFTESTS])
{
	static const char *const name[SELFTESTS] = {
		"no latency under the timer floor", "no op faster alone than overlapped",
		"no bandwidth over the measured roof", "written bytes were read back",
		"page faults as the kernels expect", "pages of the size asked for",
		"working sets beyond the cache, or flagged", "one clock",
		"system calls as the kernels expect", "flush instructions do what they are for",
		"every op is in the histograms",
		"counters read what a known load did",
	};
	int rc;

	for (int k = 0; k < SELFTESTS; k++)
		out[k] = (struct selftest){ .name = name[k] };
	above_floor(s, &out[0]);
	rc = not_faster_alone(s, &out[1]);
	if (rc == 0)
		rc = under_roof(s, &out[2]);
	read_back(s, &out[3]);
	if (rc == 0)
		rc = selftest_faults_expected(s, &out[4]);
	if (rc == 0)
		rc = pages_mapped(s, &out[5]);
	beyond_cache(s, &out[6]);
	one_clock(s, &out[7]);
	if (rc == 0)
		rc = selftest_syscalls_expected(s, &out[8]);
	flushes(s, &out[9]);
	if (rc == 0)
		rc = histograms(s, &out[10]);
	selftest_counters(s, &out[11]);
	return rc;
}

size_t
selftest_warned(const struct selftest out[SELFTESTS])
{
	size_t n = 0;

	for (int k = 0; k < SELFTESTS; k++)
		n += out[k].verdict == VERDICT_WARN;
	return n;
}

int
selftest_write(const struct run *r, const struct selftest out[SELFTESTS])
{
	struct row row;
	struct replace file;
	int err = replace_open(&file, r->fd, "checks.csv");

	if (err < 0)
		return err;
	row = row_in(file.file, TABLE_CHECKS, 0);
	table_header(file.file, TABLE_CHECKS, NULL, 0);
	for (int k = 0; k < SELFTESTS; k++) {
		row_text(&row, "check", out[k].name);
		row_text(&row, "verdict", verdict_name[out[k].verdict]);
		row_u64(&row, "looked", out[k].looked);
		row_u64(&row, "failed", out[k].failed);
		row_text(&row, "detail", out[k].detail);
		row_end(&row);
	}
	return replace_close(&file, row.rc);
}
