/* SPDX-License-Identifier: BSD-2-Clause */
/* The words of a chart: ticks, titles, values as people say them. */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "chart.h"
#include "human.h"
#include "text.h"
#include "utf8.h"

/* What ticks of a unit are called: steps of 1000, the first of them in the chart's unit. */
static const struct { const char *unit; double first; const char *step[5]; } units[] = {
	{ "ns", 1, { "ns", "µs", "ms", "s", NULL } },
	{ "GB/s", 1e-6, { "kB/s", "MB/s", "GB/s", "TB/s", NULL } },
	{ "1/s", 1, { "/s", "k/s", "M/s", "G/s", NULL } },
};

static const char *
label(struct chart *c, const char *unit, double v)
{
	for (size_t i = 0; i < sizeof units / sizeof *units; i++)
		if (strcmp(units[i].unit, unit) == 0) {
			const char *const *u = units[i].step;
			double x = v / units[i].first;

			for (; u[1] && x >= 999.5; u++)
				x /= 1000;
			return v == 0 ? "0" : arena_printf(c->mem, "%g %s", x, *u);
		}
	if (strcmp(unit, "share") == 0)		/* gnuplot takes a label for a format */
		return arena_printf(c->mem, "%.*f %%%%", v >= 0.0099 || v <= 0 ? 0 : (int)ceil(-log10(v) - 2 - 1e-9), 100 * fmax(v, 0));
	return arena_printf(c->mem, "%g", fabs(v) < 1e-12 ? 0 : v);
}

static const char *
tick(struct chart *c, const char *out, const char *text, double at, bool minor)
{
	return arena_printf(c->mem, "%s%s\"%s\" %.10g%s", out, *out ? ", " : "", text, at, minor ? " 1" : "");
}

/* The finest of these that has at most so many labels: parts of a decade, or whole ones. */
static const struct { double part[9]; int every; } steps[] = {
	{ { 1, 1.5, 2, 2.5, 3, 4, 5, 7 }, 1 }, { { 1, 1.5, 2, 3, 5, 7 }, 1 }, { { 1, 2, 3, 5 }, 1 }, { { 1, 2, 5 }, 1 },
	{ { 1, 3 }, 1 }, { { 1 }, 1 }, { { 1 }, 2 }, { { 1 }, 3 }, { { 1 }, 4 }, { { 1 }, 6 },
};
enum { STEPS = sizeof steps / sizeof *steps };

static bool
labelled(size_t step, int decade, double m)
{
	for (size_t i = 0; i < 9 && steps[step].part[i] > 0; i++)
		if (steps[step].part[i] == m)
			return decade % steps[step].every == 0;
	return false;
}

static const char *
log_ticks(struct chart *c, const char *unit, double lo, double hi, int most)
{
	const int first = (int)floor(log10(lo)), last = (int)floor(log10(hi));
	const char *out = "";
	size_t step = 0;

	for (int n = most + 1; step < STEPS; step++) {
		n = 0;
		for (int d = first; d <= last; d++)
			for (int m = 10; m < 100; m += 5) {
				const double at = pow(10, d) * m / 10;

				n += at >= lo * 0.999 && at <= hi * 1.001 && labelled(step, d, m / 10.0);
			}
		if (n <= most)
			break;
	}
	for (int d = first; d <= last; d++)
		for (int m = 10; m < 100; m += 5) {
			const double at = pow(10, d) * m / 10;
			const bool big = labelled(step, d, m / 10.0);

			if (at >= lo * 0.999 && at <= hi * 1.001 && (big || m % 10 == 0))
				out = tick(c, out, big ? label(c, unit, at) : "", at, !big);
		}
	return out;
}

static const char *
log2_ticks(struct chart *c, const char *unit, double lo, double hi, int most)
{
	static const char *const size[] = { "", "K", "M", "G", "T" };
	const int first = (int)ceil(log2(lo) - 1e-9), last = (int)floor(log2(hi) + 1e-9);
	const int step = (last - first) / (most > 1 ? most : 1) + 1;
	const bool bytes = strcmp(unit, "bytes") == 0;
	const char *out = "";

	for (int e = first; e <= last; e++) {
		const bool big = (e - first) % step == 0;
		const char *text = !big ? "" : bytes && e >= 0 ? arena_printf(c->mem, "%d%s", 1 << e % 10, size[e / 10])
			: label(c, unit, ldexp(1, e));

		out = tick(c, out, text, ldexp(1, e), !big);
	}
	return out;
}

static const char *
linear_ticks(struct chart *c, const char *unit, double lo, double hi, int most)
{
	double step = pow(10, floor(log10((hi - lo) / most)));
	const char *out = "";

	if (!(hi > lo))
		return "";
	while ((hi - lo) / step > most)
		step *= (hi - lo) / (2 * step) <= most ? 2 : (hi - lo) / (5 * step) <= most ? 5 : 10;
	for (double k = ceil(lo / step - 1e-9) + 0.0; k * step <= hi + step * 1e-9; k++)
		out = tick(c, out, label(c, unit, k * step), k * step, false);
	return out;
}

const char *
chart_ticks(struct chart *c, const char *unit, enum figure_scale scale, double lo, double hi, int most)
{
	/* Of less than half a decade few round numbers are parts. */
	return scale == SCALE_LOG2 ? log2_ticks(c, unit, lo, hi, most)
		: scale == SCALE_LOG && hi / lo >= 1.9 ? log_ticks(c, unit, lo, hi, most) : linear_ticks(c, unit, lo, hi, most);
}

