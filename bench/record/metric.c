/* SPDX-License-Identifier: BSD-2-Clause */
#include "metric.h"

#include <string.h>

const char *const stamp_name[STAMPS] = { [STAMP_ISSUE] = "issue", [STAMP_DRAINED] = "drained" };

#define PLAIN(n, d) { .name = n, .unit = "ns", .doc = d }
#define LATENCY(S, s, X, x, q, d) \
	[METRIC_LATENCY + (STAMP_##S == STAMP_DRAINED ? 0 : LATENCIES) + LATENCY_##X] = \
	{ "latency_" s "_" x "_ns", "ns", d " of one unit, " s " stamp", \
	  .latency = true, .stamp = STAMP_##S, .quantile = q }
#define LATENCIES_OF(S, s) \
	LATENCY(S, s, P50, "p50", 0.5, "median latency"), \
	LATENCY(S, s, P90, "p90", 0.9, "90th percentile of the latency"), \
	LATENCY(S, s, P99, "p99", 0.99, "99th percentile of the latency"), \
	LATENCY(S, s, P999, "p99.9", 0.999, "99.9th percentile of the latency"), \
	LATENCY(S, s, P9999, "p99.99", 0.9999, "99.99th percentile of the latency"), \
	LATENCY(S, s, P99999, "p99.999", 0.99999, "99.999th percentile of the latency"), \
	LATENCY(S, s, MEAN, "mean", -1, "mean latency"), \
	LATENCY(S, s, MIN, "min", -1, "least latency"), \
	LATENCY(S, s, MAX, "max", -1, "greatest latency")

const struct metric metrics[METRICS] = {
	[METRIC_TIME] = PLAIN("time_ns", "amortised time per op of one thread, from throughput windows (a "
		"latency point has one a repeat): the mean over chunks of about 100 us in which nobody took its CPU "
		"(of a kernel that sleeps over the window); mean over the threads"),
	[METRIC_RATE] = { "rate_ops", "1/s", "ops per second, all threads together", .rate = true },
	[METRIC_BANDWIDTH] = { "bandwidth_gbs", "GB/s",
			       "bytes made durable per second, all threads, 1 GB = 10^9 "
			"bytes", .rate = true },
	LATENCIES_OF(DRAINED, "drained"),
	LATENCIES_OF(ISSUE, "issue"),
	[METRIC_FLOOR_ISSUE] = PLAIN("floor_issue_ns", "latency of the empty op in this process, "
		"issue stamp"),
	[METRIC_FLOOR_DRAINED] = PLAIN("floor_drained_ns", "latency of the empty op in this "
		"process, drained stamp"),
	[METRIC_WHOLE] = PLAIN("time_whole_ns", "the same over whole windows, disturbed chunks and all; empty where "
		"chunks are not told apart"),
	[METRIC_KEPT] = { "kept", "1", "share of the time of throughput windows that lies in undisturbed chunks: what "
		"time_ns is the mean of", .rate = false },
	[METRIC_DISTURBED_OPS] = { "disturbed_ops", "1", "share of the ops of the latencies that lie in disturbed "
		"stretches: percentiles beyond 1 - this may be the machine's", .rate = false },
	[METRIC_UNIT] = PLAIN("unit_ns", "amortised time of the ops that become durable together (column `unit`), "
		"where those are several: what a latency of that point is of"),
};

int
stamp_parse(const char *s)
{
	for (int k = 0; k < STAMPS; k++)
		if (strcmp(stamp_name[k], s) == 0)
			return k;
	return -1;
}

int
metric_find(const char *name)
{
	for (int i = 0; i < METRICS; i++)
		if (strcmp(metrics[i].name, name) == 0)
			return i;
	return -1;
}
