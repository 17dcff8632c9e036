/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * gnuplot.h -- running gnuplot on one of our scripts, without a shell.
 */
#ifndef GNUPLOT_H
#define GNUPLOT_H

#include <stdbool.h>
#include "plugin.h"

struct gnuplot {
	bool absent;			/* it cannot be run, hung or was stopped, or there are no scripts */
	bool common, form[FORMS];	/* these scripts are in the folder */
	const char *shown;		/* what messages call the folder: "plots/" */
	const char *date;		/* of the PDFs: "2026-11-20T09:15:00Z"; NULL: always the same */
	char why[4400];			/* what went wrong and was not said yet */
};

/* Copy the figure's script, and what it loads, beside the data in dirfd and draw it there.
 * 0; -errno, and why says it the first time. */
int gnuplot_draw(struct gnuplot *, int dirfd, const struct figure *);

#endif
