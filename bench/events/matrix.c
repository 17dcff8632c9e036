/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "answer.h"
#include "counters.h"
#include "datadir.h"
#include "eventset.h"
#include "matrix.h"
#include "text.h"

struct asked {
	const struct config *config;
	char dir[PATH_BUF];			/* of event sets */
	const struct say *say;
	struct event_list *list;
	json_t *matrix;
};

static void
sets_dir(char *dir, size_t len)
{
	snprintf(dir, len, "%s/configs/events", data_dir());
}

static const char *
text_of(const json_t *row, const char *key)
{
	const char *s = json_string_value(json_object_get(row, key));

	return s ? s : "";
}

static json_t *
row_of(const json_t *matrix, const char *event)
{
	size_t i;
	json_t *row;

	json_array_foreach(matrix, i, row)
		if (strcmp(text_of(row, "event"), event) == 0)
			return row;
	return NULL;
}

/* Its row, anew: an event of a set for other CPUs may be asked for by itself as well. */
static int
put_row(json_t *matrix, const char *text, const struct event *e, const char *why)
{
	json_t *row = row_of(matrix, text);

	if (row)
		json_object_clear(row);
	else if (json_array_append_new(matrix, row = json_object()) < 0)
		return -ENOMEM;
	json_object_set_new(row, "event", json_string(text));
	json_object_set_new(row, "available", json_boolean(e != NULL));
	json_object_set_new(row, "why", json_string(why));
	if (e) {
		json_object_set_new(row, "scope", json_string(event_scope_name(e->scope)));
		json_object_set_new(row, "scale", json_real(e->scale));
		json_object_set_new(row, "unit", json_string(e->unit));
	}
	return 0;
}

/* Nobody's name: it may have been meant to be a set's. */
static void
guess_set(const struct asked *a, const char *text, char *why, size_t len)
{
	char best[NAME_MAX + 1];

	if (!strstr(why, "did you mean") && eventset_near(a->dir, text, best, sizeof best))
		snprintf(why, len, "unknown event '%s'; did you mean the event set '%s'?", text, best);
}

static int
add(struct asked *a, const char *text)
{
	char why[512] = "";
	json_t *row = row_of(a->matrix, text);
	struct event *e = NULL;
	int rc;

	if (row && !json_object_get(row, "set"))
		return 0;
	rc = event_add(a->list, text, why, sizeof why);
	/* A wrong form is the config's fault, a machine without the event is not. */
	if (rc == -EINVAL || rc == -E2BIG) {
		say(a->say, SAY_WARN, "%s: events: %s", a->config->file, why);
		return rc;
	}
	if (rc == -ENOENT)
		guess_set(a, text, why, sizeof why);
	if (rc == 0) {
		e = &a->list->event[a->list->n - 1];
		rc = counters_try(e, why, sizeof why);
		if (rc < 0) {
			a->list->n--;
			e = NULL;
		}
	}
	if (rc < 0)
		say(a->say, SAY_WARN, "event %s is not counted: %s", text, why);
	return put_row(a->matrix, text, e, why);
}

/* Of a set for other CPUs: its codes mean other things here. */
static int
refuse_set(struct asked *a, const struct eventset *set, const char *why)
{
	int rc = 0;

	say(a->say, SAY_WARN, "event set %s is not counted: %s", set->name, why);
	for (size_t k = 0; rc == 0 && k < set->nevent; k++) {
		const char *text = set->event[k].text;

		if (row_of(a->matrix, text))
			continue;
		rc = put_row(a->matrix, text, NULL, why);
		if (rc == 0)
			rc = json_object_set_new(row_of(a->matrix, text), "set", json_string(set->name));
	}
	return rc;
}

static int
add_set(struct asked *a, const struct eventset *set)
{
	char why[256];
	int rc = 0;

	if (eventset_fits(set, why, sizeof why) < 0)
		return refuse_set(a, set, why);
	for (size_t k = 0; rc == 0 && k < set->nevent; k++)
		rc = add(a, set->event[k].text);
	return rc;
}

