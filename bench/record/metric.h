/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * metric.h -- the numbers a repeat has: their names, units and what they mean.
 */
#ifndef METRIC_H
#define METRIC_H

#include <stdbool.h>

enum stamp { STAMP_ISSUE, STAMP_DRAINED, STAMPS };
extern const char *const stamp_name[STAMPS];	/* issue drained */
int stamp_parse(const char *);			/* enum stamp, or -1 */

struct metric {
	const char *name, *unit, *doc;
	bool rate;		/* more is better; its median is 1 / the median of 1 / x */
	bool latency;		/* of single ops: near_timer_floor and clipped apply */
	enum stamp stamp;	/* of a latency */
	double quantile;	/* of a latency; -1: mean, min, max; of the rest 0 */
};

/* In the order of reps.csv and summary.csv. */
enum metric_id {
	METRIC_TIME, METRIC_RATE, METRIC_BANDWIDTH,
	METRIC_LATENCY,			/* STAMPS times LATENCIES, drained first */
	METRIC_FLOOR = METRIC_LATENCY + 18, METRIC_FLOOR_ISSUE = METRIC_FLOOR, METRIC_FLOOR_DRAINED,
	METRIC_UNIT, METRIC_WHOLE, METRIC_KEPT, METRIC_DISTURBED_OPS,
	METRICS
};
enum latency { LATENCY_P50, LATENCY_P90, LATENCY_P99, LATENCY_P999, LATENCY_P9999, LATENCY_P99999,
	       LATENCY_MEAN, LATENCY_MIN, LATENCY_MAX, LATENCIES };
extern const struct metric metrics[METRICS];

static inline enum metric_id
metric_latency(enum stamp stamp, enum latency what)
{
	return METRIC_LATENCY + (stamp == STAMP_DRAINED ? 0 : LATENCIES) + what;
}

int metric_find(const char *name);	/* metric_id, or -1 */

#endif
