/* SPDX-License-Identifier: BSD-2-Clause */
/* run-bench list: kernels, targets, events, figures, configs, columns. */
#include <dirent.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include "caps.h"
#include "commands.h"
#include "evidence.h"
#include "datadir.h"
#include "experiment_open.h"
#include "figureset.h"
#include "flag.h"
#include "grid.h"
#include "listevents.h"
#include "listtargets.h"
#include "log.h"
#include "metric.h"
#include "registry.h"
#include "rundir.h"
#include "tables.h"
#include "taint.h"

static int
print(struct grid *t)
{
	return grid_print(t, stdout) < 0 ? EXIT_POINT_FAILED : EXIT_OK;
}

/* "fence=1..4096 order=line|op": the default first. */
static const char *
params_text(const struct kernel *k, char *buf, size_t len)
{
	size_t n = 0;

	buf[0] = 0;
	for (const struct param *p = k->params; p && p->name; p++) {
		const char *sep = "=";

		n += (size_t)snprintf(buf + n, len - n, "%s%s", n ? " " : "", p->name);
		if (!p->choices) {
			if (p->def != p->min)
				n += (size_t)snprintf(buf + n, len - n, "=%llu", (unsigned long long)p->def);
			n += (size_t)snprintf(buf + n, len - n, "%s%llu..%llu", p->def != p->min ? "|" : "=",
					      (unsigned long long)p->min, (unsigned long long)p->max);
			continue;
		}
		for (int first = 1; first >= 0; first--)
			for (const struct choice *c = p->choices; c->name; c++)
				if ((c->value == p->def) == first) {
					n += (size_t)snprintf(buf + n, len - n, "%s%s", sep, c->name);
					sep = "|";
				}
	}
	return buf;
}

static const char *
control_text(const struct kernel *k)
{
	return k->control == CONTROL_FLOOR ? "floor" : k->control ? "yes" : "no";
}

static int
list_kernels(void)
{
	struct grid *t = grid_new();
	char needs[256], does[128], params[512], tested[EVIDENCE_TEXT];

	grid_column(t, "KERNEL", 0);
	grid_column(t, "NEEDS", GRID_WRAP);
	grid_column(t, "PERSISTS BY", GRID_WRAP);
	grid_column(t, "TESTED", GRID_WRAP);
	grid_column(t, "PARAMETERS", GRID_WRAP);
	grid_column(t, "WHAT IT DOES", GRID_WRAP);
	for (size_t k = 0; k < kernel_count(); k++) {
		const struct kernel *kn = kernel_at(k);
		const char *text[] = { kn->name, caps_text(kn->needs, needs, sizeof needs),
				       kn->control ? "control" : does_text(kn->does, does, sizeof does),
				       kernel_ours(kn) ? evidence_of_kernel(tested, kn) : "rule",
				       params_text(kn, params, sizeof params), kn->doc };

		grid_row(t, text);
	}
	if (print(t) != EXIT_OK)
		return EXIT_POINT_FAILED;
	printf("\nA parameter's default stands first; it is a key of the bench: --set fence=1,8\n"
	       "TESTED: power cuts, or moments of a modelled cache, that lost something where `durable` is yes, on any Linux\n");
	return EXIT_OK;
}

static json_t *
param_json(const struct param *p)
{
	json_t *o = json_pack("{s:s, s:s}", "name", p->name, "doc", p->doc), *list;

	if (!p->choices) {
		json_object_set_new(o, "default", json_integer((json_int_t)p->def));
		json_object_set_new(o, "min", json_integer((json_int_t)p->min));
		json_object_set_new(o, "max", json_integer((json_int_t)p->max));
		json_object_set_new(o, "power_of_two", json_boolean(p->pow2));
		return o;
	}
	list = json_array();
	for (const struct choice *c = p->choices; c->name; c++) {
		json_array_append_new(list, json_string(c->name));
		if (c->value == p->def)
			json_object_set_new(o, "default", json_string(c->name));
	}
	json_object_set_new(o, "choices", list);
	return o;
}

