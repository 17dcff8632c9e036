/* SPDX-License-Identifier: BSD-2-Clause */
/* Everything becomes JSON first; the tables that fit the terminal are made of that. */
#include <dirent.h>
#include <errno.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include "answer.h"
#include "counters.h"
#include "datadir.h"
#include "eventset.h"
#include "experiment_open.h"
#include "grid.h"
#include "listevents.h"
#include "sysfs.h"
#include "uncore.h"

static const char *
string(const json_t *o, const char *key)
{
	const char *s = json_string_value(json_object_get(o, key));

	return s ? s : "";
}

static void
event_row(struct grid *g, const json_t *o)
{
	const bool here = json_is_true(json_object_get(o, "here"));

	grid_row(g, (const char *[]){ string(o, "event"), here ? string(o, "scope") : "n/a",
				      here ? string(o, "unit") : "",
				      string(o, "proof"), string(o, here ? "doc" : "why") });
}

/* When none of them can be counted, the first reason says it for all. */
static const char *
set_reason(const json_t *events, size_t *here)
{
	const char *why = "";
	size_t k;
	json_t *e;

	*here = 0;
	json_array_foreach(events, k, e) {
		*here += json_is_true(json_object_get(e, "here"));
		if (!why[0])
			why = string(e, "why");
	}
	return why;
}

static void
set_row(struct grid *g, const json_t *o)
{
	const json_t *events = json_object_get(o, "events");
	size_t here;
	const char *why = set_reason(events, &here);
	char count[48], what[1200];

	snprintf(count, sizeof count, "%zu of %zu", here, json_array_size(events));
	snprintf(what, sizeof what, "%s%s%s", string(o, "doc"), why[0] ? "; " : "", why);
	grid_row(g, (const char *[]){ string(o, "set"), count, what });
}

/* Some hundred core events that all lack the same thing are one line. */
static json_t *
without_core(const json_t *events)
{
	json_t *few = json_array(), *o;
	size_t k, missing = 0;

	json_array_foreach(events, k, o)
		if (strcmp(string(o, "kind"), "core") != 0 || json_is_true(json_object_get(o, "here")))
			json_array_append(few, o);
		else if (missing++ == 0)
			json_array_append_new(few, json_pack("{s:s, s:b, s:s, s:s}", "event", "core (libpfm4)", "here", 0, "proof", "n/a",
							     "why", string(o, "why")));
	return few;
}

static int
print_events(FILE *f, const json_t *events)
{
	struct grid *g = grid_new();
	size_t k;
	json_t *o;

	grid_column(g, "EVENT", 0);
	grid_column(g, "SCOPE", 0);
	grid_column(g, "UNIT", 0);
	grid_column(g, "PROOF", 0);
	grid_column(g, "WHAT IT COUNTS, OR WHY IT CANNOT", GRID_WRAP);
	json_array_foreach(events, k, o)
		event_row(g, o);
	return grid_print(g, f);
}

static int
print_sets(FILE *f, const json_t *sets)
{
	struct grid *g = grid_new();
	size_t k;
	json_t *o;

	grid_column(g, "SET", 0);
	grid_column(g, "HERE", 0);
	grid_column(g, "WHAT IT IS FOR", GRID_WRAP);
	json_array_foreach(sets, k, o)
		set_row(g, o);
	return grid_print(g, f);
}

static int
print_tables(FILE *f, const json_t *all)
{
	json_t *few = without_core(json_object_get(all, "events"));
	int rc = print_events(f, few);

	fputc('\n', f);
	if (rc == 0)
		rc = print_sets(f, json_object_get(all, "sets"));
	json_decref(few);
	return rc;
}

struct found { json_t *events; const char *why; char *last; };

