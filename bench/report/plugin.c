/* SPDX-License-Identifier: BSD-2-Clause */
#include "plugin.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "diag.h"
#include "keys.h"
#include "metric.h"
#include "text.h"

const char *const form_name[FORMS] = {
	[FORM_LINES] = "lines", [FORM_ROWS] = "rows", [FORM_BARS] = "bars", [FORM_STACK] = "stack",
	[FORM_CCDF] = "ccdf", [FORM_STEPS] = "steps", [FORM_HEAT] = "heat", [FORM_MATRIX] = "matrix", [FORM_FOREST] = "forest",
};
const char *const data_name[DATAS] = {
	[DATA_SUMMARY] = "summary", [DATA_LADDER] = "ladder", [DATA_COUNTERS] = "counters", [DATA_HIST] = "hist",
	[DATA_REPEATS] = "repeats", [DATA_CLASSES] = "classes", [DATA_COMPARE] = "compare",
};
const char *const scale_name[SCALES] = {
	[SCALE_AUTO] = "auto", [SCALE_LINEAR] = "linear", [SCALE_LOG] = "log", [SCALE_LOG2] = "log2",
	[SCALE_WORDS] = "words",
};
/* What a point is asked for beside axes and parameters. */
static const char *const fields[] = {
	"run", "host", "linux", "cpu", "medium", "kind", "domain", "fstype", "bench", "role", "durable", "control", "moves",
	"metric", "event", "clean", "order", "latency", "op", "place", "beside", "rule", "verdict",
};
/* Numbers beside the metrics. */
static const char *const values[] = { "headline", "count", "share", "lost" };
enum { NFIELDS = sizeof fields / sizeof *fields, NVALUES = sizeof values / sizeof *values };

/* What is read, and where it stands. */
struct head_reader {
	struct figure *f;
	struct arena *mem;
	const char *text, *p;
	struct where at;
	bool (*param)(const char *name);
	struct diag *diag;
};

static struct where
place(const struct head_reader *r, const char *from, size_t len)
{
	return (struct where){ r->at.src, r->at.off + (size_t)(from - r->text), len ? len : 1 };
}

/* The next word, or what stands between double quotes; NULL at the end. */
static const char *
word(struct head_reader *r, struct where *at)
{
	const char *from, *stop = " \t,";

	r->p += strspn(r->p, " \t,");
	if (!*r->p)
		return NULL;
	from = r->p;
	if (*from == '"') {
		r->p = from + 1 + strcspn(from + 1, "\"");
		*at = place(r, from, (size_t)(r->p - from));
		if (*r->p == '"')
			r->p++;
		else
			diag_add(r->diag, *at, "this quote is never closed");
		return arena_strndup(r->mem, from + 1, at->len - 1);
	}
	r->p += strcspn(from, stop);
	*at = place(r, from, (size_t)(r->p - from));
	return arena_strndup(r->mem, from, at->len);
}

/* "a, b or c". */
static const char *
either(struct head_reader *r, const char *const *name, size_t n)
{
	const char *out = name[0];

	for (size_t i = 1; i < n; i++)
		out = arena_printf(r->mem, "%s%s%s", out, i + 1 < n ? ", " : " or ", name[i]);
	return out;
}

static const char *
meant(struct head_reader *r, const struct guess *g)
{
	return g->best ? arena_printf(r->mem, "; did you mean '%s'?", g->best) : "";
}

static void
unknown(struct head_reader *r, struct where at, const char *got, const char *const *name, size_t n, const char *more)
{
	struct guess g;

	guess_start(&g, got);
	for (size_t i = 0; i < n; i++)
		guess_try(&g, name[i]);
	diag_add(r->diag, at, "expected %s%s%s", either(r, name, n), more, meant(r, &g));
}

static bool
in(const char *s, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(list[i], s) == 0)
			return true;
	return false;
}

static bool
known(void *arg, const char *name)
{
	const struct head_reader *r = arg;

	for (size_t i = 0; i < AXES; i++)
		if (strcmp(axis_keys[i].name, name) == 0)
			return true;
	return in(name, fields, NFIELDS) || strncmp(name, "p_", 2) == 0 || !r->param || r->param(name);
}

static void
field(struct head_reader *r, struct where at, const char *name)
{
	struct guess g;

	if (known(r, name))
		return;
	guess_start(&g, name);
	for (size_t i = 0; i < AXES; i++)
		guess_try(&g, axis_keys[i].name);
	for (size_t i = 0; i < NFIELDS; i++)
		guess_try(&g, fields[i]);
	diag_add(r->diag, at, "'%.64s' is no axis, no parameter of a kernel, nor "
			      "%s%s", name, either(r, fields, NFIELDS), meant(r, &g));
}