static int
list_kernels_json(void)
{
	json_t *all = json_array();
	char does[128], tested[EVIDENCE_TEXT];

	for (size_t k = 0; k < kernel_count(); k++) {
		const struct kernel *kn = kernel_at(k);
		json_t *params = json_array();

		for (const struct param *p = kn->params; p && p->name; p++)
			json_array_append_new(params, param_json(p));
		json_array_append_new(all, json_pack("{s:s, s:s, s:o, s:s, s:s, s:s, s:s, s:b, s:o}",
			"name", kn->name, "doc", kn->doc, "needs", caps_json(kn->needs),
			"persists_by", does_text(kn->does, does, sizeof does),
			"tested", kernel_ours(kn) ? evidence_of_kernel(tested, kn) : "rule",
			"control", control_text(kn),
			"moves", kn->moves == MOVES_READS ? "reads" : kn->moves == MOVES_WRITES ? "writes" : "nothing",
			"consumes", kn->consumes, "params", params));
	}
	json_dumpf(all, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(all);
	return EXIT_OK;
}

/* The same as a table or as JSON. */
static int
print_either(struct grid *t, json_t *all, bool json)
{
	if (json) {
		json_dumpf(all, stdout, JSON_INDENT(2));
		putchar('\n');
		grid_free(t);
	}
	json_decref(all);
	return json ? EXIT_OK : print(t);
}

static int
is_yaml(const struct dirent *d)
{
	const char *dot = strrchr(d->d_name, '.');

	return dot && strcmp(dot, ".yaml") == 0;
}

/* The first comment line of a config says what it is for. */
static void
first_comment(const char *path, char *buf, size_t len)
{
	FILE *f = fopen(path, "re");

	buf[0] = 0;
	while (f && fgets(buf, (int)len, f)) {
		buf[strcspn(buf, "\n")] = 0;
		if (buf[0] == '#' && !strstr(buf, "SPDX")) {
			memmove(buf, buf + strspn(buf, "# "), strlen(buf + strspn(buf, "# ")) + 1);
			break;
		}
		buf[0] = 0;
	}
	if (f)
		fclose(f);
}

static int
list_configs(bool json)
{
	struct grid *t = grid_new();
	json_t *all = json_array();
	char dir[4200], path[4500], typed[4500], doc[256];
	struct dirent **list;
	int n;

	grid_column(t, "CONFIG", 0);
	grid_column(t, "WHAT IT MEASURES", GRID_WRAP);
	snprintf(dir, sizeof dir, "%s/configs", data_dir());
	n = scandir(dir, &list, is_yaml, alphasort);
	for (int k = 0; k < n; k++) {
		snprintf(path, sizeof path, "%s/%s", dir, list[k]->d_name);
		first_comment(path, doc, sizeof doc);
		grid_row(t, (const char *[]){ data_typed(path, typed, sizeof typed), doc });
		json_array_append_new(all, json_pack("{s:s, s:s}", "config", path, "doc", doc));
		free(list[k]);
	}
	if (n >= 0)
		free(list);
	if (n <= 0)
		warn("there are no configs in %s ($DAXMARK_DATADIR is where they and plots/ lie)", dir);
	return print_either(t, all, json);
}

static json_t *
names_json(const struct figure_names *n)
{
	json_t *list = json_array();

	for (size_t i = 0; i < n->n; i++)
		json_array_append_new(list, json_string(n->name[i]));
	return list;
}

static json_t *
figure_json(const struct figure *f, struct arena *mem)
{
	const char *mirrors = f->mirrors ? f->mirrors : "";

	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:s}", "figure", f->name,
			 "title", f->title, "doc", f->doc ? f->doc : "", "mirrors", mirrors, "form", form_name[f->form],
			 "data", data_name[f->data], "needs", figure_needs(f, mem), "x", names_json(&f->x.name),
			 "y", names_json(&f->y.name), "series", names_json(&f->series), "panel", names_json(&f->panel),
			 "configs", names_json(&f->config), "file", f->file);
}

static int
list_figures(const struct cli *cli)
{
	struct grid *t = grid_new();
	json_t *list = json_array();
	struct figures all;

	if (figureset_open(&all, cli) < 0 || setjmp(all.mem.oom)) {
		grid_free(t);
		json_decref(list);
		figures_free(&all);
		return EXIT_USAGE;
	}
	grid_column(t, "FIGURE", 0);
	grid_column(t, "WHAT IT SHOWS", GRID_WRAP);
	grid_column(t, "NEEDS", GRID_WRAP);
	grid_column(t, "MIRRORS", GRID_WRAP);
	for (size_t i = 0; i < all.n; i++) {
		const struct figure *f = &all.v[i];

		grid_row(t, (const char *[]){ f->name, f->doc ? f->doc : f->title, figure_needs(f, &all.mem),
					      f->mirrors ? f->mirrors : "" });
		json_array_append_new(list, figure_json(f, &all.mem));
	}
	figures_free(&all);
	return print_either(t, list, cli->json);
}

static const char head[] =
"# What a run leaves behind\n"
"\n"
"Printed by `run-bench list columns` from the tables the program itself uses; do not edit.\n"
"\n"
"A results directory holds `run.json` (schema `" RUN_SCHEMA "`: what ran, where, how it ended), "
"the\n"
"CSV files below, `config.yaml` as it was given and `config.resolved.json` with every default "
"spelled\n"
"out, `env/` (the machine), `plots/` (each figure as .svg and .pdf beside its data and its "
"gnuplot\n"
"script), `report.html` and `log.txt`.\n"
"\n"
"CSV is RFC 4180 with a header line; a field is quoted when it must be. An empty field means "
"\"does not\n"
"apply\" or \"was not measured\", never 0. Units stand in the names or in the tables; a tick is "
"one step\n"
"of the clock, `timer.hz` of `run.json` per second. New columns and metrics raise the minor "
"version of\n"
"the schema and readers go by column name; anything else raises the major one, and a reader "
"refuses a\n"
"major version above its own.\n"
"\n"
"`flush` of `run.json` (1.1) is what this CPU's flush instructions did to a line of DRAM when the "
"run began,\n"
"in ticks between drained stamps: `cached_ticks`, a load from the cache, and by instruction "
"`reload_ticks`,\n"
"a load after it, `first_ticks`, a flush of a dirty line, `again_ticks`, of the same line once "
"more.\n"
"`clwb_keeps_line`: true, false, or null where the times do not say or the CPU is `emulated`.\n"
"\n"
"`budget` of `run.json` (1.1) is there after `--budget`, and when the time of `--quick` was up before all\n"
"was measured: `asked_s`, `used_s` until the report was made, and `gave_up`, a line for each thing that the\n"
"time did not suffice for; `resumed` when the run was taken up\n"
"later. `config.precisions` (1.1) is what was asked of each bench, in percent.\n";

