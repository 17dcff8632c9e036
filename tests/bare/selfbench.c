/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * selfbench -- what run-bench's measuring path costs beside a bare loop of the same
 * instructions.
 *
 * selfbench [-q] [-n PAIRS] [-s SECONDS] [-f FILTER] CONFIG
 *   -q  quick: six pairs with short windows of a few rows, clean or not, no verdict, and
 *       CPU time instead of time, which hardly knows what else the machine does
 *   -n  clean pairs a row wants (9);  -s  no new pair after so many seconds (330)
 *
 * A row is a point of CONFIG (selfbench.yaml), a pair two fresh processes one after the
 * other, in random order: run-bench as a worker with the job that run-bench would give it
 * (start, target, warm-up, windows, read-back: all of it), and tests/bare/bare.c.  Both
 * have the same CPU, bytes per op, working set on the same page size (a pair whose bare
 * side shows other page faults is not clean), order of slots from the same seed, 16 KiB
 * source ring, warm-up, and number and length of windows; both begin a working set of 2M
 * pages at a page and drain (MFENCE) inside the window.  Pairs come in rounds: each row
 * once, in an order shuffled anew, so that drift touches all alike.
 *
 * A side's figure is the median over its windows.  A pair is clean when wall/CPU time is at
 * most 1.02 on both sides; else it is counted and run again in a later round, without its
 * second side where the first was disturbed.  Before a pair it waits up to half a second
 * for a moment in which other tasks leave CPUs enough.  A row is the Hodges-Lehmann estimate of
 * ours/bare over its clean pairs with the 95 % interval of the signed-rank test:
 *
 *   ratio KERNEL SIZE PATTERN THREADS OURS BARE LO HI RATIO	 (medians, ns/op)
 *
 * Exit 1: an interval lies wholly above 1.01 (flushed and fenced on every op) or 1.05
 * (streaming NT, plain stores), or the harness takes over 32 MiB; 3: none does, but a row
 * lacks clean pairs to tell; 2: trouble.  Rows of two threads are for information: bare is
 * two processes then, started together but not in step.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "cost.h"
#include "experiment_open.h"
#include "log.h"
#include "selfbench.h"
#include "topo.h"

#define ROUNDS_PER_PAIR 4	/* a row is given up after so many times the pairs it wants */
#define QUIET_US 20000
#define QUIET_TRIES 25

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* NAME in the directory of this program. */
static void
neighbour(char *path, size_t len, const char *name)
{
	ssize_t n = readlink("/proc/self/exe", path, len - 1);
	char *slash;

	path[n > 0 ? n : 0] = 0;
	slash = strrchr(path, '/');
	if (slash)
		snprintf(slash + 1, len - (size_t)(slash + 1 - path), "%s", name);
}

/* Wait a little, not for ever, for a moment in which others leave CPUs enough. */
static void
wait_quiet(unsigned cpus, unsigned threads)
{
	const unsigned most = 1 + (cpus > threads ? cpus - threads : 0);	/* this process runs too */
	unsigned running = 0;

	for (int k = 0; k < QUIET_TRIES; k++) {
		FILE *f = fopen("/proc/loadavg", "re");

		if (!f || fscanf(f, "%*f %*f %*f %u/", &running) != 1)
			running = 0;
		if (f)
			fclose(f);
		if (running <= most)
			return;
		usleep(QUIET_US);
	}
}

/* One side, and whether nothing disturbed it. */
static int
run_side(const struct selfbench *b, bool ours, struct side *s, bool *clean)
{
	const int rc = ours ? side_ours(b->run_bench, b->job, s) : side_bare(b->bare, b->job, s);

	*clean &= rc == 0 && s->wall_cpu <= SIDE_WALL_MAX && s->pages_ok;
	return rc;
}

static int
pair(struct selfbench *b, uint32_t point, uint32_t round)
{
	struct row *row = &b->row[point];
	struct side side[2] = { 0 };	/* bare, ours */
	struct job *j = b->job;
	bool clean = true, first;
	int rc;

	run_job(&b->runner, point, round, false, j);
	first = j->open.seed >> 32 & 1;
	if (!b->quick)
		wait_quiet(topo_cpus(b->runner.experiment->topo), j->threads);
	rc = run_side(b, first, &side[first], &clean);
	if (rc == 0 && (clean || b->quick))
		rc = run_side(b, !first, &side[!first], &clean);
	if (rc < 0)
		return rc;
	fprintf(stderr, "%s %u %s %u: %.4g / %.4g  wall/CPU %.3f %.3f%s\n", j->kernel, j->size,
		j->slots.random ? "random" : "seq", j->threads, side[1].ns, side[0].ns, side[1].wall_cpu,
		side[0].wall_cpu, clean ? "" : "  not clean");
	if (!clean && !b->quick) {
		row->dirty++;
		return 0;
	}
	row->ours[row->n] = b->quick ? side[1].cpu_ns : side[1].ns;
	row->bare[row->n++] = b->quick ? side[0].cpu_ns : side[0].ns;
	return 0;
}

