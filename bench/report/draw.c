/* SPDX-License-Identifier: BSD-2-Clause */
#include "draw.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "datadir.h"
#include "pivot.h"

/* The chart of a figure; no panel: nothing to draw. */
static int
make(struct chart *c, const struct drawing *d, const struct figure *f, char *why, size_t len)
{
	const char *plots = arena_printf(c->mem, "%s/plots", data_dir());
	struct palette pal;
	struct picks all;
	struct pivot pv;
	int rc = palette_load(&pal, c->mem, plots, why, len);

	if (rc == -ENOENT)
		rc = 0;			/* without scripts nothing is drawn; the data are written */
	if (rc == 0)
		rc = picks_make(&all, c->mem, f, d->input, d->ninput, why, len);
	if (rc < 0 || all.n == 0)
		return rc;
	pivot_make(&pv, c->mem, f, &all);
	if (!pv.varies && !d->always)
		return 0;
	form_build(c, &pv, &pal);
	if (c->npanel == 0)
		return 0;
	form_words(c, &pv);
	if (f->form == FORM_ROWS || f->form == FORM_MATRIX)
		chart_row_layout(c);
	else
		chart_layout(c);
	return 0;
}

static int
write_one(const struct drawing *d, const struct figure *f, struct drawn *out, char *why, size_t len)
{
	struct arena mem = { 0 };
	struct chart c = { .mem = &mem, .page = d->page, .form = f->form, .level = NAN };
	int err;

	if (setjmp(mem.oom)) {
		arena_free(&mem);
		return -ENOMEM;
	}
	err = make(&c, d, f, why, len);
	if (err == 0 && c.npanel > 0) {
		err = chart_write(&c, f->name, d->dirfd);
		out->caption = strdup(c.caption);
		if (out->caption == NULL)
			err = -ENOMEM;
	}
	arena_free(&mem);
	return err;
}

int
draw_one(const struct drawing *d, const struct figure *f, bool draw, struct gnuplot *g, struct drawn *out, char *why,
	 size_t len)
{
	char svg[128];
	int rc;

	*out = (struct drawn){ .figure = f };
	rc = f->data == DATA_COMPARE ? 0 : write_one(d, f, out, why, len);
	if (rc < 0 || out->caption == NULL)
		return rc;
	g->date = run_text(d->input[0].s->run, "started");
	rc = draw ? gnuplot_draw(g, d->dirfd, f) : 0;
	snprintf(svg, sizeof svg, "%s.svg", f->name);
	out->svg = rc == 0 && faccessat(d->dirfd, svg, R_OK, 0) == 0;
	return 0;
}

int
draw_figures(const struct drawing *d, const char *only, FILE *err, struct drawn **out, size_t *n)
{
	struct gnuplot g = { .shown = d->shown };
	struct drawn *all = calloc(d->figures->n + 1, sizeof *all);
	char without[1024] = "", why[512] = "";
	int rc = all ? 0 : -ENOMEM;
	bool found = only == NULL;

	*n = 0;
	for (size_t i = 0; rc == 0 && i < d->figures->n; i++) {
		const struct figure *f = &d->figures->v[i];
		const bool draw = only == NULL || strcmp(only, f->name) == 0;

		found |= draw;
		rc = draw_one(d, f, draw, &g, &all[(*n)++], why, sizeof why);
		if (*g.why || *why)
			fprintf(err, "%s\n", *why ? why : g.why);
		g.why[0] = why[0] = '\0';
		if (rc == 0 && draw && all[i].caption == NULL && f->data != DATA_COMPARE)
			snprintf(without + strlen(without), sizeof without - strlen(without), "%s%s",
				 *without ? ", " : "", f->name);
	}
	if (*without)
		fprintf(err, "figures without data: %s\n", without);
	if (rc == 0 && !found)
		rc = -ENOENT;
	*out = all;
	return rc;
}

void
drawn_free(struct drawn *d, size_t n)
{
	for (size_t i = 0; d && i < n; i++)
		free(d[i].caption);
	free(d);
}
