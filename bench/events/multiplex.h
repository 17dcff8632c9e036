/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * multiplex.h -- counts: read, made good for multiplexing, added up.
 *
 * An event is counted in places: a thread, or each CPU or counter of a whole
 * machine.  Each shares its hardware with other events by its own share of the time, so
 * a count is made good where it was counted, and only then added to others.
 */
#ifndef MULTIPLEX_H
#define MULTIPLEX_H

#include <stddef.h>
#include <stdint.h>

/* Of one place, or a sum.  running_ns 0: not counted, whatever value says. */
struct counter_value {
	uint64_t value;			/* as counted: neither multiplexing nor event.scale applied */
	uint64_t enabled_ns, running_ns;
	int rc;				/* 0 or why it was not counted: event_refused() */
	double scaled;			/* with multiplexing made good */
};

/* An event's count in one place: a PMU on a CPU (event.h). */
struct counter_placed { uint32_t event, type; int32_t cpu; struct counter_value v; };

/* What one place counted. */
struct counter_value counter_place(uint64_t value, uint64_t enabled_ns, uint64_t running_ns);
/* What came between two readings of one place (64-bit counts may wrap). */
struct counter_value counter_since(const struct counter_value *now, const struct counter_value *before);
/* Another place's count of the same event.  The first failure stays; a place that did not
 * count makes the sum not counted. */
void counter_add(struct counter_value *sum, const struct counter_value *);
/* The count with multiplexing made good.  0; -ENODATA when not counted; rc. */
int counter_estimate(const struct counter_value *, double *);

/* A group's reading of got bytes, taken apart into n counts.  0; -EIO when it is not one. */
int counter_unpack(const void *raw, size_t got, size_t n, struct counter_value *);

#endif
