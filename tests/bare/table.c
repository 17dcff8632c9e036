/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "registry.h"
#include "selfbench.h"
#include "stats.h"

#define LIMIT_DURABLE 1.01
#define LIMIT_STREAM  1.05

/* Above which an interval may not lie as a whole; 0: for information. */
static double
limit(const struct job *j)
{
	if (j->threads > 1)
		return 0;
	return kernel_find(j->kernel)->control || side_param(j, "fence", 1) > 1 ? LIMIT_STREAM : LIMIT_DURABLE;
}

/* Print one row.  Its exit code, or -errno. */
static int
print_row(const struct selfbench *b, uint32_t point)
{
	const struct row *row = &b->row[point];
	struct job *j = b->job;
	const double conf = 0.95;
	struct interval i = { .est = NAN, .lo = NAN, .hi = NAN };
	uint64_t fence;
	char name[128];
	int rc = 0;

	run_job(&b->runner, point, 0, false, j);
	fence = side_param(j, "fence", 1);
	snprintf(name, sizeof name, "%s", j->kernel);
	if (fence > 1)
		snprintf(name, sizeof name, "%s,fence=%llu", j->kernel, (unsigned long long)fence);
	if (row->n)
		rc = stats_ratio_paired(row->ours, row->bare, row->n, &conf, 1, &i);
	if (rc < 0)
		return rc;
	/* The arrays are ours, and in order of time no longer needed. */
	printf("ratio %s %u %s %u %.3f %.3f %.4f %.4f %.4f\n", name, j->size,
	       j->slots.random ? "random" : "seq", j->threads, side_median(row->ours, row->n),
	       side_median(row->bare, row->n), i.lo, i.hi, i.est);
	if (row->n < b->want)
		printf("# ^ %zu clean pairs of %zu wanted\n", row->n, b->want);
	if (b->quick || limit(j) == 0)
		return 0;
	if (i.has && i.lo > limit(j)) {
		printf("# ^ wholly above %.2f\n", limit(j));
		return SELF_SLOW;
	}
	return row->n < b->want ? SELF_UNCLEAR : 0;
}

int
table_print(const struct selfbench *b)
{
	const struct plan *plan = &b->runner.experiment->plan;
	size_t clean = 0, dirty = 0;
	int worst = 0;

	printf("# ratio KERNEL SIZE PATTERN THREADS OURS BARE LO HI RATIO   %s/op; 95 %% interval of ours/bare\n",
	       b->quick ? "CPU ns" : "ns");
	for (uint32_t k = 0; k < plan->n; k++) {
		const struct point *p = &plan->point[k];
		int code;

		if (p->skip)
			printf("# skip %s: %s\n", p->kernel->name, p->skip);
		if (!b->row[k].wanted)
			continue;
		code = print_row(b, k);
		if (code < 0)
			return code;
		if (code == SELF_SLOW || worst == 0)
			worst = code;
		clean += b->row[k].n;
		dirty += b->row[k].dirty;
	}
	printf("# %zu clean pairs; %zu were not (wall/CPU above %.2f, other pages) and were run again\n", clean, dirty,
	       SIDE_WALL_MAX);
	return worst;
}
