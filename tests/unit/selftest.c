// links: selftest.o selftest_expected.o fingerprint.o rundir.o medium.o durable.o replace.o summary.o human.o counted.o formula.o modes.o metric.o flag.o row.o tables.o csv.o stats.o arena.o text.o why.o order.o readings.o rule.o reps.o hist.o intake.o -ljansson -lRmath -lm
/* SPDX-License-Identifier: BSD-2-Clause */
/* A healthy run passes every check; each contradiction is found by its check and by no other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <dirent.h>
#include <errno.h>
#include <unistd.h>
#include "selftest.h"

enum { FLOOR, ALONE, ROOF, READ_BACK, FAULTS, PAGES, CACHE, CLOCK, CALLS, FLUSH, HISTOGRAMS, COUNTERS };

static char dir[64], why[512];

/* Points: 0 clwb latency, 1 clwb throughput, 2 store (a control), 3 null, 4 osync in a file. */
static const char json[] = "{\"schema\": \"daxmark.run/1.1\", \"timer\": {\"hz\": 2e9, \"tsc\": true, \"spread_ppm\": 3,"
	"\"reliable\": true, \"why_not\": \"CPU 3 is away\"}, \"host\": {\"llc_bytes\": 1048576}, \"flush\": {\"emulated\": false,"
	"\"cached_ticks\": 52, \"clflushopt\": {\"reload_ticks\": 364, \"first_ticks\": 500, \"again_ticks\": 520},"
	"\"clwb\": {\"reload_ticks\": 78, \"first_ticks\": 510, \"again_ticks\": 505}},"
	"\"counters\": [{\"event\": \"page-faults\", \"proof\": \"checked\"}, {\"event\": \"task-clock\", \"proof\": \"open\"},"
	"{\"event\": \"cycles\", \"proof\": \"n/a\"}]}";
static const char points[] =
	"run_id,point,bench,kernel,target,size,threads,mode,line,working_set,page_size,control,moves,notes,durable,why,status\n"
	"r,0,a,clwb,ram,64,1,latency,cold,64M,4K,no,writes,,yes,w,ok\n"
	"r,1,b,clwb,ram,64,1,throughput,,64M,4K,no,writes,,yes,w,ok\n"
	"r,2,b,store,ram,64,1,throughput,,64M,4K,yes,writes,,no,w,ok\n"
	"r,3,a,null,ram,64,1,latency,cold,64M,4K,floor,nothing,,no,w,ok\n"
	"r,4,b,osync,here,64,1,throughput,,1M,,no,writes,,yes,w,ok\n";
static const char repeats[] =
	"point,rep,kind,status,page,quantum_ticks,checked,faults,faults_min,faults_max,syscalls_min,syscalls_max,"
	"hist_end,counters_end,samples_end\n"
	"0,0,timed,ok,4096,20,10,3,3,7,,,%1$zu,0,%4$zu\n1,0,timed,ok,4096,20,10,0,0,1,,,%1$zu,0,%2$zu\n"
	"2,0,timed,ok,4096,20,10,0,0,1,,,%1$zu,0,%2$zu\n"
	"3,0,timed,ok,,20,0,0,0,1,,,%1$zu,0,%2$zu\n4,0,timed,ok,0,20,10,0,0,1,,,%1$zu,0,%2$zu\n"
	"4,1,counting,ok,0,20,10,0,0,1,101,101,%1$zu,%3$zu,%2$zu\n";
static const char hist[] = "point,rep,stamp,lo_ticks,hi_ticks,count\n0,0,drained,1,1,2\n0,0,drained,9,9,1\n";
static const char counters[] =
	"point,rep,scope,event,value,enabled_ns,running_ns\n"
	"4,1,thread,page-faults,7,9,9\n4,1,thread,raw_syscalls:sys_enter,101,9,9\n4,1,system,raw_syscalls:sys_enter@system,999,9,9\n";
static const char samples[] =
	"point,rep,window,thread,mode,stamp,ops,bytes,ticks,cpu_ns,taint\n"
	"0,0,0,0,latency,drained,1,64,1,1,0\n0,0,1,0,latency,drained,1,64,1,1,2\n0,0,2,0,latency,drained,1,64,1,1,0\n"
	"1,0,0,0,throughput,,1,64,1,1,4\n";
