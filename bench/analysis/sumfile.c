/* SPDX-License-Identifier: BSD-2-Clause */
/* summary.csv: the columns of points.csv up to `durable`, then those of a row. */
#include "summary.h"

#include <string.h>

#include "flag.h"
#include "replace.h"
#include "row.h"

static void
write_row(struct row *o, const struct summary *s, const struct sum *r, size_t ncolumn)
{
	const struct run_point *p = &s->run->point[r->at];
	char flags[256];

	for (size_t i = 0; i < ncolumn; i++)
		csv_put(&o->out, p->field[i]);
	row_text(o, "metric", r->metric < METRICS ? metrics[r->metric].name : s->other[r->metric - METRICS]);
	row_text(o, "unit", r->metric < METRICS ? metrics[r->metric].unit :
		 summary_counted(s, r) ? s->unit[r->metric - METRICS] : "");
	row_u64(o, "n", r->n);
	row_double(o, "median", r->v.est);
	row_double(o, "lo", r->v.lo);
	row_double(o, "hi", r->v.hi);
	row_u64(o, "clean", r->clean);
	row_u64(o, "total", r->total);
	row_text(o, "flags", flags_text(r->flags, flags, sizeof(flags)));
	row_end(o);
}

int
summary_write(const struct summary *s)
{
	struct replace file;
	struct row row;
	int err = replace_open(&file, s->run->fd, "summary.csv");
	int durable = run_column(s->run, "durable");
	size_t ncolumn = durable < 0 ? s->run->ncolumn : (size_t)durable + 1;

	if (err < 0)
		return err;
	row = row_in(file.file, TABLE_SUMMARY, 0);
	for (size_t i = 0; i < ncolumn; i++)
		csv_put(&row.out, s->run->column[i]);
	for (const struct column *c = tables[TABLE_SUMMARY].column; c->name; c++)
		csv_put(&row.out, c->name);
	csv_end(&row.out);
	for (size_t i = 0; i < s->n; i++)
		write_row(&row, s, &s->row[i], ncolumn);
	return replace_close(&file, row.rc);
}
