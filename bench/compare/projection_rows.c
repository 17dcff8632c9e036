/* SPDX-License-Identifier: BSD-2-Clause */
/* The rows, columns and cells of projection.h. */
#include <errno.h>
#include <string.h>
#include "projection_part.h"
#include "why.h"

/* Open addressing; a slot holds 1 + the index of a row. */
struct rows { struct project *x; struct projection *p; uint32_t *slot; size_t size, room; struct project_axis **key, **col; size_t ncol; };

const char *
project_value(const struct project *x, const struct project_axis *a, size_t source, const struct run_point *p)
{
	const char *v = a->at[source] < 0 ? "" : p->field[a->at[source]];

	if (!a->role || x->source[source].side == 0)
		return v;
	for (size_t i = 0; i < x->nmatch; i++)
		if (strcmp(x->match[i].other, v) == 0)
			return x->match[i].first;
	/* Its own name was given to another role. */
	for (size_t i = 0; i < x->nmatch; i++)
		if (strcmp(x->match[i].first, v) == 0)
			return arena_printf(x->mem, "%s (not matched)", v);
	return v;
}

static uint64_t
hash(const char *const *value, size_t n)
{
	uint64_t h = 0xcbf29ce484222325u;

	for (size_t i = 0; i < n; i++) {
		for (const char *s = value[i]; *s; s++)
			h = (h ^ (unsigned char)*s) * 0x100000001b3u;
		h = (h ^ 0xff) * 0x100000001b3u;
	}
	return h ^ h >> 31;
}

static bool
same(const char *const *a, const char *const *b, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(a[i], b[i]) != 0)
			return false;
	return true;
}

static uint32_t *
slot_of(const struct rows *r, const char *const *value)
{
	size_t i = hash(value, r->p->naxis) & (r->size - 1);

	while (r->slot[i] && !same(r->p->row[r->slot[i] - 1].value, value, r->p->naxis))
		i = (i + 1) & (r->size - 1);
	return &r->slot[i];
}

static struct projected *
row_of(struct rows *r, size_t source, const struct run_point *point)
{
	struct projection *p = r->p;
	const char **value = arena_alloc(p->mem, p->naxis + 1, sizeof *value);
	uint32_t *slot;

	for (size_t i = 0; i < p->naxis; i++)
		value[i] = project_value(r->x, r->key[i], source, point);
	slot = slot_of(r, value);
	if (*slot == 0) {
		p->row = arena_grow(p->mem, p->row, p->nrow, sizeof *p->row);
		p->row[p->nrow] = (struct projected){
			.value = value, .cell = arena_alloc(p->mem, p->ncolumn, sizeof(struct place *)),
		};
		*slot = (uint32_t)++p->nrow;
	}
	return &p->row[*slot - 1];
}

/* The values of the columns' axes, with the parameters that tell points of this kernel apart.
 * NULL: the axes do not apply to it. */
static const char *
label_of(struct rows *r, size_t source, const struct run_point *p)
{
	const char *label = "";
	bool kernel = false, any = false;

	for (size_t i = 0; i < r->ncol; i++) {
		const char *v = project_value(r->x, r->col[i], source, p);

		label = arena_printf(r->p->mem, "%s%s%s", label, *label ? " " : "", *v ? v : "-");
		kernel |= strcmp(r->col[i]->name, "kernel") == 0;
		any |= *v != '\0';
	}
	if (!any)
		return NULL;
	for (size_t i = 0; i < r->x->naxis && kernel; i++) {
		const struct project_axis *a = &r->x->axis[i];
		const char *v = project_value(r->x, a, source, p);

		if (strncmp(a->name, "p_", 2) == 0 && !a->row && a->many && *v)
			label = arena_printf(r->p->mem, "%s %s=%s", label, a->name + 2, v);
	}
	return label;
}

static size_t
column_of(const struct projection *p, const char *label)
{
	size_t i = 0;

	while (i < p->ncolumn && strcmp(p->column[i], label) != 0)
		i++;
	return i;
}