size_t
chart_letters(const char *s)
{
	return utf8_letters(s, strlen(s));
}

/* The bytes that so many characters take. */
static size_t
bytes_of(const char *s, size_t most)
{
	size_t i = 0;

	while (s[i] && (most > 0 || ((unsigned char)s[i] & 0xc0) == 0x80)) {
		most -= ((unsigned char)s[i] & 0xc0) != 0x80;
		i++;
	}
	return i;
}

const char *
chart_elide(struct chart *c, const char *text, size_t most)
{
	const size_t n = chart_letters(text), half = most / 2;

	if (n <= most || most < 3)
		return text;
	return arena_printf(c->mem, "%.*s…%s", (int)bytes_of(text, half), text,
			    text + bytes_of(text, n - (most - half - 1)));
}

const char *
chart_fit_title(struct chart *c, const char *title, size_t fits)
{
	const size_t n = chart_letters(title), head = strcspn(title, ":");
	const char *name = arena_strndup(c->mem, title, head);
	const size_t letters = chart_letters(name), over = n > fits ? n - fits : 0;

	if (over == 0 || title[head] == '\0')
		return chart_elide(c, title, fits);
	return arena_printf(c->mem, "%s%s", chart_elide(c, name, letters > over + 8 ? letters - over : 8), title + head);
}

void
chart_wrap(struct chart *c, struct chart_lines *out, const char *s, size_t fits, size_t most)
{
	for (out->n = 0; *s && out->n < most; out->n++) {
		const size_t all = bytes_of(s, fits);
		size_t cut = all;

		while (s[all] && cut > 0 && s[cut] != ' ')
			cut--;
		cut = cut ? cut : all;
		out->line[out->n] = arena_strndup(c->mem, s, cut);
		s += cut;
		s += *s == ' ';
	}
	if (*s && out->n > 0)
		out->line[out->n - 1] = arena_printf(c->mem, "%.*s…", (int)bytes_of(out->line[out->n - 1], fits - 1),
						     out->line[out->n - 1]);
}

/* "random" and "hot" speak for themselves; "16", "on" and "auto" do not. */
static bool
speaks(const char *field, const char *v)
{
	static const char *const always[] = { "kernel", "target", "run", "host", "linux", "cpu", "medium", "kind", "fstype",
					      "metric", "event", "clean", "bench", "role", "label" };

	for (size_t i = 0; i < sizeof always / sizeof *always; i++)
		if (strcmp(field, always[i]) == 0)
			return true;
	return isalpha((unsigned char)*v) && strcmp(v, "on") != 0 && strcmp(v, "off") != 0 && strcmp(v, "auto") != 0 &&
		strcmp(v, "yes") != 0 && strcmp(v, "no") != 0;
}

const char *
chart_say(struct arena *mem, const char *field, const char *v)
{
	static const char *const bytes[] = { "size", "stride", "working_set", "page_size" };
	char buf[HUMAN_MAX];
	uint64_t n;

	if (strncmp(field, "p_", 2) == 0)
		field += 2;
	for (size_t i = 0; i < sizeof bytes / sizeof *bytes; i++)
		if (strcmp(field, bytes[i]) == 0 && text_size(v, &n) == 0) {
			human_size(buf, n);
			return i == 0 ? arena_strdup(mem, buf)
				: arena_printf(mem, i == 3 ? "%s pages" : i == 2 ? "working set %s" : "stride %s", buf);
		}
	if (strcmp(field, "threads") == 0)
		return arena_printf(mem, "%s thread%s", v, strcmp(v, "1") == 0 ? "" : "s");
	if (*v == '\0')
		return "";
	return speaks(field, v) ? v : arena_printf(mem, "%s=%s", field, v);
}

const char *
chart_target_title(struct arena *mem, const struct run_point *p)
{
	const char *medium = medium_name[p->medium];

	if (p->medium == MEDIUM_UNKNOWN)
		return arena_printf(mem, "%s: medium unknown", p->target);
	return arena_printf(mem, "%s: %s%s", p->target, medium, medium_persistent(p->medium) ? "" : ", not persistent memory");
}

const char *
chart_n(struct chart *c)
{
	if (c->form == FORM_MATRIX)
		return c->n_least == c->n_most ? arena_printf(c->mem, "%u cuts each", c->n_most)
			: arena_printf(c->mem, "%u to %u cuts each", c->n_least, c->n_most);
	if (c->n_least == c->n_most)
		return arena_printf(c->mem, "n\u00a0=\u00a0%u process%s a point", c->n_most, c->n_most == 1 ? "" : "es");
	return arena_printf(c->mem, "n\u00a0=\u00a0%u to %u processes a point", c->n_least, c->n_most);
}

void
chart_medium(struct arena *mem, struct chart_media *m, enum medium of)
{
	const char **list = medium_persistent(of) || of == MEDIUM_UNKNOWN ? &m->real : &m->other;
	const char *name = of == MEDIUM_UNKNOWN ? "unknown" : medium_name[of];

	if (!*list || !strstr(arena_printf(mem, ", %s,", *list), arena_printf(mem, " %s,", name)))
		*list = *list ? arena_printf(mem, "%s, %s", *list, name) : name;
}

const char *
chart_media(struct arena *mem, const struct chart_media *m)
{
	if (m->other == NULL)
		return arena_printf(mem, "medium %s", m->real ? m->real : "unknown");
	return arena_printf(mem, "%s%s%snot persistent memory: %s", m->real ? "medium " : "", m->real ? m->real : "",
			    m->real ? "; " : "", m->other);
}
