/* SPDX-License-Identifier: BSD-2-Clause */
/* work.h -- where op i goes and what it writes.  Included by kernel.h. */
#ifndef WORK_H
#define WORK_H

#include "kernel.h"

static inline char *
work_addr(const struct work *w, struct slots s, uint64_t i)
{
	return w->base + slots_at(s, i) * w->size;
}

static inline int64_t
work_off(const struct work *w, uint64_t i)
{
	return (int64_t)(w->off + slots_at(w->slots, i) * w->size);
}

/* Another block on the next pass over the slots, so that read-back sees a lost overwrite. */
static inline const char *
work_src(const struct work *w, uint64_t i)
{
	return w->src + (slots_block(w->slots, i) & w->src_mask) * w->size;
}

#endif
