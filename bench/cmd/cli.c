/* SPDX-License-Identifier: BSD-2-Clause */
#include <argp.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "env.h"
#include "log.h"
#include "cli.h"
#include "clicheck.h"

enum { OPT_SET = 256, OPT_FILTER, OPT_QUICK, OPT_JSON, OPT_DESTROY, OPT_NONBLANK, OPT_KERNEL_PATH,
       OPT_PRINT_CONFIG, OPT_HELP_CONFIG, OPT_ONLY, OPT_DRY_RUN, OPT_EVENTS, OPT_PRECISION, OPT_BUDGET, OPT_PRINT,
       OPT_MATCH, OPT_MARGIN, OPT_ROW, OPT_COL, OPT_BASE, OPT_METRIC, OPT_CSV, OPT_PNG, OPT_FORMAT,
       OPT_STRICT, OPT_ANONYMIZE, OPT_OFFSET, OPT_ACKS, OPT_ROOT, OPT_IMAGE, OPT_BTT };

/* Every option once.  A command's `options` string names the groups it takes: r what to
 * run, y what changes a config, c how it is read, k more
 * kernels, o where results go, d consent, j JSON, f one figure, p prepare, x compare,
 * e export, l collect, s strict, a anonymize, b btt-check, V verify. */
static const struct { char group; struct argp_option o; } all[] = {
	{ 'r', { "kernel", 'k', "LIST", 0, "measure these kernels; no CONFIG is needed", 1 } },
	{ 'r', { "size", 's', "LIST", 0, "bytes per op: 64,4K (with -k)", 1 } },
	{ 'r', { "target", 't', "LIST", 0, "targets: a directory, a device, dram[:SIZE], loop[:SIZE], auto (with -k)", 1 } },
	{ 'r', { "threads", 'T', "LIST", 0, "thread counts (with -k)", 1 } },
	{ 'r', { "mode", 'm', "LIST", 0, "throughput, latency, audit (with -k)", 1 } },
	{ 'y', { "set", OPT_SET, "KEY=VALUE", CLI_MANY, "change the config: size=64,4K, BENCH.size=64, targets.NAME.size=1G, seed=7", 2 } },
	{ 'c', { "filter", OPT_FILTER, "EXPR", 0, "keep the points for which EXPR holds: 'kernel=clwb,msync && size>=4K'", 2 } },
	{ 'y', { "quick", OPT_QUICK, NULL, 0, "6 repeats, short windows, thinned axes, small targets", 2 } },
	{ 'c', { "events", OPT_EVENTS, "LIST", 0, "count these events too (see list events), in repeats of their own", 2 } },
	{ 'c', { "precision", OPT_PRECISION, "PERCENT", 0, "stop a point when its interval is this narrow (half-width; default 5)", 2 } },
	{ 'c', { "budget", OPT_BUDGET, "TIME", 0, "begin no block that ends after 90s, 10m or 2h, and say what that gives up", 2 } },
	{ 'k', { "kernel-path", OPT_KERNEL_PATH, "DIR", 0, "also load the kernels DIR/*.so", 2 } },
	{ 'n', { "acks", OPT_ACKS, "PATH", 0, "mode audit: acknowledge each op there (a file, a serial port; marks: to the model alone)", 2 } },
	{ 'c', { "print-config", OPT_PRINT_CONFIG, NULL, 0, "print the config that would be run, and stop; what is left out has its default (--help-config)", 2 } },
	{ 'c', { "help-config", OPT_HELP_CONFIG, NULL, 0, "explain every key of a config, and stop", 2 } },
	{ 'n', { "dry-run", OPT_DRY_RUN, NULL, 0, "the same as the command plan", 2 } },
	{ 'o', { "output", 'o', "DIR", 0, "the folder that holds results directories (default results/; %h host, %j job id)", 3 } },
	{ 'd', { "destroy-data", OPT_DESTROY, "NAME", CLI_MANY, "write to this device or namespace, which the config must name the same way; may be repeated", 4 } },
	{ 'd', { "overwrite-nonblank", OPT_NONBLANK, NULL, 0, "also when it carries a signature of a file system, partition table, ...", 4 } },
	{ 'f', { "only", OPT_ONLY, "FIGURE", 0, "draw only this figure", 3 } },
	{ 'p', { "print", OPT_PRINT, NULL, 0, "print the commands", 3 } },
	{ 'j', { "json", OPT_JSON, NULL, 0, "print JSON", 5 } },
	{ 'x', { "row", OPT_ROW, "AXES", 0, "points are matched by these columns of points.csv; default: every axis", 1 } },
	{ 'x', { "col", OPT_COL, "AXES", 0, "within one run: put kernel, target, placement, ... side by side, in pairs", 1 } },
	{ 'x', { "base", OPT_BASE, "COLUMN", 0, "the column that the others are held against; default: the first", 1 } },
	{ 'x', { "filter", OPT_FILTER, "EXPR", 0, "only the points for which EXPR holds: 'kernel=clwb && size<=4K'", 1 } },
	{ 'x', { "match", OPT_MATCH, "X=Y", 0, "role Y of the other sides is role X of the first", 1 } },
	{ 'x', { "margin", OPT_MARGIN, "PERCENT", 0, "the least effect that counts; default 5", 2 } },
	{ 'x', { "metric", OPT_METRIC, "NAME", 0, "compare this metric of reps.csv; default: each point's headline", 2 } },
	{ 'x', { "output", 'o', "DIR", 0, "also write compare.csv, compare.json and the forest plot into DIR", 3 } },
	{ 'x', { "png", OPT_PNG, NULL, 0, "the forest plot as PNG, too", 3 } },
	{ 'x', { "csv", OPT_CSV, NULL, 0, "print CSV", 5 } },
	{ 'e', { "format", OPT_FORMAT, "FORMAT", 0, "benchmark (Google Benchmark JSON), benchfmt (Go), artifact (tar)", 1 } },
	{ 'e', { "output", 'o', "FILE", 0, "write there; default: standard output", 1 } },
	{ 'l', { "output", 'o', "FILE", 0, "the SQLite file (default fleet.sqlite); the CSV stands beside it", 1 } },
	{ 'b', { "offset", OPT_OFFSET, "SIZE", 0, "the namespace begins there in the image; a multiple of 4K", 1 } },
	{ 'V', { "root", OPT_ROOT, "DIR", 0, "where the paths of the audit lie now", 1 } },
	{ 'V', { "image", OPT_IMAGE, "DEVICE=FILE[@OFFSET]", CLI_MANY, "that device's contents are FILE from OFFSET on", 1 } },
	{ 'V', { "btt", OPT_BTT, "DEVICE=FILE[@OFFSET]", CLI_MANY, "that BTT's namespace is FILE from OFFSET on", 1 } },
	{ 's', { "strict", OPT_STRICT, NULL, 0, "exit code 4 when a finding is bad, or a point is flagged", 5 } },
	{ 'a', { "anonymize", OPT_ANONYMIZE, NULL, 0, "replace host name, user, ids and paths; leave env/ out", 5 } },
	{ 'v', { "verbose", 'v', NULL, 0, "say more", 6 } },
	{ 'v', { "quiet", 'q', NULL, 0, "say only what went wrong", 6 } },
};
#define NALL (sizeof all / sizeof *all)

