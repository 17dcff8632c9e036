/* SPDX-License-Identifier: BSD-2-Clause */
#include <argp.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "env.h"
#include "log.h"
#include "cli.h"
#include "clicheck.h"
#include "cligroup.h"

enum { OPT_SET = 256, OPT_FILTER, OPT_QUICK, OPT_JSON, OPT_DESTROY, OPT_NONBLANK, OPT_KERNEL_PATH,
       OPT_PRINT_CONFIG, OPT_HELP_CONFIG, OPT_DRY_RUN, OPT_EVENTS, OPT_PRECISION, OPT_BUDGET, OPT_PRINT,
       OPT_MATCH, OPT_MARGIN, OPT_ROW, OPT_COL, OPT_BASE, OPT_METRIC, OPT_CSV, OPT_PNG, OPT_FORMAT,
       OPT_STRICT, OPT_ANONYMIZE, OPT_OFFSET, OPT_ACKS, OPT_ROOT, OPT_IMAGE, OPT_BTT, OPT_FAIL_IF };

error_t
cli_add(const char **list, size_t *n, const char *arg, struct argp_state *state)
{
	if (*n == CLI_LIST_MAX)
		argp_error(state, "more than %d of these", CLI_LIST_MAX);
	list[(*n)++] = arg;
	return 0;
}

/* argp's own keys are 0 and from there on. */
static bool
is_option(int key)
{
	return key > 0 && key < ARGP_KEY_END;
}

/* Of a group with one option: a flag, a text. */
static error_t
parse_flag(int key, char *arg, struct argp_state *state)
{
	(void)arg;
	if (!is_option(key))
		return ARGP_ERR_UNKNOWN;
	*(bool *)state->input = true;
	return 0;
}

error_t
cli_text(int key, char *arg, struct argp_state *state)
{
	if (!is_option(key))
		return ARGP_ERR_UNKNOWN;
	*(const char **)state->input = arg;
	return 0;
}

static const struct argp_option what_option[] = {
	{ "kernel", 'k', "LIST", 0, "measure these kernels; no CONFIG is needed", 1 },
	{ "size", 's', "LIST", 0, "bytes per op: 64,4K (with -k)", 1 },
	{ "target", 't', "LIST", 0, "targets: a directory, a device, dram[:SIZE], loop[:SIZE], auto (with -k)", 1 },
	{ "threads", 'T', "LIST", 0, "thread counts (with -k)", 1 },
	{ "mode", 'm', "LIST", 0, "throughput, latency, audit (with -k)", 1 },
	{ 0 },
};

static error_t
parse_what(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	switch (key) {
	case 'k': o->kernels = arg; break;
	case 's': o->sizes = arg; break;
	case 't': o->targets = arg; break;
	case 'T': o->threads = arg; break;
	case 'm': o->mode = arg; break;
	default: return ARGP_ERR_UNKNOWN;
	}
	return 0;
}
GROUP(what, parse_what, what);

static const struct argp_option change_option[] = {
	{ "set", OPT_SET, "KEY=VALUE", CLI_MANY, "change the config: size=64,4K, BENCH.size=64, targets.NAME.size=1G, seed=7", 2 },
	{ "quick", OPT_QUICK, NULL, 0, "6 repeats, short windows, thinned axes, small targets", 2 },
	{ 0 },
};

static error_t
parse_change(int key, char *arg, struct argp_state *state)
{
	struct change_options *o = state->input;

	switch (key) {
	case OPT_SET: return cli_add((const char **)o->set, &o->nset, arg, state);
	case OPT_QUICK: o->quick = true; break;
	default: return ARGP_ERR_UNKNOWN;
	}
	return 0;
}
GROUP(change, parse_change, change);

static const struct argp_option config_option[] = {
	{ "filter", OPT_FILTER, "EXPR", 0, "keep the points for which EXPR holds: 'kernel=clwb,msync && size>=4K'", 2 },
	{ "events", OPT_EVENTS, "LIST", 0, "count these events too (see list events), in repeats of their own", 2 },
	{ "precision", OPT_PRECISION, "PERCENT", 0, "stop a point when its interval is this narrow (half-width; default 5)", 2 },
	{ "budget", OPT_BUDGET, "TIME", 0, "begin no block that ends after 90s, 10m or 2h, and say what that gives up", 2 },
	{ "print-config", OPT_PRINT_CONFIG, NULL, 0, "print the config that would be run, and stop; what is left out has its default (--help-config)", 2 },
	{ "help-config", OPT_HELP_CONFIG, NULL, 0, "explain every key of a config, and stop", 2 },
	{ 0 },
};