static void
value(struct head_reader *r, struct where at, const char *name)
{
	const char *all[METRICS + NVALUES];
	size_t n = 0;

	for (size_t i = 0; i < NVALUES; i++)
		all[n++] = values[i];
	for (size_t i = 0; i < METRICS; i++)
		all[n++] = metrics[i].name;
	if (!in(name, all, n))
		unknown(r, at, name, all, 8, ", ... (docs/results-format.md has them all)");
}

static void
names(struct head_reader *r, struct figure_names *out, void (*check)(struct head_reader *, struct where, const char *))
{
	struct where at;
	const char *w;

	while ((w = word(r, &at))) {
		if (out->n == NAMES_MAX) {
			diag_add(r->diag, at, "more than %d names", NAMES_MAX);
			return;
		}
		if (check)
			check(r, at, w);
		out->name[out->n++] = w;
	}
	if (out->n == 0)
		diag_add(r->diag, place(r, r->p, 1), "expected a name");
}

static size_t
one_of(struct head_reader *r, const char *const *list, size_t n)
{
	struct where at;
	const char *w = word(r, &at), *more;

	for (size_t i = 0; w && i < n; i++)
		if (strcmp(list[i], w) == 0) {
			if ((more = word(r, &at)))
				diag_add(r->diag, at, "'%.64s' is one word too many", more);
			return i;
		}
	unknown(r, w ? at : place(r, r->p, 1), w ? w : "", list, n, "");
	return 0;
}

/* NAME[,NAME] [SCALE] ["LABEL"] */
static void
axis(struct head_reader *r, struct figure_axis *a, void (*check)(struct head_reader *, struct where, const char *))
{
	struct where at;
	const char *w;

	while ((w = word(r, &at))) {
		const bool quoted = r->text[at.off - r->at.off] == '"';

		if (quoted) {
			a->label = w;
		} else if (a->name.n == 0 || r->text[at.off - r->at.off - 1] == ',') {
			if (a->name.n == NAMES_MAX)
				continue;
			check(r, at, w);
			a->name.name[a->name.n++] = w;
		} else {
			size_t k = 1;

			while (k < SCALES && strcmp(scale_name[k], w) != 0)
				k++;
			if (k == SCALES)
				unknown(r, at, w, scale_name + 1, SCALES - 1, ", or a label in "
									      "double quotes");
			else
				a->scale = (enum figure_scale)k;
		}
	}
	if (a->name.n == 0)
		diag_add(r->diag, place(r, r->p, 1), "expected a name");
}

static void
percentile(struct head_reader *r, struct where at, const char *w)
{
	static const char *const all[] = { "p50", "p90", "p99", "p99.9", "p99.99", "p99.999" };

	if (!in(w, all, 6))
		unknown(r, at, w, all, 6, "");
}

static void
expression(struct head_reader *r, struct filter **out, const char **text)
{
	r->p += strspn(r->p, " \t");
	*text = arena_strdup(r->mem, r->p);
	filter_free(*out);
	filter_parse_at(out, *text, &(struct where){ r->at.src, place(r, r->p, 1).off, strlen(r->p) }, known, r, r->diag);
}

static void
baseline(struct head_reader *r)
{
	const char *from = r->p + strspn(r->p, " \t");
	const size_t n = strcspn(from, " \t");

	r->f->base = BASE_RATIO;
	if (strncmp(from, "median", n) == 0 && n == 6 && from[n] == 0) {
		r->f->base = BASE_MEDIAN;
		return;
	}
	if (strncmp(from, "difference", n) == 0 && n == 10) {
		r->f->base = BASE_DIFFERENCE;
		r->p = from + n;
	}
	expression(r, &r->f->baseline, &r->f->base_text);
}

/* crossing A B | at NUMBER "WORDS" */
static void
mark(struct head_reader *r)
{
	static const char *const kinds[] = { "crossing", "at" };
	struct where at, first;
	const char *kind = word(r, &first), *a = word(r, &at), *b = word(r, &at);
	uint64_t n;

	if (!kind || !in(kind, kinds, 2))
		unknown(r, kind ? first : place(r, r->p, 1), kind ? kind : "", kinds, 2, "");
	else if (!a || !b)
		diag_add(r->diag, first, "expected 'crossing A B', series that cross, or 'at "
					 "NUMBER \"WORDS\"'");
	else if (*kind == 'c')
		r->f->cross[0] = a, r->f->cross[1] = b;
	else if (text_size(a, &n))
		diag_add(r->diag, first, "'%.64s' is no whole number or size", a);
	else
		r->f->at = a, r->f->at_text = b;
}

