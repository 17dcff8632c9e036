/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * collect.h -- many runs in one SQLite file and one CSV, and the hosts that stand apart.
 *
 * Tables: runs (one a run: host, boot, BIOS, microcode ...), results (summary.csv of all
 * runs, with the columns of all), outliers (points in which a host stands apart), hosts.
 */
#ifndef COLLECT_H
#define COLLECT_H

#include <sqlite3.h>
#include <stdio.h>
#include "arena.h"
#include "csv.h"
#include "rundir.h"

/* What is known of the machine of a run; empty where run.json does not say. */
enum machine_column { M_HOST, M_BOOT, M_BIOS, M_MICROCODE, M_CPU, M_OS_KERNEL, M_STARTED, MACHINES };
extern const char *const machine_name[MACHINES];
const char *machine_text(const struct run *, enum machine_column);

struct tally_point { const char *key, *label, *host; double v; };	/* label: for people */

struct collect {
	struct arena mem;
	sqlite3 *db;
	sqlite3_stmt *put_run, *put_result;
	struct csv_out csv;
	size_t ncolumn, nruns, nresults, npoint, nhost;
	const char **column;		/* of summary.csv, of all runs */
	struct tally_point *point;	/* one a run and point: its headline */
	struct fleet_host *host;
	char error[512];
};

/* What became of each host. */
struct fleet_host { const char *name, *worst; size_t points, outlying; double z; };

/* In this order: announce every run, start, add every run, finish.  0, or -errno and error. */
int  collect_announce(struct collect *, const struct run *);
int  collect_start(struct collect *, const char *sqlite, FILE *csv);
int  collect_add(struct collect *, const struct run *);
int  collect_outliers(struct collect *);
int  collect_finish(struct collect *);
void collect_close(struct collect *);

int  collect_fail(struct collect *, int err, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

#endif
