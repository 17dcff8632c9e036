/* SPDX-License-Identifier: BSD-2-Clause */
/* param.h -- the parameters of a kernel. */
#ifndef PARAM_H
#define PARAM_H

#include <stddef.h>
#include <stdint.h>

enum { KERNEL_PARAMS_MAX = 8, KERNEL_OPTS_MAX = 256 };	/* params of a kernel; bytes of its opts */

/* One parameter: a config key, a line of help and a result column p_NAME. */
struct choice {
	const char *name;
	uint64_t value;
	unsigned needs;			/* CAP_* beyond the kernel's */
	unsigned drops;			/* DOES_* of the kernel's that this choice takes away */
};
struct param {
	const char *name, *doc;
	size_t off;			/* of a uint64_t in the kernel's opts */
	uint64_t def, min, max;		/* a number in [min, max] ... */
	int pow2;			/* ... a power of two */
	const struct choice *choices;	/* or one of these (def is a value), ended by name NULL; where
					 * def's needs are not met it is the first whose needs are */
};

#endif
