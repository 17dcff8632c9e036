/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * evidence.h -- what the laboratory has seen of a verdict of durability.h.
 *
 * Pure.  A class is what the rule looks at, in words: what the kernel does, what the target is,
 * how it is prepared and mapped; and what else was the same in every test of it: file system,
 * options of its mount, flags of the inode.  No kernel's name is part of it.  The rows are those of
 * powercut/evidence.tsv, which powercut/evidence.py makes of the laboratory's results.
 */
#ifndef EVIDENCE_H
#define EVIDENCE_H

#include <stddef.h>
#include "facts.h"

struct evidence_row {
	const char *class, *rule;	/* rule: durable_name when it was tested */
	const char *series;		/* Linux it ran on, "6.1" */
	const char *method;		/* "cuts": what is found after recovery, without a CPU cache;
					 * "model": a CPU cache in front, unflushed lines counted */
	const char *beside;		/* what another program did to the file; "" nothing */
	const char *reason;		/* why kept though not promised: no-cache, contract, chance; "" */
	unsigned long long tests, rounds, lost;	/* rounds: of tests that do not hang together */
};
extern const struct evidence_row evidence_rows[];	/* ended by class NULL */

enum { EVIDENCE_CLASS = 512, EVIDENCE_TEXT = 96 };

/* buf: EVIDENCE_CLASS bytes.  NULL: an op that no power cut can say anything about (it writes
 * nothing, is a yardstick or works on memory), or a target that could not be looked at. */
const char *evidence_class(char *buf, const struct kernel *, unsigned does, const struct facts_target *,
			   int preparation, int map_sync, int o_sync);

/* "rule": not tested on a Linux of this series; else "cuts 0/1110; model 0/30402": lost of tested,
 * with whatever ran beside.  class: NULL is never tested.  buf: EVIDENCE_TEXT bytes. */
const char *evidence_tested(char *buf, const char *class, const char *series);
/* Where no cut lost anything: the share that may be all the same, by the rule of three; else NaN. */
double evidence_bound(const char *class, const char *series);

/* The same of all classes, of any series, in which the rule says yes of a kernel that does this. */
const char *evidence_of_kernel(char *buf, const struct kernel *);

#endif
