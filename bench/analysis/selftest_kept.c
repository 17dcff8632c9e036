/* SPDX-License-Identifier: BSD-2-Clause */
/* The checks of selftest.h that go by the journal, not by times. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "csv.h"
#include "replace.h"
#include "selftest_part.h"
#include "row.h"
#include "text.h"

/* What the ops claim to have written was found when it was read back. */
void
selftest_read_back(const struct summary *s, struct selftest *t)
{
	const struct run *r = s->run;
	char buf[SELFTEST_LABEL];

	for (size_t k = 0; k < r->nrepeat; k++) {
		const struct run_repeat *rep = &r->repeat[k];
		const struct run_point *p = &r->point[rep->at];
		const char *wrong = rep->ok ? NULL : strstr(rep->why, "read-back");

		if (strcmp(run_field(r, p, "moves"), "writes") != 0 || (!rep->ok && !wrong))
			continue;
		t->looked++;
		if (wrong)
			selftest_contradict(t, "%s: repeat %u: %.100s", selftest_label(p, buf), rep->rep, wrong);
		else if (rep->checked == 0)
			selftest_contradict(t, "%s: repeat %u read nothing back", selftest_label(p, buf), rep->rep);
	}
	selftest_conclude(t, "nothing was written");
}

/* The page size that was asked for was the one mapped. */
int
selftest_pages_mapped(const struct summary *s, struct selftest *t)
{
	static const char *const names[] = { "point", "page", NULL };
	struct csv c;
	int col[2], rc = csv_open(&c, s->run->fd, "repeats.csv");
	uint64_t point, asked, seen;
	char buf[SELFTEST_LABEL];

	if (rc == 0)
		rc = csv_columns(&c, names, col);
	while (rc == 0 && (rc = csv_next(&c)) == 1) {
		const struct run_point *p;

		rc = csv_u64(&c, col[0], &point);
		p = rc == 0 ? run_point(s->run, point) : NULL;
		if (!p || !*c.field[col[1]] || csv_u64(&c, col[1], &seen) < 0 || seen == 0 ||
		    text_size(run_field(s->run, p, "page_size"), &asked) < 0)
			continue;
		t->looked++;
		if (asked != seen)
			selftest_contradict(t, "%s: pages of %llu bytes, asked for %llu", selftest_label(p, buf),
				   (unsigned long long)seen, (unsigned long long)asked);
	}
	csv_close(&c);
	selftest_conclude(t, "no mapping whose page size could be seen");
	return rc == -ENOENT ? 0 : rc;
}

/* A working set that the cache holds says little of the medium, and its rows must say so. */
void
selftest_beyond_cache(const struct summary *s, struct selftest *t)
{
	const struct run *r = s->run;
	const double llc = run_number(r, "host.llc_bytes");
	char buf[SELFTEST_LABEL];
	uint64_t set;

	for (size_t k = 0; k < r->npoint && llc > 0; k++) {
		const struct run_point *p = &r->point[k];

		if (p->state != RUN_OK || !selftest_mapped(r, p) ||
		    text_size(run_field(r, p, "working_set"), &set) < 0)
			continue;
		t->looked++;
		/* Of all threads together, as the column says. */
		if ((double)set < 3 * llc && !strstr(run_field(r, p, "notes"), "cache-resident"))
			selftest_contradict(t, "%s: working set under three times the last-level cache, not flagged",
				   selftest_label(p, buf));
	}
	selftest_conclude(t, llc > 0 ? "no mapping was measured" : "the size of the last-level cache is not known");
}

size_t
selftest_warned(const struct selftest out[SELFTESTS])
{
	size_t n = 0;

	for (int k = 0; k < SELFTESTS; k++)
		n += out[k].verdict == VERDICT_WARN;
	return n;
}

int
selftest_write(const struct run *r, const struct selftest out[SELFTESTS])
{
	struct row row;
	struct replace file;
	int err = replace_open(&file, r->fd, "checks.csv");

	if (err < 0)
		return err;
	row = row_in(file.file, TABLE_CHECKS, 0);
	table_header(file.file, TABLE_CHECKS, NULL, 0);
	for (int k = 0; k < SELFTESTS; k++) {
		row_text(&row, "check", out[k].name);
		row_text(&row, "verdict", verdict_name[out[k].verdict]);
		row_u64(&row, "looked", out[k].looked);
		row_u64(&row, "failed", out[k].failed);
		row_text(&row, "detail", out[k].detail);
		row_end(&row);
	}
	return replace_close(&file, row.rc);
}
