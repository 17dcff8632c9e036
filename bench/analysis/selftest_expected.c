/* SPDX-License-Identifier: BSD-2-Clause */
/* The checks of selftest.h on what kernels expect: page faults, system calls; and on what a known
 * load did. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "counted.h"
#include "csv.h"
#include "taint.h"
#include "expected.h"
#include "selftest_part.h"

/* Of a point: its windows, those of them with too many page faults, the repeat that lacks most. */
struct faulty { uint64_t windows, bad; const struct run_repeat *few; bool recorded, known; };

static int
count_faults(const struct run *r, struct faulty *by)
{
	static const char *const names[] = { "point", "taint", NULL };
	struct csv c;
	int col[2], rc = csv_open(&c, r->fd, "samples.csv");
	uint64_t point, taint;

	if (rc == 0)
		rc = csv_columns(&c, names, col);
	if (rc == 0 && r->nrepeat > 0)
		c.limit = r->repeat[r->nrepeat - 1].samples_end;
	while (rc == 0 && (rc = csv_next(&c)) == 1) {
		const struct run_point *p;

		rc = csv_u64(&c, col[0], &point) < 0 || csv_u64(&c, col[1], &taint) < 0 ? -EINVAL : 0;
		p = rc == 0 ? run_point(r, point) : NULL;
		if (!p)
			continue;
		by[p - r->point].windows++;
		by[p - r->point].bad += (taint & TAINT_FAULTS) != 0;
	}
	csv_close(&c);
	return rc == -ENOENT ? 0 : rc;
}

/* Runs before 1.1 did not record what to expect. */
static void
find_few(const struct run *r, struct faulty *by)
{
	for (size_t k = 0; k < r->nrepeat; k++) {
		const struct run_repeat *rep = &r->repeat[k];
		struct faulty *f = &by[rep->at];

		if (!rep->ok)
			continue;
		f->recorded |= !isnan(rep->faults);
		f->known |= !isnan(rep->faults_min);
		if (rep->faults < rep->faults_min &&
		    (!f->few || rep->faults - rep->faults_min < f->few->faults - f->few->faults_min))
			f->few = rep;
	}
}

/* Page faults within what the kernels expect.  Too many: one window may be disturbed, half of
 * them are what the op does.  Too few: nothing disturbs a fault away. */
int
selftest_faults_expected(const struct summary *s, struct selftest *t)
{
	const struct run *r = s->run;
	struct faulty *by = calloc(r->npoint + 1, sizeof *by);
	int rc = by ? count_faults(r, by) : -ENOMEM;
	char buf[SELFTEST_LABEL];

	if (rc == 0)
		find_few(r, by);
	for (size_t k = 0; rc == 0 && k < r->npoint; k++) {
		const struct run_point *p = &r->point[k];
		const struct faulty *f = &by[k];

		if (f->windows == 0 || (f->recorded && !f->known))
			continue;
		t->looked++;
		if (f->bad > 1 && 2 * f->bad >= f->windows)
			selftest_contradict(t, "%s: more page faults than its ops should take, in %llu of %llu windows",
				   selftest_label(p, buf), (unsigned long long)f->bad, (unsigned long long)f->windows);
		else if (f->few)
			selftest_contradict(t, "%s: repeat %u: %.0f page faults by ops that should take at least %.0f",
				   selftest_label(p, buf), f->few->rep, f->few->faults, f->few->faults_min);
	}
	free(by);
	selftest_conclude(t, "no window was measured of a kernel that says what it expects");
	return rc;
}

/* Why system calls were not counted: not asked for, or the reason that the run noted. */
static void
not_counted(const struct run *r, struct selftest *t)
{
	json_t *all = run_json(r, "counters"), *e;
	const char *why = "";
	size_t i;

	json_array_foreach(all, i, e) {
		const char *event = json_string_value(json_object_get(e, "event"));

		if (event && strcmp(event, SYSCALLS_EVENT) == 0 && json_is_false(json_object_get(e, "available")))
			why = json_string_value(json_object_get(e, "why"));
	}
	if (why && *why)
		snprintf(t->detail, sizeof t->detail, "%s was not counted: %.200s", SYSCALLS_EVENT, why);
	else
		snprintf(t->detail, sizeof t->detail, "%s was not counted (--events %s, as root with tracefs mounted)",
			 SYSCALLS_EVENT, SYSCALLS_EVENT);
}

/* The count of a repeat's system calls; NaN: they were not counted all the time. */
static double
syscalls(const struct counted *c)
{
	for (size_t k = 0; k < c->n; k++)
		if (strcmp(c->count[k].name, SYSCALLS_EVENT) == 0 && c->count[k].running > 0 &&
		    c->count[k].running >= c->count[k].enabled)
			return c->count[k].value;
	return NAN;
}

static void
look_at_calls(const struct run *r, const struct run_repeat *rep, double seen, struct selftest *t)
{
	char buf[SELFTEST_LABEL];

	t->looked++;
	if (seen < rep->syscalls_min)
		selftest_contradict(t, "%s: repeat %u: %.0f system calls by ops that should make at least %.0f",
			   selftest_label(&r->point[rep->at], buf), rep->rep, seen, rep->syscalls_min);
	else if (seen > rep->syscalls_max)
		selftest_contradict(t, "%s: repeat %u: %.0f system calls by ops that should make at most %.0f",
			   selftest_label(&r->point[rep->at], buf), rep->rep, seen, rep->syscalls_max);
}

/* System calls exactly as the kernels expect: the harness's own are in the bounds, and nothing
 * else makes any between start and stop.  A clock that is read by them would. */
int
selftest_syscalls_expected(const struct summary *s, struct selftest *t)
{
	const struct run *r = s->run;
	const bool tsc = json_is_true(run_json(r, "timer.tsc"));
	struct counted *c = malloc(sizeof *c);
	bool any = false;
	int rc = c ? counted_open(c, r) : -ENOMEM;

	for (size_t k = 0; rc == 0 && k < r->nrepeat; k++) {
		const struct run_repeat *rep = &r->repeat[k];
		double seen;

		rc = counted_take(c, rep);
		seen = rc == 0 && rep->ok && !rep->timed ? syscalls(c) : NAN;
		any |= !isnan(seen);
		if (tsc && !isnan(seen) && !isnan(rep->syscalls_max))
			look_at_calls(r, rep, seen, t);
	}
	if (c)
		counted_close(c);
	free(c);
	selftest_conclude(t, tsc ? "this run did not record what its kernels expect" :
			  "the clock is not the TSC: the harness may read it by a system call");
	if (t->verdict == VERDICT_NONE && !any)
		not_counted(r, t);
	return rc;
}

/* What a load of known size made is what they read; those without such a load are open, and claim
 * nothing. */
void
selftest_counters(const struct summary *s, struct selftest *t)
{
	size_t i;
	json_t *row;

	json_array_foreach(run_json(s->run, "counters"), i, row) {
		const char *why = json_string_value(json_object_get(row, "proof_why"));
		const char *proof = json_string_value(json_object_get(row, "proof"));

		if (!why && (!proof || strcmp(proof, "checked") != 0))
			continue;
		t->looked++;
		if (why)
			selftest_contradict(t, "%.120s %s", json_string_value(json_object_get(row, "event")), why);
	}
	selftest_conclude(t, "no event was counted whose count is known beforehand");
}
