/* SPDX-License-Identifier: BSD-2-Clause */
#include "export.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "stats.h"

const struct export_format export_formats[] = {
	{ "benchmark", "JSON of Google Benchmark, for its compare.py", export_benchmark, true },
	{ "benchfmt", "Go's benchmark format, for benchstat", export_benchfmt, true },
	{ "artifact", "tar of data, figures with their scripts, config, environment and hashes", export_artifact, false },
	{ 0 },
};

static double
median_of(struct export *x, size_t at, enum metric_id m)
{
	const size_t n = readings_of(&x->r, at, m, x->scratch);
	double *v = malloc((n + 1) * sizeof *v), median = NAN;

	for (size_t i = 0; v && i < n; i++)
		v[i] = x->scratch[i]->v;
	if (v) {
		stats_sort(v, n);
		median = stats_sorted_median(v, n);
	}
	free(v);
	return median;
}

enum metric_id
export_headline(struct export *x, size_t at)
{
	const double drained = median_of(x, at, metric_latency(STAMP_DRAINED, LATENCY_P50));
	uint32_t has = 0;

	for (size_t i = x->r.first[at]; i < x->r.first[at + 1]; i++)
		if (x->r.v[i].metric < METRICS && strcmp(metrics[x->r.v[i].metric].unit, "ns") == 0)
			has |= 1u << x->r.v[i].metric;
	return headline_of(has, near_floor(drained, x->r.known[at].quantum));
}

static void
put_word(const char *s, FILE *f)
{
	for (; *s; s++)
		fputc(isalnum((unsigned char)*s) || strchr("._+-", *s) ? *s : '_', f);
}

void
export_name(const struct run *run, const struct run_point *p, char equal, const char *except, FILE *f)
{
	/* Who and what came out; target stands for role and medium. */
	static const char *const no_name[] = { "run_id", "host", "point", "role", "medium", "control", "moves",
					       "notes", "durable", "why", "status", NULL };

	for (size_t c = 0; c < run->ncolumn; c++) {
		const char *const *no = no_name;

		while (*no && strcmp(*no, run->column[c]) != 0)
			no++;
		if (*no || !*p->field[c] || strcmp(run->column[c], except) == 0)
			continue;
		fputc('/', f);
		put_word(run->column[c], f);
		fputc(equal, f);
		put_word(p->field[c], f);
	}
}
