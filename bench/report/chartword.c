/* SPDX-License-Identifier: BSD-2-Clause */
/* The words of a chart: ticks, titles, what its points had in common. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "chart.h"
#include "human.h"
#include "text.h"

/* Decades and what lies between, in units that step by 1000; the labels are round. */
static const char *
decades(struct chart *c, double lo, double hi, const char *const *unit, double first)
{
	const char *out = "", *comma = "";
	bool narrow = hi / lo < 30, wide = hi / lo > 5e5;

	for (double d = pow(10, floor(log10(lo))); d <= hi; d *= 10)
		for (int m = 1; m < 10; m++) {
			const char *const *u;
			double v;
			bool label = m == 1 ? !wide || lround(log10(d)) % 2 == 0
					    : narrow && (m == 2 || m == 5);

			if (d * m < lo * 0.999 || d * m > hi * 1.001)
				continue;
			v = d * m / first;
			for (u = unit; u[1] && v >= 999.5; u++)
				v /= 1000;
			out = label ? arena_printf(c->mem,
				"%s%s\"%g %s\" %g", out, comma, v, *u, d * m)
				    : arena_printf(c->mem, "%s%s\"\" %g 1", out, comma, d * m);
			comma = ", ";
		}
	return out;
}

const char *
chart_ns_ticks(struct chart *c, double lo, double hi)
{
	static const char *const unit[] = { "ns", "µs", "ms", "s", NULL };

	return decades(c, lo, hi, unit, 1);
}

const char *
chart_bandwidth_ticks(struct chart *c, double lo, double hi)
{
	static const char *const unit[] = { "kB/s", "MB/s", "GB/s", "TB/s", NULL };

	return decades(c, lo, hi, unit, 1e-6);
}

const char *
chart_share_ticks(struct chart *c, double lo)
{
	const char *out = "\"100 %%\" 1";

	for (int e = 1; pow(10, -e) > lo && e < 13; e++)
		out = e < 5 ? arena_printf(c->mem,
			"%s, \"%g %%%%\" %g", out, pow(10, 2 - e), pow(10, -e))
			    : arena_printf(c->mem, "%s, \"1e-%d\" %g", out, e, pow(10, -e));
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

const char *
chart_target_title(struct chart *c, const struct run_point *p)
{
	static const char *const real[] = { "optane", "nvdimm-n", "cxl-pmem", "pmem" };

	for (size_t i = 0; i < sizeof(real) / sizeof(real[0]); i++)
		if (strcmp(p->medium, real[i]) == 0)
			return arena_printf(c->mem, "%s: %s", p->target, p->medium);
	return arena_printf(c->mem, "%s: %s, not persistent memory", p->target,
			    *p->medium ? p->medium : "medium unknown");
}

const char *
chart_n(struct chart *c)
{
	if (c->n_least == c->n_most)
		return arena_printf(c->mem,
			"n = %u process%s a point", c->n_most, c->n_most == 1 ? "" : "es");
	return arena_printf(c->mem, "n = %u to %u processes a point", c->n_least, c->n_most);
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