/* --precision 2 is --set precision=2, behind all others. */
static error_t
take_precision(struct config_options *o, const char *arg)
{
	const struct key *k = &sched_keys[SCHED_PRECISION];
	char buf[KEY_CANON], expects[KEY_EXPECTS];
	const char *canon;
	uint64_t num;

	if (key_value(k, arg, &num, &canon, buf)) {
		warn("--precision %s: expected %s", arg, key_expects(k, expects));
		return EINVAL;
	}
	snprintf(o->precision, sizeof o->precision, "precision=%s", arg);
	return 0;
}

static error_t
parse_config(int key, char *arg, struct argp_state *state)
{
	struct config_options *o = state->input;

	switch (key) {
	case OPT_FILTER: o->filter = arg; break;
	case OPT_EVENTS: o->events = arg; break;
	case OPT_PRECISION: return take_precision(o, arg);
	case OPT_BUDGET: o->budget = arg; break;
	case OPT_PRINT_CONFIG: o->print = true; break;
	case OPT_HELP_CONFIG: o->help = true; break;
	default: return ARGP_ERR_UNKNOWN;
	}
	return 0;
}
GROUP(config, parse_config, config);

static const struct argp_option kernels_option[] = {
	{ "kernel-path", OPT_KERNEL_PATH, "DIR", 0, "also load the kernels DIR/*.so", 2 },
	{ 0 },
};
GROUP(kernels, cli_text, kernel_path);

static const struct argp_option run_option[] = {
	{ "acks", OPT_ACKS, "PATH", 0, "mode audit: acknowledge each op there (a file, a serial port; marks: to the model alone)", 2 },
	{ "dry-run", OPT_DRY_RUN, NULL, 0, "the same as the command plan", 2 },
	{ 0 },
};

static error_t
parse_run(int key, char *arg, struct argp_state *state)
{
	struct run_options *o = state->input;

	switch (key) {
	case OPT_ACKS: o->acks = arg; break;
	case OPT_DRY_RUN: o->dry = true; break;
	default: return ARGP_ERR_UNKNOWN;
	}
	return 0;
}
GROUP(run, parse_run, run);

static const struct argp_option results_option[] = {
	{ "output", 'o', "DIR", 0, "the folder that holds results directories (default results/; %h host, %j job id)", 3 },
	{ 0 },
};
GROUP(results, cli_text, results);

static const struct argp_option consent_option[] = {
	{ "destroy-data", OPT_DESTROY, "NAME", CLI_MANY, "write to this device or namespace, which the config must name the same way; may be repeated", 4 },
	{ "overwrite-nonblank", OPT_NONBLANK, NULL, 0, "also when it carries a signature of a file system, partition table, ...", 4 },
	{ 0 },
};

static error_t
parse_consent(int key, char *arg, struct argp_state *state)
{
	struct consent_options *o = state->input;

	switch (key) {
	case OPT_DESTROY: return cli_add(o->destroy, &o->to.n, arg, state);
	case OPT_NONBLANK: o->to.overwrite_nonblank = true; break;
	default: return ARGP_ERR_UNKNOWN;
	}
	return 0;
}
GROUP(consent, parse_consent, consent);

static const struct argp_option print_option[] = {
	{ "print", OPT_PRINT, NULL, 0, "print the commands", 3 },
	{ 0 },
};
GROUP(print, parse_flag, print);

