/* SPDX-License-Identifier: BSD-2-Clause */
#include "row.h"

#include <errno.h>
#include <string.h>

struct row
row_in(FILE *f, enum table_id table, size_t nparam)
{
	return (struct row){ .out.file = f, .table = table, .nparam = nparam };
}

/* NULL: the row is whole. */
static const char *
expected(struct row *r)
{
	const struct column *c = tables[r->table].column;

	if (c[r->at].name && strcmp(c[r->at].name, "p_*") == 0 && r->param == r->nparam)
		r->at++;
	return c[r->at].name;
}

static void
fail(struct row *r, const char *given, const char *want)
{
	if (r->rc == 0)
		snprintf(r->wrong, sizeof r->wrong, "%s: %s where %s comes", tables[r->table].file,
			 given ? given : "the end", want ? want : "the end");
	r->rc = -EPROTO;
}

void
row_text(struct row *r, const char *column, const char *v)
{
	const char *want = expected(r);

	if (r->rc || !want || strcmp(want, column) != 0) {
		fail(r, column, want);
		return;
	}
	if (strcmp(want, "p_*") == 0)
		r->param++;
	else
		r->at++;
	csv_put(&r->out, v);
}

void
row_u64(struct row *r, const char *column, uint64_t v)
{
	char text[24];

	snprintf(text, sizeof text, "%llu", (unsigned long long)v);
	row_text(r, column, text);
}

void
row_double(struct row *r, const char *column, double v)
{
	char text[CSV_DOUBLE];

	row_text(r, column, csv_double_text(v, text));
}

void
row_end(struct row *r)
{
	const char *want = expected(r);

	if (want)
		fail(r, NULL, want);
	csv_end(&r->out);
	r->at = r->param = 0;
}
