/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * taints.h -- what disturbed a run: its windows by taint, and what this machine cannot tell.
 *
 * The names and their bits are disturb.h's; how they are seen is not known here.
 */
#ifndef TAINTS_H
#define TAINTS_H

#include <jansson.h>
#include "disturb.h"
#include "rundir.h"

const char *taint_name(enum taint_bit);
const char *taint_doc(enum taint_bit);

/* For run.json: {available: [names], unavailable: [names], not_applicable: {}} of
 * disturb_available()'s mask. */
json_t *taints_json(uint32_t available);	/* new reference */
/* Note what of the available says nothing of this kernel: not_applicable: {name: [kernels]}, of
 * disturb_applies()'s mask.  true: that was news. */
bool taints_note(json_t *taints, const char *kernel, uint32_t applies);

/* Of the timed repeats. */
struct taints {
	uint64_t windows, tainted;
	uint64_t by[TAINT_COUNT];	/* windows in which a thread had it */
	bool known;			/* run.json says which could be seen */
	bool available[TAINT_COUNT];
};
/* 0, or -errno with a message in why. */
int taints_count(struct taints *, const struct run *, char *why, size_t whylen);

#endif