static const char reps[] =
	"point,rep,metric,value,clean\n"
	"0,0,latency_drained_p50_ns,300,1\n0,0,latency_drained_mean_ns,310,1\n0,0,floor_drained_ns,40,1\n"
	"1,0,time_ns,160,1\n1,0,bandwidth_gbs,0.4,1\n"
	"2,0,time_ns,20,1\n2,0,bandwidth_gbs,3.2,1\n"
	"3,0,latency_drained_p50_ns,30,1\n3,0,floor_drained_ns,40,1\n"
	"4,0,time_ns,9000,1\n4,0,bandwidth_gbs,0.007,1\n";

static int
setup(void **state)
{
	(void)state;
	strcpy(dir, "/tmp/daxmark-self-XXXXXX");
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

/* The text, with `from` (once) replaced by `to`. */
static void
put(const char *name, const char *text, const char *from, const char *to)
{
	const char *at = from ? strstr(text, from) : NULL;
	char path[128];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "w");
	assert_non_null(f);
	if (at)
		fprintf(f, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
	else
		fputs(text, f);
	fclose(f);
}

/* Change one thing of the healthy run, in the file that has it, and check. */
static void
look(const char *from, const char *to, struct selftest out[SELFTESTS])
{
	static char journal[4000];
	size_t counts = strlen(counters) + (from && strstr(counters, from) ? strlen(to) - strlen(from) : 0);
	struct summary sum;
	struct run run;
	/* Behind the rows of point 0. */
	size_t first = (size_t)(strstr(samples, "1,0,0,0,throughput") - samples) +
		       (from && strstr(samples, from) ? strlen(to) - strlen(from) : 0);
	size_t bins = strlen(hist) + (from && strstr(hist, from) ? strlen(to) - strlen(from) : 0);
	size_t end = strlen(samples) + (from && strstr(samples, from) ? strlen(to) - strlen(from) : 0);

	snprintf(journal, sizeof(journal), repeats, bins, end, counts, first);
	if (from && !strstr(json, from) && !strstr(points, from) && !strstr(journal, from) &&
	    !strstr(samples, from) && !strstr(reps, from) && !strstr(counters, from) &&
	    !strstr(hist, from))
		fail_msg("nothing has '%s'", from);
	put("run.json", json, from, to);
	put("points.csv", points, from, to);
	put("repeats.csv", journal, from, to);
	put("samples.csv", samples, from, to);
	put("hist.csv", hist, from, to);
	put("counters.csv", counters, from, to);
	put("reps.csv", reps, from, to);
	if (rundir_load(&run, dir, why, sizeof(why)) < 0 || summary_make(&sum, &run, why, sizeof(why)) < 0)
		fail_msg("%s", why);
	assert_int_equal(selftest_run(&sum, out), 0);
	assert_int_equal(selftest_write(&run, out), 0);
	summary_free(&sum);
	rundir_free(&run);
}

static void
healthy(void **state)
{
	static const unsigned looked[SELFTESTS] = { 1, 1, 1, 5, 2, 3, 4, 1, 1, 2, 1, 1 };
	struct selftest t[SELFTESTS];

	(void)state;
	look(NULL, NULL, t);
	for (int k = 0; k < SELFTESTS; k++) {
		if (t[k].verdict != VERDICT_PASS)
			fail_msg("%s: %s: %s", t[k].name, verdict_name[t[k].verdict], t[k].detail);
		assert_int_equal(t[k].looked, looked[k]);
	}
	assert_int_equal(selftest_warned(t), 0);
	assert_string_equal(t[FLUSH].detail, "clwb keeps the line: a reload takes 78 ticks after it, 52 when cached, 364 after "
			    "clflushopt; a flush of a dirty line takes 510, of the same line again 505");
}

static void
contradictions(void **state)
{
	static const struct { int check; const char *from, *to, *say; } bad[] = {
		/* The clock steps by 10 ns. */
		{ FLOOR, "0,0,latency_drained_p50_ns,300", "0,0,latency_drained_p50_ns,29", "median 29.0 ns under the floor of 40.0" },
		{ ALONE, "1,0,time_ns,160", "1,0,time_ns,310", "270.0 ns drained (mean, net of the floor), yet 310.0 ns amortised" },
		{ ROOF, "1,0,bandwidth_gbs,0.4", "1,0,bandwidth_gbs,7.1", "7.10 GB/s durable, yet without durability 3.20 GB/s" },
		{ READ_BACK, "1,0,timed,ok,4096,20,10", "1,0,timed,ok,4096,20,0", "repeat 0 read nothing back" },
		{ READ_BACK, "1,0,timed,ok,4096", "1,0,timed,fail:read-back: op 3 is wrong,4096", "read-back: op 3 is wrong" },
		{ FAULTS, "0,0,0,0,latency,drained,1,64,1,1,0", "0,0,0,0,latency,drained,1,64,1,1,6", "in 2 of 3 windows" },
		{ PAGES, "0,0,timed,ok,4096", "0,0,timed,ok,2097152", "pages of 2097152 bytes, asked for 4096" },
		{ CACHE, "cold,64M,4K,no", "cold,2M,4K,no", "not flagged" },
		{ CACHE, "2,b,store,ram,64,1,throughput,,64M", "2,b,store,ram,64,2,throughput,,2M", "not flagged" },
		{ FAULTS, "4096,20,10,3,3,7", "4096,20,10,2,3,7", "2 page faults by ops that should take at least 3" },
		{ CLOCK, "\"spread_ppm\": 3", "\"spread_ppm\": 300", "differ by 300 ppm" },
		{ CLOCK, "\"reliable\": true", "\"reliable\": false", "CPU 3 is away" },
		{ CALLS, "raw_syscalls:sys_enter,101", "raw_syscalls:sys_enter,100", "100 system calls by ops that should make at least 101" },
		{ CALLS, "raw_syscalls:sys_enter,101", "raw_syscalls:sys_enter,102", "102 system calls by ops that should make at most 101" },
		{ FLUSH, "\"reload_ticks\": 364", "\"reload_ticks\": 60", "took no line out of the cache" },
		{ FLUSH, "\"reload_ticks\": 78", "\"reload_ticks\": 300", "neither 52 as cached nor 364 as evicted" },
		{ FLUSH, "\"first_ticks\": 510", "\"first_ticks\": 60", "was not waited for" },
		{ HISTOGRAMS, "0,0,drained,9,9,1", "0,0,drained,9,9,2", "4 ops (drained) in hist.csv, 3 in samples.csv" },
		{ HISTOGRAMS, "0,0,drained,9,9,1\n", "", "2 ops (drained) in hist.csv, 3 in samples.csv" },
		{ COUNTERS, "\"proof\": \"checked\"", "\"proof\": \"open\", \"proof_why\": \"reads 0 under a load of 4096\"",
		  "page-faults reads 0 under a load of 4096" },
	};
	struct selftest t[SELFTESTS];

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		look(bad[i].from, bad[i].to, t);
		for (int k = 0; k < SELFTESTS; k++)
			if (t[k].verdict == VERDICT_WARN && k != bad[i].check)
				fail_msg("%s: also %s: %s", bad[i].to, t[k].name, t[k].detail);
		if (t[bad[i].check].verdict != VERDICT_WARN || !strstr(t[bad[i].check].detail, bad[i].say))
			fail_msg("%s: %s %s", bad[i].to, verdict_name[t[bad[i].check].verdict], t[bad[i].check].detail);
		assert_int_equal(selftest_warned(t), 1);
	}
}

