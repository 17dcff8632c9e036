/* SPDX-License-Identifier: BSD-2-Clause */
#include "pivot.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"

/* What may have to be added, in this order; behind it come the parameters. */
static const char *const others[] = {
	"run", "target", "kernel", "size", "threads", "mode", "pattern", "stride", "placement", "smt", "cpus", "gap", "line", "tlb",
	"working_set", "preparation", "map_sync", "o_sync", "page_size", "label", "metric",
};
enum { OTHERS = sizeof others / sizeof *others, EXTRAS_MAX = OTHERS + 32 };

static bool
has(const struct figure_names *n, const char *name)
{
	for (size_t i = 0; i < n->n; i++)
		if (strcmp(n->name[i], name) == 0 ||
		    (strncmp(name, "p_", 2) == 0 && strcmp(n->name[i], name + 2) == 0))
			return true;
	return false;
}

/* What series stand for: of heat the rows. */
static const struct figure_names *
rows_of(const struct figure *f)
{
	return f->form == FORM_HEAT ? &f->y.name : &f->series;
}

static const char *
joined(struct arena *mem, const struct figure_names *n, const struct pick *k, const char *between)
{
	const char *out = "";

	for (size_t i = 0; i < n->n; i++) {
		const char *v = strcmp(n->name[i], "target") == 0 && *between == ';' ? chart_target_title(mem, k->p)
			: chart_say(mem, n->name[i], pick_field(k, n->name[i]));

		if (*v)
			out = *out ? arena_printf(mem, "%s%s%s", out, between, v) : v;
	}
	return out;
}

/* The number that x is; NaN: a word. */
static double
place(const struct pivot *pv, const struct pick *k)
{
	const char *name = pv->x.name[0], *v;
	uint64_t n;
	char *end;
	double d;

	if (strcmp(name, "order") == 0)
		return k->order;
	v = pick_field(k, name);
	if (pv->x.n > 1)
		return NAN;
	if (text_size(v, &n) == 0)
		return (double)n;
	d = strtod(v, &end);
	return *v && *end == '\0' ? d : NAN;
}

static bool
categories(const struct figure *f)
{
	return f->form == FORM_ROWS || f->form == FORM_MATRIX || f->form == FORM_BARS || f->form == FORM_STACK || f->x.scale == SCALE_WORDS;
}

/* A number needs no words where its axis has a label. */
static const char *
word_of(const struct pivot *pv, const struct figure_names *n, const struct pick *k)
{
	const char *v = pick_field(k, n->n ? n->name[0] : "");

	return n->n == 1 && v[strspn(v, "0123456789KMGT.")] == '\0' ? v : joined(pv->mem, n, k, " ");
}

static struct entry
entry(const struct pivot *pv, const struct pick *k)
{
	return (struct entry){
		.k = k, .panel = joined(pv->mem, &pv->panel, k, "; "),
		.series = pv->f->form == FORM_HEAT ? word_of(pv, &pv->series, k) : joined(pv->mem, &pv->series, k, " "),
		.word = word_of(pv, &pv->x, k), .x = k->hist ? 0 : place(pv, k),
	};
}

/* What has no x is not of the figure. */
static void
fill(struct pivot *pv)
{
	pv->words = categories(pv->f) || pv->f->form == FORM_HEAT;
	pv->n = 0;
	for (size_t i = 0; i < pv->all->n; i++) {
		const struct entry e = entry(pv, &pv->all->v[i]);

		if (isnan(e.x) && *e.word == '\0')
			continue;
		pv->e[pv->n++] = e;
		pv->words |= isnan(e.x);
	}
}

static int
by_key(const void *a, const void *b)
{
	const struct entry *x = *(struct entry *const *)a, *y = *(struct entry *const *)b;
	int d = strcmp(x->panel, y->panel);

	if (d == 0)
		d = strcmp(x->series, y->series);
	if (d == 0)
		d = strcmp(x->word, y->word);
	return d;
}

static struct entry **
sorted(const struct pivot *pv)
{
	struct entry **s = arena_alloc(pv->mem, pv->n + 1, sizeof *s);

	for (size_t i = 0; i < pv->n; i++)
		s[i] = &pv->e[i];
	if (pv->n > 0)
		qsort(s, pv->n, sizeof *s, by_key);
	return s;
}

/* Columns that may tell rows apart; a ladder has one row for all sizes and thread counts. */
static size_t
candidates(const struct pivot *pv, const char **out)
{
	static const char *const rung[] = { "size", "threads", "mode", "gap", "line", "metric", "cpus", "smt" };
	const bool rungs = pv->f->data == DATA_LADDER || pv->f->data == DATA_COUNTERS;
	const struct figure_names skip = { .n = rungs ? 8 : 0,
					   .name = { rung[0], rung[1], rung[2], rung[3], rung[4], rung[5], rung[6], rung[7] } };
	size_t n = 0;

	/* Classes of one cell are added up, but not those of another run. */
	if (pv->f->data == DATA_CLASSES)
		return out[0] = "run", 1;
	for (size_t i = 0; i < OTHERS; i++)
		if (!has(&skip, others[i]) && (pv->f->y.name.n > 1 || strcmp(others[i], "metric") != 0))
			out[n++] = others[i];
	for (size_t r = 0; r < pv->all->ninput; r++) {
		const struct run *run = pv->all->input[r].s->run;

		for (size_t i = 0; i < run->ncolumn && n < EXTRAS_MAX; i++) {
			size_t k = 0;

			while (k < n && strcmp(out[k], run->column[i]) != 0)
				k++;
			if (k == n && strncmp(run->column[i], "p_", 2) == 0)
				out[n++] = run->column[i];
		}
	}
	return n;
}

