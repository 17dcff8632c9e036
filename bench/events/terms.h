/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * terms.h -- the TERMS of PMU/TERMS/, by format/ and events/ of one PMU's directory.
 */
#ifndef TERMS_H
#define TERMS_H

#include "event.h"
#include "sysfs.h"

/* Into config[]; scale and unit of the event come with a name of events/.  Returns as
 * event_parse() does. */
int terms_parse(const struct sysdir *pmu, const char *terms, struct event *, uint64_t config[3],
		char *why, size_t whylen);

#endif
