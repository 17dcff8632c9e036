/* SPDX-License-Identifier: BSD-2-Clause */
/* Findings for people and for programs. */
#include <errno.h>
#include <libsmartcols/libsmartcols.h>
#include <stdlib.h>
#include <string.h>
#include "doctor.h"
#include "wrap.h"

static json_t *
messages_json(const struct kmsg *k)
{
	return k->err ? json_pack("{s:s}", "unreadable", strerror(k->err)) :
	       json_pack("{s:i, s:i}", "lines", (int)k->lines, "doubtful", (int)k->doubtful);
}

json_t *
doctor_json(const struct doctor *d, int all)
{
	json_t *list = json_array(), *lost = json_array();
	const char *text;

	for (size_t k = 0; (text = doctor_lost(d->t, k)); k++)
		json_array_append_new(lost, json_string(text));
	for (size_t k = 0; k < d->n; k++) {
		const struct finding *f = &d->v[k];

		if (f->severity > SEVERITY_OK || all)
			json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "id", f->id,
				"severity", severity_name[f->severity], "what", f->what, "now", f->now,
				"want", f->want, "why", f->why, "mend", f->mend));
	}
	return json_pack("{s:i, s:i, s:i, s:i, s:b, s:o, s:o, s:o, s:o}", "bad", (int)d->count[SEVERITY_BAD],
			 "warn", (int)d->count[SEVERITY_WARN], "info", (int)d->count[SEVERITY_INFO],
			 "ok", (int)d->count[SEVERITY_OK], "root", d->t->root, "lost_without_root", lost,
			 "load", tuning_load_json(d->t), "messages", messages_json(&d->t->messages), "findings", list);
}

/* Columns that fit on 80: 4 + 28 + 26 + 18, and a blank between two. */
static const struct { const char *name; size_t width; } column[] = {
	{ "", 4 }, { "WHAT", 28 }, { "NOW", 26 }, { "WANT", 18 },
};
enum { COLUMNS = sizeof column / sizeof *column, INDENT = 5, WIDE = 100 };

static void
wrap(FILE *out, const char *first, const char *text, size_t width)
{
	for (; *text; first = "") {
		const size_t n = wrap_line(text, width);

		fprintf(out, "%-*s%.*s\n", INDENT + 2, first, (int)n, text);
		text += n;
		text += strspn(text, " ");
	}
}

static struct libscols_table *
new_table(void)
{
	struct libscols_table *t;

	scols_init_debug(0);
	t = scols_new_table();
	for (size_t k = 0; t && k < COLUMNS; k++) {
		struct libscols_column *c = scols_table_new_column(t, column[k].name, 0, SCOLS_FL_WRAP);

		if (!c)
			continue;
		scols_column_set_safechars(c, "\n");
		scols_column_set_wrapfunc(c, scols_wrapnl_chunksize, scols_wrapnl_nextchunk, NULL);
	}
	if (t)
		scols_table_set_termforce(t, SCOLS_TERMFORCE_NEVER);
	return t;
}

static int
add_row(struct libscols_table *t, const struct finding *f)
{
	const char *text[COLUMNS] = { severity_name[f->severity], f->what, f->now, f->want };
	struct libscols_line *line = scols_table_new_line(t, NULL);

	for (size_t c = 0; line && c < COLUMNS; c++) {
		char *broken = wrap_text(text[c], column[c].width);

		if (!broken || scols_line_refer_data(line, c, broken) != 0)
			return -ENOMEM;
	}
	return line ? 0 : -ENOMEM;
}

/* Row k of the table, the head above the first, and below it why, and how to mend it. */
static int
print_card(FILE *out, struct libscols_table *t, size_t k, const struct finding *f, size_t width)
{
	struct libscols_line *line = scols_table_get_line(t, k);
	char *text = NULL, *row;
	size_t n;

	if (!line || scols_table_print_range_to_string(t, line, line, &text) != 0 || !text)
		return -ENOMEM;
	row = text;
	if (k == 0) {
		row += strcspn(row, "\n") + 1;
		fprintf(out, "%.*s%*sWHY\n%*s$ HOW TO MEND, in a root shell\n", (int)(row - text), text, INDENT + 2, "", INDENT, "");
	}
	n = strlen(row);
	fprintf(out, "%s%s", row, n && row[n - 1] == '\n' ? "" : "\n");
	free(text);
	if (f->severity > SEVERITY_OK) {
		wrap(out, "", f->why, width - INDENT - 2);
		/* Never broken: it is there to be copied. */
		fprintf(out, "%*s%s%s\n", INDENT, "", f->mend[0] == '#' ? "" : "$ ", f->mend);
	}
	return 0;
}

static void
print_lost(FILE *out, const struct doctor *d)
{
	const char *text;

	for (size_t k = 0; (text = doctor_lost(d->t, k)); k++)
		fprintf(out, "%s  %s\n", k ? "" : "Not root.  A run by this user goes without:\n", text);
	if (!d->t->root)
		fputs("sudo run-bench doctor says more, and so does a run.\n\n", out);
}

/* The worst first; as they were found otherwise. */
static size_t
in_order(const struct doctor *d, int all, const struct finding **v)
{
	size_t n = 0;

	for (int s = SEVERITY_BAD; s >= (all ? SEVERITY_OK : SEVERITY_INFO); s--)
		for (size_t k = 0; k < d->n; k++)
			if ((int)d->v[k].severity == s)
				v[n++] = &d->v[k];
	return n;
}

int
doctor_print(FILE *out, const struct doctor *d, int all)
{
	const struct finding *v[FINDINGS_MAX];
	const size_t n = in_order(d, all, v), width = wrap_width(out) < WIDE ? wrap_width(out) : WIDE;
	struct libscols_table *t = new_table();
	int rc = t ? 0 : -ENOMEM;

	print_lost(out, d);
	for (size_t k = 0; rc == 0 && k < n; k++)
		rc = add_row(t, v[k]);
	for (size_t k = 0; rc == 0 && k < n; k++)
		rc = print_card(out, t, k, v[k], width);
	scols_unref_table(t);
	fprintf(out, "%s%u bad, %u warn, %u info, %u ok%s\n", n ? "\n" : "", d->count[SEVERITY_BAD],
		d->count[SEVERITY_WARN], d->count[SEVERITY_INFO], d->count[SEVERITY_OK],
		all ? "" : " (-v shows what is well; nothing was changed)");
	return rc == 0 && ferror(out) ? -EIO : rc;
}