static const struct argp_option compare_option[] = {
	{ "row", OPT_ROW, "AXES", 0, "points are matched by these columns of points.csv; default: every axis", 1 },
	{ "col", OPT_COL, "AXES", 0, "within one run: put kernel, target, placement, ... side by side, in pairs", 1 },
	{ "base", OPT_BASE, "COLUMN", 0, "the column that the others are held against; default: the first", 1 },
	{ "filter", OPT_FILTER, "EXPR", 0, "only the points for which EXPR holds: 'kernel=clwb && size<=4K'", 1 },
	{ "match", OPT_MATCH, "X=Y", CLI_MANY, "role Y of the other sides is role X of the first; may be repeated", 1 },
	{ "margin", OPT_MARGIN, "PERCENT", 0, "the least effect that counts; default 5", 2 },
	{ "fail-if", OPT_FAIL_IF, "VERDICT", 0, "exit code 4 when a row is that: slower, unclear, ...; 3 when there is no row", 2 },
	{ "metric", OPT_METRIC, "NAME", 0, "compare this metric of reps.csv; default: each point's headline", 2 },
	{ "output", 'o', "DIR", 0, "also write compare.csv, compare.json and the forest plot into DIR", 3 },
	{ "png", OPT_PNG, NULL, 0, "the forest plot as PNG, too", 3 },
	{ "csv", OPT_CSV, NULL, 0, "print CSV", 5 },
	{ 0 },
};

static error_t
parse_compare(int key, char *arg, struct argp_state *state)
{
	struct compare_options *o = state->input;

	switch (key) {
	case OPT_ROW: o->row = arg; break;
	case OPT_COL: o->col = arg; break;
	case OPT_BASE: o->base = arg; break;
	case OPT_FILTER: o->filter = arg; break;
	case OPT_MATCH: return cli_add(o->match, &o->nmatch, arg, state);
	case OPT_MARGIN: o->margin = arg; break;
	case OPT_METRIC: o->metric = arg; break;
	case OPT_FAIL_IF: o->fail_if = arg; break;
	case 'o': o->dir = arg; break;
	case OPT_PNG: o->png = true; break;
	case OPT_CSV: o->csv = true; break;
	default: return ARGP_ERR_UNKNOWN;
	}
	return 0;
}
GROUP(compare, parse_compare, compare);

static const struct argp_option export_option[] = {
	{ "format", OPT_FORMAT, "FORMAT", 0, "benchmark (Google Benchmark JSON), benchfmt (Go), md, tex (the report's table), artifact (tar)", 1 },
	{ "output", 'o', "FILE", 0, "write there; default: standard output", 1 },
	{ 0 },
};

static error_t
parse_export(int key, char *arg, struct argp_state *state)
{
	struct export_options *o = state->input;

	switch (key) {
	case OPT_FORMAT: o->format = arg; break;
	case 'o': o->file = arg; break;
	default: return ARGP_ERR_UNKNOWN;
	}
	return 0;
}
GROUP(export, parse_export, export);

static const struct argp_option collect_option[] = {
	{ "output", 'o', "FILE", 0, "the SQLite file (default fleet.sqlite); the CSV stands beside it", 1 },
	{ 0 },
};
GROUP(collect, cli_text, fleet);

static const struct argp_option btt_option[] = {
	{ "offset", OPT_OFFSET, "SIZE", 0, "the namespace begins there in the image; a multiple of 4K", 1 },
	{ 0 },
};
GROUP(btt, cli_text, offset);

static const struct argp_option verify_option[] = {
	{ "root", OPT_ROOT, "DIR", 0, "where the paths of the audit lie now", 1 },
	{ "image", OPT_IMAGE, "DEVICE=FILE[@OFFSET]", CLI_MANY, "that device's contents are FILE from OFFSET on", 1 },
	{ "btt", OPT_BTT, "DEVICE=FILE[@OFFSET]", CLI_MANY, "that BTT's namespace is FILE from OFFSET on", 1 },
	{ 0 },
};

static error_t
add_image(struct verify_options *o, const char *arg, bool is_btt, struct argp_state *state)
{
	if (o->nimage == CLI_LIST_MAX)
		argp_error(state, "more than %d of these", CLI_LIST_MAX);
	o->image[o->nimage].text = arg;
	o->image[o->nimage++].is_btt = is_btt;
	return 0;
}

static error_t
parse_verify(int key, char *arg, struct argp_state *state)
{
	struct verify_options *o = state->input;

	switch (key) {
	case OPT_ROOT: o->root = arg; break;
	case OPT_IMAGE: case OPT_BTT: return add_image(o, arg, key == OPT_BTT, state);
	default: return ARGP_ERR_UNKNOWN;
	}
	return 0;
}
GROUP(verify, parse_verify, verify);

