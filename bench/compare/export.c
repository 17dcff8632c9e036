/* SPDX-License-Identifier: BSD-2-Clause */
#include "export.h"

#include <ctype.h>
#include <string.h>

const struct export_format export_formats[] = {
	{ "benchmark", "JSON of Google Benchmark, for its compare.py", export_benchmark, true },
	{ "benchfmt", "Go's benchmark format, for benchstat", export_benchfmt, true },
	{ "artifact", "tar of data, figures with their scripts, config, environment and hashes", export_artifact, false },
	{ 0 },
};

static bool
near_floor(struct export *x, size_t at, enum metric_id m)
{
	const size_t n = readings_of(&x->r, at, m, x->scratch);
	size_t under = 0;

	for (size_t i = 0; i < n && m == headline_order[0]; i++)
		under += readings_near_floor(&x->r, at, x->scratch[i]->v);
	return 2 * under > n && readings_of(&x->r, at, METRIC_TIME, x->scratch) > 0;
}

enum metric_id
export_headline(struct export *x, size_t at)
{
	for (size_t i = 0; i < HEADLINES; i++)
		if (strcmp(metrics[headline_order[i]].unit, "ns") == 0 &&
		    readings_of(&x->r, at, headline_order[i], x->scratch) > 0)
			return near_floor(x, at, headline_order[i]) ? METRIC_TIME : headline_order[i];
	return METRICS;
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
