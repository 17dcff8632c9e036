/* SPDX-License-Identifier: BSD-2-Clause */
#include "overview.h"

#include <errno.h>
#include <libsmartcols/libsmartcols.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "flag.h"
#include "human.h"
#include "label.h"
#include "tally.h"

enum col { COL_TARGET, COL_STRATEGY, COL_SIZE, COL_THREADS, COL_MODE, COL_MEDIAN, COL_P99, COL_BANDWIDTH,
	   COL_DURABLE, COL_CLEAN, COL_KEPT, COL_FLAGS, COLS };
static const struct { const char *name; int flags; } cols[COLS] = {
	[COL_TARGET]	= { "TARGET", 0 },
	[COL_STRATEGY]	= { "STRATEGY", 0 },
	[COL_SIZE]	= { "SIZE", SCOLS_FL_RIGHT },
	[COL_THREADS]	= { "THR", SCOLS_FL_RIGHT },
	[COL_MODE]	= { "PER OP", 0 },
	[COL_MEDIAN]	= { "MEDIAN [95% INTERVAL]", SCOLS_FL_RIGHT },
	[COL_P99]	= { "P99", SCOLS_FL_RIGHT },
	[COL_BANDWIDTH]	= { "BANDWIDTH", SCOLS_FL_RIGHT },
	[COL_DURABLE]	= { "DURABLE", 0 },
	[COL_CLEAN]	= { "CLEAN", SCOLS_FL_RIGHT },
	[COL_KEPT]	= { "KEPT", SCOLS_FL_RIGHT },
	[COL_FLAGS]	= { "FLAGS", 0 },
};

/* What a narrow terminal is spared, in this order; summary.csv and report.html have it. */
static const enum col spared[] = { COL_KEPT, COL_P99, COL_BANDWIDTH, COL_MODE, COL_CLEAN };

struct overview {
	const struct summary *s;
	size_t width;			/* of the terminal; 0: as wide as it comes */
	unsigned flags;			/* that occur: a narrow table has a letter for each */
	struct labels labels;
	struct libscols_table *table;
	struct libscols_column *col[COLS];
	size_t rows;
};

/* The table copies; without memory a cell is empty.  A terminal of bytes gets "us". */
static void
set(struct libscols_line *ln, struct libscols_column *c, const char *text)
{
	char plain[LABEL_MAX + 128];
	size_t n = 0;

	for (const char *s = text; *s && n + 1 < sizeof(plain); s++)
		if (MB_CUR_MAX > 1 || (unsigned char)*s < 0x80)
			plain[n++] = *s;
		else if ((unsigned char)*s == 0xb5)
			plain[n++] = 'u';
	plain[n] = '\0';
	scols_line_set_column_data(ln, c, plain);
}

/* Too narrow for the words of the flags. */
static bool
narrow(const struct overview *o)
{
	return o->width > 0 && o->width < 120;
}

/* A letter for each flag, by its number. */
static const char *
letters(unsigned flags, char *buf)
{
	size_t n = 0;

	for (int k = 0; flags >> k; k++)
		if (flags >> k & 1)
			buf[n++] = (char)('a' + k);
	buf[n] = '\0';
	return buf;
}

static void
print_legend(const struct overview *o, FILE *f)
{
	char text[64];
	size_t n = 6;

	if (!narrow(o) || !o->flags)
		return;
	fputs("flags:", f);
	for (int k = 0; o->flags >> k; k++) {
		if (!(o->flags >> k & 1))
			continue;
		flags_text(1u << k, text, sizeof text);
		n += strlen(text) + 3;
		if (n > o->width) {
			fputs("\n      ", f);
			n = 9 + strlen(text);
		}
		fprintf(f, " %c %s", 'a' + k, text);
	}
	fputc('\n', f);
}

