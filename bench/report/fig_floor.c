/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The timer's floor in every process, in the order in which they ran: is the clock
 * fine enough for what it measured, and did it stay so?
 */
#include <math.h>

#include "figure.h"
#include "metric.h"

enum { SHOWN = 600 };

static void
add(struct chart *c, const struct run *run, enum stamp stamp, size_t step, const char *title)
{
	static const char *const name[STAMPS] = {
		[STAMP_ISSUE] = "issue stamp", [STAMP_DRAINED] = "drained stamp",
	};

	for (size_t i = 0; i < run->nrepeat; i += step) {
		double v = run->repeat[i].floor[stamp] * 1e9 / run->hz;
		struct chart_series *s;
		int panel;

		if (isnan(v) || !run->repeat[i].ok)
			continue;
		panel = chart_panel(c, title);
		s = chart_series(c, (uint32_t)panel, name[stamp], false);
		s->color = stamp == STAMP_ISSUE ? "#D55E00" : "#0072B2";
		s->point = stamp == STAMP_ISSUE ? 9 : 7;
		s->dash = 1;
		chart_add(c, s, (struct chart_point){ .x = (double)i + 1, .y = v, .lo = NAN, .hi = NAN,
						      .a = NAN, .b = NAN, .n = 1 });
	}
}

/* "HOST: CPU". */
static const char *
machine(struct chart *c, const struct run *run)
{
	const char *host = run_text(run, "host.name"), *cpu = run_text(run, "host.cpu");

	return arena_printf(c->mem, "%s%s%s", *host ? host : "unknown host", *cpu ? ": " : "", cpu);
}

/* Whole numbers; gnuplot would count three processes in halves. */
static const char *
ticks(struct chart *c, size_t n)
{
	size_t step = 1, unit = 1;
	const char *out = "";

	while (n / step > 8)
		step = step == unit ? 2 * unit : step == 2 * unit ? 5 * unit : (unit *= 10);
	for (size_t i = step; i <= n; i += step)
		out = arena_printf(c->mem, "%s%s\"%zu\" %zu", out, *out ? ", " : "", i, i);
	return out;
}

int
figure_timer_floor(struct chart *c, const struct summary *s)
{
	const struct run *run = s->run;
	size_t step = run->nrepeat / SHOWN + 1;
	double quantum = 0;
	const char *clock;

	c->xmin = 0;
	c->xmax = (double)run->nrepeat + 1;
	c->ymin = 0;
	c->ymax = NAN;
	add(c, run, STAMP_ISSUE, step, machine(c, run));
	add(c, run, STAMP_DRAINED, step, machine(c, run));
	if (c->npanel == 0)
		return 0;
	for (size_t i = 0; i < run->nrepeat; i++)
		quantum = fmax(quantum, isnan(run->repeat[i].quantum) ? 0 : run->repeat[i].quantum);
	c->panel[0].last = c->nseries - 1;
	c->panel[0].linear = true;
	c->line = quantum > 0 ? quantum * 1e9 / run->hz : NAN;
	c->xlabel = "process, in the order they ran";
	c->ylabel = "time of the empty op (ns)";
	c->xticks = ticks(c, run->nrepeat);
	clock = isnan(c->line) ? "" : arena_printf(c->mem, "; dotted: the clock's step, %.3g\u00a0ns", c->line);
	c->note = arena_printf(c->mem,
		"One mark a process%s and stamp%s.", step > 1 ? " (thinned)" : "", clock);
	c->caption = arena_printf(c->mem,
		"The empty op in the same loop on the same CPUs, measured at the start of each "
		"process: its median with both end stamps, in the order the processes ran%s%s. Nothing "
		"is subtracted from any latency; a latency near these marks says little.",
		step > 1 ? " (evenly thinned)" : "", clock);
	chart_layout(c);
	return 0;
}
