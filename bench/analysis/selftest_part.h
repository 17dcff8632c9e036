/* SPDX-License-Identifier: BSD-2-Clause */
/* selftest_part.h -- what the checks of selftest.h share; for selftest*.c alone. */
#ifndef SELFTEST_PART_H
#define SELFTEST_PART_H

#include "selftest.h"

enum { SELFTEST_LABEL = 200 };

/* One that contradicts: the first is told. */
void selftest_contradict(struct selftest *, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* The verdict, when all were looked at; none: why there was nothing to look at. */
void selftest_conclude(struct selftest *, const char *none);
const char *selftest_label(const struct run_point *, char buf[SELFTEST_LABEL]);
bool selftest_mapped(const struct run *, const struct run_point *);

int  selftest_faults_expected(const struct summary *, struct selftest *);
int  selftest_syscalls_expected(const struct summary *, struct selftest *);
void selftest_counters(const struct summary *, struct selftest *);

#endif
