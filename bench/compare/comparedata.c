/* SPDX-License-Identifier: BSD-2-Clause */
/* compare as CSV and as JSON. */
#include <errno.h>
#include <math.h>
#include <jansson.h>
#include <string.h>

#include "compareout.h"
#include "csv.h"
#include "flag.h"

static void
put_axes(struct csv_out *o, const struct projection *p, const struct projected *row)
{
	for (size_t i = 0; i < p->naxis; i++)
		csv_put(o, row->value[i]);
}

static void
put_row(struct csv_out *o, const struct compared *r)
{
	char buf[160];

	csv_put(o, r->metric);
	csv_put_double(o, r->base);
	csv_put_double(o, r->cand);
	csv_put_u64(o, r->c.nbase);
	csv_put_u64(o, r->c.ncand);
	csv_put_double(o, r->c.ratio.est);
	csv_put_double(o, r->c.ratio.lo);
	csv_put_double(o, r->c.ratio.hi);
	csv_put_double(o, r->c.inner.lo);
	csv_put_double(o, r->c.inner.hi);
	csv_put_double(o, r->c.p);
	csv_put_double(o, r->c.holm);
	csv_put(o, outcome_name[r->c.verdict]);
	if (r->c.verdict == OUTCOME_UNCLEAR)
		csv_put_u64(o, r->c.needs);
	else
		csv_put(o, "");
	csv_put(o, flags_text(r->flags, buf, sizeof buf));
	csv_put(o, "");
}

void
compare_csv(const struct compare_view *v, FILE *f)
{
	const struct comparison *c = v->c;
	struct csv_out o = { .file = f };

	for (size_t i = 0; i < c->p.naxis; i++)
		csv_put(&o, c->p.axis[i]);
	fprintf(f, "%scolumn,metric,base,other,n_base,n_other,ratio,lo,hi,lo90,hi90,p,p_holm,verdict,needs,flags,unmatched\n",
		c->p.naxis ? "," : "");
	o.behind = false;
	for (size_t i = 0; i < c->n; i++) {
		put_axes(&o, &c->p, c->row[i].row);
		csv_put(&o, c->p.column[c->row[i].column]);
		put_row(&o, &c->row[i]);
		csv_end(&o);
	}
	for (size_t i = 0; i < c->nunmatched; i++) {
		put_axes(&o, &c->p, c->unmatched[i].row);
		csv_put(&o, c->unmatched[i].column);
		for (int k = 0; k < 15; k++)
			csv_put(&o, k == 12 ? "unmatched" : "");
		csv_put(&o, c->unmatched[i].why);
		csv_end(&o);
	}
}

static json_t *
real(double v)
{
	return isfinite(v) ? json_real(v) : json_null();
}

static json_t *
axes_json(const struct projection *p, const struct projected *row)
{
	json_t *o = json_object();

	for (size_t i = 0; i < p->naxis; i++)
		json_object_set_new(o, p->axis[i], json_string(row->value[i]));
	return o;
}

static json_t *
row_json(const struct projection *p, const struct compared *r)
{
	char buf[160], words[COMPARED_WORDS];

	return json_pack("{s:o, s:s, s:s, s:o, s:o, s:i, s:i, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:s, s:s, s:o, s:s}",
		"point", axes_json(p, r->row), "column", p->column[r->column], "metric", r->metric,
		"base", real(r->base), "other", real(r->cand), "n_base", (int)r->c.nbase, "n_other", (int)r->c.ncand,
		"ratio", real(r->c.ratio.est), "lo", real(r->c.ratio.lo), "hi", real(r->c.ratio.hi),
		"lo90", real(r->c.inner.lo), "hi90", real(r->c.inner.hi), "p", real(r->c.p), "p_holm", real(r->c.holm), "verdict", outcome_name[r->c.verdict],
		"effect", compared_words(r, words),
		"needs", r->c.verdict == OUTCOME_UNCLEAR ? json_integer((json_int_t)r->c.needs) : json_null(),
		"flags", flags_text(r->flags, buf, sizeof buf));
}

static json_t *
sides_json(const struct compare_view *v)
{
	json_t *sides = json_array();

	for (size_t side = 0; side < v->sides; side++) {
		json_t *runs = json_array();

		for (size_t s = 0; s < v->nsource; s++)
			if (v->source[s].side == side)
				json_array_append_new(runs, json_pack("{s:s, s:s, s:s}", "dir", v->source[s].run->dir,
					"host", run_host(v->source[s].run),
					"run_id", run_text(v->source[s].run, "run_id")));
		json_array_append_new(sides, runs);
	}
	return sides;
}

static json_t *
environment_json(const struct compare_view *v)
{
	json_t *list = json_array();

	for (size_t i = 0; i < v->env.n; i++) {
		json_t *values = json_array();

		for (size_t s = 0; s < v->sides; s++)
			json_array_append_new(values, v->env.line[i].value[s] ? json_string(v->env.line[i].value[s])
									      : json_null());
		json_array_append_new(list, json_pack("{s:s, s:o, s:b}", "key", v->env.line[i].key, "values", values,
						      "measured", v->env.line[i].measured));
	}
	return list;
}

int
compare_json(const struct compare_view *v, FILE *f)
{
	static const char *const unit[] = { "repeat", "run", "host" };
	const struct comparison *c = v->c;
	json_t *columns = json_array(), *rows = json_array(), *lost = json_array(), *all;
	int err;

	for (size_t i = 0; i < c->p.ncolumn; i++)
		json_array_append_new(columns, json_string(c->p.column[i]));
	for (size_t i = 0; i < c->n; i++)
		json_array_append_new(rows, row_json(&c->p, &c->row[i]));
	for (size_t i = 0; i < c->nunmatched; i++)
		json_array_append_new(lost, json_pack("{s:o, s:s, s:s}", "point",
			axes_json(&c->p, c->unmatched[i].row), "column", c->unmatched[i].column,
			"why", c->unmatched[i].why));
	all = json_pack("{s:s, s:o, s:o, s:s, s:b, s:b, s:f, s:f, s:s, s:i, s:o, s:o, s:o}",
		"schema", "daxmark.compare/1.1", "sides", sides_json(v), "columns", columns, "unit", unit[c->unit],
		"paired", c->paired, "host_separable", !c->one_host, "alpha", COMPARE_ALPHA, "margin", c->margin,
		"not_matched_axes", c->p.unstated, "rows_disturbed", (int)c->disturbed, "environment", environment_json(v), "rows", rows, "unmatched", lost);
	if (!all)
		return -ENOMEM;
	json_object_set_new(all, "rows_amortised", json_integer((json_int_t)c->amortised));
	json_object_set_new(all, "rows_blind", json_integer((json_int_t)c->blind));
	if (c->short_of)
		json_object_set_new(all, "short", json_pack("{s:i, s:i, s:i}", "n", (int)c->short_n,
			"carries", (int)c->short_carries, "needs", (int)c->short_needs));
	err = json_dumpf(all, f, JSON_INDENT(1) | JSON_REAL_PRECISION(10)) < 0 ? -EIO : 0;
	fputc('\n', f);
	json_decref(all);
	return err;
}
