/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * export.h -- a run in the formats of others.
 */
#ifndef EXPORT_H
#define EXPORT_H

#include <stdio.h>
#include "readings.h"

struct export {
	const struct run *run;
	struct readings r;		/* of all metrics */
	const struct reading **scratch;	/* room for the repeats of any point */
	size_t passed;			/* points without a time, left out */
	char why[128];			/* of a failure, where an errno does not say it */
};

struct export_format {
	const char *name, *doc;
	int (*write)(struct export *, FILE *);	/* 0 or -errno */
	bool readings;				/* needs them */
};
extern const struct export_format export_formats[];	/* ended by name NULL */

int export_artifact(struct export *, FILE *);		/* export_artifact.c */
int export_md(struct export *, FILE *);			/* export_table.c */
int export_tex(struct export *, FILE *);

#endif