/* All labels first: cells are as wide as there are columns. */
static int
make_columns(struct rows *r, const char *base)
{
	struct projection *p = r->p;
	struct project *x = r->x;
	size_t at;

	for (size_t s = 0; s < x->nsource && !x->by_side; s++)
		for (size_t k = 0; k < x->source[s].run->npoint; k++) {
			const struct run_point *point = &x->source[s].run->point[k];
			const char *label;

			if (!x->keep[s][k] || point->state == RUN_SKIP)
				continue;
			label = label_of(r, s, point);
			if (label && column_of(p, label) == p->ncolumn) {
				p->column = arena_grow(p->mem, p->column, p->ncolumn, sizeof *p->column);
				p->column[p->ncolumn++] = label;
			}
		}
	if (x->by_side) {
		p->ncolumn = x->sides;
		p->column = arena_alloc(p->mem, x->sides, sizeof *p->column);
		for (size_t i = 0; i < x->sides; i++)
			p->column[i] = i < 26 ? arena_printf(p->mem, "%c", (char)('A' + i))
					      : arena_printf(p->mem, "S%zu", i + 1);
	}
	if (!x->by_side && p->ncolumn < 2)
		return why_set(x->why, x->whylen, EINVAL, p->ncolumn ? "--col: there is only one column, '%.64s': nothing "
			       "to compare" : "--col: no measured point states it%.0s", p->ncolumn ? p->column[0] : "");
	at = base ? column_of(p, base) : 0;
	if (base && at == p->ncolumn)
		return why_set(x->why, x->whylen, EINVAL, "--base: there is no column '%.64s'; the first is '%.64s'",
			       base, p->ncolumn ? p->column[0] : "");
	if (at > 0) {
		const char *first = p->column[at];

		memmove(p->column + 1, p->column, at * sizeof *p->column);
		p->column[0] = first;
	}
	return 0;
}

/* Names of the axes in which two points of one run differ; "" when they are the same. */
static const char *
difference(const struct project *x, size_t s, const struct run_point *a, const struct run_point *b)
{
	const char *list = "";

	for (size_t i = 0; i < x->naxis; i++) {
		int c = x->axis[i].at[s];

		if (x->axis[i].full && c >= 0 && strcmp(a->field[c], b->field[c]) != 0)
			list = arena_printf(x->mem, "%s%s%s", list, *list ? ", " : "", x->axis[i].name);
	}
	return list;
}

static int
put(struct rows *r, struct place **cell, size_t s, const struct run_point *p)
{
	struct place *place;

	for (place = *cell; place; place = place->next) {
		const char *in;

		if (place->source != s)
			continue;
		if (p->state == RUN_SKIP)
			return 0;
		if (place->point->state == RUN_SKIP) {
			place->point = p;
			return 0;
		}
		in = difference(r->x, s, place->point, p);
		if (!*in) {
			r->p->twice++;	/* the same experiment in two benches */
			return 0;
		}
		return why_set(r->x->why, r->x->whylen, EINVAL,
			       "%s: points %u and %u fall into one row and column; they differ in %s: "
			       "name that in --row, or choose with --filter",
			       r->x->source[s].run->dir, place->point->id, p->id, in);
	}
	place = arena_alloc(r->p->mem, 1, sizeof *place);
	*place = (struct place){ (uint32_t)s, p, *cell };
	*cell = place;
	return 0;
}

static int
fill(struct rows *r)
{
	struct project *x = r->x;
	int err = 0;

	for (size_t s = 0; s < x->nsource && err == 0; s++)
		for (size_t k = 0; k < x->source[s].run->npoint && err == 0; k++) {
			const struct run_point *p = &x->source[s].run->point[k];
			size_t c = x->source[s].side;

			if (!x->keep[s][k])
				continue;
			if (!x->by_side) {
				const char *label = label_of(r, s, p);

				c = label ? column_of(r->p, label) : r->p->ncolumn;
			}
			if (c < r->p->ncolumn)
				err = put(r, &row_of(r, s, p)->cell[c], s, p);
		}
	return err;
}

