// links: plugin.o plugins.o pick.o pivot.o form.o formmatrix.o formrows.o formhist.o formword.o literature.o palette.o draw.o ladder.o chart.o chartlay.o chartfile.o chartword.o gnuplot.o datadir.o label.o human.o rundir.o medium.o durable.o intake.o reps.o replace.o summary.o order.o rule.o readings.o counted.o formula.o modes.o metric.o flag.o row.o tables.o csv.o stats.o hist.o arena.o text.o why.o keys.o keyval.o diag.o filter.o utf8.o spawn.o stop.o -ljansson -lRmath -lm
/* SPDX-License-Identifier: BSD-2-Clause */
/* Figures of the golden run without gnuplot: the files are written, and no name in the data can
 * become a command of the script (gnuplot runs what stands in backquotes). */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>
#include "diag.h"
#include "draw.h"
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

static bool
is_param(const char *name)
{
	static const char *const params[] = { "fence", "dirty", "range", "steps" };

	for (size_t k = 0; k < sizeof params / sizeof *params; k++)
		if (strcmp(name, params[k]) == 0)
			return true;
	return false;
}

static int
plots_of(const struct run *run)
{
	mkdirat(run->fd, "plots", 0777);
	return openat(run->fd, "plots", O_RDONLY | O_DIRECTORY);
}

/* Draw all; returns what was said. */
static char *
draw(const char *only, int want)
{
	char why[512] = "", *said = NULL;
	struct figures all;
	struct run run;
	struct summary s;
	struct input input = { &s, "A" };
	struct drawing d = { .figures = &all, .input = &input, .ninput = 1, .shown = "plots/" };
	struct drawn *out;
	size_t n, len;
	FILE *err = open_memstream(&said, &len);

	assert_int_equal(figures_load(&all, "plots", NULL, is_param, err), 0);
	assert_int_equal(rundir_load(&run, dir, why, sizeof(why)), 0);
	assert_int_equal(reps_make(&run, why, sizeof(why)), 0);
	assert_int_equal(summary_make(&s, &run, why, sizeof(why)), 0);
	d.dirfd = plots_of(&run);
	assert_int_equal(draw_figures(&d, only, err, &out, &n), want);
	fclose(err);
	for (size_t i = 0; i < n; i++)
		assert_false(out[i].svg);
	close(d.dirfd);
	drawn_free(out, n);
	figures_free(&all);
	summary_free(&s);
	rundir_free(&run);
	return said;
}

/* What is said of a head. */
static const char *
head_says(const char *text)
{
	static char said[4096];
	struct arena mem = { 0 };
	struct figure f = { .name = "x" };
	struct source src = { .name = "x.gp", .text = text, .len = strlen(text) };
	struct diag *d = calloc(1, sizeof *d);
	FILE *out = fmemopen(said, sizeof said, "w");
	int rc;

	assert_int_equal(setjmp(mem.oom), 0);
	rc = figure_parse(&f, &mem, &src, is_param, d);
	assert_int_equal(rc, d->n ? -EINVAL : 0);
	diag_print(d, out);
	fputc('\0', out);
	fclose(out);
	filter_free(f.where);
	filter_free(f.baseline);
	arena_free(&mem);
	free(d);
	return said;
}

#define GOOD "# What it is for.\n#: title A\n#: x size log2 \"bytes\"\n#: y time_ns\n"
static void
heads(void **state)
{
	static const struct { const char *line, *says; } bad[] = {
		{ "#: form barz\n", "x.gp:5:9: error: expected lines, rows, bars, stack, ccdf, steps, heat, matrix or forest; did you mean 'bars'?" },
		{ "#: data summmary\n", "x.gp:5:9: error: expected summary, ladder, counters, hist, repeats, classes or compare; did you mean 'summary'?" },
		{ "#: serie kernel\n", "x.gp:5:4: error: expected title, mirrors," },
		{ "#: series kernle\n", "x.gp:5:11: error: 'kernle' is no axis" },
		{ "#: series kernle\n", "did you mean 'kernel'?" },
		{ "#: panel\n", "x.gp:5:9: error: expected a name" },
		{ "#: where mode=latency &&\n", "x.gp:5:25: error: expected a name, such as kernel or size" },
		{ "#: where (mode=latency\n", "x.gp:5:10: error: this '(' is never closed" },
		{ "#: stat p98\n", "x.gp:5:9: error: expected p50," },
		{ "#: mark cross a b\n", "x.gp:5:9: error: expected crossing or at" },
		{ "#: level roof\n", "x.gp:5:10: error: expected floor or step, or a number" },
		{ "#: title B\n", "x.gp:5:4: error: 'title' stands here twice" },
		{ "#: z time_ns\n", "error: z belongs to the form heat" },
		{ "#: form ccdf\n", "error: the form ccdf wants data hist" },
	};

	(void)state;
	assert_string_equal(head_says(GOOD "#: series kernel fence\n#: baseline kernel=store\n"), "");
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		char text[512];

		snprintf(text, sizeof text, GOOD "%s", bad[i].line);
		if (!strstr(head_says(text), bad[i].says))
			fail_msg("%s says: %s", bad[i].line, head_says(text));
	}
	assert_non_null(strstr(head_says("load 'x.vars.gp'\n"), "x.gp:1:1: error: no head"));
	assert_non_null(strstr(head_says("#: title A\n#: y time_ns\n"), "x.gp:1:1: error: this head has no x"));
	assert_non_null(strstr(head_says("#: title A\n#: x size blog\n#: y tiem_ns\n"), "x.gp:2:11: error: expected linear, log, log2 or words"));
	assert_non_null(strstr(head_says("#: title A\n#: x size\n#: y tiem_ns\n"), "x.gp:3:6: error: expected headline"));
}

static void
without_gnuplot(void **state)
{
	char *said = draw(NULL, 0), *dat = get(dir, "plots/ladder.dat"), *vars;

	(void)state;
	assert_non_null(strstr(said, "gnuplot cannot be run"));
	assert_null(strstr(strstr(said, "gnuplot cannot be run") + 1, "gnuplot cannot be run"));
	assert_non_null(strstr(said, "figures without data: "));
	assert_non_null(strstr(said, "fence-interval"));
	assert_non_null(strstr(dat, "# ram: dram, not persistent memory | yes, if pmem\n"));
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
		cmocka_unit_test(heads),
		cmocka_unit_test(without_gnuplot),
		cmocka_unit_test(unknown_figure),
		cmocka_unit_test(hostile_names),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
