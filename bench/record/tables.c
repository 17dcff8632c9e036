/* SPDX-License-Identifier: BSD-2-Clause */
#include "tables.h"

#include <string.h>

#include "metric.h"

#define AXIS(name, id, unit) { name, unit, NULL, 1 + AXIS_##id }

static const struct column points[] = {
	{ "run_id", NULL, "the run, as in run.json", 0 },
	{ "host", NULL, "the machine's name", 0 },
	{ "point", NULL, "number of the point in its run, ascending", 0 },
	{ "bench", NULL, "the bench of the config that it comes from", 0 },
	AXIS("kernel", KERNEL, NULL),
	AXIS("target", TARGET, NULL),
	{ "role", NULL, "the target's role: what `compare` matches", 0 },
	{ "medium", NULL, "what the bytes went to: optane, nvdimm-n, cxl-pmem, pmem, emulated, "
		"volatile, dram, "
	  "loop, disk; only the first four are persistent memory", 0 },
	AXIS("size", SIZE, "bytes"),
	AXIS("threads", THREADS, NULL),
	AXIS("cpus", CPUS, NULL),
	AXIS("placement", PLACEMENT, NULL),
	AXIS("smt", SMT, NULL),
	AXIS("pattern", PATTERN, NULL),
	AXIS("stride", STRIDE, "bytes"),
	AXIS("mode", MODE, NULL),
	AXIS("gap", GAP, NULL),
	AXIS("line", LINE, NULL),
	AXIS("tlb", TLB, NULL),
	AXIS("working_set", WORKING_SET, "bytes"),
	AXIS("preparation", PREPARATION, NULL),
	AXIS("map_sync", MAP_SYNC, NULL),
	AXIS("o_sync", O_SYNC, NULL),
	AXIS("page_size", PAGE_SIZE, "bytes"),
	AXIS("label", LABEL, NULL),
	{ "p_*", NULL, "a kernel parameter; empty for kernels that lack it", 0 },
	{ "control", NULL, "no; yes: a yardstick that promises no durability; floor: the empty "
		"loop", 0 },
	{ "moves", NULL, "what happens to an op's bytes: nothing, writes or reads", 0 },
	{ "unit", NULL, "ops that become durable together: what one latency is of", 0 },
	{ "notes", NULL, "flags known before it is measured, |-separated: cache-resident, tlb-resident, node-unknown", 0 },
	{ "durable", NULL, "is the data there after a power cut, if the medium keeps its "
		"persistence domain: "
	  "no, metadata-unsafe, eadr-only, yes", 0 },
	{ "why", NULL, "one sentence for `durable`", 0 },
	{ "tested", NULL, "what the laboratory has seen of this class of op and target on a Linux of the run's series: "
		"rule (nothing: `durable` is a rule), or lost of tested: cuts 0/1110 (power cuts, without a CPU cache), "
		"model 0/30402 (with one); see durability.md", 0 },
	{ "tested_bound", NULL, "where no cut lost anything: the share that may be lost all the same is less, with 95 % "
		"confidence: 3 by the rounds of the cuts that do not hang together", 0 },
	{ "status", NULL, "pending, ok, skip:WHY or fail:WHY", 0 },
	{ 0 },
};