static error_t
add(const char **list, size_t *n, const char *arg, struct argp_state *state)
{
	if (*n == CLI_LIST_MAX)
		argp_error(state, "more than %d of these", CLI_LIST_MAX);
	list[(*n)++] = arg;
	return 0;
}

static error_t
add_image(struct cli *o, const char *arg, bool is_btt, struct argp_state *state)
{
	if (o->nimage == CLI_LIST_MAX)
		argp_error(state, "more than %d of these", CLI_LIST_MAX);
	o->image[o->nimage].text = arg;
	o->image[o->nimage++].is_btt = is_btt;
	return 0;
}

/* --precision 2 is --set precision=2. */
static error_t
add_precision(struct cli *o, const char *arg, struct argp_state *state)
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
	return add((const char **)o->set, &o->nset, o->precision, state);
}

static error_t
parse(int key, char *arg, struct argp_state *state)
{
	struct cli *o = state->input;

	switch (key) {
	case 'k': o->inline_.kernels = arg; break;
	case 's': o->inline_.sizes = arg; break;
	case 't': o->inline_.targets = arg; break;
	case 'T': o->inline_.threads = arg; break;
	case 'm': o->inline_.mode = arg; break;
	case 'o': o->out_dir = arg; o->out_given = true; break;
	case 'v': log_level(LOG_VERBOSE); o->verbose = true; break;
	case 'q': log_level(LOG_QUIET); break;
	case OPT_SET: return add((const char **)o->set, &o->nset, arg, state);
	case OPT_DESTROY: return add(o->destroy, &o->consent.n, arg, state);
	case OPT_NONBLANK: o->consent.overwrite_nonblank = true; break;
	case OPT_FILTER: o->filter = arg; break;
	case OPT_QUICK: o->quick = true; break;
	case OPT_JSON: o->json = true; break;
	case OPT_KERNEL_PATH: o->kernel_path = arg; break;
	case OPT_PRINT_CONFIG: o->print_config = true; break;
	case OPT_HELP_CONFIG: o->help_config = true; break;
	case OPT_DRY_RUN: o->dry_run = true; break;
	case OPT_PRINT: o->print = true; break;
	case OPT_ONLY: o->only = arg; break;
	case OPT_EVENTS: o->events = arg; break;
	case OPT_BUDGET: o->budget = arg; break;
	case OPT_PRECISION: return add_precision(o, arg, state);
	case OPT_MATCH: o->compare.match = arg; break;
	case OPT_MARGIN: o->compare.margin = arg; break;
	case OPT_ROW: o->compare.row = arg; break;
	case OPT_COL: o->compare.col = arg; break;
	case OPT_BASE: o->compare.base = arg; break;
	case OPT_METRIC: o->compare.metric = arg; break;
	case OPT_PNG: o->compare.png = true; break;
	case OPT_CSV: o->csv = true; break;
	case OPT_STRICT: o->strict = true; break;
	case OPT_ANONYMIZE: o->anonymize = true; break;
	case OPT_ROOT: o->root = arg; break;
	case OPT_IMAGE: case OPT_BTT: return add_image(o, arg, key == OPT_BTT, state);
	case OPT_ACKS: o->acks = arg; break;
	case OPT_OFFSET: o->offset = arg; break;
	case OPT_FORMAT: o->format = arg; break;
	case ARGP_KEY_ARG: return add(o->arg, &o->narg, arg, state);
	default: return ARGP_ERR_UNKNOWN;
	}
	return 0;
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
	struct argp_option table[NALL + 1] = { 0 }, others[NALL + 1] = { 0 };
	struct cli_check check = { .command = c->name, .program = argv[0], .known = table, .others = others };
	struct argp argp = { .options = table, .parser = parse, .args_doc = c->args, .doc = c->doc };
	size_t n = 0;
	int rc;

	argp_program_version_hook = print_version;
	argp_err_exit_status = EXIT_USAGE;
	for (size_t k = 0; k < NALL; k++) {
		others[k] = all[k].o;
		if (all[k].group == 'v' || strchr(c->options, all[k].group))
			table[n++] = all[k].o;
	}
	if (cli_check(&check, argc, argv) < 0)
		return -EINVAL;
	o->out_dir = "results";
	o->consent.name = o->destroy;
	rc = argp_parse(&argp, argc, argv, 0, NULL, o);
	return rc ? -rc : 0;
}
