/* SPDX-License-Identifier: BSD-2-Clause */
#include "count_table.h"

#include <string.h>

#include "counted.h"
#include "grid.h"
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

static void
print_row(const struct count_table *c, const struct labels *l, struct grid *g, const struct run_point *p)
{
	char label[LABEL_MAX], size[HUMAN_MAX], threads[24], text[COUNTS_MAX][HUMAN_MAX];
	const char *cell[FIXED + COUNTS_MAX] = {
		[TARGET] = p->target, [STRATEGY] = label_point(l, p, label), [SIZE] = p->size ? human_size(size, p->size) : "",
		[THREADS] = threads,
	};

	snprintf(threads, sizeof threads, "%llu", (unsigned long long)p->threads);
	for (size_t i = 0; i < c->n; i++)
		cell[FIXED + i] = count_table_cell(c, p, i, text[i], sizeof text[i]);
	grid_row(g, cell);
}

int
count_table_print(const struct count_table *c, FILE *f, size_t max_rows)
{
	static const char *const head[FIXED] = { "TARGET", "STRATEGY", "SIZE", "THR" };
	const struct run *run = c->s->run;
	struct grid *g = c->n ? grid_new() : NULL;
	struct labels l;
	char name[300];
	size_t rows = 0;
	int rc;

	if (c->n == 0)
		return 0;
	for (size_t i = 0; i < FIXED + c->n; i++)
		grid_column(g, i < FIXED ? head[i] : count_table_head(&c->column[i - FIXED], name, sizeof name),
			    i >= SIZE ? GRID_RIGHT : 0);
	labels_find(&l, run);
	for (size_t i = 0; i < run->npoint; i++)
		if (count_table_any(c, &run->point[i]) && (rows++ < max_rows || max_rows == 0))
			print_row(c, &l, g, &run->point[i]);
	fputc('\n', f);
	rc = grid_print(g, f);
	if (max_rows > 0 && rows > max_rows)
		fprintf(f, "... and %zu more points in summary.csv\n", rows - max_rows);
	return rc;
}
