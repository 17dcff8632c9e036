/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * prepare_look.h -- the regions of this machine, and what it has of a config's targets.
 */
#ifndef PREPARE_LOOK_H
#define PREPARE_LOOK_H

#include "prepare_config.h"

/* *out is malloced.  How many regions namespaces can be made in; -errno. */
int prepare_regions(struct prep_region **out);

/* One for each target of the config.  0; -errno when nothing can be known. */
int prepare_look(const struct config *, struct prep_found *);

#endif
