/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * intake.h -- samples.csv and hist.csv read repeat by repeat, as the journal has them.
 *
 * Streams: memory is that of one repeat.  Rows behind the journal's last marker
 * are never seen.
 */
#ifndef INTAKE_H
#define INTAKE_H

#include "csv.h"
#include "hist.h"
#include "metric.h"
#include "rundir.h"

struct intake_window {
	bool tainted;
	unsigned threads;		/* 0: no throughput row in it */
	double rate, time;		/* throughput: sums over threads of ops/tick, ticks/op where undisturbed */
	double whole;			/* the same of ticks/op over the whole window */
	double ops, bytes;
	unsigned taint;			/* all threads' together: taint.h */
	double ns, rows;		/* how long it took: sum over its rows, their number */
};

enum { INTAKE_SAMPLES = 12, INTAKE_HIST = 6 };	/* columns used */
struct intake {
	const struct run *run;
	bool counting;			/* set it to be given the counting repeats, too */
	size_t next;			/* index into run->repeat */
	/* The repeat that was read; valid until the next one. */
	const struct run_repeat *repeat;
	struct intake_window *window;
	size_t nwindow, tainted;	/* windows; how many of them are tainted */
	double ops[STAMPS], ticks[STAMPS];	/* latency windows */
	double kept_ops[STAMPS];	/* undisturbed ones of them; NaN: not known */
	double time[2];			/* throughput windows: ticks, undisturbed ones of them; NaN: not known */
	struct hist_bin *bin[STAMPS];	/* ascending */
	size_t nbin[STAMPS];
	uint64_t count[STAMPS];		/* ops in the bins */
	double all_ops, all_bytes;	/* of all windows */
	/* Its own. */
	struct csv samples, hist;
	int scol[INTAKE_SAMPLES], hcol[INTAKE_HIST];
	size_t window_size, bin_size[STAMPS];
};

/* 0 or -errno; intake_error says what.  Close in every case. */
int  intake_open(struct intake *, const struct run *);
/* The next repeat that succeeded: 1; 0 at the end; -EINVAL, -errno. */
int  intake_next(struct intake *);
bool intake_clean(const struct intake *);	/* rule.h */
double intake_seconds(const struct intake *);	/* its windows, as one thread sees them */
const char *intake_error(const struct intake *, int err);
void intake_close(struct intake *);

#endif
