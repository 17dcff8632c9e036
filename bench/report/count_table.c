/* SPDX-License-Identifier: BSD-2-Clause */
#include "count_table.h"

#include <errno.h>
#include <libsmartcols/libsmartcols.h>
#include <string.h>

#include "counted.h"
#include "human.h"
#include "label.h"

static uint32_t
running_of(const struct summary *s, const char *event)
{
	size_t n = strlen(event);

	for (size_t i = 0; i < s->nother; i++)
		if (strncmp(s->other[i], event, n) == 0 && strcmp(s->other[i] + n, COUNTED_SHARE) == 0)
			return (uint32_t)(METRICS + i);
	return 0;
}

static bool
shown(const struct summary *s, size_t i)
{
	bool in_set;
	enum counted_kind kind = counted_kind(s->run, s->other[i], &in_set);

	return kind == COUNTED_SET || (kind == COUNTED_EVENT && !in_set);
}

void
count_table_find(struct count_table *c, const struct summary *s)
{
	*c = (struct count_table){ .s = s };
	for (size_t i = 0; i < s->nother && c->n < COUNTS_MAX; i++)
		if (s->unit[i] && shown(s, i))
			c->column[c->n++] = (struct count_column){
				.name = s->other[i], .unit = s->unit[i], .metric = (uint32_t)(METRICS + i),
				.running = running_of(s, s->other[i]),
			};
}

static const struct sum *
find(const struct count_table *c, const struct run_point *p, uint32_t metric)
{
	return summary_find(c->s, p, (enum metric_id)metric);
}

bool
count_table_any(const struct count_table *c, const struct run_point *p)
{
	for (size_t i = 0; i < c->n; i++)
		if (find(c, p, c->column[i].metric))
			return true;
	return false;
}

/* Whole numbers as such, the rest in three digits. */
static void
number(char *buf, size_t len, double v)
{
	snprintf(buf, len, v >= 1000 && v < 1e12 ? "%.0f" : "%.3g", v);
}

const char *
count_table_head(const struct count_column *k, char *buf, size_t len)
{
	const char *name = k->name, *unit = k->unit;
	size_t n = strlen(name), m = strlen("_per_op");

	if (strcmp(unit, "1/op") == 0 && n > m && strcmp(name + n - m, "_per_op") == 0)
		unit = "";
	snprintf(buf, len, "%s%s%s", name, *unit ? " " : "", unit);
	return buf;
}

const char *
count_table_cell(const struct count_table *c, const struct run_point *p, size_t column, char *buf, size_t len)
{
	const struct count_column *k = &c->column[column];
	const struct sum *v = find(c, p, k->metric), *share = k->running ? find(c, p, k->running) : NULL;
	char num[32];

	if (v == NULL)
		return "-";
	number(num, sizeof(num), v->v.est);
	snprintf(buf, len, "%s", num);
	if (share)
		snprintf(buf, len, "%s (%.0f %%)", num, 100 * share->v.est);
	return buf;
}

enum { TARGET, STRATEGY, SIZE, THREADS, FIXED };

static int
print_row(const struct count_table *c, const struct labels *l, struct libscols_table *t, const struct run_point *p)
{
	struct libscols_line *ln = scols_table_new_line(t, NULL);
	char buf[LABEL_MAX], num[HUMAN_MAX];

	if (ln == NULL)
		return -ENOMEM;
	scols_line_set_data(ln, TARGET, p->target);
	scols_line_set_data(ln, STRATEGY, label_point(l, p, buf));
	scols_line_set_data(ln, SIZE, p->size ? human_size(num, p->size) : "");
	snprintf(num, sizeof(num), "%llu", (unsigned long long)p->threads);
	scols_line_set_data(ln, THREADS, num);
	for (size_t i = 0; i < c->n; i++)
		scols_line_set_data(ln, FIXED + i, count_table_cell(c, p, i, num, sizeof(num)));
	return 0;
}

static int
print_table(const struct count_table *c, struct libscols_table *t, size_t max_rows, size_t *left)
{
	static const char *const head[FIXED] = { "TARGET", "STRATEGY", "SIZE", "THR" };
	const struct run *run = c->s->run;
	struct labels l;
	size_t rows = 0;

	for (size_t i = 0; i < FIXED + c->n; i++) {
		char name[300];

		if (i < FIXED)
			snprintf(name, sizeof(name), "%s", head[i]);
		else
			count_table_head(&c->column[i - FIXED], name, sizeof(name));
		if (!scols_table_new_column(t, name, 0, i >= SIZE ? SCOLS_FL_RIGHT : 0))
			return -ENOMEM;
	}
	labels_find(&l, run);
	for (size_t i = 0; i < run->npoint; i++) {
		if (!count_table_any(c, &run->point[i]))
			continue;
		if (max_rows > 0 && rows >= max_rows)
			(*left)++;
		else if (print_row(c, &l, t, &run->point[i]) < 0)
			return -ENOMEM;
		rows++;
	}
	return scols_print_table(t);
}

int
count_table_print(const struct count_table *c, FILE *f, size_t max_rows)
{
	struct libscols_table *t;
	size_t left = 0;
	int err;

	if (c->n == 0)
		return 0;
	t = scols_new_table();
	if (t == NULL)
		return -ENOMEM;
	scols_table_set_stream(t, f);
	fputc('\n', f);
	err = print_table(c, t, max_rows, &left);
	scols_unref_table(t);
	if (left > 0)
		fprintf(f, "... and %zu more points in summary.csv\n", left);
	return err;
}
