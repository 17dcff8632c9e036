/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lines.h -- medians of one metric against size or threads, as series of a chart.
 * A panel is one target, and one thread count or size where there are several.
 */
#ifndef LINES_H
#define LINES_H

#include "chart.h"
#include "summary.h"

struct lines {
	enum metric_id metric;
	bool by_threads;		/* else by size */
	size_t single;			/* series left out: one place makes no line */
	size_t n;
	struct line_item *item;
};

/* Fill the chart's panels, series, x axis and range of y, styled; no panel: no line. */
void lines_chart(struct lines *, struct chart *, const struct summary *);
/* For the caption: " 2 points found no room ...", or "". */
const char *lines_left_out(const struct lines *, struct chart *);

#endif
