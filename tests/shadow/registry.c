/* SPDX-License-Identifier: BSD-2-Clause */
/* registry.c -- the kernels that kernels.inc names. */
#include "case.h"

#define KERNEL(name) extern const struct kernel kernel_##name;
#include "kernels.inc"
#undef KERNEL
const struct entry registry[] = {
#define KERNEL(name) { &kernel_##name, #name },
#include "kernels.inc"
#undef KERNEL
	{ 0 },
};
