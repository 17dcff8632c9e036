/* SPDX-License-Identifier: BSD-2-Clause */
/* compare as a terminal shows it. */
#include <libsmartcols/libsmartcols.h>
#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "compareout.h"
#include "flag.h"
#include "human.h"
#include "metric.h"

enum { LIST_MAX = 24 };

static void
put_sides(const struct compare_view *v, FILE *f)
{
	for (size_t side = 0; side < v->sides; side++)
		for (size_t s = 0; s < v->nsource; s++) {
			const struct run *run = v->source[s].run;

			if (v->source[s].side != side)
				continue;
			fprintf(f, "%s  %s  (%s%s%.10s%s)\n", v->columns ? "run" : v->c->p.column[side], run->dir,
				run_host(run), *run_text(run, "started") ? ", " : "", run_text(run, "started"),
				run->quick ? ", quick" : "");
		}
}

static void
put_method(const struct compare_view *v, FILE *f)
{
	static const char *const unit[] = { "repeat", "run", "host" };
	const struct comparison *c = v->c;

	fprintf(f, "ratio: time against '%s', above 1 is slower; unit: the %s, %s; Holm over the table; "
		"margin %g %%\n", c->p.ncolumn ? c->p.column[0] : "-", unit[c->unit],
		c->paired ? "in pairs (Hodges-Lehmann of the paired ratios, Wilcoxon signed rank)"
			  : "unpaired (Hodges-Lehmann ratio of all pairs, Mann-Whitney U)", 100 * c->margin);
	if (c->one_host && !v->columns)
		fputs("host effect not separable: one host a side\n", f);
	if (v->row)
		fprintf(f, "matched only by %s (--row)\n", v->row);
	if (*c->p.unstated)
		fprintf(f, "not matched, since not every side states it: %s\n", c->p.unstated);
	if (c->p.twice)
		fprintf(f, "%zu points repeat another of their run and are left out\n", c->p.twice);
}

static void
put_difference(const struct compare_view *v, const struct envdiff_line *line, FILE *f)
{
	fprintf(f, "  %s:", line->key);
	for (size_t s = 0; s < v->sides; s++)
		fprintf(f, "  %s %.60s", v->c->p.column[s], line->value[s] ? line->value[s] : "-");
	fputc('\n', f);
}

static void
put_environment(const struct compare_view *v, FILE *f)
{
	const struct envdiff *d = &v->env;
	const char *comma = "not stated by every side: ", *head = "measured, and over 10 % apart:\n";
	size_t differ = 0, shown = 0, unstated = 0;

	for (size_t i = 0; i < d->n; i++)
		differ += !d->line[i].unstated && !d->line[i].measured;
	fprintf(f, "environment: %zu settings differ, %zu agree\n", differ, d->same);
	for (size_t i = 0; i < d->n; i++) {
		if (d->line[i].unstated || d->line[i].measured || (shown == LIST_MAX && !v->verbose))
			continue;
		shown++;
		put_difference(v, &d->line[i], f);
	}
	if (shown < differ)
		fprintf(f, "  and %zu more (-v, --json)\n", differ - shown);
	for (size_t i = 0; i < d->n; i++)
		if (d->line[i].measured && !d->line[i].unstated) {
			fputs(head, f);
			head = "";
			put_difference(v, &d->line[i], f);
		}
	for (size_t i = 0; i < d->n; i++) {
		if (!d->line[i].unstated || (unstated++ >= 8 && !v->verbose))
			continue;
		fprintf(f, "%s%s", comma, d->line[i].key);
		comma = ", ";
	}
	if (unstated > 0)
		fprintf(f, unstated > 8 && !v->verbose ? ", and %zu more\n" : "\n", unstated - 8);
}

static const char *
number(char *buf, const struct compared *r, double v)
{
	int m = metric_find(r->metric);

	if (m >= 0 && strcmp(metrics[m].unit, "ns") == 0)
		return human_ns(buf, v);
	if (m == METRIC_BANDWIDTH)
		return human_bandwidth(buf, v);
	snprintf(buf, HUMAN_MAX, "%.4g", v);
	return buf;
}

static const char *
verdict(const struct compared *r, const char *unit, char *buf, size_t len)
{
	char words[COMPARED_WORDS], lo[COMPARED_RATIO], hi[COMPARED_RATIO];

	compared_words(r, words);
	switch (r->c.verdict) {
	/* What decides it is the 90 % interval, and the table shows the wider one. */
	case OUTCOME_SAME:
		snprintf(buf, len, "same (90 %%: %s-%s)", compared_ratio(lo, r->c.inner.lo),
			 compared_ratio(hi, r->c.inner.hi));
		break;
	case OUTCOME_UNCLEAR:
		if (r->c.blind)
			snprintf(buf, len, "unclear: the clock is too coarse");
		else
			snprintf(buf, len, "unclear; %s%zu %ss would do", r->c.needs >= COMPARE_NEEDS_MAX ? "over " : "",
				 r->c.needs, unit);
		break;
	case OUTCOME_SINGLE:
		snprintf(buf, len, "%s, n=1", words);
		break;
	default:
		snprintf(buf, len, "%s", words);
	}
	return buf;
}

