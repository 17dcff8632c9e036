/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * instr.h -- which flush instruction, as a parameter: for the kernels that are
 * about something else than it.  The default is clwb, or where the CPU has none
 * the next of the list that it has.
 */
#ifndef INSTR_H
#define INSTR_H

#include "mapped.h"

enum { INSTR_CLWB, INSTR_CLFLUSHOPT, INSTR_CLFLUSH };

static const struct choice instr_choices[] = {
	{ .name = "clwb", .value = INSTR_CLWB, .needs = CAP_CLWB },
	{ .name = "clflushopt", .value = INSTR_CLFLUSHOPT, .needs = CAP_CLFLUSHOPT },
	{ .name = "clflush", .value = INSTR_CLFLUSH, .needs = CAP_CLFLUSH },
	{ 0 },
};
static const struct param instr_params[] = {
	PARAM_FENCE,
	{ .name = "instr", .doc = "the flush instruction: the best there is, when none is named",
	  .off = offsetof(struct mapped_opts, how), .def = INSTR_CLWB, .choices = instr_choices },
	{ 0 },
};

#endif
