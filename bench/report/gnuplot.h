/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * gnuplot.h -- running gnuplot on one of our scripts, without a shell.
 */
#ifndef GNUPLOT_H
#define GNUPLOT_H

#include <stdbool.h>
#include "plugin.h"

struct gnuplot {
	bool looked, no_scripts;	/* for the scripts; and did not find them */
	bool absent;			/* gnuplot cannot be run, hung or was stopped */
	bool form[FORMS];		/* its script is there */
	const char *shown;		/* what messages call the folder: "plots/" */
	char scripts[4096];		/* the folder with *.gp */
	char why[4400];			/* what went wrong and was not said yet */
};

/* Copy the figure's script, and what it loads, beside the data in dirfd and draw it there.
 * 0; -errno, and why says it the first time. */
int gnuplot_draw(struct gnuplot *, int dirfd, const struct figure *);

#endif
