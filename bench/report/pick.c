/* SPDX-License-Identifier: BSD-2-Clause */
#include "pick.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "counted.h"
#include "intake.h"
#include "keys.h"
#include "ladder.h"
#include "readings.h"
#include "text.h"

enum { REPEATS_SHOWN = 600 };		/* more are one smear */

/* "floor drained" of floor_drained_ns. */
static const char *
metric_words(struct arena *mem, const char *name)
{
	char *s = arena_strdup(mem, name), *unit = strrchr(s, '_');

	if (metric_find(name) >= 0 && unit)
		*unit = '\0';
	for (char *p = s; *p && metric_find(name) >= 0; p++)
		*p = *p == '_' ? ' ' : *p;
	return s;
}

const char *
pick_field(const struct pick *k, const char *name)
{
	static const struct { const char *name, *path; } ofrun[] = { { "linux", "host.kernel" }, { "cpu", "host.cpu" } };
	static const char *const oftarget[] = { "kind", "domain", "fstype" };
	const struct run *run = k->from->s->run;
	char column[80];
	int c;

	if (strcmp(name, "run") == 0)
		return k->from->label;
	if (strcmp(name, "metric") == 0 || strcmp(name, "event") == 0)
		return k->metric;
	if (strcmp(name, "clean") == 0)
		return k->disturbed ? "disturbed" : "clean";
	for (size_t i = 0; i < sizeof ofrun / sizeof *ofrun; i++)
		if (strcmp(name, ofrun[i].name) == 0)
			return run_text(run, ofrun[i].path);
	for (size_t i = 0; i < sizeof oftarget / sizeof *oftarget; i++)
		if (strcmp(name, oftarget[i]) == 0)
			return run_target(run, k->p->target, name);
	c = run_column(run, name);
	if (c < 0) {
		snprintf(column, sizeof column, "p_%s", name);
		c = run_column(run, column);
	}
	return c >= 0 ? k->p->field[c] : "";
}

/* What the expressions of a head ask. */
static const char *
get(void *arg, const char *name)
{
	return pick_field(arg, name);
}

static void
add(struct picks *all, const struct figure *f, struct pick k)
{
	if (f->where && !filter_match(f->where, get, &k))
		return;
	all->v = arena_grow(all->mem, all->v, all->n, sizeof *all->v);
	all->v[all->n++] = k;
}

/* A percentile by the name that a head has for it, of the same stamp. */
static double
tail(const struct summary *s, const struct run_point *p, const struct metric *m, const char *name)
{
	char full[64];
	const struct sum *q;

	snprintf(full, sizeof full, "latency_%s_%s_ns", stamp_name[m->stamp], name);
	q = m->latency && metric_find(full) >= 0 ? summary_find(s, p, (enum metric_id)metric_find(full)) : NULL;
	return q ? q->v.est : NAN;
}

static struct pick
row(const struct picks *all, const struct figure *f, const struct input *in, const struct sum *r)
{
	const struct run_point *p = &in->s->run->point[r->at];
	const bool known = r->metric < METRICS;
	struct pick k = {
		.from = in, .p = p, .v = r->v.est, .lo = r->v.lo, .hi = r->v.hi, .tail = { NAN, NAN }, .n = r->n,
		.clean = r->clean, .total = r->total, .amortised = r->metric == METRIC_TIME,
		.metric = known ? metric_words(all->mem, metrics[r->metric].name) : in->s->other[r->metric - METRICS],
	};

	for (size_t i = 0; i < f->stat.n && i < 2 && known; i++)
		k.tail[i] = tail(in->s, p, &metrics[r->metric], f->stat.name[i]);
	return k;
}

static const struct figure_names *
values(const struct figure *f)
{
	return f->form == FORM_HEAT ? &f->z.name : &f->y.name;
}