static const struct argp_option json_option[] = {
	{ "json", OPT_JSON, NULL, 0, "print JSON", 5 },
	{ 0 },
};
GROUP(json, parse_flag, json);

static const struct argp_option strict_option[] = {
	{ "strict", OPT_STRICT, NULL, 0, "exit code 4 when a finding is bad, or a point is flagged", 5 },
	{ 0 },
};
GROUP(strict, parse_flag, strict);

static const struct argp_option anonymize_option[] = {
	{ "anonymize", OPT_ANONYMIZE, NULL, 0, "replace host name, user, ids and paths; leave env/ out", 5 },
	{ 0 },
};
GROUP(anonymize, parse_flag, anonymize);

static const struct argp_option talk_option[] = {
	{ "verbose", 'v', NULL, 0, "say more", 6 },
	{ "quiet", 'q', NULL, 0, "say only what went wrong", 6 },
	{ 0 },
};

static error_t
parse_talk(int key, char *arg, struct argp_state *state)
{
	(void)arg;
	if (key != 'v' && key != 'q')
		return ARGP_ERR_UNKNOWN;
	log_level(key == 'v' ? LOG_VERBOSE : LOG_QUIET);
	*(bool *)state->input |= key == 'v';
	return 0;
}
static GROUP(talk, parse_talk, verbose);

/* A command's groups and, of every command, options_talk. */
struct parsing {
	struct cli *cli;
	const struct option_group *group[CLI_GROUPS_MAX + 1];
	size_t n;
};

static error_t
parse(int key, char *arg, struct argp_state *state)
{
	struct parsing *p = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		for (size_t k = 0; k < p->n; k++)
			state->child_inputs[k] = (char *)p->cli + p->group[k]->at;
		return 0;
	case ARGP_KEY_ARG: return cli_add(p->cli->arg, &p->cli->narg, arg, state);
	default: return ARGP_ERR_UNKNOWN;
	}
}

static size_t
take_options(struct argp_option *to, size_t n, size_t room, const struct option_group *g)
{
	for (const struct argp_option *o = g->option; o->name && n < room; o++)
		to[n++] = *o;
	return n;
}

/* Those of all commands, some of them twice. */
static void
take_all(struct argp_option *to)
{
	size_t n = 0;

	for (const struct command *c = commands; c->name; c++)
		for (size_t k = 0; c->options[k]; k++)
			n = take_options(to, n, CLI_ALL, c->options[k]);
}

static void
print_version(FILE *out, struct argp_state *state)
{
	(void)state;
	fprintf(out, "%s\n", version_text);
}

int
cli_parse(const struct command *c, int argc, char **argv, struct cli *o)
{
	struct argp_option known[CLI_OPTIONS + 1] = { 0 }, others[CLI_ALL + 1] = { 0 };
	struct cli_check check = { .command = c->name, .program = argv[0], .known = known, .others = others };
	struct argp group[CLI_GROUPS_MAX + 1] = { 0 };
	struct argp_child child[CLI_GROUPS_MAX + 2] = { 0 };
	struct argp argp = { .parser = parse, .args_doc = c->args, .doc = c->doc, .children = child };
	struct parsing p = { .cli = o };
	size_t n = 0;
	int rc;

	argp_program_version_hook = print_version;
	argp_err_exit_status = EXIT_USAGE;
	for (; c->options[p.n]; p.n++)
		p.group[p.n] = c->options[p.n];
	p.group[p.n++] = &options_talk;
	for (size_t k = 0; k < p.n; k++) {
		n = take_options(known, n, CLI_OPTIONS, p.group[k]);
		group[k] = (struct argp){ .options = p.group[k]->option, .parser = p.group[k]->parse };
		child[k].argp = &group[k];
	}
	take_all(others);
	if (cli_check(&check, argc, argv) < 0)
		return -EINVAL;
	o->consent.to.name = o->consent.destroy;
	rc = argp_parse(&argp, argc, argv, 0, NULL, &p);
	if (rc == 0 && *o->config.precision)
		o->change.set[o->change.nset++] = (struct setting){ o->config.precision };
	return rc ? -rc : 0;
}
