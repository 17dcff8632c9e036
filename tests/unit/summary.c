// links: rundir.o medium.o durable.o intake.o reps.o replace.o summary.o human.o counted.o formula.o modes.o metric.o flag.o row.o tables.o csv.o stats.o hist.o arena.o text.o why.o order.o readings.o rule.o -ljansson -lRmath -lm
/* SPDX-License-Identifier: BSD-2-Clause */
/* From the files of a run to reps.csv and summary.csv: by hand, and a golden old run. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <dirent.h>
#include <errno.h>
#include <math.h>
#include <unistd.h>
#include "flag.h"
#include "reps.h"
#include "summary.h"

static char dir[64], why[512];
static struct run run;
static struct summary sum;

static int
setup(void **state)
{
	(void)state;
	strcpy(dir, "/tmp/daxmark-sum-XXXXXX");
	return mkdtemp(dir) ? 0 : -1;
}

static int
teardown(void **state)
{
	DIR *d = opendir(dir);
	struct dirent *e;

	(void)state;
	while ((e = readdir(d)))
		unlinkat(dirfd(d), e->d_name, 0);
	closedir(d);
	return rmdir(dir);
}

static void
put(const char *name, const char *text)
{
	char path[128];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static char *
get(const char *in, const char *name)
{
	char path[300], *text = calloc(1, 1 << 22);
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", in, name);
	f = fopen(path, "r");
	if (f == NULL)
		fail_msg("%s: %s", path, strerror(errno));
	assert_in_range(fread(text, 1, 1 << 22, f), 1, (1 << 22) - 1);
	fclose(f);
	return text;
}

static int
make(void)
{
	int err = rundir_load(&run, dir, why, sizeof(why));

	if (err < 0)
		return err;
	err = reps_make(&run, why, sizeof(why));
	if (err == 0)
		err = summary_make(&sum, &run, why, sizeof(why));
	if (err == 0)
		err = summary_write(&sum);
	if (err < 0)
		rundir_free(&run);
	return err;
}

static void
done(void)
{
	summary_free(&sum);
	rundir_free(&run);
}

static void
near(double got, double want)
{
	if (!(fabs(got - want) <= 1e-9 * fabs(want)))
		fail_msg("%.10g is not %.10g", got, want);
}

#define JSON "{\"schema\": \"daxmark.run/1.0\", \"timer\": {\"hz\": 2e9}, \"config\": {\"precision\": 5}}"
#define POINTS "run_id,point,bench,kernel,target,size,threads,mode,control,notes,durable,why,status\n"
#define REPEATS "point,rep,kind,status,quantum_ticks,floor_issue_ticks,floor_drained_ticks,checked,flags," \
		"hist_end,counters_end,samples_end\n"
#define SAMPLES "point,rep,window,thread,mode,stamp,ops,bytes,ticks,cpu_ns,taint\n"
#define HIST "point,rep,stamp,lo_ticks,hi_ticks,count\n"

/* Writes the four tables from rows, with the lengths after each repeat filled in. */
struct rows { const char *samples, *hist, *repeat; };

static void
put_run(const char *points, const struct rows *rows, size_t n)
{
	static char samples[65536], hist[65536], repeats[65536];

	strcpy(samples, SAMPLES);
	strcpy(hist, HIST);
	strcpy(repeats, REPEATS);
	for (size_t i = 0; i < n; i++) {
		strcat(samples, rows[i].samples);
		strcat(hist, rows[i].hist);
		sprintf(repeats + strlen(repeats), "%s,%zu,0,%zu\n", rows[i].repeat, strlen(hist),
			strlen(samples));
	}
	put("run.json", JSON);
	put("points.csv", points);
	put("samples.csv", samples);
	put("hist.csv", hist);
	put("repeats.csv", repeats);
	put("reps.csv", "stale");
}