static void
put_row(struct libscols_table *t, const struct compare_view *v, const struct compared *r)
{
	static const char *const unit[] = { "repeat", "run", "host" };
	struct libscols_line *l = scols_table_new_line(t, NULL);
	char buf[HUMAN_MAX], text[160], lo[COMPARED_RATIO], hi[COMPARED_RATIO];
	size_t c = 0;

	if (!l)
		return;
	scols_line_set_data(l, c++, compared_label(&v->c->p, r->row));
	if (v->c->p.ncolumn > 2)
		scols_line_set_data(l, c++, v->c->p.column[r->column]);
	scols_line_set_data(l, c++, number(buf, r, r->base));
	scols_line_set_data(l, c++, number(buf, r, r->cand));
	scols_line_set_data(l, c++, compared_ratio(text, r->c.ratio.est));
	snprintf(text, sizeof text, r->c.ratio.has ? "%s-%s" : "-", compared_ratio(lo, r->c.ratio.lo),
		 compared_ratio(hi, r->c.ratio.hi));
	scols_line_set_data(l, c++, text);
	snprintf(text, sizeof text, isnan(r->c.holm) ? "-" : r->c.holm < 0.0001 ? "<0.0001" : "%.4f", r->c.holm);
	scols_line_set_data(l, c++, text);
	snprintf(text, sizeof text, r->c.nbase == r->c.ncand ? "%zu" : "%zu/%zu", r->c.nbase, r->c.ncand);
	scols_line_set_data(l, c++, text);
	scols_line_set_data(l, c++, verdict(r, unit[v->c->unit], text, sizeof text));
	scols_line_set_data(l, c++, flags_text(r->flags, text, sizeof text));
}

static void
put_table(const struct compare_view *v, FILE *f)
{
	const struct projection *p = &v->c->p;
	struct libscols_table *t;
	char *locale = strdup(setlocale(LC_CTYPE, NULL));

	/* Else it would print the bytes of a micro sign in hex. */
	setlocale(LC_CTYPE, "C.UTF-8");
	scols_init_debug(0);
	t = scols_new_table();
	if (!t) {
		free(locale);
		return;
	}
	scols_table_set_stream(t, f);
	scols_table_new_column(t, "POINT", 0, 0);
	if (p->ncolumn > 2)
		scols_table_new_column(t, "COLUMN", 0, 0);
	scols_table_new_column(t, p->column[0], 0, SCOLS_FL_RIGHT);
	scols_table_new_column(t, p->ncolumn > 2 ? "COLUMN'S" : p->column[1], 0, SCOLS_FL_RIGHT);
	scols_table_new_column(t, "RATIO", 0, SCOLS_FL_RIGHT);
	scols_table_new_column(t, "95 %", 0, SCOLS_FL_RIGHT);
	scols_table_new_column(t, "P (HOLM)", 0, SCOLS_FL_RIGHT);
	scols_table_new_column(t, "N", 0, SCOLS_FL_RIGHT);
	scols_table_new_column(t, "VERDICT", 0, 0);
	scols_table_new_column(t, "FLAGS", 0, 0);
	for (size_t i = 0; i < v->c->n; i++)
		put_row(t, v, &v->c->row[i]);
	scols_print_table(t);
	scols_unref_table(t);
	setlocale(LC_CTYPE, locale ? locale : "C");
	free(locale);
}

/* What is the same in all rows, once. */
static void
put_constants(const struct compare_view *v, FILE *f)
{
	const struct projection *p = &v->c->p;
	const char *lead = "all rows: ";

	for (size_t i = 0; i < p->naxis && p->nrow > 0; i++)
		if (!p->varies[i] && *p->row[0].value[i]) {
			fprintf(f, "%s%s=%s", lead, p->axis[i], p->row[0].value[i]);
			lead = " ";
		}
	if (*lead == ' ')
		fputc('\n', f);
}

/* Time of the other side's median over the first one's. */
static double
quotient(const struct compared *r)
{
	return r->rate ? r->base / r->cand : r->cand / r->base;
}

