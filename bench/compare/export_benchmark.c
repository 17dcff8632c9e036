/* SPDX-License-Identifier: BSD-2-Clause */
/* Google Benchmark's JSON: one entry a repeat, which compare.py tests by rank. */
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>

#include "export.h"

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
	export_name(run, p, ':', "", f);
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
put_point(struct export *x, json_t *list, size_t at, int family)
{
	const struct run_point *p = &x->run->point[at];
	enum metric_id m = export_headline(x, at);
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
		json_array_append_new(list, o);
	}
	free(name);
	return 0;
}

int
export_benchmark(struct export *x, FILE *f)
{
	json_t *list = json_array(), *all;
	int err = 0, family = 0;

	for (size_t at = 0; at < x->run->npoint && err == 0; at++)
		err = put_point(x, list, at, family++);
	all = json_pack("{s:o, s:o}", "context", context(x->run), "benchmarks", list);
	if (err == 0 && (all == NULL || json_dumpf(all, f, JSON_INDENT(1)) < 0 || fputc('\n', f) == EOF))
		err = -EIO;
	json_decref(all);
	return err;
}
