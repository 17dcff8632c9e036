/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * durability.h -- what an op buys: is the data there after a power cut of this target?
 *
 * Pure.  Computed as if the medium kept its persistence domain (an unknown one:
 * as if it ended at the memory controller, ADR).  The first that applies:
 *
 * no               the op writes nothing; or its bytes are left in the CPU cache, the page
 *                  cache or a volatile device cache; or the flush that its sync ends with is
 *                  dropped by the kernel, not asked for (nobarrier) or does nothing (tmpfs); or it is a control, a yardstick whose step, if it has any,
 *                  is not for durability; or a parameter leaves out what makes the strategy safe.
 * metadata-unsafe  the bytes reach the medium, by user flush, sync or because the caches are
 *                  in the domain, but the file system may not know where: a mapping of a file
 *                  without MAP_SYNC, or with it on XFS whose files can share blocks (reflink=1);
 *                  a new file whose directory is not synced; a file of tmpfs.
 * eadr-only        plain stores, never flushed, on a target whose domain holds the CPU
 *                  caches.  So `store` is `no` under ADR and `eadr-only` under eADR: it
 *                  promises nothing, and that platform keeps it all the same.
 * yes              the strategy itself makes it durable, on this and on an ADR platform.
 *
 * A target that could not be looked at has none of these: its name is "".
 */
#ifndef DURABILITY_H
#define DURABILITY_H

#include "durable.h"
#include "facts.h"

struct durable { enum durable_class class; const char *why; };	/* why: a constant sentence */

/* does: the kernel's, less what its parameters drop.  preparation: PREP_*, auto where a mapping
 * is prefaulted; the others 1 or 0. */
struct durable durability(const struct kernel *, unsigned does, const struct facts_target *,
			  int preparation, int map_sync, int o_sync);

#endif