static void
level(struct head_reader *r)
{
	static const char *const words[] = { "floor", "step" };
	struct where at;
	const char *w = word(r, &at);
	char *end;

	if (w && !in(w, words, 2) && (strtod(w, &end), *end))
		unknown(r, at, w, words, 2, ", or a number");
	r->f->level = w;
}

static void
words(struct head_reader *r, const char **out)
{
	r->p += strspn(r->p, " \t");
	if (!*r->p)
		diag_add(r->diag, place(r, r->p, 1), "expected words");
	*out = arena_strdup(r->mem, r->p);
}

enum { K_TITLE, K_MIRRORS, K_FORM, K_DATA, K_X, K_Y, K_Z, K_SERIES, K_PANEL, K_WHERE, K_VARY, K_STAT, K_BASELINE, K_OVERLAY,
       K_LEVEL, K_MARK, K_CONFIG, KEYS };
const struct figure_key figure_keys[] = {
	[K_TITLE] = { "title", "WORDS", "what stands above it" },
	[K_MIRRORS] = { "mirrors", "WORDS", "the published figure that it answers, or `new`" },
	[K_FORM] = { "form", "FORM", "lines, rows, bars, stack, ccdf, steps, heat, matrix or forest" },
	[K_DATA] = { "data", "DATA", "summary (the default), ladder (one row a strategy and "
				     "target), counters, hist, "
		"repeats, classes (of the laboratory) or compare" },
	[K_X] = { "x", "FIELD [SCALE] [\"LABEL\"]", "an axis, a kernel's parameter or another "
						    "field; linear, log, log2 or words" },
	[K_Y] = { "y", "METRIC[,METRIC] [SCALE] [\"LABEL\"]", "a metric of summary.csv, headline, "
							      "count, share or lost" },
	[K_Z] = { "z", "METRIC [SCALE] [\"LABEL\"]", "of heat: what the colour says; y is then a "
						     "field, too" },
	[K_SERIES] = { "series", "FIELD...", "what lines, marks or bars stand for" },
	[K_PANEL] = { "panel", "FIELD...", "what panels stand for" },
	[K_WHERE] = { "where", "EXPR", "only rows for which it holds, as --filter" },
	[K_VARY] = { "vary", "FIELD...", "drawn only when the data vary along these as they do along x" },
	[K_STAT] = { "stat", "PERCENTILE...", "thin lines to these percentiles of a latency: p90, "
					      "p99, p99.9 ..." },
	[K_BASELINE] = { "baseline", "[difference] EXPR | median", "show the ratio (difference) "
								   "to the row for which it holds "
		"and that agrees in all else; median: to the median of the row's own point" },
	[K_OVERLAY] = { "overlay", "NAME", "with --literature: rows of plots/literature.tsv" },
	[K_LEVEL] = { "level", "floor | step | NUMBER", "a dotted line: the timer's floor, the "
							"clock's step" },
	[K_MARK] = { "mark", "crossing A B | at NUMBER \"WORDS\"", "rings where lines of two "
								   "series cross; a place of x" },
	[K_CONFIG] = { "config", "NAME...", "the files of configs/ that feed it" },
	[KEYS] = { 0 },
};

void
figure_set(struct figure *f, struct arena *mem, const char *key, const char *text, const struct where *at,
	   bool (*param)(const char *name), struct diag *d)
{
	struct head_reader r = { .f = f, .mem = mem, .text = text, .p = text, .at = *at, .param = param, .diag = d };
	size_t k = 0;

	while (k < KEYS && strcmp(figure_keys[k].name, key) != 0)
		k++;
	switch (k) {
	case K_TITLE: words(&r, &f->title); break;
	case K_MIRRORS: words(&r, &f->mirrors); break;
	case K_FORM: f->form = (enum figure_form)one_of(&r, form_name, FORMS); break;
	case K_DATA: f->data = (enum figure_data)one_of(&r, data_name, DATAS); break;
	case K_X: axis(&r, &f->x, field); break;
	case K_Y: axis(&r, &f->y, f->form == FORM_HEAT ? field : value); break;
	case K_Z: axis(&r, &f->z, value); break;
	case K_SERIES: names(&r, &f->series, field); break;
	case K_PANEL: names(&r, &f->panel, field); break;
	case K_WHERE: expression(&r, &f->where, &f->where_text); break;
	case K_VARY: names(&r, &f->vary, field); break;
	case K_STAT: names(&r, &f->stat, percentile); break;
	case K_BASELINE: baseline(&r); break;
	case K_OVERLAY: words(&r, &f->overlay); break;
	case K_LEVEL: level(&r); break;
	case K_MARK: mark(&r); break;
	case K_CONFIG: names(&r, &f->config, NULL); break;
	default: break;
	}
}