static void
two_threads(void **state)
{
	/* 2 GHz.  Window 0: 10 and 20 ticks/op; 1: 12 and 24; 2: 11 and 22. */
	static const struct rows rows[] = {
		{ "0,0,0,0,throughput,,1000,64000,10000,5,0\n0,0,0,1,throughput,,1000,64000,20000,5,0\n"
		  "0,0,1,0,throughput,,1000,64000,12000,5,0\n0,0,1,1,throughput,,1000,64000,24000,5,0\n"
		  "0,0,2,0,throughput,,1000,64000,11000,5,4\n0,0,2,1,throughput,,1000,64000,22000,5,4\n",
		  "", "0,0,timed,ok,26,52,78,4096," },
	};
	const struct sum *s;

	(void)state;
	put_run(POINTS "r,0,b,clwb,ram,64,2,throughput,no,cache-resident,yes,w,ok\n", rows, 1);
	assert_int_equal(make(), 0);
	s = summary_find(&sum, &run.point[0], METRIC_TIME);
	near(s->v.est, 16.5 / 2);		/* mean of 11 and 22 ticks at 2 GHz */
	assert_int_equal(s->n, 1);
	assert_int_equal(s->clean, 1);
	assert_false(s->v.has);
	assert_int_equal(s->flags, 1 << SUM_NOT_CONVERGED | 1 << SUM_CACHE_RESIDENT);
	near(summary_find(&sum, &run.point[0], METRIC_RATE)->v.est, 2e9 / 11 + 2e9 / 22);
	near(summary_find(&sum, &run.point[0], METRIC_BANDWIDTH)->v.est, (2e9 / 11 + 2e9 / 22) * 64 / 1e9);
	near(summary_find(&sum, &run.point[0], METRIC_FLOOR_DRAINED)->v.est, 39);
	assert_ptr_equal(summary_headline(&sum, &run.point[0]), s);
	assert_true(run.point[0].state == RUN_OK && !run.point[0].control);
	done();
}

/* Six repeats of one thread at 100 .. 105 ticks/op; the last two are disturbed. */
static void
clean_of_total(void **state)
{
	static char text[8][400];
	struct rows rows[8];
	const struct sum *t, *r;

	(void)state;
	for (int i = 0; i < 8; i++) {
		int bad = i >= 6 ? 4 : 0;

		snprintf(text[i], sizeof(text[i]),
			 "0,%d,0,0,throughput,,100,6400,%d,5,%d\n0,%d,1,0,throughput,,100,6400,%d,5,%d\n",
			 i, 10000 + 100 * i, bad, i, 10000 + 100 * i, bad);
		rows[i] = (struct rows){ text[i], "", NULL };
	}
	rows[0].repeat = "0,0,timed,ok,26,,,1,no_steady_state";
	rows[1].repeat = "0,1,timed,ok,26,,,1,";
	rows[2].repeat = "0,2,timed,ok,26,,,1,";
	rows[3].repeat = "0,3,timed,ok,26,,,1,";
	rows[4].repeat = "0,4,timed,ok,26,,,1,";
	rows[5].repeat = "0,5,timed,ok,26,,,1,";
	rows[6].repeat = "0,6,timed,ok,26,,,1,";
	rows[7].repeat = "0,7,counting,ok,26,,,1,clipped";
	put_run(POINTS "r,0,b,clwb,ram,64,1,throughput,yes,,no,w,ok\n", rows, 8);
	assert_int_equal(make(), 0);
	t = summary_find(&sum, &run.point[0], METRIC_TIME);
	r = summary_find(&sum, &run.point[0], METRIC_RATE);
	assert_int_equal(t->n, 6);
	assert_int_equal(t->clean, 6);
	assert_int_equal(t->total, 7);
	assert_true(t->v.has);
	near(t->v.est, 51.25);
	near(t->v.lo, 50);
	near(t->v.hi, 52.5);
	near(r->v.est, 1e9 / t->v.est);
	near(r->v.lo, 1e9 / t->v.hi);
	near(r->v.hi, 1e9 / t->v.lo);
	assert_int_equal(t->flags, 1 << SUM_NO_STEADY_STATE);	/* half-width 2.4 %; counting has no say */
	assert_int_equal(run.point[0].repeats, 7);
	assert_true(run.point[0].control);
	done();
}

/* Repeats of one thread at these ticks an op; the first `bad` of them disturbed. */
static void
put_repeats(const int *ticks, size_t n, size_t bad, const char *point)
{
	static char text[32][200], repeat[32][64];
	struct rows rows[32];

	for (size_t i = 0; i < n; i++) {
		int taint = i < bad ? 4 : 0;

		snprintf(text[i], sizeof(text[i]),
			 "0,%zu,0,0,throughput,,100,6400,%d,5,%d\n0,%zu,1,0,throughput,,100,6400,%d,5,%d\n",
			 i, 100 * ticks[i], taint, i, 100 * ticks[i], taint);
		snprintf(repeat[i], sizeof(repeat[i]), "0,%zu,timed,ok,26,,,1,", i);
		rows[i] = (struct rows){ text[i], "", repeat[i] };
	}
	put_run(point, rows, n);
}

