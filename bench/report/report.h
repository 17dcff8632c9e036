/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * report.h -- all that is made from the files of a run: reps.csv, summary.csv, the
 * terminal table, the figures and report.html.
 *
 * The files of a run decide; run twice, the same bytes come out.
 */
#ifndef REPORT_H
#define REPORT_H

#include <stdio.h>
#include "draw.h"
#include "say.h"
#include "selftest.h"
#include "summary.h"
#include "taints.h"

/* What is drawn, and how. */
struct report_want {
	const struct figures *figures;
	struct chart_page page;
	const char *only;		/* just this figure again; NULL: all */
};

/* All of the directory that is open as dirfd and called dir; AT_FDCWD: that dir leads to.  table:
 * where the summary table goes, NULL: nowhere.  What is wrong is said.  0; 1: made, and --strict
 * would object to a check or to a flag of a headline; -ENOENT: no run there, or no such figure;
 * -EINVAL: files that cannot be understood; -errno.  No gnuplot is no failure. */
int report_make(int dirfd, const char *dir, const struct report_want *, FILE *table, const struct say *);

/* Several runs in the same figures: these and a report.html of them, in the folder dirfd, called dir.
 * 0 or -errno, said. */
int report_runs(const struct input *, size_t n, const struct report_want *, int dirfd, const char *dir,
		const struct say *);

/* What report.html is made of, beside the figures. */
struct report {
	const struct summary *s;
	const struct selftest *check;	/* SELFTESTS */
	const struct taints *taints;
};
/* Write report.html alone.  0 or -errno. */
int report_html(const struct report *, const struct drawn *, size_t n);

#endif