static void
mark_varying(struct projection *p)
{
	for (size_t i = 0; i < p->naxis; i++)
		for (size_t k = 1; k < p->nrow && !p->varies[i]; k++)
			p->varies[i] = strcmp(p->row[k].value[i], p->row[0].value[i]) != 0;
}

static bool
ends_word(char c)
{
	return c && strchr("_-./:,", c);
}

/* Of whole words: an axis of alpha-2026 and alert-2026 shares only the year. */
static struct shared
shared_of(const struct projection *p, size_t axis)
{
	struct shared s = { SIZE_MAX, SIZE_MAX };
	const char *first = NULL;
	size_t shortest = SIZE_MAX, n;

	for (size_t k = 0; k < p->nrow; k++) {
		const char *v = p->row[k].value[axis];
		const size_t len = strlen(v);

		if (len == 0)
			continue;
		first = first ? first : v;
		shortest = len < shortest ? len : shortest;
		for (n = 0; n < s.head && n < shortest && v[n] == first[n]; n++)
			;
		s.head = n;
		for (n = 0; n < s.tail && n < shortest && v[len - 1 - n] == first[strlen(first) - 1 - n]; n++)
			;
		s.tail = n;
	}
	if (!first)
		return (struct shared){ 0, 0 };
	while (s.head > 0 && !ends_word(first[s.head - 1]))
		s.head--;
	s.tail = s.tail > shortest - s.head ? shortest - s.head : s.tail;
	while (s.tail > 0 && !ends_word(first[strlen(first) - s.tail]))
		s.tail--;
	return s;
}

/* What a kernel's rows have in common does not tell them apart: its only fence, the bench it has
 * alone. */
static void
mark_differing(struct projection *p)
{
	struct projected **first = arena_alloc(p->mem, p->nrow, sizeof *first);
	bool **differs = arena_alloc(p->mem, p->nrow, sizeof *differs);
	size_t kernel = 0, n = 0, g;

	while (kernel < p->naxis && strcmp(p->axis[kernel], "kernel") != 0)
		kernel++;
	for (size_t k = 0; k < p->nrow; k++) {
		struct projected *row = &p->row[k];

		for (g = 0; g < n && kernel < p->naxis && strcmp(first[g]->value[kernel], row->value[kernel]) != 0; g++)
			;
		if (g == n) {
			differs[n] = arena_alloc(p->mem, p->naxis + 1, sizeof **differs);
			first[n++] = row;
		}
		row->differs = differs[g];
		for (size_t i = 0; i < p->naxis; i++)
			differs[g][i] |= strcmp(row->value[i], first[g]->value[i]) != 0;
	}
}

int
project_rows(struct projection *p, struct project *x, const char *base)
{
	struct rows r = { .x = x, .p = p };
	size_t points = 0;
	int err;

	r.key = arena_alloc(p->mem, x->naxis + 1, sizeof *r.key);
	r.col = arena_alloc(p->mem, x->naxis + 1, sizeof *r.col);
	p->axis = arena_alloc(p->mem, x->naxis + 1, sizeof *p->axis);
	p->varies = arena_alloc(p->mem, x->naxis + 1, sizeof *p->varies);
	for (size_t i = 0; i < x->naxis; i++) {
		if (x->axis[i].col)
			r.col[r.ncol++] = &x->axis[i];
		if (!x->axis[i].row)
			continue;
		r.key[p->naxis] = &x->axis[i];
		p->axis[p->naxis++] = x->axis[i].name;
	}
	for (size_t s = 0; s < x->nsource; s++)
		points += x->source[s].run->npoint;
	for (r.size = 64; r.size < 2 * points; r.size *= 2)
		;
	r.slot = arena_alloc(p->mem, r.size, sizeof *r.slot);
	err = make_columns(&r, base);
	if (err == 0)
		err = fill(&r);
	mark_varying(p);
	mark_differing(p);
	p->shared = arena_alloc(p->mem, x->naxis + 1, sizeof *p->shared);
	for (size_t i = 0; i < p->naxis; i++)
		p->shared[i] = shared_of(p, i);
	return err;
}
