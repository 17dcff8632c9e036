/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * comparison.h -- the table that `compare` shows: a projection with its numbers.
 *
 * Decides what the units are: the repeats of one run a side; the columns of one run
 * share its blocks and go in pairs; of several runs a side the hosts, or the runs when
 * all come from one host.  Hosts that stand on both sides go in pairs as well.
 */
#ifndef COMPARISON_H
#define COMPARISON_H

#include "gather.h"
#include "projection.h"
#include "verdict.h"

struct compared {
	const struct projected *row;
	uint32_t column;		/* held against column 0 */
	const char *metric;
	bool rate;			/* base and cand: more is better */
	double base, cand;		/* medians, in the metric's unit */
	uint32_t flags;			/* of either side: flag.h */
	struct contest c;
};

struct unmatched {
	const struct projected *row;
	const char *column, *why;
};

struct comparison {
	struct projection p;
	enum compare_unit unit;
	bool paired, one_host;		/* one_host: no side has two hosts */
	double margin;
	size_t n, nunmatched, count[OUTCOMES];
	size_t enough;			/* pairs that a table of this length needs */
	size_t amortised, blind;	/* rows of latencies too short for the clock: by amortised time; without any */
	size_t disturbed;		/* rows in pairs that share fewer clean blocks: all are used */
	struct compared *row;		/* by row, then column */
	struct unmatched *unmatched;
	size_t short_of;		/* rows whose sides are too few for a table of this length; */
	size_t short_n, short_carries, short_needs;	/* the least n among them, what it carries, what would do */
};

/* metric: its name, or NULL for each point's headline.  0 or -errno with why. */
int comparison_make(struct comparison *, struct arena *, const struct compared_run *, size_t nsource, size_t sides,
		    const struct projection_spec *, const char *metric, double margin, char *why, size_t whylen);

/* "2.50 times slower", "equal"; buf of COMPARED_WORDS. */
enum { COMPARED_WORDS = 48 };
const char *compared_words(const struct compared *, char *buf);

/* "0.977", "1.010", "13700"; buf of COMPARED_RATIO. */
enum { COMPARED_RATIO = 24 };
const char *compared_ratio(char *buf, double);

/* "clwb pm size=4K": what tells this row from the others, and no more. */
const char *compared_label(const struct projection *, const struct projected *);

#endif
