/* SPDX-License-Identifier: BSD-2-Clause */
/* Findings for people and for programs. */
#include <errno.h>
#include <libsmartcols/libsmartcols.h>
#include <string.h>
#include "doctor.h"

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
	return json_pack("{s:i, s:i, s:i, s:i, s:b, s:o, s:o, s:o}", "bad", (int)d->count[SEVERITY_BAD],
			 "warn", (int)d->count[SEVERITY_WARN], "info", (int)d->count[SEVERITY_INFO],
			 "ok", (int)d->count[SEVERITY_OK], "root", d->t->root, "lost_without_root", lost,
			 "load", tuning_load_json(d->t), "findings", list);
}

static void
print_lost(FILE *out, const struct doctor *d)
{
	const char *text;

	for (size_t k = 0; (text = doctor_lost(d->t, k)); k++)
		fprintf(out, "%s  %s\n", k ? "" : "Not root.  A run by this user goes without:\n", text);
	if (!d->t->root)
		putc('\n', out);
}

static struct libscols_table *
new_table(FILE *out)
{
	static const struct { const char *name; int flags; } column[] = {
		{ "", 0 }, { "WHAT", 0 }, { "NOW", SCOLS_FL_WRAP }, { "WANT", 0 }, { "WHY", SCOLS_FL_WRAP },
		{ "HOW TO MEND", SCOLS_FL_WRAP },
	};
	struct libscols_table *t;

	scols_init_debug(0);
	t = scols_new_table();
	for (size_t k = 0; t && k < sizeof column / sizeof *column; k++)
		scols_table_new_column(t, column[k].name, 0, column[k].flags);
	if (t)
		scols_table_set_stream(t, out);
	return t;
}

int
doctor_print(FILE *out, const struct doctor *d, int all)
{
	struct libscols_table *t = new_table(out);
	int rc = t ? 0 : -ENOMEM, rows = 0;

	print_lost(out, d);
	for (int s = SEVERITY_BAD; t && s >= (all ? SEVERITY_OK : SEVERITY_INFO); s--)
		for (size_t k = 0; k < d->n; k++) {
			const struct finding *f = &d->v[k];
			const char *text[] = { severity_name[s], f->what, f->now, f->want, f->why, f->mend };
			struct libscols_line *line = (int)f->severity == s ? scols_table_new_line(t, NULL) : NULL;

			for (size_t c = 0; line && c < sizeof text / sizeof *text; c++)
				scols_line_set_data(line, c, text[c]);
			rows += line != NULL;
		}
	if (rc == 0 && rows)
		rc = scols_print_table(t) == 0 ? 0 : -EIO;
	scols_unref_table(t);
	fprintf(out, "%s%u bad, %u warn, %u info, %u ok%s\n", rows ? "\n" : "", d->count[SEVERITY_BAD],
		d->count[SEVERITY_WARN], d->count[SEVERITY_INFO], d->count[SEVERITY_OK],
		all ? "" : " (-v shows what is well; nothing was changed)");
	return rc == 0 && ferror(out) ? -EIO : rc;
}
