/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * audit.h -- a worker as the writer of a power-cut laboratory (powercut/README.md).
 *
 * One op at a time; its block is filled for it alone and names op and slot; behind it an
 * acknowledgement: whoever reads that knows what must be there after the power was cut.  Nothing is
 * timed, nothing is read back, and the target is left as it is.
 *
 * Acknowledgements are lines of a file, a pipe or a serial port, and marks (marks.h) with the op's
 * number, for a model that sees them without a system call:
 *
 *   P POINT REP PATH			what lies at or below PATH is being prepared: nothing that
 *						was acknowledged of it holds any more
 *   B POINT REP THREAD SEED SIZE FILES OFFSET SECTOR PATH
 *						a thread begins.  FILES 1: a slot is a file of PATH;
 *						OFFSET: of its share in PATH; SECTOR: of a block
 *						device, else 0
 *   A POINT REP THREAD OP SLOT			durable, says the strategy
 *   E POINT REP THREAD RC			it ends; RC: 0 or an errno
 */
#ifndef AUDIT_H
#define AUDIT_H

#include <stdint.h>
#include "member.h"

#define AUDIT_MARKS "marks"		/* instead of a path: marks alone */

/* Before the target is touched.  0, or -errno with a message in why. */
int  audit_prepares(const struct job *, char *why, size_t whylen);
/* All ops of this thread, once round its slots.  Failures go to the crew. */
void audit_ops(struct member *);

#endif
