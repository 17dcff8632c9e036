/* SPDX-License-Identifier: BSD-2-Clause */
#include <ctype.h>
#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "export.h"
#include "stats.h"

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

/* The metric that stands for a point as its time: METRICS when it has none. */
static enum metric_id
headline(struct export *x, size_t at)
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

/* "/kernel=clwb/size=64...": the axes that have a value, so that the same point has the same name
 * in every run; nothing in it but [A-Za-z0-9._+-] and the separators. */
static void
put_name(const struct run *run, const struct run_point *p, char equal, const char *except, FILE *f)
{
	/* Who and what came out; target stands for role and medium. */
	static const char *const no_name[] = { "run_id", "host", "point", "role", "medium", "control", "moves",
					       "notes", "durable", "why", "tested", "tested_bound", "status", NULL };

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

static json_t *
context(const struct run *run)
{
	double hz = run_number(run, "timer.hz"), cpus = run_number(run, "host.cpus");

	return json_pack("{s:s, s:s, s:s, s:i, s:i, s:b, s:[], s:s, s:s, s:s}",
		"date", run_text(run, "started"), "host_name", run_text(run, "host.name"), "executable", "run-bench",
		"num_cpus", cpus > 0 ? (int)cpus : 0, "mhz_per_cpu", hz > 0 ? (int)(hz / 1e6) : 0,
		"cpu_scaling_enabled", 0, "caches", "library_build_type", "release",
		"daxmark_run_id", run_text(run, "run_id"), "daxmark_version", run_text(run, "tool.version"));
}

static char *
name_of(const struct run *run, const struct run_point *p)
{
	char *name = NULL;
	size_t len;
	FILE *f = open_memstream(&name, &len);

	if (f == NULL)
		return NULL;
	fputs("daxmark", f);
	put_name(run, p, ':', "", f);
	if (fclose(f) == 0)
		return name;
	free(name);
	return NULL;
}

/* The same repeat's number of another metric. */
static void
also(struct export *x, json_t *o, const char *key, size_t at, enum metric_id m, uint32_t rep, double factor)
{
	for (size_t i = x->r.first[at]; i < x->r.first[at + 1]; i++)
		if (x->r.v[i].metric == m && x->r.v[i].rep == rep)
			json_object_set_new(o, key, json_real(x->r.v[i].v * factor));
}

static int
put_entries(struct export *x, json_t *list, size_t at, int family)
{
	const struct run_point *p = &x->run->point[at];
	enum metric_id m = headline(x, at);
	size_t n = m == METRICS ? 0 : readings_of(&x->r, at, m, x->scratch);
	char *name = n ? name_of(x->run, p) : NULL;

	if (n == 0) {
		x->passed++;
		return 0;
	}
	if (name == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++) {
		const struct reading *r = x->scratch[i];
		json_t *o = json_pack("{s:s, s:i, s:i, s:s, s:s, s:i, s:i, s:i, s:i, s:f, s:f, s:s}",
			"name", name, "family_index", family, "per_family_instance_index", 0, "run_name", name,
			"run_type", "iteration", "repetitions", (int)n, "repetition_index", (int)i,
			"threads", (int)(p->threads ? p->threads : 1), "iterations", 1,
			/* Every reader wants one; CPU times are in samples.csv. */
			"real_time", r->v, "cpu_time", r->v, "time_unit", "ns");

		also(x, o, "bytes_per_second", at, METRIC_BANDWIDTH, r->rep, 1e9);
		also(x, o, "items_per_second", at, METRIC_RATE, r->rep, 1);
		if (m == METRIC_TIME) {
			also(x, o, "real_time_whole", at, METRIC_WHOLE, r->rep, 1);
			also(x, o, "kept", at, METRIC_KEPT, r->rep, 1);
		}
		json_array_append_new(list, o);
	}
	free(name);
	return 0;
}

/* Google Benchmark's JSON: one entry a repeat, which compare.py tests by rank. */
static int
export_benchmark(struct export *x, FILE *f)
{
	json_t *list = json_array(), *all;
	int err = 0, family = 0;

	for (size_t at = 0; at < x->run->npoint && err == 0; at++)
		err = put_entries(x, list, at, family++);
	all = json_pack("{s:o, s:o}", "context", context(x->run), "benchmarks", list);
	if (err == 0 && (all == NULL || json_dumpf(all, f, JSON_INDENT(1)) < 0 || fputc('\n', f) == EOF))
		err = -EIO;
	json_decref(all);
	return err;
}

/* "key: value" on one line; a value that is not known is left out. */
static void
config(FILE *f, const char *key, const char *value)
{
	if (*value == '\0')
		return;
	fprintf(f, "%s: ", key);
	for (; *value; value++)
		fputc((unsigned char)*value < ' ' ? ' ' : *value, f);
	fputc('\n', f);
}

static void
put_unit(FILE *f, const struct reading *r, bool headline)
{
	const char *name = metrics[r->metric].name;
	size_t len = strlen(name);

	if (r->metric == METRIC_BANDWIDTH)
		fprintf(f, " %.10g B/s", r->v * 1e9);
	else if (r->metric == METRIC_RATE)
		fprintf(f, " %.10g ops/s", r->v);
	else if (headline)
		fprintf(f, " %.10g ns/op", r->v);
	else if (len > 3 && strcmp(name + len - 3, "_ns") == 0)
		fprintf(f, " %.10g %.*s-ns", r->v, (int)len - 3, name);
	else
		fprintf(f, " %.10g %s", r->v, name);
}

static void
put_lines(struct export *x, size_t at, FILE *f)
{
	const struct run_point *p = &x->run->point[at];
	enum metric_id m = headline(x, at);
	size_t n = m == METRICS ? 0 : readings_of(&x->r, at, m, x->scratch);

	x->passed += n == 0;
	for (size_t i = 0; i < n; i++) {
		fputs("BenchmarkOp", f);
		put_name(x->run, p, '=', "threads", f);
		/* Go's own way to say on how many CPUs. */
		fprintf(f, "-%llu 1", (unsigned long long)(p->threads ? p->threads : 1));
		put_unit(f, x->scratch[i], true);
		for (size_t k = x->r.first[at]; k < x->r.first[at + 1]; k++)
			if (x->r.v[k].rep == x->scratch[i]->rep && x->r.v[k].metric != m)
				put_unit(f, &x->r.v[k], false);
		fputc('\n', f);
	}
}

/* Go's benchmark format (golang.org/design/14313-benchmark-format): one line a repeat. */
static int
export_benchfmt(struct export *x, FILE *f)
{
	const struct run *run = x->run;

	config(f, "goos", "linux");
	config(f, "goarch", strcmp(run_text(run, "host.arch"), "x86_64") == 0 ? "amd64" : run_text(run, "host.arch"));
	config(f, "pkg", "daxmark");
	config(f, "cpu", run_text(run, "host.cpu"));
	config(f, "host", run_text(run, "host.name"));
	config(f, "kernel", run_text(run, "host.kernel"));
	config(f, "run", run_text(run, "run_id"));
	config(f, "commit", run_text(run, "tool.version"));
	fputs("Unit B/s better=higher\nUnit ops/s better=higher\n", f);
	for (size_t at = 0; at < run->npoint; at++)
		put_lines(x, at, f);
	return 0;
}

const struct export_format export_formats[] = {
	{ "benchmark", "JSON of Google Benchmark, for its compare.py", export_benchmark, true },
	{ "benchfmt", "Go's benchmark format, for benchstat", export_benchfmt, true },
	{ "md", "the report's sentences and its table of strategies, as Markdown", export_md, true },
	{ "tex", "the same as a LaTeX table", export_tex, true },
	{ "artifact", "tar of data, figures with their scripts, config, environment and hashes", export_artifact, false },
	{ 0 },
};
