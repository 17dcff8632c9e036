/* SPDX-License-Identifier: BSD-2-Clause */
/* summary.csv: the columns of points.csv up to `durable`, then those of a row. */
#include "summary.h"

#include <string.h>

#include "csv.h"
#include "flag.h"
#include "replace.h"
#include "tables.h"

static void
write_row(struct csv_out *o, const struct summary *s, const struct sum *r, size_t ncolumn)
{
	const struct run_point *p = &s->run->point[r->at];
	char flags[256];

	for (size_t i = 0; i < ncolumn; i++)
		csv_put(o, p->field[i]);
	csv_put(o, r->metric < METRICS ? metrics[r->metric].name : s->other[r->metric - METRICS]);
	csv_put(o, r->metric < METRICS ? metrics[r->metric].unit :
		summary_counted(s, r) ? s->unit[r->metric - METRICS] : "");
	csv_put_u64(o, r->n);
	csv_put_double(o, r->v.est);
	csv_put_double(o, r->v.lo);
	csv_put_double(o, r->v.hi);
	csv_put_u64(o, r->clean);
	csv_put_u64(o, r->total);
	csv_put(o, flags_text(r->flags, flags, sizeof(flags)));
	csv_end(o);
}

int
summary_write(const struct summary *s)
{
	struct replace file;
	struct csv_out o = { 0 };
	int err = replace_open(&file, s->run->fd, "summary.csv");
	int durable = run_column(s->run, "durable");
	size_t ncolumn = durable < 0 ? s->run->ncolumn : (size_t)durable + 1;

	if (err < 0)
		return err;
	o.file = file.file;
	for (size_t i = 0; i < ncolumn; i++)
		csv_put(&o, s->run->column[i]);
	for (const struct column *c = tables[TABLE_SUMMARY].column; c->name; c++)
		csv_put(&o, c->name);
	csv_end(&o);
	for (size_t i = 0; i < s->n; i++)
		write_row(&o, s, &s->row[i], ncolumn);
	return replace_close(&file, 0);
}
