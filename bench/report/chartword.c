/* SPDX-License-Identifier: BSD-2-Clause */
/* The words of a chart: ticks, titles, what its points had in common. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "chart.h"
#include "human.h"
#include "text.h"
#include "utf8.h"

/* One tick, in units that step by 1000; without a label a minor one. */
static const char *
one_tick(struct chart *c, const char *out, double at, const char *const *unit, double first, bool label)
{
	const char *comma = *out ? ", " : "";
	double v = at / first;

	if (!label)
		return arena_printf(c->mem, "%s%s\"\" %g 1", out, comma, at);
	for (; unit[1] && v >= 999.5; unit++)
		v /= 1000;
	return arena_printf(c->mem, "%s%s\"%g %s\" %g", out, comma, v, *unit, at);
}

/* Decades and what lies between; the labels are round, and not more than there is room for. */
static const char *
decades(struct chart *c, double lo, double hi, const char *const *unit, double first, int most)
{
	static const double part[] = { 1, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 8, 9 };
	bool tight = hi / lo < 4, narrow = hi / lo < 30, wide = log10(hi / lo) > most;
	const char *out = "";

	for (double d = pow(10, floor(log10(lo))); d <= hi; d *= 10)
		for (size_t i = 0; i < sizeof(part) / sizeof(part[0]); i++) {
			double m = part[i];
			bool label = m == 1 ? !wide || lround(log10(d)) % 2 == 0 : tight || (narrow && (m == 2 || m == 5));

			if (d * m >= lo * 0.999 && d * m <= hi * 1.001 && (tight || m == floor(m)))
				out = one_tick(c, out, d * m, unit, first, label);
		}
	return out;
}

const char *
chart_ns_ticks(struct chart *c, double lo, double hi, int most)
{
	static const char *const unit[] = { "ns", "µs", "ms", "s", NULL };

	return decades(c, lo, hi, unit, 1, most);
}

const char *
chart_bandwidth_ticks(struct chart *c, double lo, double hi)
{
	static const char *const unit[] = { "kB/s", "MB/s", "GB/s", "TB/s", NULL };

	return decades(c, lo, hi, unit, 1e-6, 9);
}

const char *
chart_share_ticks(struct chart *c, double lo)
{
	const char *out = "\"100 %%\" 1";

	for (int e = 1; pow(10, -e) > lo && e < 13; e++)
		out = arena_printf(c->mem, "%s, \"%.*f %%%%\" %g", out, e > 2 ? e - 2 : 0, pow(10, 2 - e), pow(10, -e));
	return out;
}

const char *
chart_size_ticks(struct chart *c, double lo, double hi)
{
	static const char *const unit[] = { "", "K", "M", "G", "T" };
	int first = (int)ceil(log2(lo) - 1e-9), last = (int)floor(log2(hi) + 1e-9);
	int step = last - first > 8 ? 2 : 1;
	const char *out = "";

	for (int e = first; e <= last; e++)
		out = (e - first) % step == 0
			? arena_printf(c->mem, "%s%s\"%d%s\" %.0f", out, *out ? ", " : "",
				       1 << e % 10, unit[e / 10], ldexp(1, e))
			: arena_printf(c->mem,
				"%s%s\"\" %.0f 1", out, *out ? ", " : "", ldexp(1, e));
	return out;
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
	const size_t n = utf8_letters(text, strlen(text)), half = most / 2;

	if (n <= most || most < 3)
		return text;
	return arena_printf(c->mem, "%.*s…%s", (int)bytes_of(text, half), text,
			    text + bytes_of(text, n - (most - half - 1)));
}

const char *
chart_fit_title(struct chart *c, const char *title, double inches)
{
	const size_t fits = (size_t)(inches / 0.06), n = utf8_letters(title, strlen(title)), head = strcspn(title, ":");
	const size_t name = utf8_letters(title, head), over = n - fits;

	if (n <= fits || title[head] == '\0')
		return chart_elide(c, title, fits);
	return arena_printf(c->mem, "%s%s", chart_elide(c, arena_printf(c->mem, "%.*s", (int)head, title),
							name > over + 8 ? name - over : 8), title + head);
}

