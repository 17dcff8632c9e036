/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * taint.h -- what may have disturbed a window: names, bits, and what run.json says of them.
 *
 * How each is seen stands in worker/disturb.h.
 */
#ifndef TAINT_H
#define TAINT_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

/* In samples.csv, column taint, as the sum of these. */
#define TAINT_LIST(X) \
	X(SWITCHED,  "switched",   "involuntary context switches of the thread (getrusage)") \
	X(FAULTS,    "faults",     "more page faults than the kernel expects (getrusage)") \
	X(WALL,      "wall",       "wall time above 1.02 of CPU time, for kernels that never block") \
	X(MIGRATED,  "migrated",   "the thread left its CPU (perf's cpu-migrations) or ended on another one") \
	X(WAITED,    "waited",     "the thread waited for its CPU for more than 1 % of the window (schedstat)") \
	X(STEAL,     "steal",      "the hypervisor ran somebody else on this CPU (/proc/stat)") \
	X(THROTTLED, "throttled",  "the cgroup, or one above it, ran out of CPU quota (cpu.stat)") \
	X(THERMAL,   "thermal",    "the core or its package was throttled for heat (thermal_throttle)") \
	X(PRESSURE,  "pressure",   "tasks stalled on memory or I/O for more than 1 % of the window (PSI), for kernels that never block") \
	X(SMI,       "smi",        "system management interrupts (msr PMU)") \
	X(FREQUENCY, "frequency",  "the core ran more than 5 % slower than in the point's fastest window so far (msr PMU)") \
	X(CANARY,    "canary",     "a register-only loop before or after the window was more than 5 % slower than the point's fastest so far on this CPU")
enum taint_bit {
#define X(id, name, doc) TAINT_BIT_##id,
	TAINT_LIST(X)
#undef X
	TAINT_COUNT
};
enum taint {
#define X(id, name, doc) TAINT_##id = 1 << TAINT_BIT_##id,
	TAINT_LIST(X)
#undef X
};
extern const struct taint_row { const char *name, *doc; } taint_rows[TAINT_COUNT];	/* by enum taint_bit */

/* For run.json: {available: [names], unavailable: [names], not_applicable: {}} of a mask. */
json_t *taints_json(uint32_t available);	/* new reference */
/* Note what of the available says nothing of this kernel: not_applicable: {name: [kernels]}, of
 * the mask of those that do.  true: that was news. */
bool taints_note(json_t *taints, const char *kernel, uint32_t applies);
uint32_t taints_parse(const json_t *names);	/* the mask again; unknown names are left out */

#endif
