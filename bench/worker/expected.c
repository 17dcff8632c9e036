/* SPDX-License-Identifier: BSD-2-Clause */
#include "expected.h"

/* A page of the stack or of a table that grew (disturb.c gives the same). */
#define OWN_FAULTS 1

void
expected_add(struct expected *e, const struct expected_ops *o)
{
	e->faults += o->faults;
	e->known = o->each;
	if (!o->each)
		return;
	if (!o->shared)
		e->faults_min += o->each->faults_min * (double)o->n;
	e->faults_max += o->each->faults_max * (double)o->n + OWN_FAULTS;
	e->syscalls_min += o->each->syscalls_min * (double)o->n + (double)o->own_syscalls;
	e->syscalls_max += o->each->syscalls_max * (double)o->n + (double)o->own_syscalls;
}
