/* SPDX-License-Identifier: BSD-2-Clause */
#include "rule.h"

#include "stats.h"

#define DRAINED(l) (METRIC_LATENCY + LATENCY_##l)
#define ISSUE(l)   (METRIC_LATENCY + LATENCIES + LATENCY_##l)
const enum metric_id headline_order[HEADLINES] = {
	(enum metric_id)DRAINED(P50), METRIC_TIME, (enum metric_id)DRAINED(MEAN), (enum metric_id)ISSUE(P50),
	(enum metric_id)ISSUE(MEAN), METRIC_BANDWIDTH,
};

bool
near_floor(double median, double quantum)
{
	return median < NEAR_FLOOR_QUANTA * quantum;
}

bool
coarse_clock(double median, double quantum, double share)
{
	return near_floor(median, quantum) || quantum > share * median;
}

enum metric_id
headline_of(uint32_t has, bool near)
{
	int k = 0;

	if (near && has >> METRIC_TIME & 1)
		has &= ~(1u << DRAINED(P50));
	while (k < HEADLINES && !(has >> headline_order[k] & 1))
		k++;
	return k < HEADLINES ? headline_order[k] : METRICS;
}

double
op_ticks(uint64_t ops, uint64_t ticks, uint64_t kept_ops, uint64_t kept_ticks)
{
	return kept_ops ? (double)kept_ticks / (double)kept_ops : (double)ticks / (double)ops;
}

bool
repeat_clean(double undisturbed)
{
	return undisturbed >= 0.5;
}

bool
repeat_untainted(uint64_t windows, uint64_t tainted)
{
	return tainted < 2 && (tainted < windows || windows == 0);
}

size_t
repeats_used(size_t clean, size_t total)
{
	return clean >= stats_median_needs(CONFIDENCE) ? clean : total;
}
