/* SPDX-License-Identifier: BSD-2-Clause */
/* report_part.h -- sections of report.html that report_html.c leaves to others. */
#ifndef REPORT_PART_H
#define REPORT_PART_H

#include <stdio.h>
#include "report.h"

/* report_trust.c */
void part_checks(FILE *, const struct report *);
void part_quality(FILE *, const struct report *);
/* report_counts.c */
void part_counters(FILE *, const struct summary *);
/* report_end.c */
void part_missing(FILE *, const struct run *);
void part_environment(FILE *, const struct run *);
void part_reproduce(FILE *, const struct run *);

#endif