static void
from_summary(struct picks *all, const struct figure *f, const struct input *in)
{
	const struct run *run = in->s->run;

	for (size_t i = 0; i < run->npoint; i++)
		for (size_t m = 0; m < values(f)->n; m++) {
			const char *name = values(f)->name[m];
			const struct sum *r = strcmp(name, "headline") == 0 ? summary_headline(in->s, &run->point[i])
				: metric_find(name) < 0 ? NULL
				: summary_find(in->s, &run->point[i], (enum metric_id)metric_find(name));

			if (r && run->point[i].size > 0)
				add(all, f, row(all, f, in, r));
		}
}

static void
from_ladder(struct picks *all, const struct figure *f, const struct input *in)
{
	struct ladder l;

	ladder_make(&l, all->mem, in->s);
	all->size = all->size ? all->size : l.size;
	for (size_t i = 0; i < l.n; i++)
		add(all, f, row(all, f, in, l.rung[i].sum));
}

/* Of the ladder's points, per op: what is per byte, and the share of the time, stands in summary.csv. */
static void
from_counters(struct picks *all, const struct figure *f, const struct input *in)
{
	struct ladder l;
	bool in_set;

	ladder_make(&l, all->mem, in->s);
	for (size_t i = 0; i < l.n; i++) {
		const size_t at = (size_t)(l.rung[i].p - in->s->run->point);

		for (size_t k = in->s->first[at]; k < in->s->first[at + 1]; k++) {
			const struct sum *r = &in->s->row[k];
			const enum counted_kind kind = r->metric < METRICS ? COUNTED_NONE
				: counted_kind(in->s->run, in->s->other[r->metric - METRICS], &in_set);

			if (kind == COUNTED_EVENT || kind == COUNTED_SET)
				add(all, f, row(all, f, in, r));
		}
	}
}

/* Every repeat, in the order in which they were measured. */
static int
from_repeats(struct picks *all, const struct figure *f, const struct input *in, char *why, size_t len)
{
	const struct run *run = in->s->run;
	const char *name[NAMES_MAX + HEADLINES + 1] = { NULL };
	const bool headline = strcmp(values(f)->name[0], "headline") == 0;
	const size_t step = run->nrepeat / REPEATS_SHOWN + 1;
	struct readings r;
	int rc;

	for (size_t i = 0; i < (headline ? HEADLINES : values(f)->n); i++)
		name[i] = headline ? metrics[headline_order[i]].name : values(f)->name[i];
	rc = readings_load(&r, run, name, why, len);
	all->thinned |= step > 1;
	for (size_t i = 0; i < run->nrepeat && rc == 0; i += step) {
		const struct run_point *p = &run->point[run->repeat[i].at];
		const struct sum *h = summary_headline(in->s, p);

		for (size_t k = r.first[run->repeat[i].at]; k < r.first[run->repeat[i].at + 1]; k++) {
			const struct reading *v = &r.v[k];

			if (v->rep != run->repeat[i].rep ||
			    (headline && (!h || h->metric != headline_order[v->metric])))
				continue;
			add(all, f, (struct pick){
				.from = in, .p = p, .v = v->v, .lo = NAN, .hi = NAN, .tail = { NAN, NAN }, .n = 1,
				.metric = metric_words(all->mem, name[v->metric]), .order = (double)i + 1,
				.disturbed = !v->clean,
			});
		}
	}
	readings_free(&r);
	return rc;
}

