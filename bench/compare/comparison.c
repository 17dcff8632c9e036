/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "comparison.h"
#include "text.h"
#include "why.h"

static bool
two_hosts(const struct compared_run *source, size_t n, uint32_t side)
{
	const char *host = NULL;

	for (size_t s = 0; s < n; s++) {
		if (source[s].side != side)
			continue;
		if (host && strcmp(host, run_host(source[s].run)) != 0)
			return true;
		host = run_host(source[s].run);
	}
	return false;
}

static bool
has_host(const struct compared_run *source, size_t n, uint32_t side, const char *host)
{
	for (size_t s = 0; s < n; s++)
		if (source[s].side == side && strcmp(run_host(source[s].run), host) == 0)
			return true;
	return false;
}

static void
choose_units(struct comparison *c, const struct compared_run *source, size_t n, size_t sides, bool columns)
{
	bool two = false, all = true;

	for (uint32_t side = 0; side < sides; side++) {
		two |= two_hosts(source, n, side);
		for (size_t s = 0; s < n; s++)
			all &= has_host(source, n, side, run_host(source[s].run));
	}
	c->unit = n <= sides ? UNIT_PROCESS : two ? UNIT_HOST : UNIT_RUN;
	c->paired = columns || (c->unit == UNIT_HOST && all);
	c->one_host = !two;
}

static void
miss(struct comparison *c, const struct projected *row, size_t column, const char *why)
{
	c->unmatched = arena_grow(c->p.mem, c->unmatched, c->nunmatched, sizeof *c->unmatched);
	c->unmatched[c->nunmatched++] = (struct unmatched){ row, c->p.column[column], why };
}

/* Why a cell has no number. */
static const char *
lacks(const struct comparison *c, const struct gather *g, const struct place *cell)
{
	const struct run_point *p = cell ? cell->point : NULL;
	size_t have, of;

	if (!cell)
		return "not there";
	if (p->state == RUN_SKIP || p->state == RUN_FAIL)
		return arena_printf(c->p.mem, "%s: %s", p->state == RUN_SKIP ? "skipped" : "failed", p->reason);
	if (gather_short(g, cell, &have, &of))
		return arena_printf(c->p.mem, "only %zu of %zu repeats have ops enough for %s", have, of, g->metric[0]);
	return g->nmetric > 1 ? "no repeats of a headline metric (--metric names another)" : "no repeats of this metric";
}

/* The units whose block stands on both sides; with keep the others are dropped. */
static size_t
common(struct numbers *a, struct numbers *b, bool keep)
{
	size_t i = 0, j = 0, n = 0;

	while (i < a->n && j < b->n) {
		if (a->block[i] < b->block[j]) {
			i++;
		} else if (a->block[i] > b->block[j]) {
			j++;
		} else {
			if (keep) {
				a->v[n] = a->v[i];
				b->v[n] = b->v[j];
			}
			i++;
			j++;
			n++;
		}
	}
	if (keep)
		a->n = b->n = n;
	return n;
}

static int
both(struct gather *g, const struct projected *row, uint32_t column, uint32_t metric, struct numbers *base,
     struct numbers *cand)
{
	int err = gather_cell(g, row->cell[0], metric, base);

	return err ? err : gather_cell(g, row->cell[column], metric, cand);
}

/*
 * Disturbances may leave each side clean repeats of its own and hardly a block that is
 * clean on both, or too few for a table of this length where all of them would do.  All
 * blocks then serve: what disturbed one side of a shuffled block could as well have met
 * the other.
 */
static int
take_pairs(struct comparison *c, struct gather *g, const struct projected *row, uint32_t column,
	   uint32_t metric, struct numbers *base, struct numbers *cand)
{
	struct numbers a = { 0 }, b = { 0 };
	size_t n, all;
	int err = 0;

	gather_blocks(base);
	gather_blocks(cand);
	n = common(base, cand, false);
	if (n < c->enough) {
		g->disturbed = true;
		if (gather_has(g, row->cell[0], metric) && gather_has(g, row->cell[column], metric))
			err = both(g, row, column, metric, &a, &b);
		g->disturbed = false;
		if (err < 0)
			return err;
		gather_blocks(&a);
		gather_blocks(&b);
		all = common(&a, &b, false);
		if (all > n && (n < compare_units_for(true, 1) || all >= c->enough)) {
			*base = a;
			*cand = b;
			c->disturbed++;
		}
	}
	common(base, cand, true);
	return 0;
}

