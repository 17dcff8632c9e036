/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * flag.h -- what a reader of a summary row must know beside its number.
 */
#ifndef FLAG_H
#define FLAG_H

#include <stddef.h>
#include <stdint.h>

/* The first two are bits of a repeat's flags as well (outcome.flags of job.h). */
enum summary_flag {
	SUM_NO_STEADY_STATE, SUM_CLIPPED, SUM_NOT_CONVERGED, SUM_NEAR_TIMER_FLOOR, SUM_CACHE_RESIDENT,
	SUM_FEW_CLEAN, SUM_BIMODAL, SUM_NODE_UNKNOWN, SUM_COARSE_CLOCK, SUM_NO_OVERLAP, SUM_TLB_RESIDENT,
	SUMMARY_FLAGS
};
extern const struct summary_flag_row { const char *name, *doc; } summary_flags[SUMMARY_FLAGS];

/* |-separated names to a mask of 1 << flag and back; unknown names are left out. */
uint32_t flags_parse(const char *);
const char *flags_text(uint32_t mask, char *buf, size_t len);

#endif
