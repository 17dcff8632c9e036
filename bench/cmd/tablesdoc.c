/* SPDX-License-Identifier: BSD-2-Clause */
#include <string.h>

#include "flag.h"
#include "metric.h"
#include "rundir.h"
#include "tables.h"
#include "tablesdoc.h"
#include "taint.h"

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
"`budget` of `run.json` (1.1) is there after `--budget`: `asked_s`, `used_s` until the report was made, and\n"
"`gave_up`, a line for each thing that the time did not suffice for; `resumed` when the run was taken up\n"
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

void
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
