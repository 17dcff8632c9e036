/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * uncore.h -- PMU/TERMS/ by what /sys/bus/event_source/devices says of the PMU.
 *
 * PMU is a directory there, or the part before _NUMBER for all that share it
 * (uncore_imc: uncore_imc_0, uncore_imc_1, ...), or a pattern (cxl_pmu_mem*).
 * TERMS are comma-separated: a field of its format/ with a number (event=0xe3,
 * umask=1, inv), config, config1, config2, or a name of its events/.  Behind the
 * last slash may stand u or k: count in user space or in the kernel only.
 */
#ifndef UNCORE_H
#define UNCORE_H

#include "event.h"

/* Fill in type, config, places, scale and unit; a PMU with a cpumask makes the scope
 * system.  Returns as event_parse() does. */
int uncore_parse(struct event *, const char *spec, char *why, size_t whylen);

/* The type number of a PMU of exactly this name, or -ENODEV. */
int uncore_type(const char *pmu);

/* The name of the PMU with this type number, "" when it is gone; the socket of a CPU, or -1. */
const char *uncore_name(uint32_t type, char *buf, size_t len);
int uncore_socket(int cpu);

/* The first range of a list such as 0,28-31: what lies behind it (NULL after the last), or
 * the list itself when it is none. */
const char *cpulist_next(const char *list, int *lo, int *hi);

#endif
