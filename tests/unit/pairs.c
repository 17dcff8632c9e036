// links: comparison.o gather.o projection.o projection_rows.o filter.o verdict.o readings.o reps.o intake.o counted.o formula.o summary.o human.o modes.o hist.o row.o tables.o keys.o rundir.o medium.o durable.o flag.o metric.o stats.o shift.o ranktest.o csv.o replace.o arena.o text.o why.o diag.o wrap.o utf8.o order.o rule.o keyval.o -ljansson -lRmath -lm
/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Columns of one run are compared block by block (METHOD 2 and 4), also when repeats of one
 * side were made up for: a run with its journal, in which every block has another level, so
 * that a pair of two blocks shows.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <math.h>
#include <unistd.h>
#include "comparison.h"

static char dir[] = "/tmp/daxmark-pairs-XXXXXX";
static const char *const files[] = { "run.json", "points.csv", "samples.csv", "hist.csv", "repeats.csv", "reps.csv" };

static FILE *
open_new(const char *name)
{
	char path[128];
	FILE *f;

	snprintf(path, sizeof path, "%s/%s", dir, name);
	f = fopen(path, "w");
	assert_non_null(f);
	return f;
}

static void
put(const char *name, const char *text)
{
	FILE *f = open_new(name);

	fputs(text, f);
	fclose(f);
}

/* The blocks of kernel a's repeats; a small letter was disturbed.  Kernel b has one in each. */
static void
make_run(const char *a)
{
	FILE *samples = open_new("samples.csv"), *repeats = open_new("repeats.csv");
	const struct { const char *blocks; double factor; } point[] = { { a, 1 }, { "ABCDEFGHIJ", 1.2 } };

	put("run.json", "{\"schema\": \"daxmark.run/1.1\", \"timer\": {\"hz\": 1e9}, \"host\": {\"name\": \"h\"}}");
	put("points.csv", "point,bench,kernel,target,role,medium,size,threads,mode,control,moves,status\n"
	    "0,x,a,t,t,dram,64,1,throughput,no,writes,ok\n1,x,b,t,t,dram,64,1,throughput,no,writes,ok\n");
	put("hist.csv", "point,rep,stamp,lo_ticks,hi_ticks,count\n");
	unlink("reps.csv");
	fputs("point,rep,window,thread,mode,stamp,ops,bytes,ticks,cpu_ns,taint\n", samples);
	fputs("point,rep,kind,block,status,hist_end,counters_end,samples_end\n", repeats);
	for (size_t p = 0; p < 2; p++)
		for (size_t r = 0; point[p].blocks[r]; r++) {
			const char c = point[p].blocks[r];
			const int tainted = c >= 'a', block = c - (tainted ? 'a' : 'A');
			const double ns = (100 + 50 * block) * point[p].factor * (tainted ? 3 : 1);

			for (int w = 0; w < 2; w++)
				fprintf(samples, "%zu,%zu,%d,0,throughput,,1000,64000,%.0f,1,%d\n", p, r, w, 1000 * ns, tainted);
			fprintf(repeats, "%zu,%zu,timed,%d,ok,%d,0,%ld\n", p, r, block, 40, ftell(samples));
		}
	fclose(samples);
	fclose(repeats);
}

static void
compare(struct comparison *c, struct arena *mem, struct run *run, const char *metric)
{
	const struct projection_spec spec = { .col = "kernel" };
	struct compared_run source = { .run = run };
	char why[512];

	if (setjmp(mem->oom))
		fail_msg("out of memory");
	if (rundir_load(run, dir, why, sizeof why) < 0 ||
	    comparison_make(c, mem, &source, 1, 1, &spec, metric, 0.05, why, sizeof why) < 0)
		fail_msg("%s", why);
}

/* n pairs, each 1.2; or 0.4, where only a disturbed repeat stands for a block. */
static void
expect(const char *a, size_t n, size_t disturbed)
{
	struct comparison c;
	struct arena mem = { 0 };
	struct run run;
	size_t slow = 0;

	make_run(a);
	compare(&c, &mem, &run, NULL);
	assert_int_equal(c.n, 1);
	assert_true(c.row[0].c.paired);
	assert_int_equal(c.row[0].c.nbase, n);
	assert_int_equal(c.row[0].c.ncand, n);
	for (size_t i = 0; i < n; i++) {
		const double ratio = c.row[0].c.cand[i] / c.row[0].c.base[i];

		slow += fabs(ratio - 0.4) < 1e-6;
		if (fabs(ratio - 0.4) >= 1e-6 && fabs(ratio - 1.2) >= 1e-6)
			fail_msg("%s: pair %zu is %g", a, i, ratio);
	}
	assert_int_equal(slow, disturbed);
	rundir_free(&run);
	arena_free(&mem);
}

