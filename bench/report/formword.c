/* SPDX-License-Identifier: BSD-2-Clause */
/* What stands above, beside and below a figure. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "human.h"
#include "pivot.h"
#include "text.h"

/* The columns whose values are said when no axis, panel or series does. */
static const char *const said[] = {
	"kernel", "size", "threads", "mode", "pattern", "placement", "gap", "line", "tlb", "working_set", "page_size", "preparation",
	"map_sync",
};
enum { SAID = sizeof said / sizeof *said, VALUES_MAX = 3 };

static bool
shown(const struct pivot *pv, const char *field)
{
	const struct figure_names *all[] = { &pv->x, &pv->series, &pv->panel };

	for (size_t i = 0; i < 3; i++)
		for (size_t k = 0; k < all[i]->n; k++)
			if (strcmp(all[i]->name[k], field) == 0)
				return true;
	return pv->f->form == FORM_HEAT && strcmp(pv->f->y.name.name[0], field) == 0;
}

/* "mode latency", "size 64 B / 4 KiB"; NULL: shown, nowhere set, or too many. */
static const char *
says(const struct pivot *pv, const char *field)
{
	const bool bytes = !strcmp(field, "size") || !strcmp(field, "working_set") || !strcmp(field, "page_size");
	const char *seen[VALUES_MAX], *out = NULL;
	uint64_t size;
	size_t n = 0, k;

	for (size_t i = 0; i < pv->n; i++) {
		const char *v = pick_field(pv->e[i].k, field);
		char buf[HUMAN_MAX];

		for (k = 0; k < n && strcmp(seen[k], v) != 0; k++)
			;
		if (*v == '\0' || k < n)
			continue;
		if (n == VALUES_MAX)
			return NULL;
		seen[n++] = v;
		if (bytes && text_size(v, &size) == 0)
			v = human_size(buf, size);
		out = n > 1 ? arena_printf(pv->mem, "%s / %s", out, v) : arena_printf(pv->mem, "%s %s", field, v);
	}
	return out;
}

static const char *
conditions(const struct pivot *pv)
{
	const char *out = "";

	for (size_t i = 0; i < SAID && pv->f->data != DATA_REPEATS && pv->f->data != DATA_CLASSES; i++) {
		const char *s = shown(pv, said[i]) ? NULL : says(pv, said[i]);

		if (s)
			out = arena_printf(pv->mem, "%s%s%s", out, *out ? ", " : "", s);
	}
	return out;
}

/* The media where no panel's title says them. */
static const char *
media(const struct pivot *pv)
{
	struct chart_media m = { 0 };

	if (pv->f->data == DATA_CLASSES)
		return "virtual machine, emulated NVDIMMs";
	for (size_t i = 0; i < pv->panel.n; i++)
		if (strcmp(pv->panel.name[i], "target") == 0)
			return "";
	for (size_t i = 0; i < pv->n; i++)
		chart_medium(pv->mem, &m, pv->e[i].k->p->medium);
	return chart_media(pv->mem, &m);
}

static const char *
rings(struct chart *c, const struct figure *f)
{
	const char *out = "";
	char buf[HUMAN_MAX];

	for (size_t i = 0; i < c->nring; i++) {
		const double x = c->ring[i].x, kib = x / 1024;

		out = arena_printf(c->mem, "%s%s%s", out, i ? ", " : "",
				   strcmp(f->x.name.name[0], "size") != 0 ? arena_printf(c->mem, "%.3g", x)
				   : kib < 1 ? human_size(buf, (uint64_t)x) : kib < 1000 ? arena_printf(c->mem, "%.3g KiB", kib)
				   : arena_printf(c->mem, "%.3g MiB", kib / 1024));
	}
	return c->nring ? arena_printf(c->mem, "Rings: where %s passes another, at %s. ", f->cross[0], out)
		: f->cross[0] ? "No lines cross here. " : "";
}

/* How to read the marks. */
static const char *
reading(struct chart *c, const struct pivot *pv)
{
	const struct figure *f = pv->f;

	if (f->data == DATA_HIST)
		return "drained stamp, clean processes merged";
	if (f->data == DATA_CLASSES)
		return "in a cell: cuts that lost an acknowledged op, of all; empty: not asked";
	if (f->data == DATA_REPEATS)
		return pv->all->thinned ? "one mark a process, evenly thinned" : "one mark a process";
	if (f->form == FORM_STACK || f->form == FORM_HEAT)
		return "medians";
	if (f->stat.n)
		return arena_printf(c->mem, "thick: exact 95\u00a0%% interval, thin: to %s",
				    f->stat.n > 1 ? arena_printf(c->mem, "%s, or %s", f->stat.name[1], f->stat.name[0]) : f->stat.name[0]);
	return f->base ? "bars: the widest interval that those of the sides allow" : "bars: exact 95\u00a0% interval";
}