/* One line "#: KEY VALUE". */
static void
head_line(struct figure *f, struct arena *mem, const struct source *src, const char *line, size_t len, unsigned *seen,
	  bool (*param)(const char *name), struct diag *d)
{
	const size_t from = 2 + strspn(line + 2, " \t"), n = strcspn(line + from, " \t\r\n");
	const char *key = arena_strndup(mem, line + from, n), *all[KEYS];
	const struct where at = { src, (size_t)(line - src->text) + from, n ? n : 1 };
	struct head_reader r = { .mem = mem, .diag = d };
	size_t k = 0, end = len;

	for (size_t i = 0; i < KEYS; i++)
		all[i] = figure_keys[i].name;
	while (k < KEYS && strcmp(all[k], key) != 0)
		k++;
	if (k == KEYS) {
		unknown(&r, at, key, all, KEYS, "");
		return;
	}
	if (*seen >> k & 1)
		diag_add(d, at, "'%s' stands here twice", key);
	*seen |= 1u << k;
	while (end > from + n && strchr(" \t\r", line[end - 1]))
		end--;
	figure_set(f, mem, key, arena_strndup(mem, line + from + n, end - from - n),
		   &(struct where){ src, at.off + n, end - from - n }, param, d);
}

/* What must be there, and what goes together. */
static void
check(const struct figure *f, const struct source *src, size_t at, struct diag *d)
{
	const struct where head = { src, at, 2 };

	if (!f->title)
		diag_add(d, head, "this head has no title");
	if (f->data == DATA_COMPARE)
		return;
	if (f->x.name.n == 0 || f->y.name.n == 0)
		diag_add(d, head, "this head has no %s", f->x.name.n ? "y" : "x");
	if ((f->form == FORM_HEAT) != (f->z.name.n > 0))
		diag_add(d, head, "z belongs to the form heat, and only to it");
	if (f->form == FORM_CCDF && f->data != DATA_HIST)
		diag_add(d, head, "the form ccdf wants data hist");
	if (f->form == FORM_FOREST)
		diag_add(d, head, "the form forest wants data compare");
	if ((f->form == FORM_MATRIX) != (f->data == DATA_CLASSES))
		diag_add(d, head, "the form matrix is of data classes, and they of it");
}

/* What y may be hangs on the form, which may stand below it. */
static void
find_form(struct figure *f, const char *text)
{
	char word[16] = "";

	for (; text; text = strchr(text, '\n')) {
		text += *text == '\n';
		if (sscanf(text, "#: form %15s", word) == 1)
			break;
	}
	f->form = strcmp(word, form_name[FORM_HEAT]) == 0 ? FORM_HEAT : FORM_LINES;
}

int
figure_parse(struct figure *f, struct arena *mem, const struct source *src, bool (*param)(const char *name), struct diag *d)
{
	const size_t before = d->n;
	const char *line = src->text;
	size_t first = 0;
	unsigned seen = 0;

	find_form(f, src->text);
	for (size_t len; *line; line += len + (line[len] == '\n')) {
		len = strcspn(line, "\n");
		if (strncmp(line, "#:", 2) == 0) {
			first = seen ? first : (size_t)(line - src->text);
			head_line(f, mem, src, line, len, &seen, param, d);
		} else if (!f->doc && *line == '#' && !strstr(arena_strndup(mem, line, len), "SPDX") && len > 2) {
			f->doc = arena_strndup(mem, line + 1 + strspn(line + 1, " "), len - 1 - strspn(line + 1, " "));
		}
	}
	if (!seen && d->n == before)
		diag_add(d, (struct where){ src, 0, 1 }, "no head: a figure says what it shows in "
							 "lines '#: KEY VALUE', "
			 "such as '#: title What a fence costs'");
	else if (d->n == before)
		check(f, src, first, d);
	return d->n > before ? -EINVAL : 0;
}

static const char *
join(struct arena *mem, const struct figure_names *n)
{
	const char *out = "";

	for (size_t i = 0; i < n->n; i++)
		out = arena_printf(mem, "%s%s%s", out, *out ? ", " : "", n->name[i]);
	return out;
}

const char *
figure_needs(const struct figure *f, struct arena *mem)
{
	const char *out;

	if (f->data == DATA_COMPARE)
		return "run-bench compare A B -o DIR";
	out = arena_printf(mem, "%s by %s", join(mem, f->form == FORM_HEAT ? &f->z.name : &f->y.name), join(mem, &f->x.name));
	if (f->form == FORM_HEAT)
		out = arena_printf(mem, "%s and %s", out, join(mem, &f->y.name));
	if (f->where_text)
		out = arena_printf(mem, "%s where %s", out, f->where_text);
	if (f->base_text)
		out = arena_printf(mem, "%s, against %s", out, f->base_text);
	return out;
}
