/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * runjson.h -- what run.json says before the first point is measured, and what it says of the end.
 */
#ifndef RUNJSON_H
#define RUNJSON_H

#include "run.h"

/* A new object: schema, run, argv, tool, host, targets, config, timer, tuning, doctor,
 * flush.  NULL without memory. */
json_t *runjson_new(const struct runner *, const char *run_id);

/* After the last point: has something that decides what a flush does changed meanwhile?  Adds
 * targets[].write_path_after and quality.warnings; how many there are. */
int runjson_after(json_t *run, const struct experiment *);

unsigned runjson_bad_findings(const json_t *run);	/* that decide the exit code under --strict */

#endif
