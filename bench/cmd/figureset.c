/* SPDX-License-Identifier: BSD-2-Clause */
#include "figureset.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "datadir.h"
#include "log.h"
#include "registry.h"

bool
figureset_param(const char *name)
{
	for (size_t i = 0; i < kernel_count(); i++)
		for (const struct param *p = kernel_at(i)->params; p && p->name; p++)
			if (strcmp(p->name, name) == 0)
				return true;
	return false;
}

int
figureset_open(struct figures *all, const struct cli *cli)
{
	char dir[4200];
	int rc;

	snprintf(dir, sizeof dir, "%s/plots", data_dir());
	rc = figures_load(all, dir, cli->figure_path, figureset_param, stderr);
	if (rc == -ENOENT && !cli->figure_path) {
		warn("figures are not drawn: no %s ($DAXMARK_DATADIR is where configs/ and plots/ lie)", dir);
		rc = 0;
	} else if (rc < 0 && rc != -EINVAL) {
		fail_at(-rc, "%s:", cli->figure_path ? cli->figure_path : dir);
	}
	return rc;
}

/* "3.33in", "84mm", "8.4cm": inches. */
static int
width(const char *text, double *inches)
{
	static const struct { const char *name; double inches; } units[] = { { "in", 1 }, { "mm", 1 / 25.4 }, { "cm", 1 / 2.54 } };
	char *end;
	double v = strtod(text, &end);

	for (size_t i = 0; i < sizeof units / sizeof *units; i++)
		if (strcmp(end, units[i].name) == 0) {
			*inches = v * units[i].inches;
			return *inches >= 2.5 && *inches <= 20 ? 0 : -ERANGE;
		}
	return -EINVAL;
}

/* "svg,pdf" to "svg pdf". */
static int
formats(const char *list, char *out, size_t len)
{
	static const char *const known[] = { "svg", "pdf", "png", "tex" };
	size_t used = 0, k;

	out[0] = '\0';
	for (const char *p = list; *p; p += strcspn(p, ","), p += *p == ',') {
		const size_t n = strcspn(p, ",");

		for (k = 0; k < 4 && (strlen(known[k]) != n || strncmp(known[k], p, n) != 0); k++)
			;
		if (k == 4 || used + 6 > len)
			return -EINVAL;
		used += (size_t)snprintf(out + used, len - used, "%s%s", used ? " " : "", known[k]);
	}
	return used ? 0 : -EINVAL;
}

int
figureset_page(struct chart_page *page, const struct cli *cli)
{
	static char list[64];

	*page = (struct chart_page){ .font = cli->page.font, .bare = cli->page.bare, .literature = cli->page.literature };
	if (cli->page.width && width(cli->page.width, &page->width) < 0) {
		warn("--width %s: expected a width from 2.5in to 20in, such as 3.33in, 7in or 84mm", cli->page.width);
		return -EINVAL;
	}
	if (page->font && (strlen(page->font) > 64 || strpbrk(page->font, "'\"`\\,;"))) {
		warn("--font %s: expected the name of a font, such as 'Liberation Sans'", page->font);
		return -EINVAL;
	}
	if (cli->page.format && formats(cli->page.format, list, sizeof list) < 0) {
		warn("--format %s: expected svg, pdf, png or tex, or several of them with commas between", cli->page.format);
		return -EINVAL;
	}
	page->formats = cli->page.format ? list : NULL;
	return 0;
}

int
figureset_report(const struct cli *cli, int dirfd, const char *dir, FILE *table)
{
	struct report_want want = { .only = cli->only };
	struct figures all;
	int rc = figureset_open(&all, cli);

	want.figures = &all;
	if (rc == 0)
		rc = report_make(dirfd, dir, &want, table, &log_say);
	figures_free(&all);
	return rc;
}