#define CLWB POINTS "r,0,b,clwb,ram,64,1,throughput,no,,yes,w,ok\n"

/* The clean ones where they are enough for an interval, else all, and it says so. */
static void
few_clean(void **state)
{
	static const int ticks[] = { 400, 400, 100, 101, 102, 103, 104, 105, 106, 107 };
	static const struct { size_t repeats, bad, n; bool few; } want[] = {
		{ 10, 0, 10, false }, { 10, 4, 6, false }, { 10, 5, 10, true }, { 10, 10, 10, true },
		{ 6, 1, 6, true }, { 5, 0, 5, false }, { 5, 1, 5, true }, { 1, 1, 1, true },
	};
	const struct sum *s;

	(void)state;
	for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
		put_repeats(ticks, want[i].repeats, want[i].bad, CLWB);
		assert_int_equal(make(), 0);
		s = summary_find(&sum, &run.point[0], METRIC_TIME);
		assert_int_equal(s->n, want[i].n);
		assert_int_equal(s->clean, want[i].repeats - want[i].bad);
		assert_int_equal(s->total, want[i].repeats);
		assert_int_equal(s->flags >> SUM_FEW_CLEAN & 1, want[i].few);
		assert_int_equal(s->v.has, want[i].n >= 6);
		done();
	}
	put_repeats(ticks, 1, 1, POINTS "r,0,b,null,ram,64,1,throughput,floor,,no,w,ok\n");
	assert_int_equal(make(), 0);
	assert_non_null(summary_find(&sum, &run.point[0], METRIC_TIME));
	done();
}

static uint32_t
time_flags(const int *ticks, size_t n, const char *point)
{
	uint32_t flags;

	put_repeats(ticks, n, 0, point);
	assert_int_equal(make(), 0);
	flags = summary_find(&sum, &run.point[0], METRIC_TIME)->flags;
	assert_int_equal(summary_find(&sum, &run.point[0], METRIC_RATE)->flags, flags);
	done();
	return flags;
}

/* Each flag of a time alone, and a row without any. */
static void
flags(void **state)
{
	static const int level[] = { 100, 101, 102, 103, 104, 105, 101, 102, 103, 104 };
	static const int two[] = { 100, 101, 100, 102, 101, 160, 161, 160, 162, 161 };
	static const int wide[] = { 100, 112, 124, 136, 148, 160, 172, 184, 196, 208 };

	(void)state;
	assert_int_equal(time_flags(level, 10, CLWB), 0);
	assert_int_equal(time_flags(level, 5, CLWB), 1 << SUM_NOT_CONVERGED);
	assert_int_equal(time_flags(wide, 10, CLWB), 1 << SUM_NOT_CONVERGED);
	assert_int_equal(time_flags(two, 10, CLWB), 1 << SUM_NOT_CONVERGED | 1 << SUM_BIMODAL);
	assert_int_equal(time_flags(level, 10, POINTS "r,0,b,clwb,ram,64,1,throughput,no,cache-resident,yes,w,ok\n"),
			 1 << SUM_CACHE_RESIDENT);
}

#define COUNTED_JSON "{\"schema\": \"daxmark.run/1.0\", \"timer\": {\"hz\": 2e9}, \"config\": {\"precision\": 5}," \
	"\"counters\": [{\"event\": \"page-faults\", \"scope\": \"thread\", \"scale\": 1, \"unit\": \"\"}," \
	"{\"event\": \"page-faults@system\", \"scope\": \"system\", \"scale\": 1, \"unit\": \"\"}," \
	"{\"event\": \"imc/w/\", \"scope\": \"system\", \"scale\": 0.5, \"unit\": \"MiB\"}," \
	"{\"event\": \"lost\", \"scope\": \"thread\"}]," \
	"\"event_sets\": [{\"name\": \"set\", \"events\": [{\"name\": \"f\", \"event\": \"page-faults\"}," \
	"{\"name\": \"w\", \"event\": \"imc/w/\"}, {\"name\": \"gone\", \"event\": \"lost\"}], \"metrics\": [" \
	"{\"name\": \"faults_per_op\", \"unit\": \"1/op\", \"formula\": \"f / ops\"}," \
	"{\"name\": \"twice\", \"unit\": \"1/op\", \"formula\": \"2 * faults_per_op\"}," \
	"{\"name\": \"mib_per_second\", \"unit\": \"MiB/s\", \"formula\": \"w / seconds\"}," \
	"{\"name\": \"gone_per_op\", \"unit\": \"1/op\", \"formula\": \"gone / ops\"}]}]}"