static int
contest(struct comparison *c, struct gather *g, const struct projected *row, uint32_t column, uint32_t metric,
	bool coarse)
{
	struct numbers base, cand;
	struct compared *r;
	int err = both(g, row, column, metric, &base, &cand);

	if (err == 0 && c->paired)
		err = take_pairs(c, g, row, column, metric, &base, &cand);
	if (err < 0 || base.n == 0) {
		miss(c, row, column, err < 0 ? "a number that is not positive" : "no repeat that both sides have");
		return err == -EDOM ? 0 : err;
	}
	c->row = arena_grow(c->p.mem, c->row, c->n, sizeof *c->row);
	r = &c->row[c->n++];
	*r = (struct compared){
		.row = row, .column = column, .metric = g->metric[metric], .rate = g->rate[metric],
		.base = base.median, .cand = cand.median, .flags = base.flags | cand.flags,
		.c = { .base = base.v, .cand = cand.v, .nbase = base.n, .ncand = cand.n, .paired = c->paired,
		       .blind = coarse && metric == 0 },
	};
	c->amortised += coarse && metric == 1;
	c->blind += r->c.blind;
	return 0;
}

/* The metric in which both are compared; nmetric: none.  coarse: the first one is a latency of
 * which a step of the clock is more than the margin. */
static uint32_t
stands(struct gather *g, const struct place *base, const struct place *cand, double margin, bool *coarse)
{
	uint32_t has = 0, m = 0;
	enum metric_id of;

	*coarse = gather_has(g, base, 0) && gather_has(g, cand, 0) &&
		  (gather_coarse(g, base, margin) || gather_coarse(g, cand, margin));
	for (uint32_t k = 0; k < g->nmetric; k++)
		if (gather_has(g, base, k) && gather_has(g, cand, k))
			has |= 1u << (g->nmetric == 1 ? 0 : headline_order[k]);
	if (g->nmetric == 1)
		return has ? 0 : 1;
	of = headline_of(has, *coarse);
	while (m < g->nmetric && headline_order[m] != of)
		m++;
	return m;
}

static int
fill_row(struct comparison *c, struct gather *g, const struct projected *row)
{
	bool coarse;
	int err = 0;
	uint32_t m;

	for (m = 0; m < g->nmetric && !gather_has(g, row->cell[0], m); m++)
		;
	if (m == g->nmetric) {
		miss(c, row, 0, lacks(c, g, row->cell[0]));
		return 0;
	}
	for (uint32_t k = 1; k < c->p.ncolumn && err == 0; k++) {
		m = stands(g, row->cell[0], row->cell[k], c->margin, &coarse);
		if (m < g->nmetric)
			err = contest(c, g, row, k, m, coarse);
		else
			miss(c, row, k, lacks(c, g, row->cell[k]));
	}
	return err;
}

/* Pairs from which a table as long as this one can become can carry a verdict. */
static size_t
enough_for(const struct projection *p)
{
	size_t rows = 0;

	for (size_t i = 0; i < p->nrow; i++)
		for (size_t k = 1; k < p->ncolumn; k++)
			rows += p->row[i].cell[0] && p->row[i].cell[k];
	return compare_units_for(true, rows ? rows : 1);
}

static int
judge(struct comparison *c)
{
	struct contest *all = malloc((c->n + 1) * sizeof *all);
	size_t tested = 0;
	int err = all ? 0 : -ENOMEM;

	for (size_t i = 0; i < c->n && all; i++)
		all[i] = c->row[i].c;
	if (err == 0)
		err = compare_judge(all, c->n, c->margin);
	for (size_t i = 0; i < c->n && err == 0; i++) {
		c->row[i].c = all[i];
		c->count[all[i].verdict]++;
		tested += !isnan(all[i].p);
	}
	for (size_t i = 0; i < c->n && err == 0; i++) {
		const size_t n = all[i].nbase < all[i].ncand ? all[i].nbase : all[i].ncand;
		const size_t carries = compare_carries(all[i].paired, all[i].nbase, all[i].ncand);

		if (isnan(all[i].p) || carries >= tested)
			continue;
		if (c->short_of++ == 0 || carries < c->short_carries) {
			c->short_n = n;
			c->short_carries = carries;
		}
		c->short_needs = compare_units_for(all[i].paired, tested);
	}
	free(all);
	return err;
}

