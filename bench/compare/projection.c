/* SPDX-License-Identifier: BSD-2-Clause */
/* Which axes make the rows; the table itself is filled in projection_rows.c. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "projection_part.h"
#include "text.h"
#include "why.h"

/* Columns of points.csv that say what came out, or who it was; all others are axes. */
static const char *const no_axis[] = {
	"run_id", "host", "point", "bench", "target", "medium", "control", "moves", "notes", "durable",
	"why", "tested", "tested_bound", "status", NULL,
};

static bool
listed(const char *const *list, const char *name)
{
	for (; *list; list++)
		if (strcmp(*list, name) == 0)
			return true;
	return false;
}

/* Also without its p_. */
static int
column_of(const struct run *run, const char *name)
{
	char param[80];
	int i = run_column(run, name);

	snprintf(param, sizeof param, "p_%s", name);
	return i >= 0 ? i : run_column(run, param);
}

bool
projection_knows(void *arg, const char *name)
{
	const struct projection_names *n = arg;

	for (size_t i = 0; i < n->n; i++)
		if (column_of(n->source[i].run, name) >= 0)
			return true;
	return false;
}

/* A name as points.csv spells it. */
static const char *
spelt(const struct project *x, const char *name)
{
	for (size_t s = 0; s < x->nsource; s++) {
		int i = column_of(x->source[s].run, name);

		if (i >= 0)
			return x->source[s].run->column[i];
	}
	return name;
}

struct project_axis *
project_axis(struct project *x, const char *name)
{
	struct project_axis *a;
	bool known = false;

	name = spelt(x, name);
	for (size_t i = 0; i < x->naxis; i++)
		if (strcmp(x->axis[i].name, name) == 0)
			return &x->axis[i];
	x->axis = arena_grow(x->mem, x->axis, x->naxis, sizeof *x->axis);
	a = &x->axis[x->naxis];
	*a = (struct project_axis){ .name = name, .at = arena_alloc(x->mem, x->nsource, sizeof *a->at),
			    .role = strcmp(name, "role") == 0 };
	for (size_t s = 0; s < x->nsource; s++) {
		a->at[s] = column_of(x->source[s].run, name);
		known |= a->at[s] >= 0;
	}
	if (!known)
		return NULL;
	x->naxis++;
	return a;
}

static int
unknown(struct project *x, const char *option, const char *name)
{
	struct guess g;

	guess_start(&g, name);
	for (size_t i = 0; i < x->source[0].run->ncolumn; i++)
		guess_try(&g, x->source[0].run->column[i]);
	return why_set(x->why, x->whylen, EINVAL, "%s: there is no column '%.64s' in points.csv%s%s%s", option, name,
		       g.best ? "; did you mean '" : "", g.best ? g.best : "", g.best ? "'?" : "");
}

/* Take the names of --row or --col. */
static int
take_names(struct project *x, const char *list, const char *option, bool row)
{
	char *copy = arena_strdup(x->mem, list), *save = NULL;

	for (char *w = strtok_r(copy, ", ", &save); w; w = strtok_r(NULL, ", ", &save)) {
		struct project_axis *a = project_axis(x, w);

		if (!a)
			return unknown(x, option, w);
		a->row |= row;
		a->col |= !row;
	}
	return 0;
}

static bool
is_col(const struct project *x, const char *name)
{
	for (size_t i = 0; i < x->naxis; i++)
		if (x->axis[i].col && strcmp(x->axis[i].name, name) == 0)
			return true;
	return false;
}

/* What the column is about cannot be asked of the row as well. */
static bool
bound(const struct project *x, const char *name)
{
	if (is_col(x, name))
		return true;
	if (strcmp(name, "role") == 0)
		return is_col(x, "target") || is_col(x, "medium");
	return strncmp(name, "p_", 2) == 0 && is_col(x, "kernel");
}

/* Every axis, with what its values look like over the points that count. */
static void
survey(struct project *x)
{
	for (size_t s = 0; s < x->nsource; s++) {
		const struct run *run = x->source[s].run;

		for (size_t c = 0; c < run->ncolumn; c++)
			if (!listed(no_axis, run->column[c]))
				project_axis(x, run->column[c]);
	}
	for (size_t i = 0; i < x->naxis; i++) {
		struct project_axis *a = &x->axis[i];

		a->stated = arena_alloc(x->mem, x->sides, sizeof *a->stated);
		a->full = !listed(no_axis, a->name);
		for (size_t s = 0; s < x->nsource; s++)
			for (size_t k = 0; k < x->source[s].run->npoint; k++) {
				const char *v;

				if (!x->keep[s][k])
					continue;
				v = project_value(x, a, s, &x->source[s].run->point[k]);
				if (!*v)
					continue;
				a->stated[x->source[s].side] = true;
				a->many |= a->first && strcmp(a->first, v) != 0;
				a->first = a->first ? a->first : v;
			}
	}
}