static const struct sum *
counted(const char *name, const char *unit)
{
	for (size_t i = 0; i < sum.n; i++) {
		uint32_t k = sum.row[i].metric;

		if (k < METRICS || strcmp(sum.other[k - METRICS], name) != 0)
			continue;
		assert_string_equal(sum.unit[k - METRICS], unit);
		assert_true(summary_counted(&sum, &sum.row[i]));
		return &sum.row[i];
	}
	return NULL;
}

/* Two counting repeats of 1000 ops and 64000 bytes in 2 windows of 5000 ticks, each 2.5 us. */
static void
counts(void **state)
{
	static const char *const window = "0,%d,0,0,throughput,,500,32000,5000,5,4\n"
					  "0,%d,1,0,throughput,,500,32000,5000,5,4\n";
	static const char header[] = "point,rep,scope,event,value,enabled_ns,running_ns\n";
	static const char first[] = "0,1,thread,page-faults,200,100,100\n0,1,system,page-faults@system,900,100,100\n"
				    "0,1,system,imc/w/,64,100,50\n0,1,thread,lost,7,100,0\n";
	/* The failed repeat's row stands before those of the second. */
	static const char second[] = "0,2,thread,page-faults,99999,100,100\n"
				     "0,3,thread,page-faults,400,100,100\n0,3,thread,lost,0,100,0\n";
	char samples[1000], counters[1000], repeats[1000];
	size_t at[4];
	const struct sum *s;

	(void)state;
	strcpy(samples, SAMPLES "0,0,0,0,throughput,,100,6400,10000,5,0\n");
	at[0] = strlen(samples);
	sprintf(samples + at[0], window, 1, 1);
	at[1] = strlen(samples);
	sprintf(samples + at[1], window, 3, 3);
	at[2] = strlen(samples);
	sprintf(counters, "%s%s%s", header, first, second);
	sprintf(repeats, REPEATS "0,0,timed,ok,26,,,1,,0,%zu,%zu\n0,1,counting,ok,26,,,1,no_steady_state,0,%zu,%zu\n"
		"0,2,counting,fail:x,26,,,1,,0,%zu,%zu\n0,3,counting,ok,26,,,1,,0,%zu,%zu\n",
		strlen(header), at[0], strlen(header) + strlen(first), at[1],
		strlen(header) + strlen(first) + 37, at[1], strlen(counters), at[2]);
	put("run.json", COUNTED_JSON);
	put("points.csv", POINTS "r,0,b,clwb,ram,64,1,throughput,no,cache-resident,yes,w,ok\n");
	put("samples.csv", samples);
	put("hist.csv", HIST);
	put("counters.csv", counters);
	put("repeats.csv", repeats);
	if (make() < 0)
		fail_msg("%s", why);
	s = counted("page-faults", "1/op");
	assert_int_equal(s->n, 2);
	assert_int_equal(s->clean, 0);		/* both windows were disturbed: a count does not mind */
	near(s->v.est, (0.2 + 0.4) / 2);
	assert_false(s->v.has);
	assert_int_equal(s->flags, 1 << SUM_CACHE_RESIDENT);
	near(counted("page-faults_per_byte", "1/B")->v.est, 300.0 / 64000);
	near(counted("page-faults@system", "1/op")->v.est, 0.9);
	near(counted("imc/w/@system", "MiB/op")->v.est, 64 * 0.5 * 2 / 1000);	/* scaled, and counted half the time */
	near(counted("imc/w/@system_running", "1")->v.est, 0.5);
	near(counted("set.faults_per_op", "1/op")->v.est, 0.3);
	near(counted("set.twice", "1/op")->v.est, 0.6);
	near(counted("set.mib_per_second", "MiB/s")->v.est, 64 / 5e-6);
	assert_null(counted("lost", "1/op"));		/* running 0 is not counted, never 0 */
	assert_null(counted("set.gone_per_op", "1/op"));
	assert_null(counted("page-faults_running", "1"));
	assert_int_equal(summary_find(&sum, &run.point[0], METRIC_TIME)->total, 1);
	done();
	/* What its table lacks counts for nothing. */
	counters[strlen(counters) - 3] = '\0';
	put("counters.csv", counters);
	assert_int_equal(make(), 0);
	assert_int_equal(run.lost, 1);
	done();
	teardown(NULL);
	setup(NULL);
}