/* One event: can it be counted here, and what is it or why not. */
static json_t *
event_json(const char *text, const char *doc)
{
	char why[512] = "";
	struct event *e = malloc(sizeof *e);
	json_t *o;
	int rc = e ? event_parse(e, text, why, sizeof why) : -ENOMEM;

	if (rc == 0)
		rc = counters_try(e, why, sizeof why);
	o = json_pack("{s:s, s:b, s:s}", "event", text, "here", rc == 0, "doc", doc);
	if (e && rc == 0) {
		json_object_set_new(o, "kind", json_string(event_kind_name((enum event_kind)e->kind)));
		json_object_set_new(o, "scope", json_string(event_scope_name((enum event_scope)e->scope)));
		if (e->unit[0])
			json_object_set_new(o, "unit", json_string(e->unit));
		if (e->nplace)
			json_object_set_new(o, "counters", json_integer(e->nplace));
	} else {
		json_object_set_new(o, "why", json_string(why[0] ? why : strerror(-rc)));
	}
	free(e);
	return o;
}

static int
add_core(const char *pmu, const char *name, const char *doc, void *arg)
{
	struct found *f = arg;
	json_t *o = json_pack("{s:s, s:b, s:s, s:s, s:s}", "event", name, "here", !f->why, "doc", doc ? doc : "",
			      "kind", "core", "pmu", pmu);

	if (f->why)
		json_object_set_new(o, "why", json_string(f->why));
	return json_array_append_new(f->events, o);
}

/* uncore_imc_3 -> uncore_imc */
static void
family(char *name)
{
	char *end = strrchr(name, '_');

	if (end && end != name && end[1] && strspn(end + 1, "0123456789") == strlen(end + 1))
		*end = 0;
}

static int
visible(const struct dirent *d)
{
	return d->d_name[0] != '.';
}

static int
named(const struct dirent *d)
{
	return !strchr(d->d_name, '.');	/* NAME.scale and NAME.unit belong to NAME */
}

/* The named events of a PMU, once for all its instances. */
static int
add_pmu(struct found *f, const struct sysdir *devices, const char *name)
{
	char base[NAME_MAX + 1], path[PATH_MAX + NAME_MAX + 16], text[EVENT_TEXT_MAX];
	struct dirent **entry;
	int n;

	snprintf(base, sizeof base, "%s", name);
	family(base);
	if (strcmp(base, f->last) == 0)
		return 0;
	strcpy(f->last, base);
	snprintf(path, sizeof path, "%s/%s/events", devices->path, name);
	n = scandir(path, &entry, named, versionsort);
	for (int k = 0; k < n; k++) {
		if ((size_t)snprintf(text, sizeof text, "%.60s/%.90s/", base, entry[k]->d_name) < sizeof text)
			json_array_append_new(f->events, event_json(text, "named by sysfs"));
		free(entry[k]);
	}
	if (n >= 0)
		free(entry);
	return 0;
}

static void
add_pmus(struct found *f)
{
	char last[NAME_MAX + 1] = "";
	struct dirent **entry;
	struct sysdir devices;
	int n;

	if (sysfs_dir(&devices, "bus/event_source/devices") < 0)
		return;
	f->last = last;
	n = scandir(devices.path, &entry, visible, versionsort);
	for (int k = 0; k < n; k++) {
		add_pmu(f, &devices, entry[k]->d_name);
		free(entry[k]);
	}
	if (n >= 0)
		free(entry);
}

/* Whether there are probes and tracepoints at all is seen by one that every kernel has. */
static void
add_forms(json_t *events)
{
	static const struct { const char *form, *example, *doc; } form[] = {
		{ "kprobe:FUNCTION", "kprobe:vfs_write", "calls of a kernel function; MODULE:FUNCTION; kretprobe: returns" },
		{ "SUBSYSTEM:NAME", "sched:sched_switch", "a tracepoint (ls /sys/kernel/tracing/events)" },
	};

	for (size_t k = 0; k < 2; k++) {
		json_t *o = event_json(form[k].example, form[k].doc);

		json_object_set_new(o, "event", json_string(form[k].form));
		json_array_append_new(events, o);
	}
}