/* What looks alike and is no contradiction. */
static void
no_alarm(void **state)
{
	static const struct { const char *from, *to; } good[] = {
		{ "0,0,latency_drained_p50_ns,300", "0,0,latency_drained_p50_ns,31" },	/* within a step of the clock */
		{ "1,0,time_ns,160", "1,0,time_ns,290" },		/* within the slack */
		{ "1,0,bandwidth_gbs,0.4", "1,0,bandwidth_gbs,6.3" },	/* streaming stores need not read */
		{ "4,0,bandwidth_gbs,0.007", "4,0,bandwidth_gbs,9" },	/* another way, another target */
		{ "1,0,timed,ok,4096,20,10", "1,0,timed,fail:No space left,4096,20,0" },
		{ "cold,64M,4K,no,writes,,", "cold,2M,4K,no,writes,cache-resident," },
		{ "0,0,timed,ok,4096", "0,0,timed,ok,0" },		/* a page size that could not be seen */
		{ "\"tsc\": true", "\"tsc\": false" },
		{ "\"llc_bytes\": 1048576", "\"llc_bytes\": 0" },
		{ "4096,20,10,3,3,7", "4096,20,10,3,,7" },		/* not known */
		{ "raw_syscalls:sys_enter,101,9,9", "raw_syscalls:sys_enter,50,9,4" },	/* counted half of the time */
		{ "thread,raw_syscalls:sys_enter,101", "thread,syscalls,7" },
		{ "0,0,1,101,101,", "0,0,1,,," },			/* the kernel does not say */
		{ "\"emulated\": false,\"cached_ticks\": 52", "\"emulated\": true,\"cached_ticks\": 360" },
		{ "\"reload_ticks\": 78", "\"reload_ticks\": 370" },	/* evicted */
		{ "\"flush\"", "\"flash\"" },
		{ "\"proof\": \"checked\"", "\"proof\": \"open\"" },	/* no such load */
	};
	struct selftest t[SELFTESTS];

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		look(good[i].from, good[i].to, t);
		for (int k = 0; k < SELFTESTS; k++)
			if (t[k].verdict == VERDICT_WARN)
				fail_msg("%s: %s: %s", good[i].to, t[k].name, t[k].detail);
	}
}