static void
latencies(void **state)
{
	static const struct rows rows[] = {
		{ "0,0,0,0,latency,drained,1000,64000,400000,5,0\n0,0,1,0,latency,issue,300,64000,15000,5,0\n",
		  "0,0,drained,300,300,500\n0,0,drained,400,401,400\n0,0,drained,1000,1001,100\n"
		  "0,0,issue,50,50,300\n", "0,0,timed,ok,26,52,78,10,clipped" },
		{ "0,1,0,0,latency,drained,900,64000,400000,5,0\n",
		  "0,1,drained,300,300,500\n0,1,drained,400,401,400\n0,1,issue,50,50,300\n", "0,1,timed,ok,26,52,78,10," },
	};
	const struct sum *s;

	(void)state;
	put_run(POINTS "r,0,b,clwb,ram,64,1,latency,no,,yes,w,ok\n", rows, 2);
	assert_int_equal(make(), 0);
	s = summary_find(&sum, &run.point[0], metric_latency(STAMP_DRAINED, LATENCY_P50));
	near(s->v.est, (156.5 + 155.2) / 2);	/* half of 1000 and of 900 in the 500 that 300 of 26-tick steps stands for */
	assert_true(s->flags & 1 << SUM_CLIPPED);
	assert_false(s->flags & 1 << SUM_NEAR_TIMER_FLOOR);	/* 300 ticks are 11.5 steps of 26 */
	s = summary_find(&sum, &run.point[0], metric_latency(STAMP_ISSUE, LATENCY_MAX));
	assert_true(s->flags & 1 << SUM_NEAR_TIMER_FLOOR);	/* 50 ticks */
	assert_null(summary_find(&sum, &run.point[0], METRIC_TIME));
	done();
}

/* METHOD 1: under 10 steps of the clock the amortised time stands for the point, from the one
 * throughput window of its repeats; that window has no rates, and no say in a latency. */
static void
near_the_floor(void **state)
{
	static const struct { int ticks; bool amortised; } want[] = { { 259, true }, { 260, false } };
	char samples[300], hist[100];
	const struct run_point *p;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		const struct rows rows = { samples, hist, "0,0,timed,ok,26,52,78,10," };

		snprintf(samples, sizeof samples, "0,0,0,0,latency,drained,1000,64000,%d,5,0\n"
			 "0,0,1,0,throughput,,5000,320000,600000,5,0\n", 1000 * want[i].ticks);
		snprintf(hist, sizeof hist, "0,0,drained,%d,%d,1000\n", want[i].ticks, want[i].ticks);
		put_run(POINTS "r,0,b,clwb,ram,64,1,latency,no,,yes,w,ok\n", &rows, 1);
		assert_int_equal(make(), 0);
		p = &run.point[0];
		near(summary_find(&sum, p, METRIC_TIME)->v.est, 60);
		near(summary_find(&sum, p, metric_latency(STAMP_DRAINED, LATENCY_P50))->v.est, want[i].ticks / 2.0);
		near(summary_find(&sum, p, metric_latency(STAMP_DRAINED, LATENCY_MEAN))->v.est, want[i].ticks / 2.0);
		assert_null(summary_find(&sum, p, METRIC_RATE));
		assert_null(summary_find(&sum, p, METRIC_BANDWIDTH));
		assert_int_equal(summary_headline(&sum, p)->metric, want[i].amortised ? METRIC_TIME :
				 metric_latency(STAMP_DRAINED, LATENCY_P50));
		done();
	}
}

