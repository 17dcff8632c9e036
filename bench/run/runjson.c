/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "caps.h"
#include "doctor.h"
#include "env.h"
#include "fingerprint.h"
#include "matrix.h"
#include "rundir.h"
#include "runjson.h"

static json_t *
target(const struct target_spec *t, const struct facts_target *f)
{
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:b, s:s, s:I, s:I, s:I, s:i, s:s, s:s, s:s, s:s, s:s,"
			 " s:s, s:s, s:b, s:b, s:b, s:b, s:b, s:b, s:i, s:s, s:o, s:o}",
		"name", t->name, "role", t->role, "kind", target_kind_name[t->kind], "path", f->path,
		"medium", medium_name[f->medium], "domain", domain_name[f->domain],
		"present", f->present, "why_absent", f->why,
		"size", (json_int_t)f->size, "block", (json_int_t)f->sector, "align", (json_int_t)f->align,
		"node", f->node, "device", f->device, "fstype", f->fstype, "options", f->options,
		"region", f->region, "namespace", f->namespace_,
		"map", f->map, "inode", f->inode, "no_barrier", f->no_barrier, "reflink", f->reflink, "memory_fs", f->memory_fs,
		"page_cache", f->page_cache, "atomic_sector", f->atomic_sector,
		"volatile_cache", f->volatile_cache, "dax_write_cache", f->dax_write_cache,
		"no_map_sync", f->no_map_sync, "caps", caps_json(f->caps), "write_path", doctor_write_path(f->device, f->region));
}

/* Percent, by bench. */
static json_t *
precisions(const struct config *c)
{
	json_t *o = json_object();

	for (size_t b = 0; b < c->nbench; b++)
		json_object_set_new(o, c->bench[b].name, json_real((double)c->bench[b].sched[SCHED_PRECISION] / 1000));
	return o;
}

static json_t *
argv_of(const struct experiment *s)
{
	json_t *a = json_array();

	for (int k = 0; k < s->argc; k++)
		json_array_append_new(a, json_string(s->argv[k]));
	return a;
}

/* A few milliseconds a pair of CPUs: the start of a run is not the place for more. */
#define SKEW_MS 50

static int
add_flush(json_t *run, const struct runner *r)
{
	struct fingerprint f;

	fingerprint_measure(&f, r->timer.tsc, r->experiment->topo, r->experiment->plan.machine.caps);
	return json_object_set_new(run, "flush", fingerprint_json(&f, r->timer.hz));
}

json_t *
runjson_new(const struct runner *r, const char *run_id)
{
	const struct experiment *s = r->experiment;
	json_t *targets, *run;
	struct timing timing;
	struct doctor *d;
	char started[32];
	time_t now = time(NULL);
	struct tm tm;

	timing_measure(&timing, &r->timer, s->topo, SKEW_MS);
	d = doctor_look(&timing, 0);
	if (!d)
		return NULL;
	targets = json_array();
	strftime(started, sizeof started, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &tm));
	for (size_t k = 0; k < s->config->ntarget; k++)
		json_array_append_new(targets, target(&s->config->target[k], &s->fact[k]));
	run = json_pack("{s:s, s:s, s:s, s:s, s:o, s:I, s:s, s:s, s:o, s:o, s:o, s:O, s:o, s:{s:f, s:o, s:b}, s:{s:i, s:i},"
			" s:o, s:O, s:o}",
		"schema", RUN_SCHEMA, "status", "running", "name", s->config->name, "run_id", run_id,
		"argv", argv_of(s), "seed", (json_int_t)s->config->seed, "started", started,
		"filter", s->filter_text ? s->filter_text : "",
		"tool", env_tool(), "host", env_host(s->topo, d),
		"targets", targets, "counters", r->matrix, "event_sets", matrix_sets(s->config),
		"config", "precision", (double)s->config->bench[0].sched[SCHED_PRECISION] / 1000,
		"precisions", precisions(s->config),
		"quick", s->config->quick,
		"quality", "points", (int)s->plan.n, "skipped", (int)s->plan.nskip,
		"timer", timing_json(&timing), "tuning", d->tuning, "doctor", doctor_json(d, false));
	if (run && add_flush(run, r) < 0) {
		json_decref(run);
		run = NULL;
	}
	doctor_free(d);
	return run;
}

unsigned
runjson_bad_findings(const json_t *run)
{
	return (unsigned)json_integer_value(json_object_get(json_object_get(run, "doctor"), "bad"));
}

/* "queue_write_cache: "write back" -> "write through"" for each that differs. */
static void
put_changes(json_t *warnings, const char *target, json_t *before, json_t *after)
{
	const char *key;
	json_t *was;

	json_object_foreach(before, key, was) {
		json_t *is = json_object_get(after, key);
		char *a = json_dumps(was, JSON_ENCODE_ANY), *b = is ? json_dumps(is, JSON_ENCODE_ANY) : NULL;

		if (!is || !json_equal(was, is))
			json_array_append_new(warnings, json_sprintf("target %s: %s was %s before the run and %s after it: "
				"its numbers belong to neither", target, key, a ? a : "?", b ? b : "gone"));
		free(a);
		free(b);
	}
}

int
runjson_after(json_t *run, const struct experiment *s)
{
	json_t *quality = json_object_get(run, "quality"), *warnings = json_object_get(quality, "warnings"), *t;
	size_t k, before;

	if (!warnings && json_object_set_new(quality, "warnings", warnings = json_array()) < 0)
		return -1;
	before = json_array_size(warnings);
	json_array_foreach(json_object_get(run, "targets"), k, t) {
		json_t *after = k < s->config->ntarget ? doctor_write_path(s->fact[k].device, s->fact[k].region) : NULL;

		if (!after)
			break;
		put_changes(warnings, s->config->target[k].name, json_object_get(t, "write_path"), after);
		json_object_set_new(t, "write_path_after", after);
	}
	return (int)(json_array_size(warnings) - before);
}