/* Why a check looked at nothing. */
static void
reasons(void **state)
{
	static const struct { int check; const char *from, *to, *say; } none[] = {
		{ CALLS, "thread,raw_syscalls:sys_enter,101", "thread,syscalls,7", "was not counted (--events raw_syscalls:sys_enter, as root" },
		{ CALLS, "0,0,1,101,101,", "0,0,1,,,", "did not record what its kernels expect" },
		{ CALLS, "\"tsc\": true", "\"tsc\": false", "may read it by a system call" },
		{ FLUSH, "\"emulated\": false,\"cached_ticks\": 52", "\"emulated\": true,\"cached_ticks\": 360",
		  "an emulated CPU, whose times mean nothing: a reload takes 364 ticks after clflushopt, 360" },
		{ FLUSH, "\"flush\"", "\"flash\"", "this run did not measure it" },
	};
	struct selftest t[SELFTESTS];

	(void)state;
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
		look(none[i].from, none[i].to, t);
		if (t[none[i].check].verdict != VERDICT_NONE || !strstr(t[none[i].check].detail, none[i].say))
			fail_msg("%s: %s %s", none[i].to, verdict_name[t[none[i].check].verdict], t[none[i].check].detail);
	}
}

static void
nothing_to_look_at(void **state)
{
	struct selftest t[SELFTESTS];
	struct summary sum;
	struct run run;

	(void)state;
	teardown(NULL);
	setup(NULL);
	put("run.json", "{\"schema\": \"daxmark.run/1.0\", \"timer\": {\"tsc\": true}, \"counters\": [{\"event\": \"x\"},"
	    "{\"event\": \"raw_syscalls:sys_enter\", \"available\": false, \"why\": \"no tracefs\"}]}", NULL, NULL);
	put("points.csv", "point,kernel,status\n0,clwb,ok\n", NULL, NULL);
	assert_int_equal(rundir_load(&run, dir, why, sizeof(why)), 0);
	assert_int_equal(summary_make(&sum, &run, why, sizeof(why)), 0);
	assert_int_equal(selftest_run(&sum, t), 0);
	for (int k = 0; k < SELFTESTS; k++) {
		assert_int_equal(t[k].verdict, VERDICT_NONE);
		assert_true(t[k].detail[0]);
	}
	assert_string_equal(t[CALLS].detail, "raw_syscalls:sys_enter was not counted: no tracefs");
	summary_free(&sum);
	rundir_free(&run);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(healthy),
		cmocka_unit_test(contradictions),
		cmocka_unit_test(no_alarm),
		cmocka_unit_test(reasons),
		cmocka_unit_test(nothing_to_look_at),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