double
chart_foot(struct chart *c)
{
	const size_t fits = (size_t)((c->width - 0.2) * 21);
	const char *s = c->note ? c->note : "";

	for (c->nnote = 0; *s && c->nnote < CHART_NOTES; c->nnote++) {
		size_t most = bytes_of(s, fits), cut = most;

		while (s[most] && cut > 0 && s[cut] != ' ')
			cut--;
		cut = cut ? cut : most;
		c->notes[c->nnote] = arena_printf(c->mem, "%.*s", (int)cut, s);
		s += cut;
		s += *s == ' ';
	}
	if (*s)
		c->notes[c->nnote - 1] = arena_printf(c->mem, "%s …", c->notes[c->nnote - 1]);
	return 0.06 + 0.13 * (double)c->nnote;
}

const char *
chart_target_title(struct chart *c, const struct run_point *p)
{
	const char *medium = medium_name[p->medium];

	if (medium_persistent(p->medium))
		return arena_printf(c->mem, "%s: %s", p->target, medium);
	return arena_printf(c->mem, "%s: %s, not persistent memory", p->target,
			    *medium ? medium : "medium unknown");
}

void
chart_medium(struct chart *c, struct chart_media *m, enum medium of)
{
	const char *medium = medium_name[of];
	const char **list = medium_persistent(of) ? &m->real : &m->other, *s = *list ? *list : "";
	const size_t len = strlen(medium);

	while (*s && (strncmp(s, medium, len) != 0 || (s[len] != '\0' && s[len] != ','))) {
		s += strcspn(s, ",");
		s += *s ? 2 : 0;
	}
	if (*s == '\0' && len > 0)
		*list = *list ? arena_printf(c->mem, "%s, %s", *list, medium) : arena_strdup(c->mem, medium);
}

const char *
chart_media(struct chart *c, const struct chart_media *m)
{
	if (m->other == NULL)
		return arena_printf(c->mem, "medium %s", m->real ? m->real : "unknown");
	return arena_printf(c->mem, "%s%s%snot persistent memory: %s", m->real ? "medium " : "", m->real ? m->real : "",
			    m->real ? "; " : "", m->other);
}

const char *
chart_n(struct chart *c)
{
	if (c->n_least == c->n_most)
		return arena_printf(c->mem,
			"n\u00a0=\u00a0%u process%s a point", c->n_most, c->n_most == 1 ? "" : "es");
	return arena_printf(c->mem, "n\u00a0=\u00a0%u to %u processes a point", c->n_least, c->n_most);
}

void
chart_use(struct chart *c, const struct run_point *p)
{
	c->used = arena_grow(c->mem, c->used, c->nused, sizeof(*c->used));
	c->used[c->nused++] = p;
}

/* Bytes as people read them; everything else as it stands. */
static const char *
spoken(struct chart *c, const char *column, const char *v)
{
	static const char *const bytes[] = { "size", "stride", "working_set", "page_size" };
	char buf[HUMAN_MAX];
	uint64_t n;

	for (size_t i = 0; i < sizeof(bytes) / sizeof(bytes[0]); i++)
		if (strcmp(column, bytes[i]) == 0 && text_size(v, &n) == 0)
			return arena_strdup(c->mem, human_size(buf, n));
	return v;
}

const char *
chart_says(struct chart *c, const char *const *columns)
{
	const char *out = "";

	for (; *columns; columns++) {
		int col = run_column(c->run, *columns);
		const char *seen[8];
		size_t n = 0, k;

		for (size_t i = 0; i < c->nused && col >= 0; i++) {
			const char *v = c->used[i]->field[col];

			for (k = 0; k < n && seen[k] != v; k++)
				;
			if (*v == '\0' || k < n || n == 8)
				continue;
			out = n ? arena_printf(c->mem, "%s / %s", out, spoken(c, *columns, v))
				: arena_printf(c->mem, "%s%s%s %s", out, *out ? ", " : "", *columns,
					       spoken(c, *columns, v));
			seen[n++] = v;
		}
	}
	return out;
}
