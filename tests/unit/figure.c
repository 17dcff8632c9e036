// links: figure.o fig_lines.o fig_ladder.o fig_ccdf.o fig_sector.o fig_floor.o ladder.o lines.o chart.o chartrows.o chartfile.o chartword.o gnuplot.o pdf.o datadir.o label.o human.o rundir.o medium.o durable.o intake.o reps.o replace.o summary.o counted.o formula.o modes.o metric.o flag.o row.o tables.o csv.o csvout.o stats.o hist.o arena.o text.o why.o order.o readings.o rule.o spawn.o stop.o utf8.o -ljansson -lRmath -lm
/* SPDX-License-Identifier: BSD-2-Clause */
/* Figures of the golden run without gnuplot: the files are written, and no name in the data can
 * become a command of the script (gnuplot runs what stands in backquotes). */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <errno.h>
#include <ftw.h>
#include <unistd.h>
#include "figure.h"
#include "reps.h"

static char dir[64];

static char *
get(const char *in, const char *name)
{
	char path[300], *text = calloc(1, 1 << 22);
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", in, name);
	f = fopen(path, "r");
	if (f == NULL)
		fail_msg("%s: %s", path, strerror(errno));
	assert_in_range(fread(text, 1, 1 << 22, f), 1, (1 << 22) - 1);
	fclose(f);
	return text;
}

static void
put(const char *name, const char *text)
{
	char path[128];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st; (void)type; (void)ftw;
	return remove(path);
}

static int
setup(void **state)
{
	static const char *const files[] = { "run.json", "points.csv", "samples.csv", "hist.csv",
					     "repeats.csv", NULL };

	(void)state;
	strcpy(dir, "/tmp/daxmark-fig-XXXXXX");
	if (mkdtemp(dir) == NULL)
		return -1;
	for (int i = 0; files[i]; i++) {
		char *text = get("tests/golden/run-1.0", files[i]);

		put(files[i], text);
		free(text);
	}
	return setenv("DAXMARK_DATADIR", ".", 1) || setenv("PATH", "/nonexistent", 1);
}

static int
teardown(void **state)
{
	(void)state;
	return nftw(dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

/* Draw all; returns what was said. */
static char *
draw(const char *only, int want)
{
	char why[512] = "", *said = NULL;
	struct run run;
	struct summary s;
	struct drawn *d;
	size_t n, len;
	FILE *err = open_memstream(&said, &len);

	assert_int_equal(rundir_load(&run, dir, why, sizeof(why)), 0);
	assert_int_equal(reps_make(&run, why, sizeof(why)), 0);
	assert_int_equal(summary_make(&s, &run, why, sizeof(why)), 0);
	assert_int_equal(figures_draw(&s, only, err, &d, &n), want);
	fclose(err);
	for (size_t i = 0; i < n; i++)
		assert_false(d[i].svg);
	figures_free(d, n);
	summary_free(&s);
	rundir_free(&run);
	return said;
}

static void
without_gnuplot(void **state)
{
	char *said = draw(NULL, 0), *dat = get(dir, "plots/ladder.dat"), *vars;

	(void)state;
	assert_non_null(strstr(said, "gnuplot cannot be run"));
	assert_null(strstr(strstr(said, "gnuplot cannot be run") + 1, "gnuplot cannot be run"));
	assert_non_null(strstr(said, "figures without data: "));
	assert_non_null(strstr(said, "sector-raw"));
	assert_non_null(strstr(dat, "# ram: dram, not persistent memory | yes\n"));
	vars = get(dir, "plots/ladder.vars.gp");
	assert_non_null(strstr(vars, "\"clwb\" "));
	free(vars);
	free(dat);
	free(said);
}

static void
unknown_figure(void **state)
{
	(void)state;
	free(draw("no-such", -ENOENT));
}

/* Between single quotes gnuplot expands nothing; elsewhere, and in the tick lists, which
 * are evaluated, there may be no backquote. */
static void
check_quotes(const char *file)
{
	char *text = get(dir, file), *save;

	for (char *l = strtok_r(text, "\n", &save); l; l = strtok_r(NULL, "\n", &save)) {
		bool in = false, evaluated = strstr(l, "TICKS") || strstr(l, "XGRID");

		for (const char *p = l; *p && *l != '#'; p++) {
			in ^= *p == '\'';
			if (*p == '`')
				assert_true(in && !evaluated);
		}
		assert_false(in);
	}
	free(text);
}

static void
hostile_names(void **state)
{
	static const char *const bad[] = { "clwb`touch X`", "cl'wb`x`", "c\\\"\"w`b\"\"" };

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		char *points = get("tests/golden/run-1.0", "points.csv"), *out = calloc(1, 1 << 20);
		char *from = points, *at;

		while ((at = strstr(from, ",clwb,"))) {
			strncat(out, from, (size_t)(at - from));
			sprintf(out + strlen(out), ",\"%s\",", bad[i]);
			from = at + 6;
		}
		put("points.csv", strcat(out, from));
		free(draw(NULL, 0));
		check_quotes("plots/ladder.vars.gp");
		check_quotes("plots/latency-size.vars.gp");
		check_quotes("plots/ccdf.vars.gp");
		check_quotes("plots/timer-floor.vars.gp");
		free(out);
		free(points);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_gnuplot),
		cmocka_unit_test(unknown_figure),
		cmocka_unit_test(hostile_names),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
