/* SPDX-License-Identifier: BSD-2-Clause */
/* The table of commands.h: names, help, which options each takes. */
#include "commands.h"
#include "recipe.h"

/* No line of it longer than the 78 columns behind which argp breaks it. */
#define COMMANDS_HELP \
	"\vOther commands (run-bench COMMAND --help):\n" \
	"  plan CONFIG...      the points, what is skipped and why, how long it takes\n" \
	"  doctor              what disturbs measurements here, and how to mend it\n" \
	"  list WHAT           kernels, targets, events, figures, configs or columns\n" \
	"  report DIR...       summarise and draw again, or several runs together\n" \
	"  plot DIR...         any axis of any runs in one figure, or one of the set\n" \
	"  compare A B         is it faster, slower or the same?\n" \
	"  collect DIR...      runs into one SQLite file and CSV; who stands apart\n" \
	"  export DIR          for Google Benchmark's or Go's tools, a paper, LaTeX\n" \
	"  import FILE...      published results of others, to compare with\n" \
	"  resume DIR          measure what an interrupted run still lacks\n" \
	"  prepare --print CONFIG\n" \
	"                      commands that make its namespaces, for you to run\n" \
	"  btt-check IMAGE     what stands on a BTT, and what is wrong with it\n" \
	"  verify ACKS         after a power cut: is what an audit acknowledged there?\n\n" \
	"Without CONFIG and -k: configs/quick.yaml on what this machine has.\n" \
	"Exit codes: 0 ok (skips are ok), 1 a point failed or output was lost,\n" \
	"2 usage or config, 3 nothing could run, 4 --strict, 5 refused for safety,\n" \
	"130 interrupted."

const struct command commands[] = {
	{ "run", "[CONFIG...]", "Measure, summarise and draw: DAX flush strategies and BTT." COMMANDS_HELP,
	  { &options_what, &options_change, &options_config, &options_kernels, &options_results,
	    &options_consent, &options_json, &options_run, &options_strict, &options_anonymize }, cmd_run },
	{ "plan", "[CONFIG...]", "Show the points of a config, what is skipped and why, and how long it "
	  "takes.  Measures nothing.",
	  { &options_what, &options_change, &options_config,
	    &options_kernels, &options_consent, &options_json }, cmd_plan },
	{ "list", "kernels|targets|events|figures|configs|columns", "List what there is.\vcolumns prints the format "
	  "of a results directory (docs/results-format.md).",
	  { &options_json, &options_kernels, &options_figures }, cmd_list },
	{ "doctor", "", "Look for what disturbs measurements on this machine: what, now, want, why, how to mend.  "
	  "Changes nothing.\vWith -v also what is well.  With --strict the exit code is 4 when a finding is bad "
	  "(docs/tuning.md).",
	  { &options_json, &options_strict }, cmd_doctor },
	{ "report", "DIR...", "Summarise and draw a results directory again; or draw several in the same figures, into a "
	  "folder of their own.",
	  { &options_figure, &options_page, &options_figures, &options_runs }, cmd_report },
	{ "plot", "DIR...", "Draw any axis of any runs in one figure, or one of the set with --figure.\v"
	  "An AXIS is a column of points.csv, a kernel's parameter, or run, host, linux, cpu, kind, domain, fstype. "
	  "docs/paper-figures.md shows it at work.",
	  { &options_plot, &options_page, &options_figures, &options_runs }, cmd_plot },
	{ "resume", "DIR", "Measure what an interrupted run still lacks, then summarise and draw.\v"
	  "Consent is not remembered: give --destroy-data again.",
	  { &options_consent, &options_kernels, &options_json }, cmd_resume },
	{ "compare", "A B [C...] | RUN --col AXIS", "Is it faster, slower or the same?  A side is a results "
	  "directory, or several with commas between them: then the host is the unit.\v"
	  "Verdicts: faster, slower, same, unclear (docs/comparing.md).",
	  { &options_compare, &options_json }, cmd_compare },
	{ "export", "DIR", "Write a run in the format of others: benchmark, benchfmt, md, tex or artifact.",
	  { &options_export, &options_anonymize }, cmd_export },
	{ "collect", "DIR...", "Put many runs into one SQLite file and one CSV, and say which hosts stand apart.\v"
	  "A DIR is a results directory or a folder of them (docs/fleet.md).",
	  { &options_collect }, cmd_collect },
	{ "import", "FILE...", "Make results directories of published results, to compare with: PerMA-Bench's "
	  "JSON, OptaneStudy's CSV.\vEvery point of them was measured once: n=1.",
	  { &options_results }, cmd_import },
	{ "prepare", "--print CONFIG [MODE...] | --print MODE...", "Print the commands that make the namespaces, file "
	  "systems and mounts that a config needs, or these modes.  Makes nothing itself.\v" RECIPE_HELP,
	  { &options_print, &options_change, &options_kernels }, cmd_prepare },
	{ "btt-check", "IMAGE|DEVICE", "Look at a BTT as it lies on its medium, without its driver: info blocks, flog, "
	  "map.\vIt is read as nd_btt would leave it after recovery; nothing is written.  A namespace's own bytes can be "
	  "had in raw mode (docs/vm.md).  Exit code 1 when something is wrong with it.",
	  { &options_btt, &options_json }, cmd_btt_check },
	{ "verify", "ACKS", "After a power cut: is what an audit acknowledged there?\vEach slot by its last acknowledged "
	  "op.  Nothing is written.  Exit code 1 when one is lost (powercut/README.md).",
	  { &options_verify, &options_json }, cmd_verify },
	{ 0 },
};