/* Each bench has a precision of its own, whichever comes first; an older run has one for all. */
static void
precision_of_the_bench(void **state)
{
	static const char *const config[] = {
		"{\"precision\": 1, \"precisions\": {\"loose\": 20, \"tight\": 1}}",
		"{\"precision\": 20, \"precisions\": {\"tight\": 1, \"loose\": 20}}", "{\"precision\": 1}", "{\"precision\": 20}",
	};
	static const bool flagged[4][2] = { { true, false }, { true, false }, { true, true }, { false, false } };
	static char text[24][160], repeat[24][64];
	struct rows rows[24];
	char json[300];

	(void)state;
	for (int i = 0; i < 24; i++) {
		snprintf(text[i], sizeof text[i], "%d,%d,0,0,throughput,,100,6400,%d,5,0\n", i % 2, i / 2, 10000 + 100 * (i / 2));
		snprintf(repeat[i], sizeof repeat[i], "%d,%d,timed,ok,26,,,1,", i % 2, i / 2);
		rows[i] = (struct rows){ text[i], "", repeat[i] };
	}
	put_run(POINTS "r,0,tight,clwb,ram,64,1,throughput,no,,yes,w,ok\n"
		"r,1,loose,clwb,ram,64,1,throughput,no,,yes,w,ok\n", rows, 24);
	for (int c = 0; c < 4; c++) {
		snprintf(json, sizeof json, "{\"schema\": \"daxmark.run/1.0\", \"timer\": {\"hz\": 2e9}, \"config\": %s}", config[c]);
		put("run.json", json);
		assert_int_equal(make(), 0);
		for (int p = 0; p < 2; p++)
			assert_int_equal(summary_find(&sum, &run.point[p], METRIC_TIME)->flags >> SUM_NOT_CONVERGED & 1, flagged[c][p]);
		done();
	}
}

static void
percentile_needs_every_process(void **state)
{
	static const struct rows rows[] = {
		{ "0,0,0,0,latency,drained,1000,1,1000000,5,0\n", "0,0,drained,3000,3000,1000\n",
		  "0,0,timed,ok,26,52,78,10," },
		{ "0,1,0,0,latency,drained,999,1,999000,5,0\n", "0,1,drained,3000,3000,999\n",
		  "0,1,timed,ok,26,52,78,10," },
	};
	const struct run_point *p;

	(void)state;
	put_run(POINTS "r,0,b,clwb,ram,64,1,latency,no,,yes,w,ok\n", rows, 2);
	assert_int_equal(make(), 0);
	p = &run.point[0];
	assert_non_null(summary_find(&sum, p, metric_latency(STAMP_DRAINED, LATENCY_P50)));
	assert_null(summary_find(&sum, p, metric_latency(STAMP_DRAINED, LATENCY_P90)));
	assert_non_null(summary_find(&sum, p, metric_latency(STAMP_DRAINED, LATENCY_MAX)));
	near(summary_find(&sum, p, metric_latency(STAMP_DRAINED, LATENCY_MEAN))->v.est, 500);
	assert_false(summary_headline(&sum, p)->flags & 1 << SUM_NEAR_TIMER_FLOOR);
	done();
}

/* What lies behind the last whole marker does not exist. */
static void
killed_runs(void **state)
{
	static const struct rows rows[] = {
		{ "0,0,0,0,throughput,,100,64,10000,5,0\n", "", "0,0,timed,ok,26,,,1," },
		{ "0,1,0,0,throughput,,100,64,99999,5,0\n", "", "0,1,timed,ok,26,,,1," },
	};
	char *repeats, *samples;

	(void)state;
	put_run(POINTS "r,0,b,clwb,ram,64,1,throughput,no,,yes,w,pending\n", rows, 2);
	repeats = get(dir, "repeats.csv");
	samples = get(dir, "samples.csv");
	for (size_t cut = strlen(repeats); cut-- > 0;) {
		char *short_ = strndup(repeats, cut);

		put("repeats.csv", short_);
		unlink("reps.csv");
		assert_int_equal(make(), 0);
		assert_int_equal(run.nrepeat, cut + 1 >= strlen(repeats) ? 1 : run.nrepeat);
		if (run.nrepeat == 1)
			near(summary_find(&sum, &run.point[0], METRIC_TIME)->v.est, 50);
		done();
		free(short_);
		put("reps.csv", "point,rep,metric,value,clean\n");
	}
	put("repeats.csv", repeats);
	samples[strlen(samples) - 5] = '\0';
	put("samples.csv", samples);
	assert_int_equal(make(), 0);
	assert_int_equal(run.lost, 1);
	assert_int_equal(run.nrepeat, 1);
	near(summary_find(&sum, &run.point[0], METRIC_TIME)->v.est, 50);
	done();
	free(repeats);
	free(samples);
}

