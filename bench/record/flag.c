/* SPDX-License-Identifier: BSD-2-Clause */
#include "flag.h"

#include <stdio.h>
#include <string.h>

const struct summary_flag_row summary_flags[SUMMARY_FLAGS] = {
	[SUM_NOT_CONVERGED] = { "not_converged",
		"the interval is wider than the precision asked for, or there are too few repeats "
		"for one, or too few clean ones, or it has no width at all: the clock is too coarse to tell" },
	[SUM_NO_STEADY_STATE] = { "no_steady_state", "warm-up ended before the windows were "
		"level" },
	[SUM_NEAR_TIMER_FLOOR] = { "near_timer_floor",
		"the median latency is under 10 steps of the clock: take the amortised time "
		"instead" },
	[SUM_COARSE_CLOCK] = { "coarse_clock",
		"a step of the clock is over 5 % of the median latency: compare judges by the amortised "
		"time" },
	[SUM_CACHE_RESIDENT] = { "cache-resident",
		"the working set is under 3 times the last-level caches of the threads' CPUs: the medium may "
		"not have been reached" },
	[SUM_TLB_RESIDENT] = { "tlb-resident",
		"the second-level TLB holds the pages of the working set: `tlb: cold` finds most of them there (not in a "
		"virtual machine whose host has smaller pages)" },
	[SUM_NODE_UNKNOWN] = { "node-unknown",
		"nobody says which NUMA node the target is on: `local` is any CPU" },
	[SUM_CLIPPED] = { "clipped", "latencies above the greatest that can be held were cut to "
		"it" },
	[SUM_FEW_CLEAN] = { "few_clean",
		"in too few repeats the threads had their CPUs for at least half of the time: the others are used as "
		"well, the row counts as not converged, and times may be too long" },
	[SUM_NO_OVERLAP] = { "no_overlap", "the threads of a window had no time in common: it does not count, and "
		"its repeat was run again" },
	[SUM_BIMODAL] = { "bimodal",
		"the repeats fall into two groups, and the median is in one of them or between: see "
		"reps.csv" },
};

uint32_t
flags_parse(const char *s)
{
	uint32_t mask = 0;

	while (*s) {
		size_t len = strcspn(s, "|");

		for (size_t i = 0; i < SUMMARY_FLAGS; i++)
			if (strlen(summary_flags[i].name) == len &&
			    memcmp(summary_flags[i].name, s, len) == 0)
				mask |= 1u << i;
		s += len + (s[len] == '|');
	}
	return mask;
}

const char *
flags_text(uint32_t mask, char *buf, size_t len)
{
	size_t at = 0;

	buf[0] = '\0';
	for (size_t i = 0; i < SUMMARY_FLAGS; i++) {
		if (!(mask >> i & 1) || at >= len)
			continue;
		at += (size_t)snprintf(buf + at, len - at, "%s%s", at ? "|" : "", summary_flags[i].name);
	}
	return buf;
}
