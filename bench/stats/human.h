/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * human.h -- numbers as people read them: three digits and a unit that fits.
 */
#ifndef HUMAN_H
#define HUMAN_H

#include <stdint.h>
#include "stats.h"

enum { HUMAN_MAX = 64 };

/* Each fills buf (HUMAN_MAX bytes) and returns it; NaN is "-". */
const char *human_ns(char *buf, double ns);			/* 162 ns, 1.23 µs */
const char *human_bandwidth(char *buf, double gbs);		/* 12.3 GB/s */
const char *human_size(char *buf, uint64_t bytes);		/* 64 B, 4 KiB */
/* 162 [160, 165] ns; "[-]" without one */
const char *human_interval(char *buf, const struct interval *ns);

#endif
