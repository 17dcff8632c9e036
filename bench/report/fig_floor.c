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
add(struct chart *c, const struct run *run, enum stamp stamp, size_t step)
{
	static const char *const name[STAMPS] = {
		[STAMP_ISSUE] = "empty op, issue stamp", [STAMP_DRAINED] =
			"empty op, drained stamp",
	};
	static const char *const color[STAMPS] = { [STAMP_ISSUE] =
		"#56B4E9", [STAMP_DRAINED] = "#0072B2" };

	for (size_t i = 0; i < run->nrepeat; i += step) {
		double v = run->repeat[i].floor[stamp] * 1e9 / run->hz;
		struct chart_series *s;
		int panel;

		if (isnan(v) || !run->repeat[i].ok)
			continue;
		panel = chart_panel(c, run_text(run, "host.name"));
		s = chart_series(c, (uint32_t)panel, name[stamp], false);
		s->color = color[stamp];
		s->point = stamp == STAMP_ISSUE ? 6 : 7;
		s->dash = 1;
		chart_add(c, s, (struct chart_point){ .x = (double)i + 1, .y = v, .lo = NAN, .hi = NAN,
						      .a = NAN, .b = NAN, .n = 1 });
	}
}

int
figure_timer_floor(struct chart *c, const struct summary *s)
{
	const struct run *run = s->run;
	size_t step = run->nrepeat / SHOWN + 1;
	double quantum = 0;

	c->xmin = 0;
	c->xmax = (double)run->nrepeat + 1;
	c->ymin = 0;
	c->ymax = NAN;
	add(c, run, STAMP_ISSUE, step);
	add(c, run, STAMP_DRAINED, step);
	if (c->npanel == 0)
		return 0;
	for (size_t i = 0; i < run->nrepeat; i++)
		quantum = fmax(quantum, isnan(run->repeat[i].quantum) ? 0 : run->repeat[i].quantum);
	c->panel[0].last = c->nseries - 1;
	c->panel[0].linear = true;
	c->line = quantum > 0 ? quantum * 1e9 / run->hz : NAN;
	c->xlabel = "process, in the order they ran";
	c->ylabel = "ns";
	chart_layout(c);
	c->note = arena_printf(c->mem,
		"One mark a process and stamp; dotted: the clock's step, %.3g ns.", c->line);
	c->caption = arena_printf(c->mem,
		"The empty op in the same loop on the same CPUs, measured at the start of each "
		"process: its median with both end stamps, in the order the processes ran%s. The "
		"dotted line is the clock's step, %.3g ns. Nothing is subtracted from any latency; "
		"a latency near these marks says little.",
		step > 1 ? " (evenly thinned)" : "", c->line);
	return 0;
}