static json_t *
events_json(void)
{
	json_t *events = json_array(), *cycles = event_json("cycles", "");
	struct found f = { .events = events };

	for (const struct event_software *s = event_software; s->name; s++)
		json_array_append_new(events, event_json(s->name, s->doc));
	add_forms(events);
	add_pmus(&f);
	/* Opening each of some hundred would cost a second and many need a unit mask: where
	 * cycles can be counted, so can the others. */
	f.why = json_string_value(json_object_get(cycles, "why"));
	event_each_core(add_core, &f);
	json_decref(cycles);
	return events;
}

/* Known loads for a set that is for this CPU: its rows say checked, open or n/a. */
static void
prove(const struct eventset *s, json_t *events)
{
	size_t k;
	json_t *e;

	json_array_foreach(events, k, e)
		json_object_set(e, "available", json_object_get(e, "here"));
	answers_check(s, events, -1);
	answers_close(events);
	json_array_foreach(events, k, e)
		json_object_del(e, "available");
}

/* An event that a set proves needs no load of its own. */
static void
copy_proofs(json_t *events, const json_t *sets)
{
	size_t i, k, m;
	json_t *e, *set, *of;

	json_array_foreach(sets, i, set)
		json_array_foreach(json_object_get(set, "events"), k, of)
			json_array_foreach(events, m, e)
				if (json_equal(json_object_get(e, "event"), json_object_get(of, "event")))
					json_object_set(e, "proof", json_object_get(of, "proof"));
	json_array_foreach(events, m, e)
		if (!json_object_get(e, "proof"))
			json_object_set_new(e, "proof", json_string(json_is_true(json_object_get(e, "here")) ? "open" : "n/a"));
}

static json_t *
set_json(const struct eventset *s)
{
	json_t *events = json_array(), *metrics = json_array(), *o, *e;
	char why[512] = "";
	int fits = eventset_fits(s, why, sizeof why) == 0;

	for (size_t k = 0; k < s->nevent; k++) {
		e = fits ? event_json(s->event[k].text, "") :
		    json_pack("{s:s, s:b, s:s, s:s}", "event", s->event[k].text, "here", 0, "doc", "", "why", why);
		json_object_set_new(e, "name", json_string(s->event[k].name));
		json_array_append_new(events, e);
	}
	prove(s, events);
	for (size_t k = 0; k < s->nmetric; k++)
		json_array_append_new(metrics, json_pack("{s:s, s:s, s:s}", "metric", s->metric[k].name,
			"unit", s->metric[k].unit, "formula", s->metric[k].formula));
	o = json_pack("{s:s, s:s, s:s, s:o, s:o}", "set", s->name, "doc", s->doc, "cpu", s->cpu,
		      "events", events, "metrics", metrics);
	return o;
}

static json_t *
sets_json(void)
{
	struct eventset *s = malloc(sizeof *s);
	json_t *sets = json_array();
	char dir[PATH_MAX], why[512];
	struct dirent **entry;
	int n;

	snprintf(dir, sizeof dir, "%.4000s/configs/events", data_dir());
	n = s ? eventset_list(dir, &entry) : -1;
	for (int k = 0; k < n; k++) {
		json_array_append_new(sets, eventset_load(s, dir, entry[k]->d_name, why, sizeof why) == 0 ? set_json(s) :
			json_pack("{s:s, s:s, s:[], s:[]}", "set", entry[k]->d_name, "doc", why, "events", "metrics"));
		free(entry[k]);
	}
	if (n >= 0)
		free(entry);
	free(s);
	return sets;
}

int
list_events(FILE *f, int json)
{
	json_t *all = json_pack("{s:o, s:o}", "events", events_json(), "sets", sets_json());
	int rc;

	if (!all)
		return -ENOMEM;
	copy_proofs(json_object_get(all, "events"), json_object_get(all, "sets"));
	if (json)
		rc = json_dumpf(all, f, JSON_INDENT(2)) < 0 || fputc('\n', f) == EOF ? -EIO : 0;
	else
		rc = print_tables(f, all);
	json_decref(all);
	return rc;
}
