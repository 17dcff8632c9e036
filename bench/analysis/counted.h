/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * counted.h -- what the counting repeats counted, per op and per byte: counters.csv and
 * run.json's `counters` and `event_sets` to metrics of reps.csv.
 *
 *     EVENT, EVENT@system		per op; @system: all CPUs, not the measured threads
 *     EVENT_per_byte			per byte that the ops made durable
 *     EVENT_running		share of the time in which it was counted, where below 1:
 *				the counts above are scaled up by it
 *     SET.METRIC			computed by an event set
 *
 * What was not counted has no value, never 0.
 */
#ifndef COUNTED_H
#define COUNTED_H

#include "csv.h"
#include "rundir.h"

enum { COUNTED_NAME = 200 };
#define COUNTED_SYSTEM "@system"
#define COUNTED_BYTE   "_per_byte"
#define COUNTED_SHARE  "_running"

/* What the ops of a repeat add up to.  seconds: of its windows, as one thread sees them. */
struct counted_use { double ops, bytes, seconds; };

/* One event of one repeat. */
struct count {
	char name[COUNTED_NAME];	/* as the metric */
	double value, enabled, running;	/* running 0: not counted */
	double scaled;			/* NaN: the run is too old to say */
};

struct counted {
	const struct run *run;
	struct csv csv;
	bool there;			/* counters.csv exists */
	int col[8];
	size_t n;			/* of the repeat taken last */
	struct count count[64];
};

/* 0 (also without a counters.csv) or -errno, csv.error says what.  Close in every case. */
int  counted_open(struct counted *, const struct run *);
/* Read on to the end of this repeat; repeats come in the order of the journal. */
int  counted_take(struct counted *, const struct run_repeat *);
/* put() gets every metric of the repeat taken last, in the order of the events. */
void counted_each(const struct counted *, const struct counted_use *,
		  void (*put)(void *, const char *metric, double), void *arg);
void counted_close(struct counted *);

enum counted_kind { COUNTED_NONE, COUNTED_EVENT, COUNTED_PER_BYTE, COUNTED_RUNNING, COUNTED_SET };
/* in_set: is the event of this metric one that a set's metrics are computed from? */
enum counted_kind counted_kind(const struct run *, const char *metric, bool *in_set);
/* What one count of an event (not scaled by itself) is worth in its unit. */
double counted_scale(const struct run *, const char *metric);
/* The unit of such a metric by its name; NULL: it is none. */
const char *counted_unit(const struct run *, const char *metric, char *buf, size_t len);

#endif
