/* SPDX-License-Identifier: BSD-2-Clause */
/* Lines of medians: latency and bandwidth against size, bandwidth against threads. */
#include <math.h>

#include "figure.h"
#include "lines.h"

/* From zero, or by decades where a line would lie on it. */
static void
bandwidth_axis(struct chart *c, struct chart_panel *p)
{
	double lo = NAN, hi = NAN;

	for (size_t i = p->first; i <= p->last; i++)
		for (size_t k = 0; k < c->series[i].n; k++)
			chart_widen(&lo, &hi, &c->series[i].p[k]);
	p->linear = hi < 30 * lo;
	p->ymin = p->linear ? 0 : lo / 1.5;
	p->ymax = p->linear ? NAN : hi * 1.5;
	p->ylabel = p->linear ? "bandwidth, all threads (GB/s)" : "bandwidth, all threads";
	if (!p->linear)
		p->yticks = chart_bandwidth_ticks(c, p->ymin, p->ymax);
}

static int
bandwidth(struct lines *l, struct chart *c, const struct summary *s, const char *const *columns, const char *against)
{
	l->metric = METRIC_BANDWIDTH;
	lines_chart(l, c, s);
	if (c->npanel == 0)
		return 0;
	for (size_t i = 0; i < c->npanel; i++)
		bandwidth_axis(c, &c->panel[i]);
	c->note = arena_printf(c->mem,
		"Throughput mode; 1 GB = 10^9 bytes; %s; bars: exact 95\u00a0%% interval; %s.",
			       chart_says(c, columns), chart_n(c));
	c->caption = arena_printf(c->mem,
		"Bytes made durable, or read, per second against %s, throughput mode: many ops "
		"between two clock reads, the final drain inside. Median over the processes with "
		"its exact 95\u00a0%% interval. Shown: %s; %s. Grey: controls, which promise no "
		"durability. Lines join medians, nothing is smoothed.%s",
		against, chart_says(c, columns), chart_n(c), lines_left_out(l, c));
	chart_layout(c);
	return 0;
}

int
figure_bandwidth_size(struct chart *c, const struct summary *s)
{
	static const char *const columns[] = { "threads", "pattern", "working_set", NULL };
	struct lines l = { .by_threads = false };

	c->xlabel = "bytes per op";
	return bandwidth(&l, c, s, columns, "the size of an op");
}

int
figure_bandwidth_threads(struct chart *c, const struct summary *s)
{
	static const char *const columns[] = { "size", "pattern", "placement", NULL };
	struct lines l = { .by_threads = true };

	c->xlabel = "threads";
	return bandwidth(&l, c, s, columns, "the number of threads");
}

/* The floor that the processes measured with the drained stamp: a level to hold latencies against. */
static double
floor_level(const struct chart *c, const struct summary *s)
{
	double sum = 0;
	size_t n = 0;

	for (size_t i = 0; i < c->nused; i++) {
		const struct sum *f = summary_find(s, c->used[i], METRIC_FLOOR_DRAINED);

		if (f != NULL) {
			sum += f->v.est;
			n++;
		}
	}
	return n ? sum / (double)n : NAN;
}

int
figure_latency_size(struct chart *c, const struct summary *s)
{
	static const char *const columns[] = { "threads", "gap", "line", "tlb", "pattern", NULL };
	struct lines l = { .metric = metric_latency(STAMP_DRAINED, LATENCY_P50) };

	lines_chart(&l, c, s);
	if (c->npanel == 0)
		return 0;
	c->line = floor_level(c, s);
	if (!isnan(c->line))
		c->ymin = fmin(c->ymin, c->line);
	c->ymin /= 1.3;
	c->ymax *= 1.3;
	for (size_t i = 0; i < c->npanel; i++)
		c->panel[i].yticks = chart_ns_ticks(c, c->ymin, c->ymax, 10);
	c->xlabel = "bytes per op";
	c->ylabel = "median latency of one op";
	c->note = arena_printf(c->mem,
		"Drained stamp; %s; bars: exact 95\u00a0%% interval; %s; dotted: the timer's floor.",
			       chart_says(c, columns), chart_n(c));
	c->caption = arena_printf(c->mem,
		"Median latency of one op against its size, drained stamp (MFENCE before the end "
		"stamp), over the processes, with its exact 95\u00a0%% interval. Shown: %s; %s. The "
		"dotted line is the empty op in the same loop; nothing is subtracted. Grey: "
		"controls, which promise no durability.%s",
		chart_says(c, columns), chart_n(c), lines_left_out(&l, c));
	chart_layout(c);
	return 0;
}