static const struct column repeats[] = {
	{ "point", NULL, "as in points.csv", 0 },
	{ "rep", NULL, "number of the repeat: one fresh process", 0 },
	{ "kind", NULL, "timed, or counting: counters were open and its times do not count", 0 },
	{ "block", NULL, "the block it belongs to: every point once, in shuffled order; a disturbed repeat and "
		"those that make up for it are of one block", 0 },
	{ "status", NULL, "ok or fail:WHY", 0 },
	{ "seed", NULL, "of the addresses and the data", 0 },
	{ "offset", "bytes", "where in the target it worked", 0 },
	{ "page", "bytes", "page size really mapped; 0 without a mapping", 0 },
	{ "cpus", NULL, "the CPUs its threads were bound to, in the order of the threads", 0 },
	{ "quantum_ticks", "ticks", "the clock's step: gcd of the differences seen", 0 },
	{ "floor_issue_ticks", "ticks", "the empty op, issue stamp: median", 0 },
	{ "floor_drained_ticks", "ticks", "the empty op, drained stamp: median", 0 },
	{ "canary_ticks", "ticks", "of each CPU of `cpus`, the fastest run of a register-only loop before or after a "
		"window: how fast the core was", 0 },
	{ "skew_ticks", "ticks", "last thread's start behind the common deadline, the worst "
		"window", 0 },
	{ "checked", NULL, "slots read back and found right", 0 },
	{ "windows", NULL, "windows measured", 0 },
	{ "tainted", NULL, "of them those in which a thread was disturbed", 0 },
	{ "undisturbed", NULL, "share of its threads' time in windows in which they had their CPUs; under a half, or "
		"flagged no_overlap, it is disturbed and made up for", 0 },
	{ "flags", NULL, "|-separated: no_steady_state, clipped, no_overlap", 0 },
	{ "headline_ns", "ns", "what the adaptive stop looks at: drained median latency, or amortised time "
		"(throughput, and where the median is under 10 steps of the clock)", 0 },
	{ "faults", NULL, "page faults of all threads in its windows (getrusage)", 0 },
	{ "faults_min", NULL, "the kernel expects at least as many", 0 },
	{ "faults_max", NULL, "and at most, one a window and thread for the harness included", 0 },
	{ "syscalls_min", NULL, "counting repeats: system calls that the kernel expects at least, and those "
		"of starting and stopping the counters as raw_syscalls:sys_enter sees them", 0 },
	{ "syscalls_max", NULL, "and at most", 0 },
	{ "hist_end", "bytes", "length of hist.csv after this repeat", 0 },
	{ "counters_end", "bytes", "length of counters.csv after this repeat", 0 },
	{ "samples_end", "bytes", "length of samples.csv after this repeat", 0 },
	{ 0 },
};

static const struct column samples[] = {
	{ "point", NULL, "as in points.csv", 0 },
	{ "rep", NULL, "the repeat", 0 },
	{ "window", NULL, "number of the window in its repeat", 0 },
	{ "thread", NULL, "number of the thread", 0 },
	{ "mode", NULL, "throughput or latency: of the window; a latency point has one for throughput, its last", 0 },
	{ "stamp", NULL, "issue or drained: where a latency ends; empty in throughput mode", 0 },
	{ "ops", NULL, "ops of this thread in whole stretches within the time common to all threads; 0 where the "
		"threads of the window had none", 0 },
	{ "bytes", "bytes", "that these ops made durable", 0 },
	{ "ticks", "ticks", "throughput: time they took; latency: sum of their latencies", 0 },
	{ "chunks", NULL, "stretches they were done in: throughput calls of about 100 us, latency batches; empty: not "
		"told apart (a kernel that sleeps, or no rseq)", 0 },
	{ "disturbed", NULL, "stretches in which the thread was preempted, migrated or signalled", 0 },
	{ "stalled", NULL, "others that took over twice the window's median an op: counted, kept, and not explained "
		"(time stolen by a hypervisor looks like this); throughput only", 0 },
	{ "kept_ops", NULL, "ops of the undisturbed stretches: the time per op is their mean", 0 },
	{ "kept_ticks", "ticks", "their time, as in ticks", 0 },
	{ "lost_ns", "ns", "of its whole window, in which the thread did not have its CPU: disturbed and stalled "
		"stretches, or waiting (schedstat) and steal where that is more; all of it where it was migrated, "
		"throttled or cooled down", 0 },
	{ "cpu_ns", "ns", "CPU time of the thread over its whole window", 0 },
	{ "taint", NULL, "what may have disturbed the window, see Taints: their sum; 0: nothing "
		"that can be seen here", 0 },
	{ 0 },
};

static const struct column hist[] = {
	{ "point", NULL, "as in points.csv", 0 },
	{ "rep", NULL, "the repeat", 0 },
	{ "stamp", NULL, "issue or drained", 0 },
	{ "lo_ticks", "ticks", "least latency of the bucket", 0 },
	{ "hi_ticks", "ticks", "greatest latency of the bucket; the least and the greatest of all "
		"are exact", 0 },
	{ "count", NULL, "ops in it, all threads; buckets ascend, empty ones are left out", 0 },
	{ 0 },
};