static int
rounds(struct selfbench *b)
{
	const struct plan *plan = &b->runner.experiment->plan;
	const double end = now() + b->seconds;
	uint32_t *order = calloc(plan->n, sizeof *order);
	bool more = true;
	int rc = order ? 0 : -ENOMEM;

	for (uint32_t round = 0; rc == 0 && more && now() < end; round++) {
		const size_t n = plan_block(plan, round, order);

		more = false;
		for (size_t k = 0; rc == 0 && k < n && now() < end; k++) {
			const struct row *row = &b->row[order[k]];
			/* What is for information is not run again. */
			const size_t most = plan->point[order[k]].threads > 1 ? b->want : ROUNDS_PER_PAIR * b->want;

			if (!row->wanted || row->n >= b->want || round >= most)
				continue;
			rc = pair(b, order[k], round);
			more |= row->n < b->want;
		}
	}
	free(order);
	return rc;
}

static int
alloc_rows(struct selfbench *b)
{
	const struct plan *plan = &b->runner.experiment->plan;

	b->job = malloc(sizeof *b->job);
	b->row = calloc(plan->n, sizeof *b->row);
	for (size_t k = 0; b->row && k < plan->n; k++) {
		struct row *row = &b->row[k];

		row->wanted = !plan->point[k].skip && !cost_only(point_bench(plan, &plan->point[k])->name);
		row->ours = calloc(b->want, sizeof(double));
		row->bare = calloc(b->want, sizeof(double));
		if (!row->ours || !row->bare)
			return -ENOMEM;
	}
	return b->job && b->row ? 0 : -ENOMEM;
}

static void
free_rows(struct selfbench *b)
{
	for (size_t k = 0; b->row && k < b->runner.experiment->plan.n; k++) {
		free(b->row[k].ours);
		free(b->row[k].bare);
	}
	free(b->row);
	free(b->job);
}

static int
selfbench(struct selfbench *b)
{
	const struct consent nothing = { 0 };
	struct runner *r = &b->runner;
	int rc, cost, code;

	timer_begin(&r->timer);
	timer_end(&r->timer);
	if (run_progress_alloc(r) < 0 || run_prepare(r, &nothing, "selfbench") != 0)
		return SELF_TROUBLE;
	neighbour(b->run_bench, sizeof b->run_bench, "run-bench-worker");
	neighbour(b->bare, sizeof b->bare, "bare");
	printf("# %s, %u CPUs\n", topo_cpu_model(r->experiment->topo), topo_cpus(r->experiment->topo));
	rc = alloc_rows(b);
	cost = rc < 0 || b->quick ? rc : cost_print(r, b->run_bench);
	fflush(stdout);
	if (rc == 0 && (cost == 0 || cost == -E2BIG))
		rc = rounds(b);
	code = rc < 0 ? rc : table_print(b);
	free_rows(b);
	run_unprepare(r);
	if (code < 0 || (cost < 0 && cost != -E2BIG)) {
		fprintf(stderr, "selfbench: %s\n", strerror(-(code < 0 ? code : cost)));
		return SELF_TROUBLE;
	}
	return cost < 0 ? SELF_SLOW : code;
}

int
main(int argc, char **argv)
{
	static const char *const quick[] = { "windows=3", "window=5ms", "warmup=20ms" };
	static struct cli cli;
	static struct experiment experiment;
	struct selfbench b = { .runner = { .experiment = &experiment, .say = &log_say }, .want = 9, .seconds = 330 };
	int c, code;

	while ((c = getopt(argc, argv, "qn:s:f:")) != -1)
		if (c == 'q') {
			b.quick = true;
			b.want = 6;
			for (size_t k = 0; k < sizeof quick / sizeof *quick; k++)
				cli.change.set[cli.change.nset++] = (struct setting){ quick[k] };
		} else if (c == 'n') {
			b.want = strtoul(optarg, NULL, 0);
		} else if (c == 's') {
			b.seconds = strtod(optarg, NULL);
		} else if (c == 'f') {
			cli.config.filter = optarg;
		} else {
			optind = argc;
		}
	if (argc - optind != 1 || b.want == 0) {
		fprintf(stderr, "usage: selfbench [-q] [-n PAIRS] [-s SECONDS] [-f FILTER] CONFIG\n");
		return SELF_TROUBLE;
	}
	if (b.quick && !cli.config.filter)
		cli.config.filter = "kernel=clwb,store && size=64 && pattern=seq && threads=1 && bench!=cost";
	code = experiment_open(&experiment, &cli, argv[optind]) ? SELF_TROUBLE : selfbench(&b);
	experiment_close(&experiment);
	return code;
}
