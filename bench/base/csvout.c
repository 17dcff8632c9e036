/* SPDX-License-Identifier: BSD-2-Clause */
/* The writer of csv.h. */
#include "csv.h"

#include <math.h>
#include <string.h>

void
csv_put(struct csv_out *o, const char *s)
{
	if (o->behind)
		fputc(',', o->file);
	o->behind = true;
	if (strpbrk(s, ",\"\r\n") == NULL) {
		fputs(s, o->file);
		return;
	}
	fputc('"', o->file);
	for (; *s; s++) {
		if (*s == '"')
			fputc('"', o->file);
		fputc(*s, o->file);
	}
	fputc('"', o->file);
}

void
csv_put_u64(struct csv_out *o, uint64_t v)
{
	char buf[24];

	snprintf(buf, sizeof(buf), "%llu", (unsigned long long)v);
	csv_put(o, buf);
}

const char *
csv_double_text(double v, char buf[CSV_DOUBLE])
{
	snprintf(buf, CSV_DOUBLE, "%.10g", v);
	return isnan(v) ? "" : buf;
}

void
csv_put_double(struct csv_out *o, double v)
{
	char buf[CSV_DOUBLE];

	csv_put(o, csv_double_text(v, buf));
}

void
csv_end(struct csv_out *o)
{
	fputc('\n', o->file);
	o->behind = false;
}