int
comparison_make(struct comparison *c, struct arena *mem, const struct compared_run *source, size_t n, size_t sides,
		const struct projection_spec *spec, const char *metric, double margin, char *why, size_t len)
{
	struct gather g;
	int err;

	*c = (struct comparison){ .margin = margin };
	choose_units(c, source, n, sides, spec->col != NULL);
	err = projection_make(&c->p, mem, source, n, sides, spec, why, len);
	if (err == 0)
		err = gather_open(&g, mem, source, n, c->unit, metric, why, len);
	if (err < 0)
		return err;
	c->enough = enough_for(&c->p);
	for (size_t i = 0; i < c->p.nrow && err == 0; i++)
		err = fill_row(c, &g, &c->p.row[i]);
	if (err == 0)
		err = judge(c);
	gather_close(&g);
	return err < 0 ? why_set(why, len, -err, "compare: %s", strerror(-err)) : 0;
}

/* What one row of a comparison is called, and its ratio in figures and words. */
/* The same decimals on both sides of 1, and never more than four digits that count. */
const char *
compared_ratio(char *buf, double x)
{
	double step = 1;

	if (!isfinite(x) || x < 0.001)
		snprintf(buf, COMPARED_RATIO, isfinite(x) ? "%.2e" : "-", x);
	else if (x < 9999.5 && x >= 0.0995)
		snprintf(buf, COMPARED_RATIO, "%.*f", x < 9.9995 ? 3 : x < 99.995 ? 2 : x < 999.95 ? 1 : 0, x);
	else if (x < 1)
		snprintf(buf, COMPARED_RATIO, "%.*f", x < 0.00995 ? 5 : 4, x);
	else {
		while (x / step >= 9999.5)
			step *= 10;
		snprintf(buf, COMPARED_RATIO, x < 1e12 ? "%.0f" : "%.3e", round(x / step) * step);
	}
	return buf;
}

const char *
compared_words(const struct compared *r, char *buf)
{
	double x = r->c.ratio.est, times = x > 1 ? x : 1 / x;
	char ratio[COMPARED_RATIO];

	if (fabs(log(x)) < 0.0005)
		snprintf(buf, COMPARED_WORDS, "equal");
	else if (x < 1.2 && x > 1 / 1.2)
		snprintf(buf, COMPARED_WORDS, "%.1f %% %s", 100 * fabs(x - 1), x > 1 ? "slower" : "faster");
	else if (times < 9.995)
		snprintf(buf, COMPARED_WORDS, "%.2f times %s", times, x > 1 ? "slower" : "faster");
	else
		snprintf(buf, COMPARED_WORDS, "%s times %s", compared_ratio(ratio, times), x > 1 ? "slower" : "faster");
	return buf;
}

static bool
is_size(const char *axis)
{
	return strcmp(axis, "size") == 0 || strcmp(axis, "stride") == 0 || strcmp(axis, "working_set") == 0 ||
	       strcmp(axis, "page_size") == 0;
}

enum { SHARED_MAX = 12 };	/* bytes of a value that a label may repeat */

/* Values that need no name beside them. */
static bool
says_itself(const char *axis)
{
	return strcmp(axis, "kernel") == 0 || strcmp(axis, "role") == 0;
}

/* Without what all values of its axis share, where that is long: a label that must be cut for its
 * length would lose what it is there for. */
static const char *
told_apart(const struct projection *p, size_t axis, const char *v)
{
	const struct shared s = p->shared[axis];
	const size_t len = strlen(v);

	if (s.head + s.tail <= SHARED_MAX || s.head + s.tail >= len)
		return v;
	return arena_printf(p->mem, "%s%.*s%s", s.head ? "…" : "", (int)(len - s.head - s.tail), v + s.head,
			    s.tail ? "…" : "");
}

const char *
compared_label(const struct projection *p, const struct projected *row)
{
	const char *label = "";
	char buf[TEXT_NUM];
	uint64_t bytes;

	for (size_t i = 0; i < p->naxis; i++) {
		const char *v = row->value[i], *name = p->axis[i];

		if (!*v || !p->varies[i] || !(row->differs[i] || says_itself(name)))
			continue;
		if (is_size(name) && text_size(v, &bytes) == 0)
			v = text_put_size(buf, bytes);
		else if (!says_itself(name))
			v = told_apart(p, i, v);
		if (says_itself(name))
			name = "";
		else if (strncmp(name, "p_", 2) == 0)
			name += 2;
		label = arena_printf(p->mem, "%s%s%s%s%s", label, *label ? " " : "", name, *name ? "=" : "", v);
	}
	return *label ? label : "all";
}
