/* SPDX-License-Identifier: BSD-2-Clause */
#include "overview.h"

#include <errno.h>
#include <libsmartcols/libsmartcols.h>
#include <stdlib.h>
#include <string.h>

#include "flag.h"
#include "human.h"
#include "label.h"
#include "tally.h"

enum col { COL_TARGET, COL_STRATEGY, COL_SIZE, COL_THREADS, COL_MODE, COL_MEDIAN, COL_P99, COL_BANDWIDTH,
	   COL_DURABLE, COL_CLEAN, COL_FLAGS, COLS };
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
	[COL_FLAGS]	= { "FLAGS", 0 },
};

struct overview {
	const struct summary *s;
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

static int
add_point(struct overview *o, const struct run_point *p, const struct sum *head)
{
	const struct sum *p99 = summary_find(o->s, p, metric_latency(STAMP_DRAINED, LATENCY_P99));
	const struct sum *gbs = summary_find(o->s, p, METRIC_BANDWIDTH);
	struct libscols_line *ln = scols_table_new_line(o->table, NULL);
	char buf[LABEL_MAX + 128], num[HUMAN_MAX];

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
	set(ln, o->col[COL_DURABLE], durable_name[p->durable]);
	snprintf(buf, sizeof(buf), "%u/%u", head->clean, head->total);
	set(ln, o->col[COL_CLEAN], buf);
	set(ln, o->col[COL_FLAGS], flags_text(head->flags, buf, sizeof(buf)));
	o->rows++;
	return 0;
}

static int
print_table(struct overview *o, FILE *f, size_t max_rows, size_t *left)
{
	const struct run *run = o->s->run;

	scols_table_set_stream(o->table, f);
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
	return o->rows > 0 ? scols_print_table(o->table) : 0;
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
	struct overview o = { .s = s };
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
