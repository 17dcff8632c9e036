/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * probe.h -- what each kind of target is asked; target_probe() is the way in.
 */
#ifndef PROBE_H
#define PROBE_H

#include "origin.h"
#include "target.h"

/* Fill in the facts of a target whose path is known (facts->path).  0; -errno with why. */
int probe_directory(const struct target_spec *, struct facts_target *, char *why, size_t whylen);
int probe_block(const struct target_spec *, struct facts_target *, char *why, size_t whylen);
int probe_devdax(const struct target_spec *, struct facts_target *, char *why, size_t whylen);

void probe_origin(struct facts_target *, const struct origin *);
void probe_caches(struct facts_target *, const struct sysdir *disk);	/* what a flush is needed for, and whether it gets there */

/* offset and length of the spec inside `whole` bytes: facts->size.  Both multiples of
 * facts->align. */
int probe_part(const struct target_spec *, struct facts_target *, uint64_t whole, char *why, size_t whylen);

/* RWF_ATOMIC: what statx says of fd. */
void probe_atomic(struct facts_target *, int fd);

#endif