static const char *
extra(struct chart *c, const struct pivot *pv)
{
	const struct figure *f = pv->f;
	const char *out = rings(c, f);

	if (f->at && isnan(c->xlevel))
		out = arena_printf(c->mem, "%s%s: at %s, beyond what was measured. ", out, f->at_text, f->at);
	if (f->base)
		out = arena_printf(c->mem, "%s%s is %s. ", out, f->base == BASE_DIFFERENCE ? "0" : "1",
				   f->base_text ? f->base_text : "the point's own median");
	else if (!isnan(c->level))
		out = arena_printf(c->mem, "%sDotted: %s, %.3g\u00a0ns. ", out, *f->level == 'f' ? "the timer's floor"
				   : *f->level == 's' ? "the clock's step" : "a level", c->level);
	for (size_t i = 0; i < c->nseries; i++)
		if (c->series[i].published) {
			out = arena_printf(c->mem, "%sHollow, broken: published, same stamp, statistic and line. ", out);
			break;
		}
	for (size_t i = 0; i < c->npanel && chart_narrow(c); i++)
		if (c->panel[i].apart) {
			out = arena_printf(c->mem, "%sBelow the line: amortised. ", out);
			break;
		}
	if (pv->all->base_missing)
		out = arena_printf(c->mem, "%sRows without a counterpart are left out. ", out);
	if (pv->single)
		out = arena_printf(c->mem, "%s%zu series of one place %s left out. ", out, pv->single, pv->single == 1 ? "is" : "are");
	if (c->nleft)
		out = arena_printf(c->mem, "%s%zu %s found no room: plot --where selects, summary.csv has all. ", out, c->nleft,
				   f->form == FORM_LINES || f->form == FORM_STEPS || f->form == FORM_CCDF ? "series" : "rows");
	return out;
}

/* Durability is said of the strategy: on media that keep nothing it is hollow. */
static const char *
hollow(const struct chart *c)
{
	for (size_t i = 0; i < c->nseries; i++)
		if (strcmp(c->series[i].name, "yes, if pmem") == 0)
			return "Hollow: durable if the medium were persistent memory.";
	return "";
}

static const char *
default_label(const struct figure *f, const struct figure_axis *a)
{
	const char *name = a->name.name[0];
	const int m = metric_find(name);

	if (a->label)
		return a->label;
	if (f->base == BASE_RATIO && a != &f->x)
		return "ratio";
	if (m >= 0 && metrics[m].latency)
		return "latency of one op";
	return m == METRIC_TIME ? "amortised time per op" : m == METRIC_BANDWIDTH ? "bandwidth"
		: m == METRIC_RATE ? "ops a second" : strcmp(name, "headline") == 0 ? "time per op"
		: strcmp(name, "size") == 0 ? "bytes per op" : strcmp(name, "order") == 0 ? "process, in the order they ran"
		: strcmp(name, "share") == 0 ? "share of ops" : strcmp(name, "latency") == 0 ? "latency of one op"
		: strcmp(name, "count") == 0 ? "per op" : strcmp(name, "kernel") == 0 ? "" : name;
}

static const char *
sentence(struct chart *c, const char *part)
{
	return *part ? arena_printf(c->mem, "%s. ", part) : "";
}

static const char *
mirrors(struct chart *c, const struct figure *f)
{
	const char *what = f->mirrors ? f->mirrors : "new";

	what += strncmp(what, "new", 3) == 0 ? strspn(what + 3, "; ") + 3 : 0;
	return *what ? arena_printf(c->mem, "Mirrors %s. ", what) : "";
}

void
form_words(struct chart *c, const struct pivot *pv)
{
	const struct figure *f = pv->f;
	const char *had = conditions(pv), *of = media(pv), *more = extra(c, pv);

	c->title = f->title;
	c->xlabel = f->form == FORM_ROWS || f->form == FORM_MATRIX ? default_label(f, &f->y) : default_label(f, &f->x);
	c->ylabel = default_label(f, &f->y);
	c->note = arena_printf(c->mem, "%s%s%s; %s. %s%s", *of ? arena_printf(c->mem, "%s; ", of) : "",
			       *had ? arena_printf(c->mem, "%s; ", had) : "", reading(c, pv), chart_n(c), more, hollow(c));
	/* The title stands in the picture. */
	c->caption = arena_printf(c->mem, "%s%s%sShown: %s%s%s; %s. %s%s", sentence(c, c->page.bare || !f->doc ? f->title : ""),
				  sentence(c, f->doc ? f->doc : ""), mirrors(c, f), of, *of && *had ? "; " : "", had, chart_n(c), more, hollow(c));
	for (char *p = (char *)c->caption; (p = strstr(p, "..")); )
		memmove(p, p + 1, strlen(p));
}
