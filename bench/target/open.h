/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * open.h -- what the files behind target_open() share; nobody else includes it.
 */
#ifndef OPEN_H
#define OPEN_H

#include "mapping.h"
#include "target.h"

enum { OPEN_PAGE = 4096 };

static inline bool
open_needs(const struct open_spec *s, unsigned caps)
{
	return s->kernel->needs & caps;
}

/* The mapping is what all threads share, `stride` apart.  0. */
int open_adopt(struct opened *, const struct mapping *, uint64_t stride);

/* dram: map, bind, prefault, verify.  0; -errno with why. */
int open_memory(struct opened *, const struct open_spec *, uint64_t stride, char *why, size_t whylen);

#endif