/* The ratio is no quotient of the two medians beside it, and somebody will divide. */
static void
put_ratio_note(const struct compare_view *v, FILE *f)
{
	const struct comparison *c = v->c;
	const struct compared *worst = NULL;
	double most = log(1.01);
	char ratio[COMPARED_RATIO], medians[COMPARED_RATIO];
	size_t n = 0;

	for (size_t i = 0; i < c->n; i++) {
		const double off = fabs(log(c->row[i].c.ratio.est / quotient(&c->row[i])));

		n += off > log(1.01);
		if (off > most) {
			most = off;
			worst = &c->row[i];
		}
	}
	if (!worst)
		return;
	fprintf(f, "in %zu row%s the ratio is over 1 %% off the quotient of the medians (%s: %s, not %s): it is the middle of "
		"the ratios %s, the medians are each side's own\n", n, n == 1 ? "" : "s",
		compared_label(&c->p, worst->row), compared_ratio(ratio, worst->c.ratio.est),
		compared_ratio(medians, quotient(worst)),
		c->paired ? "within each block, where what disturbs both sides cancels" : "of all pairs");
}

static void
put_foot(const struct compare_view *v, FILE *f)
{
	const struct comparison *c = v->c;
	const size_t *n = c->count;

	fprintf(f, "\n%zu rows: %zu faster, %zu slower, %zu same, %zu unclear", c->n, n[OUTCOME_FASTER],
		n[OUTCOME_SLOWER], n[OUTCOME_SAME], n[OUTCOME_UNCLEAR]);
	fprintf(f, n[OUTCOME_SINGLE] ? ", %zu measured once (n=1: no interval, no verdict)\n" : "\n", n[OUTCOME_SINGLE]);
	put_ratio_note(v, f);
	if (c->amortised)
		fprintf(f, "%zu rows are judged by the amortised time: a step of the clock is over the margin of their "
			"median latency\n", c->amortised);
	if (c->blind)
		fprintf(f, "%zu rows have no verdict: a step of the clock is over the margin of that latency "
			"(--metric time_ns, or a wider --margin)\n", c->blind);
	if (c->disturbed)
		fprintf(f, "in %zu rows fewer than %zu blocks are clean on both sides: disturbed ones are used, too\n",
			c->disturbed, c->enough);
	if (c->short_of)
		fprintf(f, "n=%zu can carry at most %zu rows under Holm, and this table has %zu: %zu of them cannot be told "
			"faster or slower; %zu repeats would do, or fewer rows (--filter)\n",
			c->short_n, c->short_carries, c->n - n[OUTCOME_SINGLE] - c->blind, c->short_of, c->short_needs);
	if (c->nunmatched)
		fprintf(f, "\n%zu unmatched:\n", c->nunmatched);
	for (size_t i = 0; i < c->nunmatched && (i < LIST_MAX || v->verbose); i++)
		fprintf(f, "  %s: %s: %s\n", compared_label(&c->p, c->unmatched[i].row), c->unmatched[i].column,
			c->unmatched[i].why);
	if (c->nunmatched > LIST_MAX && !v->verbose)
		fprintf(f, "  and %zu more (-v, --json)\n", c->nunmatched - LIST_MAX);
}

/* Is some point on the first side and on another, though without numbers? */
static bool
any_shared(const struct projection *p)
{
	for (size_t i = 0; i < p->nrow; i++)
		for (size_t k = 1; k < p->ncolumn && p->row[i].cell[0]; k++)
			if (p->row[i].cell[k])
				return true;
	return false;
}

/* Each role of a side once. */
static void
put_roles(const struct compare_view *v, size_t side, FILE *f)
{
	const char *said[64];
	size_t n = 0, k;

	for (size_t s = 0; s < v->nsource; s++) {
		const struct run *run = v->source[s].run;

		for (size_t i = 0; i < run->npoint && v->source[s].side == side; i++) {
			const char *role = run_field(run, &run->point[i], "role");

			for (k = 0; k < n && strcmp(said[k], role) != 0; k++)
				;
			if (k < n || n == sizeof said / sizeof *said)
				continue;
			said[n++] = role;
			fprintf(f, " %s", role);
		}
	}
}

/* Roles that stand on one side only: the usual reason why nothing matches. */
static void
put_hint(const struct compare_view *v, FILE *f)
{
	if (v->c->n > 0 || any_shared(&v->c->p))
		return;
	if (v->columns) {
		fputs("nothing to compare: fewer than two columns have the same point\n", f);
		return;
	}
	fputs("no point is on both sides\n", f);
	for (size_t side = 0; side < v->sides; side++) {
		fprintf(f, "  roles of %s:", v->c->p.column[side]);
		put_roles(v, side, f);
		fputc('\n', f);
	}
	fputs("  --match ROLE=ROLE says which role of the others is which of the first; --row names what must agree\n", f);
}

void
compare_text(const struct compare_view *v, FILE *f)
{
	put_sides(v, f);
	if (!v->columns)
		put_environment(v, f);
	put_method(v, f);
	put_constants(v, f);
	if (v->c->n > 0) {
		fputc('\n', f);
		put_table(v, f);
	}
	put_foot(v, f);
	put_hint(v, f);
}
