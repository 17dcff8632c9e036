/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * durable.h -- the answers to "is it there after a power cut?": plan/durability.h gives them.
 */
#ifndef DURABLE_H
#define DURABLE_H

#include "medium.h"

enum durable_class {
	DURABLE_NO, DURABLE_METADATA_UNSAFE, DURABLE_EADR_ONLY, DURABLE_YES,
	DURABLE_UNKNOWN,		/* "": the target could not be looked at, or nobody said */
	DURABLES
};
extern const char *const durable_name[DURABLES];
enum durable_class durable_parse(const char *);
/* For readers: "yes, if pmem" on what is no real persistent memory, "unknown". */
const char *durable_says(enum durable_class, enum medium);
/* With what the laboratory has seen of it (column tested; "" and "rule": nothing): "yes, cuts
 * 0/1110".  buf: DURABLE_TEXT bytes. */
enum { DURABLE_TEXT = 160 };
const char *durable_tested(char *buf, enum durable_class, enum medium, const char *tested);

#endif