/* Every op of the latency points: drained, all processes merged that the summary uses. */
static int
from_hist(struct picks *all, const struct figure *f, const struct input *in, char *why, size_t len)
{
	const struct run *run = in->s->run;
	struct hist **hist = arena_alloc(all->mem, run->npoint + 1, sizeof *hist);
	uint32_t *n = arena_alloc(all->mem, run->npoint + 1, sizeof *n);
	struct intake it;
	int got;

	if (!run->journal)
		return 0;
	for (size_t i = 0; i < run->npoint; i++) {
		const struct sum *r = summary_find(in->s, &run->point[i], metric_latency(STAMP_DRAINED, LATENCY_P50));
		struct pick k = { .from = in, .p = &run->point[i], .metric = "latency", .tail = { NAN, NAN }, .lo = NAN, .hi = NAN };
		const size_t had = all->n;

		if (!r)
			continue;
		add(all, f, k);
		if (all->n == had)
			continue;
		hist[i] = arena_alloc(all->mem, 1, sizeof **hist);
		hist_reset(hist[i]);
		all->v[had].hist = hist[i];
	}
	got = intake_open(&it, run);
	while (got >= 0 && (got = intake_next(&it)) > 0) {
		const size_t at = it.repeat->at;
		const struct sum *r = hist[at] ? summary_find(in->s, &run->point[at], metric_latency(STAMP_DRAINED, LATENCY_P50)) : NULL;

		if (!r || (!intake_clean(&it) && r->n == r->clean))
			continue;
		for (size_t i = 0; i < it.nbin[STAMP_DRAINED]; i++) {
			const struct hist_bin *b = &it.bin[STAMP_DRAINED][i];

			hist_add_n(hist[at], b->lo + (b->hi - b->lo) / 2,
				   b->count > UINT32_MAX ? UINT32_MAX : (uint32_t)b->count);
		}
		n[at]++;
	}
	if (got < 0)
		snprintf(why, len, "%s", intake_error(&it, got));
	intake_close(&it);
	for (size_t i = 0; i < all->n; i++)
		if (all->v[i].from == in)
			all->v[i].n = n[all->v[i].p - run->point];
	return got < 0 ? got : 0;
}

/* What two rows must agree in to be held against each other, where both have a value. */
static const char *const agree[] = {
	"size", "threads", "pattern", "stride", "mode", "gap", "line", "tlb", "placement", "preparation", "map_sync", "o_sync",
	"page_size", "label", "metric",
};

/* Does the text of a baseline name this field? */
static bool
names(const char *text, const char *field)
{
	const size_t n = strlen(field);

	for (const char *p = text; (p = strstr(p, field)); p += n)
		if ((p == text || strchr(" (!&|", p[-1])) && strchr("=!<>~ ", p[n]))
			return true;
	return false;
}

/* The fields that a figure's baseline leaves to agree. */
static size_t
agreed(const struct figure *f, const char **out)
{
	static const char *const own[] = { "kernel", "target", "run" };
	const char *t = f->base_text;
	const bool place = names(t, "target") || names(t, "kind") || names(t, "medium") || names(t, "fstype") ||
		names(t, "run") || names(t, "host") || names(t, "linux");
	size_t n = 0;

	for (size_t i = 0; i < sizeof agree / sizeof *agree; i++)
		if (!names(t, agree[i]))
			out[n++] = agree[i];
	for (size_t i = 0; i < 3; i++)
		if (!names(t, own[i]) && !(i == 1 && place) && !(i == 2 && (names(t, "host") || names(t, "linux"))))
			out[n++] = own[i];
	return n;
}

/* The values of these fields, of each row: asked once, compared often. */
static const char **
values_of(struct arena *mem, const struct pick *k, size_t n, const char *const *field, size_t nfield)
{
	const char **v = arena_alloc(mem, n * nfield + 1, sizeof *v);

	for (size_t i = 0; i < n; i++)
		for (size_t f = 0; f < nfield; f++)
			v[i * nfield + f] = pick_field(&k[i], field[f]);
	return v;
}

/* The first base that agrees in all of them, where both have a value; nbase: none. */
static size_t
base_of(const char *const *row, const char *const *base, size_t nbase, size_t nfield)
{
	size_t b = 0, i = 0;

	for (; b < nbase; b++, base += nfield) {
		for (i = 0; i < nfield; i++)
			if (row[i] != base[i] && *row[i] && *base[i] && strcmp(row[i], base[i]) != 0)
				break;
		if (i == nfield)
			break;
	}
	return b;
}

