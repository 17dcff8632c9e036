/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pfm.h -- the core's own counters by the names of libpfm4.
 */
#ifndef PFM_H
#define PFM_H

#include "event.h"

/* Returns as event_parse() does. */
int pfm_parse(struct event *, const char *name, char *why, size_t whylen);

#endif
