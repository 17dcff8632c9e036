/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * selftest.h -- physics before paper: does a run contradict itself?  (METHOD 5)
 *
 * A pure function of the files of a run.
 */
#ifndef SELFTEST_H
#define SELFTEST_H

#include "summary.h"

enum verdict { VERDICT_PASS, VERDICT_WARN, VERDICT_NONE };	/* NONE: nothing to look at */
extern const char *const verdict_name[];	/* PASS WARN n/a */

#define SELFTEST_TEXT 320
struct selftest {
	const char *name;		/* what is asked */
	enum verdict verdict;
	unsigned looked, failed;	/* points or repeats looked at, and those that contradict */
	char detail[SELFTEST_TEXT];	/* the first of them, or why there is nothing to look at */
};

enum { SELFTESTS = 12 };
/* Fill all of them.  0 or -errno (the journal or samples.csv cannot be read). */
int selftest_run(const struct summary *, struct selftest out[SELFTESTS]);

size_t selftest_warned(const struct selftest out[SELFTESTS]);	/* how many say WARN */
/* checks.csv into the run's directory.  0 or -errno. */
int  selftest_write(const struct run *, const struct selftest out[SELFTESTS]);

#endif