/* The widest interval that those of the sides allow. */
static void
hold(struct pick *k, const struct pick *base, enum figure_base how)
{
	const double lo = k->lo, hi = k->hi;

	if (how == BASE_DIFFERENCE) {
		k->v -= base->v;
		k->lo = lo - base->hi;
		k->hi = hi - base->lo;
	} else {
		k->v /= base->v;
		k->lo = lo / base->hi;
		k->hi = hi / base->lo;
	}
	k->tail[0] = k->tail[1] = NAN;
	k->n = base->n < k->n ? base->n : k->n;
}

/* Hold every row against its baseline; what is one itself, or has none, is left out. */
static void
against(struct picks *all, const struct figure *f)
{
	const char *field[sizeof agree / sizeof *agree + 3], **row, **bases;
	const size_t nfield = agreed(f, field), n = all->n;
	struct pick *base = arena_alloc(all->mem, n + 1, sizeof *base);
	size_t nbase = 0, nrow = 0, kept = 0;

	for (size_t i = 0; i < n; i++)
		if (filter_match(f->baseline, get, &all->v[i]))
			base[nbase++] = all->v[i];
		else
			all->v[nrow++] = all->v[i];
	row = values_of(all->mem, all->v, nrow, field, nfield);
	bases = values_of(all->mem, base, nbase, field, nfield);
	for (size_t i = 0; i < nrow; i++) {
		struct pick k = all->v[i];
		const size_t b = base_of(row + i * nfield, bases, nbase, nfield);

		all->base_missing |= b == nbase;
		if (b == nbase || !(base[b].v > 0))
			continue;
		hold(&k, &base[b], f->base);
		all->v[kept++] = k;
	}
	all->n = kept;
}

/* Every class that was cut: the share of its cuts that lost something. */
static void
from_classes(struct picks *all, const struct figure *f, const struct input *in)
{
	const struct run *run = in->s->run;

	for (size_t i = 0; i < run->npoint && run->classes; i++) {
		const struct run_point *p = &run->point[i];
		uint64_t cuts, lost;

		/* Without a class: a control, which shows that a loss is seen. */
		if (*run_field(run, p, "class") && text_count(run_field(run, p, "cuts"), &cuts) == 0 && cuts > 0 && cuts <= UINT32_MAX &&
		    text_count(run_field(run, p, "lost_cuts"), &lost) == 0 && lost <= cuts)
			add(all, f, (struct pick){
				.from = in, .p = p, .v = (double)lost / (double)cuts, .lo = NAN, .hi = NAN, .tail = { NAN, NAN },
				.n = (uint32_t)cuts, .clean = (uint32_t)(cuts - lost), .total = (uint32_t)cuts, .metric = "lost",
			});
	}
}

/* Each repeat as a share of its point's median. */
static void
against_median(struct picks *all)
{
	size_t kept = 0;

	for (size_t i = 0; i < all->n; i++) {
		const struct sum *h = summary_headline(all->v[i].from->s, all->v[i].p);

		if (!h || !(h->v.est > 0))
			continue;
		all->v[kept] = all->v[i];
		all->v[kept++].v /= h->v.est;
	}
	all->n = kept;
}

int
picks_make(struct picks *all, struct arena *mem, const struct figure *f, const struct input *input, size_t ninput,
	   char *why, size_t len)
{
	int rc = 0;

	*all = (struct picks){ .mem = mem, .input = input, .ninput = ninput };
	for (size_t i = 0; i < ninput && rc == 0; i++)
		switch (f->data) {
		case DATA_SUMMARY: from_summary(all, f, &input[i]); break;
		case DATA_LADDER: from_ladder(all, f, &input[i]); break;
		case DATA_COUNTERS: from_counters(all, f, &input[i]); break;
		case DATA_REPEATS: rc = from_repeats(all, f, &input[i], why, len); break;
		case DATA_CLASSES: from_classes(all, f, &input[i]); break;
		case DATA_HIST: rc = from_hist(all, f, &input[i], why, len); break;
		default: break;
		}
	if (rc == 0 && f->base == BASE_MEDIAN)
		against_median(all);
	else if (rc == 0 && f->baseline)
		against(all, f);
	return rc;
}