static const struct column counters[] = {
	{ "point", NULL, "as in points.csv", 0 },
	{ "rep", NULL, "a counting repeat", 0 },
	{ "scope", NULL, "thread: summed over the point's threads; system", 0 },
	{ "event", NULL, "as it was asked for", 0 },
	{ "value", NULL, "as counted, not scaled; empty: not counted", 0 },
	{ "enabled_ns", "ns", "time it was to be counted", 0 },
	{ "running_ns", "ns", "time it was counted; 0: not counted (run.json says why), by one thread or CPU at "
		"the least", 0 },
	{ "scaled", NULL, "value as if counted all the time: of each thread, or CPU, by its own share of the "
		"time, then added", 0 },
	{ "instance", NULL, "the PMU that counted it, such as uncore_imc_3: a row for each, and each socket; empty: one row "
		"for the threads or for all CPUs", 0 },
	{ "socket", NULL, "of that PMU; empty as instance is, and where it is not known", 0 },
	{ 0 },
};

static const struct column reps[] = {
	{ "point", NULL, "as in points.csv", 0 },
	{ "rep", NULL, "the repeat", 0 },
	{ "block", NULL, "its block, as in repeats.csv", 0 },
	{ "metric", NULL, "see Metrics; the unit stands in the name", 0 },
	{ "value", NULL, "the one number of this repeat; of windows their median", 0 },
	{ "clean", NULL, "1, or 0 when less than half of its time was undisturbed", 0 },
	{ 0 },
};

static const struct column summary[] = {
	{ "metric", NULL, "see Metrics", 0 },
	{ "unit", NULL, "of median, lo and hi", 0 },
	{ "n", NULL, "repeats used: the clean ones, or all where those are fewer than 6; of counts "
		"all", 0 },
	{ "median", NULL, "over these repeats", 0 },
	{ "lo", NULL, "lower end of its exact 95 % interval; empty below 6 repeats", 0 },
	{ "hi", NULL, "upper end", 0 },
	{ "clean", NULL, "clean repeats", 0 },
	{ "total", NULL, "repeats measured", 0 },
	{ "flags", NULL, "see Flags; |-separated", 0 },
	{ 0 },
};

static const struct column checks[] = {
	{ "check", NULL, "what must hold", 0 },
	{ "verdict", NULL, "PASS, WARN or n/a: nothing to look at", 0 },
	{ "looked", NULL, "points, repeats or windows looked at", 0 },
	{ "failed", NULL, "those that contradict", 0 },
	{ "detail", NULL, "the first of them, or why there is nothing to look at", 0 },
	{ 0 },
};

const struct table tables[TABLES] = {
	[TABLE_POINTS] = { "points.csv", "The points of the plan, skipped ones too: all axes of "
		"each.", points },
	[TABLE_REPEATS] = { "repeats.csv", "The journal. A repeat's rows in hist.csv, "
		"counters.csv and samples.csv "
		"are written first, then its line here: rows behind the lengths in the last whole "
		"line do not exist.",
		repeats },
	[TABLE_SAMPLES] = { "samples.csv", "What was measured: a row for each window and "
		"thread.", samples },
	[TABLE_HIST] = { "hist.csv", "Latency histograms: log-linear, three significant "
		"digits.", hist },
	[TABLE_COUNTERS] = { "counters.csv", "Event counts of the counting repeats.", counters },
	[TABLE_REPS] = { "reps.csv", "One number for each repeat and metric: the unit of "
		"inference. "
		"Made from the files above; repeats that succeeded only. Of timed ones times, of "
		"counting ones counts.", reps },
	[TABLE_SUMMARY] = { "summary.csv", "One row for each point and metric, made from reps.csv. "
		"First the columns of points.csv up to `durable`, then:", summary },
	[TABLE_CHECKS] = { "checks.csv", "Does the run contradict itself? Made with the "
		"summary.", checks },
};

void
table_header(FILE *f, enum table_id id, const char *const *param, size_t nparam)
{
	const char *comma = "";

	for (const struct column *c = tables[id].column; c->name; c++) {
		if (strcmp(c->name, "p_*") == 0) {
			for (size_t i = 0; i < nparam; i++)
				fprintf(f, "%sp_%s", comma, param[i]);
			continue;
		}
		fprintf(f, "%s%s", comma, c->name);
		comma = ",";
	}
	fputc('\n', f);
}
