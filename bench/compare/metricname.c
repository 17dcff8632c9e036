/* SPDX-License-Identifier: BSD-2-Clause */
#include "metricname.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "csv.h"
#include "text.h"
#include "why.h"

enum { NAMES_MAX = 256, LIST_MAX = 12 };

struct metric_names { char *v[NAMES_MAX]; size_t n; };

static void
add(struct metric_names *l, const char *name)
{
	for (size_t i = 0; i < l->n; i++)
		if (strcmp(l->v[i], name) == 0)
			return;
	if (l->n < NAMES_MAX && (l->v[l->n] = strdup(name)) != NULL)
		l->n++;
}

static void
read_names(struct metric_names *l, const struct run *run)
{
	struct csv c;
	int col = csv_open(&c, run->fd, "reps.csv") < 0 ? -1 : csv_column(&c, "metric");

	while (col >= 0 && csv_next(&c) > 0)
		add(l, c.field[col]);
	csv_close(&c);
}

static int
say(const struct metric_names *l, const char *metric, char *why, size_t len)
{
	char list[LIST_MAX * 48] = "";
	struct guess g;
	size_t at = 0;

	guess_start(&g, metric);
	for (size_t i = 0; i < l->n; i++) {
		guess_try(&g, l->v[i]);
		if (i < LIST_MAX)
			at += (size_t)snprintf(list + at, sizeof list - at, "%s%.40s", i ? ", " : "", l->v[i]);
	}
	if (l->n == 0)
		return why_set(why, len, EINVAL, "--metric: these runs have no '%.64s', and no other metric", metric);
	if (g.best)
		return why_set(why, len, EINVAL, "--metric: these runs have no '%.64s'; did you mean '%s'?", metric, g.best);
	return why_set(why, len, EINVAL, "--metric: these runs have no '%.64s', but %s%s", metric, list,
		       l->n > LIST_MAX ? " ..." : "");
}

int
metricname_refuse(const struct compared_run *source, size_t n, const char *metric, char *why, size_t len)
{
	struct metric_names l = { .n = 0 };
	int err;

	for (size_t s = 0; s < n; s++)
		read_names(&l, source[s].run);
	err = say(&l, metric, why, len);
	for (size_t i = 0; i < l.n; i++)
		free(l.v[i]);
	return err;
}