static void
cell(FILE *f, const char *s)
{
	for (; *s; s++) {
		if (*s == '|' || *s == '\\' || *s == '*')
			fputc('\\', f);
		fputc(*s, f);
	}
}

static void
columns(FILE *f, const struct column *c)
{
	fputs("| column | unit | what |\n|---|---|---|\n", f);
	for (; c->name; c++) {
		fprintf(f, "| `%s` | %s | ", c->name, c->unit ? c->unit : "");
		cell(f, c->axis ? axis_keys[c->axis - 1].doc : c->doc);
		fputs(" |\n", f);
	}
}

static void
taints(FILE *f)
{
	fputs("\n## Taints\n\nA machine that lacks a source cannot tell: `taints.unavailable` of `run.json` names it. What says\n"
	      "nothing of a kernel stands in `taints.not_applicable` with those kernels: `faults` without an\n"
	      "`expect()`, `wall` and `pressure` of one that blocks.\n\n"
	      "| value | taint | what was seen |\n|---|---|---|\n", f);
	for (size_t k = 0; k < TAINT_COUNT; k++)
		fprintf(f, "| %u | %s | %s |\n", 1u << k, taint_rows[k].name, taint_rows[k].doc);
}

/* docs/results-format.md, from the tables the program itself uses. */
static void
tables_markdown(FILE *f)
{
	fputs(head, f);
	for (size_t t = 0; t < TABLES; t++) {
		fprintf(f, "\n## %s\n\n%s\n\n", tables[t].file, tables[t].doc);
		columns(f, tables[t].column);
	}
	fputs("\n## Metrics\n\nA percentile p is there only where n (1 - p) is at least 100 ops "
		"in the process.\n\n"
	      "| metric | unit | what |\n|---|---|---|\n", f);
	for (size_t m = 0; m < METRICS; m++)
		fprintf(f, "| `%s` | %s | %s "
			"|\n", metrics[m].name, metrics[m].unit, metrics[m].doc);
	fputs("| `EVENT`, `EVENT@system` | 1/op | counted per op, by the measured threads or by all CPUs; scaled "
	      "up where it was counted for a part of the time only. Not counted: no row, never 0 |\n"
	      "| `EVENT_per_byte` | 1/B | the same per byte made durable |\n"
	      "| `EVENT_running` | 1 | share of the time in which it was counted, where below 1 |\n"
	      "| `SET.METRIC` | the set's | computed by an event set (`configs/events`), with the formula in "
	      "`run.json` |\n", f);
	taints(f);
	fputs("\n## Flags\n\n| flag | what |\n|---|---|\n", f);
	for (size_t i = 0; i < SUMMARY_FLAGS; i++)
		fprintf(f, "| `%s` | %s |\n", summary_flags[i].name, summary_flags[i].doc);
}

/* "kernel" asks for what "kernels" does. */
static bool
asks(const char *what, const char *plural)
{
	const size_t n = strlen(plural);

	return strncmp(what, plural, n - 1) == 0 && (!what[n - 1] || strcmp(what, plural) == 0);
}

int
cmd_list(struct cli *cli)
{
	const char *what = cli->narg == 1 ? cli->arg[0] : "";
	char why[512];

	if (cli->kernel_path && kernel_load_dir(cli->kernel_path, why, sizeof why) < 0) {
		warn("--kernel-path: %s", why);
		return EXIT_USAGE;
	}
	if (asks(what, "kernels"))
		return cli->json ? list_kernels_json() : list_kernels();
	if (asks(what, "targets"))
		return list_targets(stdout, cli->json) < 0 ? EXIT_POINT_FAILED : EXIT_OK;
	if (asks(what, "events"))
		return list_events(stdout, cli->json) < 0 ? EXIT_POINT_FAILED : EXIT_OK;
	if (asks(what, "figures"))
		return list_figures(cli);
	if (asks(what, "configs"))
		return list_configs(cli->json);
	if (asks(what, "columns"))
		return tables_markdown(stdout), EXIT_OK;
	warn("list what? kernels, targets, events, figures, configs or columns");
	return EXIT_USAGE;
}
