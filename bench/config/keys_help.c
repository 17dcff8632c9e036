/* SPDX-License-Identifier: BSD-2-Clause */
/* keys_help.c -- the tables for people. */
#include "keys.h"

static void
help_keys(FILE *f, const char *title, const struct key *k, size_t n)
{
	char buf[KEY_EXPECTS];

	fprintf(f, "%s\n", title);
	for (size_t i = 0; i < n; i++) {
		fprintf(f, "  %-12s %s\n", k[i].name, k[i].doc);
		if (k[i].type != KEY_TREE)
			fprintf(f, "  %-12s   %s%s%s\n", "", key_expects(&k[i], buf),
				k[i].def && k[i].def[0] ? "; default " : "", k[i].def ? k[i].def : "");
	}
}

void
keys_help(FILE *f)
{
	help_keys(f, "A config:", top_keys, TOP_KEYS);
	help_keys(f, "\nA target has one of these kinds:", kind_keys, KINDS);
	help_keys(f, "and may have:", target_keys, TARGET_KEYS);
	help_keys(f, "\nA bench; a list of values makes an axis:", axis_keys, AXES);
	fputs("  and the parameters of its kernels (run-bench list kernels), lists as well\n", f);
	help_keys(f, "Its schedule; one value each:", sched_keys, SCHEDS);
	help_keys(f, "And:", bench_keys, BENCH_KEYS);
}
