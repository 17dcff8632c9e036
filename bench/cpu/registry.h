/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * registry.h -- the kernels there are: those of kernels/ and those loaded with
 * --kernel-path.  Nobody in bench/ knows a kernel by name.
 */
#ifndef REGISTRY_H
#define REGISTRY_H

#include <stdbool.h>
#include <stddef.h>
#include "kernel.h"

size_t kernel_count(void);
const struct kernel *kernel_at(size_t);
const struct kernel *kernel_find(const char *name);	/* NULL when there is none */
const struct kernel *kernel_floor(void);		/* the one whose control is CONTROL_FLOOR */
const struct kernel *const *kernel_table(void);		/* kernel_count() of them */
bool kernel_ours(const struct kernel *);			/* of kernels/, not loaded */

/* Ops of it that become durable together. */
static inline uint64_t
kernel_unit(const struct kernel *k, const void *opts)
{
	return k->unit ? k->unit(opts) : 1;
}

/* Is k a kernel named `stem` that this program can run?  0; -EPROTO: built against another kernel.h;
 * -EINVAL: a declaration that the compiler let through; -ENOTSUP: it uses what is not built yet. */
int kernel_check(const struct kernel *k, const char *stem, char *why, size_t whylen);

/* Load DIR/NAME.so, symbol kernel_NAME, for every .so there.  0; -errno with the file and
 * what is wrong with it (another ABI, no such symbol, a name that exists) in why. */
int kernel_load_dir(const char *dir, char *why, size_t whylen);

#endif