/* Of the terminal, or $COLUMNS where that is set; 0: what is printed goes elsewhere. */
static size_t
width_of(FILE *f)
{
	const char *env = getenv("COLUMNS");
	struct winsize size;

	if (env && atoi(env) > 0)
		return (size_t)atoi(env);
	return isatty(fileno(f)) && ioctl(fileno(f), TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

static size_t
widest_line(const char *text)
{
	size_t widest = 0, n = 0;

	for (; *text; text++) {
		/* Of a character of several bytes its first counts. */
		n += ((unsigned char)*text & 0xc0) != 0x80;
		if (*text == '\n') {
			widest = n - 1 > widest ? n - 1 : widest;
			n = 0;
		}
	}
	return widest > n ? widest : n;
}

/* The table, less what makes it too wide. */
static int
print_fitting(struct overview *o, FILE *f)
{
	char *text = NULL;
	int err;

	scols_table_enable_nowrap(o->table, 1);
	scols_table_set_termforce(o->table, SCOLS_TERMFORCE_NEVER);
	err = scols_print_table_to_string(o->table, &text);
	for (size_t k = 0; err == 0 && o->width && k < sizeof spared / sizeof *spared &&
	     widest_line(text) > o->width; k++) {
		free(text);
		text = NULL;
		scols_column_set_flags(o->col[spared[k]], SCOLS_FL_HIDDEN);
		err = scols_print_table_to_string(o->table, &text);
	}
	if (err == 0) {
		fputs(text, f);
		if (!*text || text[strlen(text) - 1] != '\n')
			fputc('\n', f);
		print_legend(o, f);
	}
	free(text);
	return err;
}

static int
add_point(struct overview *o, const struct run_point *p, const struct sum *head)
{
	const struct sum *p99 = summary_find(o->s, p, metric_latency(STAMP_DRAINED, LATENCY_P99));
	const struct sum *gbs = summary_find(o->s, p, METRIC_BANDWIDTH);
	struct libscols_line *ln = scols_table_new_line(o->table, NULL);
	char buf[LABEL_MAX + 128], num[HUMAN_MAX], says[DURABLE_TEXT], kept[SUMMARY_KEPT];

	if (ln == NULL)
		return -ENOMEM;
	set(ln, o->col[COL_TARGET], p->target);
	set(ln, o->col[COL_STRATEGY], label_point(&o->labels, p, buf));
	set(ln, o->col[COL_SIZE], p->size ? human_size(buf, p->size) : "");
	snprintf(buf, sizeof(buf), "%llu", (unsigned long long)p->threads);
	set(ln, o->col[COL_THREADS], p->threads ? buf : "");
	set(ln, o->col[COL_MODE], head->metric == METRIC_TIME ? "amortised" : "latency");
	set(ln, o->col[COL_MEDIAN], human_interval(num, &head->v));
	set(ln, o->col[COL_P99], p99 ? human_ns(num, p99->v.est) : "-");
	set(ln, o->col[COL_BANDWIDTH], gbs ? human_bandwidth(num, gbs->v.est) : "-");
	set(ln, o->col[COL_DURABLE], durable_tested(says, p->durable, p->medium, p->tested));
	snprintf(buf, sizeof(buf), "%u/%u", head->clean, head->total);
	set(ln, o->col[COL_CLEAN], buf);
	set(ln, o->col[COL_KEPT], *summary_kept(o->s, head, p, kept) ? kept : "-");
	if (narrow(o))
		set(ln, o->col[COL_FLAGS], letters(head->flags, buf));
	else
		set(ln, o->col[COL_FLAGS], flags_text(head->flags, buf, sizeof(buf)));
	o->flags |= head->flags;
	o->rows++;
	return 0;
}

static int
print_table(struct overview *o, FILE *f, size_t max_rows, size_t *left)
{
	const struct run *run = o->s->run;

	for (int i = 0; i < COLS; i++) {
		o->col[i] = scols_table_new_column(o->table, cols[i].name, 0, cols[i].flags);
		if (o->col[i] == NULL)
			return -ENOMEM;
	}
	for (size_t i = 0; i < run->npoint; i++) {
		const struct sum *head = summary_headline(o->s, &run->point[i]);

		if (head == NULL)
			continue;
		if (max_rows > 0 && o->rows >= max_rows)
			(*left)++;
		else if (add_point(o, &run->point[i], head) < 0)
			return -ENOMEM;
	}
	return o->rows > 0 ? print_fitting(o, f) : 0;
}

static void
print_reasons(FILE *f, const struct run *run, enum run_state state, const char *what)
{
	struct tally t;

	tally_points(&t, run, state);
	if (t.total == 0)
		return;
	fprintf(f, "%zu %s", t.total, what);
	fputs(state == RUN_PENDING ? "" : ":", f);
	for (size_t i = 0; i < t.n && state != RUN_PENDING; i++)
		fprintf(f, "%s %s (%zu)", i ? ";" : "", *t.row[i].reason ? t.row[i].reason : "no "
			"reason given",
			t.row[i].points);
	if (t.more > 0)
		fprintf(f, "; other reasons (%zu), see points.csv", t.more);
	fputc('\n', f);
}

int
overview_print(const struct summary *s, FILE *f, size_t max_rows)
{
	struct overview o = { .s = s, .width = width_of(f) };
	size_t left = 0;
	int err;

	labels_find(&o.labels, s->run);
	o.table = scols_new_table();
	if (o.table == NULL)
		return -ENOMEM;
	err = print_table(&o, f, max_rows, &left);
	scols_unref_table(o.table);
	if (left > 0)
		fprintf(f, "... and %zu more points in summary.csv\n", left);
	print_reasons(f, s->run, RUN_SKIP, "skipped");
	print_reasons(f, s->run, RUN_FAIL, "failed");
	print_reasons(f, s->run, RUN_PENDING, "not finished");
	return err;
}