static void
blocks_not_numbers(void **state)
{
	(void)state;
	expect("ABCDEFGHIJ", 10, 0);
	/* The first block was run four times. */
	expect("aaaABCDEFGHIJ", 10, 0);
	expect("ABCcCDEeEFGHIJ", 10, 0);
	/* One was not made up for: its block has no clean value. */
	expect("ABCDeFGHIJ", 9, 0);
}

/* Too few are clean: all serve, and of each block the last. */
static void
one_value_a_block(void **state)
{
	(void)state;
	expect("aaaABCDefghij", 10, 6);
	expect("aaabcdefghij", 10, 10);
}

/* Two kernels in latency mode, 50 and 60 ticks an op; amortised 40 and 30. */
static void
make_latencies(int quantum)
{
	FILE *samples = open_new("samples.csv"), *repeats = open_new("repeats.csv"), *hist = open_new("hist.csv");

	put("points.csv", "point,bench,kernel,target,role,medium,size,threads,mode,control,moves,status\n"
	    "0,x,a,t,t,dram,64,1,latency,no,writes,ok\n1,x,b,t,t,dram,64,1,latency,no,writes,ok\n");
	unlink("reps.csv");
	fputs("point,rep,window,thread,mode,stamp,ops,bytes,ticks,cpu_ns,taint\n", samples);
	fputs("point,rep,stamp,lo_ticks,hi_ticks,count\n", hist);
	fputs("point,rep,kind,block,status,quantum_ticks,hist_end,counters_end,samples_end\n", repeats);
	for (int p = 0; p < 2; p++)
		for (int r = 0; r < 10; r++) {
			fprintf(samples, "%d,%d,0,0,latency,drained,1000,64000,%d,1,0\n%d,%d,1,0,throughput,,1000,64000,%d,1,0\n",
				p, r, 1000 * (50 + 10 * p), p, r, 1000 * (40 - 10 * p));
			fprintf(hist, "%d,%d,drained,%d,%d,1000\n", p, r, 50 + 10 * p, 50 + 10 * p);
			fprintf(repeats, "%d,%d,timed,%d,ok,%d,%ld,0,%ld\n", p, r, r, quantum, ftell(hist), ftell(samples));
		}
	fclose(samples);
	fclose(repeats);
	fclose(hist);
}

/* METHOD 1: where a step of the clock is over the margin of one side's median, both are compared by
 * their amortised times, and the latency itself gets no verdict. */
static void
too_coarse(void **state)
{
	static const struct { int quantum; const char *asked, *metric; double cand; enum compared_outcome verdict; } want[] = {
		{ 2, NULL, "latency_drained_p50_ns", 60, OUTCOME_SLOWER }, { 3, NULL, "time_ns", 30, OUTCOME_FASTER },
		{ 6, NULL, "time_ns", 30, OUTCOME_FASTER },
		{ 3, "latency_drained_p50_ns", "latency_drained_p50_ns", 60, OUTCOME_UNCLEAR },
		{ 3, "latency_drained_mean_ns", "latency_drained_mean_ns", 60, OUTCOME_SLOWER },
	};

	(void)state;
	for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
		struct comparison c;
		struct arena mem = { 0 };
		struct run run;

		make_latencies(want[i].quantum);
		compare(&c, &mem, &run, want[i].asked);
		assert_int_equal(c.n, 1);
		assert_string_equal(c.row[0].metric, want[i].metric);
		assert_true(fabs(c.row[0].cand - want[i].cand) < 1e-9);
		assert_int_equal(c.row[0].c.verdict, want[i].verdict);
		assert_int_equal(c.amortised, strcmp(want[i].metric, "time_ns") == 0);
		assert_int_equal(c.blind, want[i].verdict == OUTCOME_UNCLEAR);
		rundir_free(&run);
		arena_free(&mem);
	}
}

static int
begin(void **state)
{
	(void)state;
	return mkdtemp(dir) && chdir(dir) == 0 ? 0 : -1;
}

static int
end(void **state)
{
	(void)state;
	for (size_t k = 0; k < sizeof files / sizeof *files; k++)
		unlink(files[k]);
	return chdir("/") || rmdir(dir);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(blocks_not_numbers), cmocka_unit_test(one_value_a_block), cmocka_unit_test(too_coarse),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