/* Where a column goes that tells rows apart: targets and sizes have panels of their own, and runs
 * where there is no line to give them. */
static struct figure_names *
home(struct pivot *pv, const char *name)
{
	static const struct figure_names panel = { 3, { "target", "size", "threads" } };

	if (has(&panel, name) || pv->f->form == FORM_HEAT || (categories(pv->f) && strcmp(name, "run") == 0))
		return &pv->panel;
	return categories(pv->f) ? &pv->x : &pv->series;
}

/* Add what differs among rows that would stand in one place. */
static bool
tell_apart(struct pivot *pv)
{
	struct entry **s = sorted(pv);
	const char *name[EXTRAS_MAX];
	bool differs[EXTRAS_MAX] = { false }, any = false;
	const size_t n = candidates(pv, name);

	for (size_t i = 0, first = 0; i < pv->n; i++) {
		if (by_key(&s[i], &s[first]) != 0)
			first = i;
		for (size_t c = 0; c < n && i > first; c++)
			if (!differs[c])
				differs[c] = strcmp(pick_field(s[i]->k, name[c]), pick_field(s[first]->k, name[c])) != 0;
	}
	for (size_t c = 0; c < n; c++) {
		struct figure_names *to = home(pv, name[c]);

		if (!differs[c] || has(&pv->x, name[c]) || has(&pv->series, name[c]) || has(&pv->panel, name[c]) ||
		    to->n == NAMES_MAX)
			continue;
		if (strcmp(name[c], "run") == 0 && to == &pv->panel) {
			memmove(to->name + 1, to->name, to->n * sizeof *to->name);
			to->name[0] = name[c];
			to->n++;
		} else {
			to->name[to->n++] = name[c];
		}
		any = true;
	}
	return any;
}

/* Are there two values of it?  Where it does not apply is none. */
static bool
varies(const struct pivot *pv, const char *field)
{
	const char *first = "";

	for (size_t i = 0; i < pv->n; i++) {
		const char *v = pick_field(pv->e[i].k, field);

		if (*v && *first && strcmp(v, first) != 0)
			return true;
		first = *first ? first : v;
	}
	return false;
}

/* Is there something to see?  A ladder shows what its rows are worth, even one. */
static bool
along_x(const struct pivot *pv)
{
	bool x = pv->f->data == DATA_HIST || pv->f->data == DATA_LADDER || pv->f->data == DATA_CLASSES;

	for (size_t i = 1; i < pv->n && !x; i++)
		x = strcmp(pv->e[i].word, pv->e[0].word) != 0 || (!pv->words && pv->e[i].x != pv->e[0].x);
	for (size_t i = 0; i < pv->f->vary.n && x; i++)
		x = varies(pv, pv->f->vary.name[i]);
	return x && pv->n > 0;
}

/* Series of one place make no line: leave them out where others make one. */
static void
drop_single(struct pivot *pv)
{
	struct entry **s = sorted(pv);
	struct entry *kept = arena_alloc(pv->mem, pv->n + 1, sizeof *kept);
	bool *line = arena_alloc(pv->mem, pv->n + 1, sizeof *line), any = false;
	size_t n = 0;

	for (size_t i = 0, j; i < pv->n; i = j) {
		bool two = false;

		for (j = i; j < pv->n && strcmp(s[i]->panel, s[j]->panel) == 0 && strcmp(s[i]->series, s[j]->series) == 0; j++)
			two |= strcmp(s[i]->word, s[j]->word) != 0;
		for (size_t k = i; k < j; k++)
			line[s[k] - pv->e] = two;
		any |= two;
		pv->single += !two;
	}
	if (!any) {
		pv->single = 0;
		return;
	}
	for (size_t i = 0; i < pv->n; i++)
		if (line[i])
			kept[n++] = pv->e[i];
	pv->e = kept;
	pv->n = n;
}

/* What is the same everywhere tells nothing apart: of the head's own the first is kept. */
static void
prune(struct pivot *pv)
{
	struct figure_names *const all[] = { &pv->x, &pv->series, &pv->panel };
	const struct figure_names *const own[] = { &pv->f->x.name, rows_of(pv->f), &pv->f->panel };

	for (size_t i = 0; i < 3; i++) {
		size_t kept = 0;

		for (size_t k = 0; k < all[i]->n; k++)
			if ((own[i]->n > 0 && strcmp(own[i]->name[0], all[i]->name[k]) == 0) || (i == 2 && has(own[i], all[i]->name[k])) || varies(pv, all[i]->name[k]))
				all[i]->name[kept++] = all[i]->name[k];
		all[i]->n = kept;
	}
	for (size_t i = 0; i < pv->n; i++)
		pv->e[i] = entry(pv, pv->e[i].k);
}

void
pivot_make(struct pivot *pv, struct arena *mem, const struct figure *f, const struct picks *all)
{
	*pv = (struct pivot){ .mem = mem, .f = f, .all = all, .x = f->x.name, .series = *rows_of(f), .panel = f->panel,
			      .e = arena_alloc(mem, all->n + 1, sizeof *pv->e) };
	fill(pv);
	if (f->data != DATA_REPEATS && tell_apart(pv)) {
		fill(pv);
		if (f->data == DATA_SUMMARY && f->form == FORM_LINES)
			drop_single(pv);
	} else if (f->data == DATA_SUMMARY && f->form == FORM_LINES) {
		drop_single(pv);
	}
	prune(pv);
	pv->varies = along_x(pv);
}