/* Of all sets: an event that was asked for by itself may have an answer in one. */
static void
check_answers(const struct asked *a, struct eventset *set, int node)
{
	struct dirent **entry;
	char why[512];
	const int n = eventset_list(a->dir, &entry);

	for (int k = 0; k < n; k++) {
		if (a->list->n && eventset_load(set, a->dir, entry[k]->d_name, why, sizeof why) == 0 &&
		    eventset_fits(set, why, sizeof why) == 0)
			answers_check(set, a->matrix, node);
		free(entry[k]);
	}
	if (n >= 0)
		free(entry);
	answers_close(a->matrix);
}

int
matrix_list(const struct config *c, struct event_list *list, json_t **matrix, int node, const struct say *to)
{
	struct eventset *set = malloc(sizeof *set);
	struct asked a = { .config = c, .say = to, .list = list, .matrix = *matrix = json_array() };
	char why[512];
	int rc = set && *matrix ? 0 : -ENOMEM;

	memset(list, 0, sizeof *list);
	sets_dir(a.dir, sizeof a.dir);
	for (size_t k = 0; rc == 0 && k < c->nevent; k++) {
		rc = eventset_load(set, a.dir, c->event[k], why, sizeof why);
		if (rc == 0)
			rc = add_set(&a, set);
		else if (rc == -ENOENT)
			rc = add(&a, c->event[k]);
		else
			say(to, SAY_WARN, "%s", why);
	}
	if (rc == 0)
		check_answers(&a, set, node);
	free(set);
	return rc;
}

/* Names and formulas, so that a report of this run needs nothing but its directory. */
static json_t *
set_json(const struct eventset *set)
{
	json_t *events = json_array(), *metrics = json_array();

	for (size_t k = 0; k < set->nevent; k++)
		json_array_append_new(events, json_pack("{s:s, s:s}", "name", set->event[k].name,
			"event", set->event[k].text));
	for (size_t k = 0; k < set->nmetric; k++)
		json_array_append_new(metrics, json_pack("{s:s, s:s, s:s}", "name", set->metric[k].name,
			"unit", set->metric[k].unit, "formula", set->metric[k].formula));
	return json_pack("{s:s, s:s, s:o, s:o}", "name", set->name, "doc", set->doc,
		"events", events, "metrics", metrics);
}

json_t *
matrix_sets(const struct config *c)
{
	struct eventset *set = malloc(sizeof *set);
	json_t *all = json_array();
	char dir[PATH_BUF], why[512];

	sets_dir(dir, sizeof dir);
	for (size_t k = 0; set && k < c->nevent; k++)
		if (eventset_load(set, dir, c->event[k], why, sizeof why) == 0 &&
		    eventset_fits(set, why, sizeof why) == 0)
			json_array_append_new(all, set_json(set));
	free(set);
	return all;
}

static bool
was_counted(json_t *row)
{
	if (json_object_get(row, "counted"))
		return false;
	json_object_set_new(row, "counted", json_true());
	json_object_set_new(row, "available", json_true());
	return true;
}

/* It could be opened, and then was not counted.  Available all the same when another repeat had
 * it. */
static bool
was_lost(json_t *row, const struct event *e, int rc, const struct say *to)
{
	const bool before = json_object_get(row, "counted");
	char why[512];

	if (*text_of(row, "why"))
		return false;
	event_refused(e, rc, why, sizeof why);
	say(to, SAY_WARN, "event %s is not counted%s: %s", e->text, before ? " in every repeat" : "", why);
	json_object_set_new(row, "why", json_string(why));
	json_object_set_new(row, "available", json_boolean(before));
	return true;
}

bool
matrix_seen(json_t *matrix, const struct event_list *l, const struct counter_value *v, uint32_t n,
	      const struct say *to)
{
	bool news = false;
	double count;

	for (uint32_t k = 0; k < n && k < l->n; k++) {
		json_t *row = row_of(matrix, l->event[k].text);
		const int rc = counter_estimate(&v[k], &count);

		/* Without a window there was nothing to count. */
		if (row && (v[k].rc || v[k].enabled_ns))
			news |= rc < 0 ? was_lost(row, &l->event[k], rc, to) : was_counted(row);
	}
	return news;
}
