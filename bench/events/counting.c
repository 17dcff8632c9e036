/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "counters.h"
#include "counting.h"
#include "eventset.h"
#include "log.h"
#include "datadir.h"
#include "session.h"

static int
add(const struct config *c, struct event_list *list, json_t *matrix, const char *text)
{
	char why[512] = "";
	json_t *row;
	int rc = event_add(list, text, why, sizeof why);

	if (rc == -EEXIST)
		return 0;
	/* A wrong name is the config's fault, a machine without it is not. */
	if (rc == -EINVAL || rc == -E2BIG) {
		warn("%s: events: %s", c->file, why);
		return rc;
	}
	if (rc == 0 && (rc = counters_try(&list->event[list->n - 1], why, sizeof why)) < 0)
		list->n--;
	if (rc < 0)
		warn("event %s is not counted: %s", text, why);
	row = json_pack("{s:s, s:b, s:s}", "event", text, "available", rc == 0, "why", rc < 0 ? why : "");
	if (rc == 0) {
		const struct event *e = &list->event[list->n - 1];

		json_object_set_new(row, "scope", json_string(event_scope_name(e->scope)));
		json_object_set_new(row, "scale", json_real(e->scale));
		json_object_set_new(row, "unit", json_string(e->unit));
	}
	return json_array_append_new(matrix, row) == 0 ? 0 : -ENOMEM;
}

static int
add_set(const struct config *c, struct event_list *list, json_t *matrix, const struct eventset *set)
{
	char why[256];
	int rc = 0;

	if (eventset_fits(set, why, sizeof why) < 0) {
		warn("event set %s is not counted: %s", set->name, why);
		return json_array_append_new(matrix, json_pack("{s:s, s:b, s:s}", "event", set->name,
			"available", 0, "why", why)) == 0 ? 0 : -ENOMEM;
	}
	for (size_t k = 0; rc == 0 && k < set->nevent; k++)
		rc = add(c, list, matrix, set->event[k].text);
	return rc;
}

int
counting_list(const struct config *c, struct event_list *list, json_t **matrix)
{
	struct eventset *set = malloc(sizeof *set);
	char dir[4352], why[512];
	int rc = set ? 0 : -ENOMEM;

	memset(list, 0, sizeof *list);
	*matrix = json_array();
	snprintf(dir, sizeof dir, "%s/configs/events", data_dir());
	for (size_t k = 0; rc == 0 && k < c->nevent; k++) {
		rc = eventset_load(set, dir, c->event[k], why, sizeof why);
		if (rc == 0) {
			rc = add_set(c, list, *matrix, set);
		} else if (rc == -ENOENT) {
			rc = add(c, list, *matrix, c->event[k]);
		} else {
			warn("%s", why);
		}
	}
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
counting_sets(const struct config *c)
{
	struct eventset *set = malloc(sizeof *set);
	json_t *all = json_array();
	char dir[4352], why[512];

	snprintf(dir, sizeof dir, "%s/configs/events", data_dir());
	for (size_t k = 0; set && k < c->nevent; k++)
		if (eventset_load(set, dir, c->event[k], why, sizeof why) == 0 &&
		    eventset_fits(set, why, sizeof why) == 0)
			json_array_append_new(all, set_json(set));
	free(set);
	return all;
}
