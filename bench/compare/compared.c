/* SPDX-License-Identifier: BSD-2-Clause */
/* What one row of a comparison is called, and its ratio in figures and words. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "comparison.h"
#include "text.h"

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

const char *
compared_label(const struct projection *p, const struct projected *row)
{
	const char *label = "";
	char buf[TEXT_NUM];
	uint64_t bytes;

	for (size_t i = 0; i < p->naxis; i++) {
		const char *v = row->value[i], *name = p->axis[i];

		if (!p->varies[i] || !*v)
			continue;
		if (is_size(name) && text_size(v, &bytes) == 0)
			v = text_put_size(buf, bytes);
		label = arena_printf(p->mem, "%s%s%s%s%s", label, *label ? " " : "",
				     strcmp(name, "kernel") == 0 || strcmp(name, "role") == 0 ? "" : name,
				     strcmp(name, "kernel") == 0 || strcmp(name, "role") == 0 ? "" : "=", v);
	}
	return *label ? label : "all";
}
