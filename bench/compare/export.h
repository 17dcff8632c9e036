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

int export_benchmark(struct export *, FILE *);
int export_benchfmt(struct export *, FILE *);
int export_artifact(struct export *, FILE *);

/* The metric that stands for a point as its time: METRICS when it has none. */
enum metric_id export_headline(struct export *, size_t at);

/* "/kernel=clwb/size=64...": the axes that have a value, so that the same point has the same
 * name in every run; nothing in it but [A-Za-z0-9._+-] and the separators. */
void export_name(const struct run *, const struct run_point *, char equal, const char *except, FILE *);

#endif