static void
wrong_directories(void **state)
{
	static const struct rows rows[] = { { "1,0,0,0,throughput,,1,1,1,5,0\n", "", "0,0,timed,ok,26,,,1," } };
	char path[128];

	(void)state;
	assert_int_equal(rundir_load(&run, "/nonexistent", why, sizeof(why)), -ENOENT);
	snprintf(path, sizeof(path), "%s/run.json", dir);
	unlink(path);
	assert_int_equal(rundir_load(&run, dir, why, sizeof(why)), -ENOENT);
	assert_non_null(strstr(why, "not a results directory"));
	put("run.json", "{\"schema\": \"daxmark.run/2.0\"}");
	assert_int_equal(make(), -EINVAL);
	assert_non_null(strstr(why, "daxmark.run/2.0"));
	put("run.json", "{\n\"schema\": \n}");
	assert_int_equal(make(), -EINVAL);
	assert_non_null(strstr(why, "run.json:3:"));
	put_run(POINTS "r,0,b,clwb,ram,64,1,throughput,no,,yes,w,ok\n", rows, 1);
	assert_int_equal(make(), -EINVAL);
	assert_non_null(strstr(why, "samples.csv:2: point 1 repeat 0 where the journal has 0 and 0"));
	put("points.csv", POINTS "r,1,b,clwb,ram,64,1,throughput,no,,yes,w,ok\nr,1,b,x,y,1,1,,,,,,\n");
	assert_int_equal(make(), -EINVAL);
	assert_non_null(strstr(why, "points.csv:3: point 1 does not ascend"));
	put("points.csv", POINTS "r,1,b");
	assert_int_equal(make(), -EINVAL);
	assert_non_null(strstr(why, "points.csv"));
}

/* A minor version of the future: more columns, another order, unknown metrics; no journal (import). */
static void
newer_minor(void **state)
{
	const struct sum *s;
	char *text;

	(void)state;
	teardown(NULL);
	setup(NULL);
	put("run.json", "{\"schema\": \"daxmark.run/1.7\"}");
	put("points.csv", "new,status,point,kernel,durable\n\"a,b\",ok,4,clwb,yes\n");
	put("reps.csv", "clean,value,metric,rep,point,x\n1,5,time_ns,0,4,\n1,7,joules,0,4,\n1,9,joules,1,4,\n");
	assert_int_equal(make(), 0);
	assert_int_equal(sum.n, 2);
	s = &sum.row[1];
	assert_string_equal(sum.other[s->metric - METRICS], "joules");
	near(s->v.est, 8);
	text = get(dir, "summary.csv");
	assert_non_null(strstr(text, "\n\"a,b\",ok,4,clwb,yes,joules,,2,8,,,2,2,not_converged\n"));
	free(text);
	done();
}

static void
golden(void **state)
{
	static const char *const files[] = { "run.json", "points.csv", "samples.csv", "hist.csv",
					     "repeats.csv", "counters.csv", NULL };
	static const char *const made[] = { "reps.csv", "summary.csv", NULL };

	(void)state;
	for (int i = 0; files[i]; i++) {
		char *text = get("tests/golden/run-1.0", files[i]);

		put(files[i], text);
		free(text);
	}
	for (int twice = 0; twice < 2; twice++) {
		assert_int_equal(make(), 0);
		for (int i = 0; made[i]; i++) {
			char *want = get("tests/golden/run-1.0", made[i]), *got = get(dir, made[i]);

			assert_string_equal(got, want);
			free(want);
			free(got);
		}
		done();
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_threads),
		cmocka_unit_test(clean_of_total),
		cmocka_unit_test(few_clean),
		cmocka_unit_test(flags),
		cmocka_unit_test(counts),
		cmocka_unit_test(latencies),
		cmocka_unit_test(near_the_floor),
		cmocka_unit_test(precision_of_the_bench),
		cmocka_unit_test(percentile_needs_every_process),
		cmocka_unit_test(killed_runs),
		cmocka_unit_test(wrong_directories),
		cmocka_unit_test(newer_minor),
		cmocka_unit_test(golden),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
