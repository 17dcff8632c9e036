/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * usable.h -- what a namespace is good for: the target it could be, the kernels that run there.
 */
#ifndef USABLE_H
#define USABLE_H

#include <stdbool.h>
#include <stddef.h>
#include "namespaces.h"
#include "target.h"

/* A target, as a config would name it, and what the probe says of it. */
struct usable {
	struct target_spec spec;
	struct facts_target facts;
	char why[WHY_MAX];		/* why it cannot be used, "" */
	char no_dax[WHY_MAX];		/* why it is but a directory, "" */
	size_t kernels;
};

/* The kind of target that a namespace in its mode, mounted or not, can be; asked. */
void usable_namespace(struct usable *, const struct namespace_ *);

/* Probe its spec; count what runs there. */
void usable_ask(struct usable *);
bool usable_runs(const struct usable *, const struct kernel *);

/* "fsdax: /mnt/pmem0", as it would stand in a config. */
const char *usable_written(char *buf, size_t len, const struct target_spec *);

#endif
