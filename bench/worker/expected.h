/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * expected.h -- page faults and system calls of a repeat: what its kernel expects of the ops it did.
 *
 * Pure: sums of expect() (kernel.h) over windows and threads, in totals, so that whoever
 * compares them with what was seen needs no tolerance.
 */
#ifndef EXPECTED_H
#define EXPECTED_H

#include <stdbool.h>
#include <stdint.h>
#include "kernel.h"

#define SYSCALLS_EVENT "raw_syscalls:sys_enter"	/* what counts system calls, of the thread */

struct expected {
	bool known;			/* false: the kernel does not say */
	uint64_t faults;		/* seen */
	double faults_min, faults_max;
	double syscalls_min, syscalls_max;
};

/* n units of one thread in one window; each: of one unit. */
struct expected_ops {
	const struct expect *each;	/* NULL: unknown */
	uint64_t n;
	bool shared;			/* another thread's op may have opened the page: no fault is sure */
	uint64_t faults;		/* seen */
	uint64_t own_syscalls;		/* the harness's in this window */
};
void expected_add(struct expected *, const struct expected_ops *);

#endif
