/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "cost.h"
#include "side.h"
#include "topo.h"
#include "window.h"

#define MEMORY_MAX (32 << 20)	/* of the harness, beside target and latency buffers */
enum { REPEATS = 9, PAIRS = 4096, MIB = 1 << 20 };

static int
empty(const struct work *w, uint64_t i, uint64_t end)
{
	(void)w, (void)i, (void)end;
	return 0;
}

/* The stamps of latency mode once more, by hand and around a call of nothing: ns of the median. */
static double
bare_stamps(const struct job *j, bool drained)
{
	int (*volatile const call)(const struct work *, uint64_t, uint64_t) = empty;
	static double v[PAIRS];

	for (uint64_t k = 0; k < PAIRS; k++) {
		uint32_t a, b, c, d;

		__asm__ volatile("mfence\n\tlfence\n\trdtsc\n\tlfence" : "=a"(a), "=d"(b) :: "memory");
		call(NULL, k, k + 1);
		if (drained)
			__asm__ volatile("mfence" ::: "memory");
		__asm__ volatile("rdtscp\n\tlfence" : "=a"(c), "=d"(d) :: "rcx", "memory");
		v[k] = (double)(((uint64_t)d << 32 | c) - ((uint64_t)b << 32 | a)) * 1e9 / j->hz;
	}
	return side_median(v, PAIRS);
}

static void
print_stamps(const struct job *j, const double floor[2], double quantum)
{
	if (!j->tsc || topo_bind_here(j->cpu[0]) < 0)
		return;
	printf("# latency mode: an empty op takes %.1f ns (issue) and %.1f ns (drained); the same stamps by "
	       "hand around an empty call %.1f and %.1f; the clock's step is %.1f\n", floor[0], floor[1],
	       bare_stamps(j, false), bare_stamps(j, true), quantum);
}

static int
cost_of(const struct runner *r, const char *run_bench, uint32_t point, struct job *j)
{
	static const char *const on[SPENTS] = { "opening the target", "threads", "warm-up", "windows", "read-back", "closing" };
	double life[REPEATS], floor[2][REPEATS], spent[SPENTS][REPEATS], whole[REPEATS], most = 0, median[2], quantum = 0;

	for (uint32_t k = 0; k < REPEATS; k++) {
		struct side s;
		double own;
		int rc;

		run_job(r, point, k, false, j);
		rc = side_ours(run_bench, j, &s);
		if (rc < 0)
			return rc;
		/* mark and lat: the sample buffers.  Touched or not, they are all there. */
		own = (double)s.max_rss - (double)j->threads * (double)(j->open.bytes + sizeof(uint32_t) *
			(j->mode == MODE_LATENCY ? WINDOW_LAT_MAX : WINDOW_LAT_FEW));
		most = own > most ? own : most;
		life[k] = (s.life_s - s.windows_s) * 1e3;
		whole[k] = s.life_s * 1e3;
		for (int i = 0; i < SPENTS; i++)
			spent[i][k] = s.spent[i];
		floor[0][k] = s.floor[0];
		floor[1][k] = s.floor[1];
		quantum = s.quantum;
	}
	printf("# %s mode, %u thread%s: a worker lives %.1f ms beside its windows; its memory beside target and "
	       "sample buffers is %.1f MiB\n", j->mode == MODE_LATENCY ? "latency" : "throughput", j->threads,
	       j->threads > 1 ? "s" : "", side_median(life, REPEATS), most / MIB);
	printf("#   of %.1f ms:", side_median(whole, REPEATS));
	for (int i = 0; i < SPENTS; i++)
		printf(" %s %.1f%s", on[i], side_median(spent[i], REPEATS), i + 1 < SPENTS ? "," : "; the rest is the process\n");
	for (int d = 0; d < 2; d++)
		median[d] = side_median(floor[d], REPEATS);
	if (j->mode == MODE_LATENCY && j->threads == 1)
		print_stamps(j, median, quantum);
	if (most > MEMORY_MAX)
		fprintf(stderr, "selfbench: more than %d MiB of its own\n", MEMORY_MAX / MIB);
	return most > MEMORY_MAX ? -E2BIG : 0;
}

/* Where the time of a repeat goes, in medians of ms. */
static int
repeat_of(const struct runner *r, const char *run_bench, uint32_t point, struct job *j)
{
	static const char *const on[SPENTS] = { "prefault", "threads", "warm-up", "between windows", "read-back", "unmapping" };
	const char *schedule = point_bench(&r->experiment->plan, &r->experiment->plan.point[point])->name;
	double spent[SPENTS][REPEATS], whole[REPEATS], measured[REPEATS], start[REPEATS];

	for (uint32_t k = 0; k < REPEATS; k++) {
		struct side s;
		int rc;

		run_job(r, point, k, false, j);
		rc = side_ours(run_bench, j, &s);
		if (rc < 0)
			return rc;
		measured[k] = s.windows_s * 1e3;
		start[k] = whole[k] = s.life_s * 1e3;
		for (int i = 0; i < SPENTS; i++) {
			start[k] -= s.spent[i];
			spent[i][k] = s.spent[i] - (i == SPENT_WINDOWS ? measured[k] : 0);
		}
	}
	printf("# %s: %s %u B, %llu MiB on pages of %s: of %.1f ms %.1f are measured (%.0f %%), start %.1f", schedule,
	       j->kernel, j->size, (unsigned long long)(j->open.bytes >> 20), j->open.page_size > 4096 ? "2M" : "4K",
	       side_median(whole, REPEATS), side_median(measured, REPEATS),
	       side_median(measured, REPEATS) / side_median(whole, REPEATS) * 100, side_median(start, REPEATS));
	for (int i = 0; i < SPENTS; i++)
		printf(", %s %.1f", on[i], side_median(spent[i], REPEATS));
	printf("\n");
	return 0;
}

bool
cost_only(const char *bench)
{
	return strcmp(bench, COST_BENCH) == 0 || strncmp(bench, COST_REPEATS, sizeof COST_REPEATS - 1) == 0;
}

int
cost_print(const struct runner *r, const char *run_bench)
{
	const struct plan *plan = &r->experiment->plan;
	struct job *j = malloc(sizeof *j);
	int rc = j ? 0 : -ENOMEM;

	for (uint32_t k = 0; k < plan->n && rc == 0; k++) {
		const char *bench = point_bench(plan, &plan->point[k])->name;

		if (!plan->point[k].skip && cost_only(bench))
			rc = (strcmp(bench, COST_BENCH) == 0 ? cost_of : repeat_of)(r, run_bench, k, j);
	}
	free(j);
	return rc;
}
