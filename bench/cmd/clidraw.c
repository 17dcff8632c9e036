/* SPDX-License-Identifier: BSD-2-Clause */
/* The options of what draws: report, plot, list figures. */
#include "clicheck.h"
#include "cligroup.h"

/* Behind those of cli.c. */
enum { OPT_ONLY = 512, OPT_FIGURE_PATH, OPT_LABEL, OPT_WIDTH, OPT_FONT, OPT_FORMAT, OPT_BARE, OPT_LITERATURE,
       OPT_X, OPT_Y, OPT_Z, OPT_SERIES, OPT_PANEL, OPT_WHERE, OPT_FORM, OPT_STAT, OPT_BASELINE, OPT_TITLE,
       OPT_FIGURE };

static const struct argp_option figure_option[] = {
	{ "only", OPT_ONLY, "FIGURE", 0, "draw only this figure", 3 },
	{ 0 },
};
GROUP(figure, cli_text, only);

static const struct argp_option figures_option[] = {
	{ "figure-path", OPT_FIGURE_PATH, "DIR", 0, "also the figures DIR/*.gp (docs/adding-a-figure.md)", 2 },
	{ 0 },
};
GROUP(figures, cli_text, figure_path);

static const struct argp_option page_option[] = {
	{ "width", OPT_WIDTH, "WIDTH", 0, "of every figure: 3.33in (one column), 7in, 84mm", 2 },
	{ "font", OPT_FONT, "NAME", 0, "of every figure; default: a sans serif", 2 },
	{ "format", OPT_FORMAT, "LIST", 0, "svg, pdf, png, tex (for LaTeX); default svg,pdf", 2 },
	{ "bare", OPT_BARE, NULL, 0, "no title and no note in the figure: a paper says them itself", 2 },
	{ "literature", OPT_LITERATURE, NULL, 0, "published points beside ours, where they say the same thing", 2 },
	{ 0 },
};

static error_t
parse_page(int key, char *arg, struct argp_state *state)
{
	struct page_options *o = state->input;

	switch (key) {
	case OPT_WIDTH: o->width = arg; break;
	case OPT_FONT: o->font = arg; break;
	case OPT_FORMAT: o->format = arg; break;
	case OPT_BARE: o->bare = true; break;
	case OPT_LITERATURE: o->literature = true; break;
	default: return ARGP_ERR_UNKNOWN;
	}
	return 0;
}
GROUP(page, parse_page, page);

static const struct argp_option runs_option[] = {
	{ "label", OPT_LABEL, "DIR=TEXT", CLI_MANY, "what to call a run beside others; may be repeated", 3 },
	{ "output", 'o', "DIR", 0, "the folder for what is drawn of several runs (default report/, of plot: plot/)", 3 },
	{ 0 },
};

static error_t
parse_runs(int key, char *arg, struct argp_state *state)
{
	struct runs_options *o = state->input;

	switch (key) {
	case OPT_LABEL: return cli_add(o->label, &o->nlabel, arg, state);
	case 'o': o->dir = arg; break;
	default: return ARGP_ERR_UNKNOWN;
	}
	return 0;
}
GROUP(runs, parse_runs, runs);

static const struct argp_option plot_option[] = {
	{ "x", OPT_X, "AXIS", 0, "along x: size, threads, fence, ...; 'size log' sets the scale", 1 },
	{ "y", OPT_Y, "METRIC", 0, "along y: time_ns, bandwidth_gbs, latency_drained_p50_ns, ..., or a count; default: each point's headline", 1 },
	{ "z", OPT_Z, "METRIC", 0, "with --form heat: what the colour says; y is an axis, too", 1 },
	{ "series", OPT_SERIES, "AXES", 0, "what lines, marks or bars stand for", 1 },
	{ "panel", OPT_PANEL, "AXES", 0, "what panels stand for", 1 },
	{ "where", OPT_WHERE, "EXPR", 0, "only the rows for which EXPR holds: 'kernel=clwb && mode=latency'", 1 },
	{ "form", OPT_FORM, "FORM", 0, "lines (the default), rows, bars, stack, steps or heat", 1 },
	{ "stat", OPT_STAT, "LIST", 0, "rows: thin lines to these percentiles: p99,p99.9", 1 },
	{ "baseline", OPT_BASELINE, "EXPR", 0, "ratios to the rows for which EXPR holds: kernel=store", 1 },
	{ "title", OPT_TITLE, "WORDS", 0, "what stands above it", 1 },
	{ "figure", OPT_FIGURE, "NAME", 0, "a figure of the set (list figures) instead", 1 },
	{ 0 },
};

static error_t			/* in the order of plot_options and of their keys */
parse_plot(int key, char *arg, struct argp_state *state)
{
	if (key < OPT_X || key > OPT_FIGURE)
		return ARGP_ERR_UNKNOWN;
	((const char **)state->input)[key - OPT_X] = arg;
	return 0;
}
GROUP(plot, parse_plot, plot);