static void
choose(struct project *x, const char *row)
{
	const char *comma = "";
	bool all;

	for (size_t i = 0; i < x->naxis; i++) {
		struct project_axis *a = &x->axis[i];

		if (row || !a->full || !a->many || bound(x, a->name))
			continue;
		all = true;
		for (size_t s = 0; s < x->sides; s++)
			all &= a->stated[s];
		a->row = all;
		if (all)
			continue;
		x->unstated = arena_printf(x->mem, "%s%s%s", x->unstated, comma, a->name);
		comma = ", ";
	}
}

/* Does a point of the first side, or of the others, have this role? */
static bool
has_role(struct project *x, bool first, const char *role, struct guess *g)
{
	bool found = false;

	guess_start(g, role);
	for (size_t s = 0; s < x->nsource; s++) {
		const struct run *run = x->source[s].run;
		int at = run_column(run, "role");

		for (size_t k = 0; k < run->npoint && at >= 0 && (x->source[s].side == 0) == first; k++) {
			guess_try(g, run->point[k].field[at]);
			found |= strcmp(run->point[k].field[at], role) == 0;
		}
	}
	return found;
}

static int
check_match(struct project *x, const struct match *m)
{
	struct guess g;
	bool first = has_role(x, true, m->first, &g);
	const char *role = first ? m->other : m->first;

	if (first && has_role(x, false, m->other, &g))
		return 0;
	return why_set(x->why, x->whylen, EINVAL, "--match: no point of %s has the role '%.64s'%s%s%s",
		       first ? "the other sides" : "the first side", role, g.best ? "; did you mean '" : "",
		       g.best ? g.best : "", g.best ? "'?" : "");
}

/* X=Y,... */
static int
take_match(struct project *x, const char *list)
{
	char *copy = arena_strdup(x->mem, list), *save = NULL;

	for (char *w = strtok_r(copy, ", ", &save); w; w = strtok_r(NULL, ", ", &save)) {
		char *equal = strchr(w, '=');

		if (!equal || equal == w || !equal[1])
			return why_set(x->why, x->whylen, EINVAL, "--match wants ROLE=ROLE,..., not '%.64s'", w);
		*equal = '\0';
		x->match = arena_grow(x->mem, x->match, x->nmatch, sizeof *x->match);
		x->match[x->nmatch] = (struct match){ w, equal + 1 };
		if (check_match(x, &x->match[x->nmatch++]) < 0)
			return -EINVAL;
	}
	return 0;
}

struct asking { const struct project *x; size_t source; const struct run_point *point; };

static const char *
asked(void *arg, const char *name)
{
	const struct asking *q = arg;
	int c = column_of(q->x->source[q->source].run, name);

	return c < 0 ? "" : q->point->field[c];
}

static int
sift(struct project *x, const struct filter *filter)
{
	bool any = false;

	x->keep = arena_alloc(x->mem, x->nsource, sizeof *x->keep);
	for (size_t s = 0; s < x->nsource; s++) {
		const struct run *run = x->source[s].run;

		x->keep[s] = arena_alloc(x->mem, run->npoint, sizeof **x->keep);
		for (size_t k = 0; k < run->npoint; k++)
			any |= x->keep[s][k] = !filter || filter_match(filter, asked,
						&(struct asking){ x, s, &run->point[k] });
	}
	return any || !filter ? 0 : why_set(x->why, x->whylen, EINVAL, "--filter: no point of any run is like that");
}

int
projection_make(struct projection *p, struct arena *mem, const struct compared_run *source, size_t nsource,
		size_t sides, const struct projection_spec *spec, char *why, size_t whylen)
{
	struct project x = {
		.mem = mem, .source = source, .nsource = nsource, .sides = sides, .why = why, .whylen = whylen,
		.unstated = "", .by_side = !spec->col,
	};
	int err = 0;

	for (size_t i = 0; i < spec->nmatch && err == 0; i++)
		err = take_match(&x, spec->match[i]);
	if (err == 0 && spec->row)
		err = take_names(&x, spec->row, "--row", true);
	if (err == 0 && spec->col)
		err = take_names(&x, spec->col, "--col", false);
	if (err == 0)
		err = sift(&x, spec->filter);
	if (err < 0)
		return err;
	survey(&x);
	choose(&x, spec->row);
	*p = (struct projection){ .mem = mem, .source = source, .nsource = nsource, .unstated = x.unstated };
	return project_rows(p, &x, spec->base);
}
