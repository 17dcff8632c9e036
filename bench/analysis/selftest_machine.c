/* SPDX-License-Identifier: BSD-2-Clause */
/* The checks of selftest.h on clock and flush instructions, as measured when the run began. */
#include <math.h>
#include <stdio.h>
#include "fingerprint.h"
#include "selftest_part.h"

/* Clocks that agree within this are one clock (METHOD 1). */
#define PPM_MAX 200

void
selftest_one_clock(const struct summary *s, struct selftest *t)
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

void
selftest_flushes(const struct summary *s, struct selftest *t)
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
