/* SPDX-License-Identifier: BSD-2-Clause */
/* report_part.h -- sections of report.html that report_html.c leaves to others. */
#ifndef REPORT_PART_H
#define REPORT_PART_H

#include <stdio.h>
#include "report.h"

/* report_html.c: the figures in the folder dirfd/plots, less the first, which stands above them (NULL: none does);
 * report.html of several runs.  0 or -errno. */
void part_figures(FILE *, int dirfd, const struct drawn *, size_t n, const struct drawn *first);
int  report_runs_html(const struct input *, size_t ninput, const struct drawn *, size_t n, int dirfd);
/* report_classes.c: report.html of the laboratory's results.  0 or -errno. */
int  report_classes_html(const struct run *, const struct drawn *, size_t n);
/* report_trust.c */
void part_contradiction(FILE *, const struct report *);	/* nothing where all checks hold */
void part_checks(FILE *, const struct report *);
void part_quality(FILE *, const struct report *);
/* report_counts.c */
void part_counters(FILE *, const struct summary *);
/* report_end.c */
void part_missing(FILE *, const struct run *);
void part_environment(FILE *, const struct run *);
void part_reproduce(FILE *, const struct run *);

#endif
