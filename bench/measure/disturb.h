/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * disturb.h -- who else had this CPU while a window ran (METHOD 3).
 *
 * Each measured thread looks before and after a window, off the clock; the
 * difference is a mask of taints.  A source that the machine lacks is
 * unavailable, which is not the same as clean: disturb_available() says which
 * there are, and run.json keeps it.
 */
#ifndef DISTURB_H
#define DISTURB_H

#include <stdint.h>
#include <sys/resource.h>

/* In samples.csv, column taint, as the sum of these. */
#define TAINT_LIST(X) \
	X(SWITCHED,  "switched",   "involuntary context switches of the thread (getrusage)") \
	X(FAULTS,    "faults",     "more page faults than the kernel expects (getrusage)") \
	X(WALL,      "wall",       "wall time above 1.02 of CPU time, for kernels that never block") \
	X(MIGRATED,  "migrated",   "the thread ended on another CPU than its own") \
	X(WAITED,    "waited",     "the thread waited for its CPU for more than 1 % of the window (schedstat)") \
	X(STEAL,     "steal",      "the hypervisor ran somebody else on this CPU (/proc/stat)") \
	X(THROTTLED, "throttled",  "the cgroup ran out of CPU quota (cpu.stat)") \
	X(THERMAL,   "thermal",    "the core was throttled for heat (thermal_throttle)") \
	X(PRESSURE,  "pressure",   "tasks stalled on memory or I/O for more than 1 % of the window (PSI)") \
	X(SMI,       "smi",        "system management interrupts (msr PMU)") \
	X(FREQUENCY, "frequency",  "the core ran more than 5 % slower than in the worker's first window (msr PMU)") \
	X(CANARY,    "canary",     "a register-only loop before or after the window was more than 5 % slower than the worker's fastest")
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
extern const struct taint_row { const char *name, *doc; } taint_rows[TAINT_COUNT];

struct disturb;			/* one thread's sources, open */
struct disturb_look {
	struct rusage usage;
	uint64_t wait_ns, steal, throttled, thermal, stalled_us, smi, aperf, mperf;
	double canary;			/* ticks */
};

/* Open what there is for the calling thread, bound to cpu.  NULL without memory. */
struct disturb *disturb_open(unsigned cpu, int tsc);
void     disturb_close(struct disturb *);
uint32_t disturb_available(const struct disturb *);	/* mask of taints that can be seen */

void disturb_look(struct disturb *, struct disturb_look *);

/* What happened between two looks.  wall_ns, cpu_ns: of the window; faults: how many are
 * expected at most (negative: unknown); blocks: the kernel sleeps by design. */
uint32_t disturb_taints(struct disturb *, const struct disturb_look *before, const struct disturb_look *after,
			double wall_ns, double cpu_ns, double faults, int blocks);

#endif
