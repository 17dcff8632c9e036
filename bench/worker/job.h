/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * job.h -- what the parent tells a worker process (one repeat of one point) and
 * what the worker answers.  Plain data, written to a memory file and read by
 * a program of the same build; no other process sees it.
 */
#ifndef JOB_H
#define JOB_H

#include <stdint.h>
#include "config.h"
#include "counters.h"
#include "disturb.h"
#include "expected.h"
#include "flag.h"
#include "hist.h"
#include "kernel.h"
#include "target.h"

#define LINE_AS_IS      255	/* the lines of an op are not brought into a state before it */
#define JOB_THREADS_MAX 4096

struct job {
	uint32_t self;			/* sizeof(struct job): the same build wrote it */
	char build[64];			/* of whose program */
	uint32_t point, rep, block;	/* block: of repeats, every point once */
	char kernel[NAME_MAX_];
	char kernel_path[TARGET_PATH_MAX];	/* --kernel-path, or "" */
	_Alignas(16) char opts[KERNEL_OPTS_MAX];
	struct target_ref target;
	struct open_spec open;		/* .kernel is filled in by the worker */
	unsigned caps;			/* of CPU and target: for expect() */
	uint32_t size;			/* bytes per op */
	uint64_t unit;			/* ops that become durable together */
	uint64_t limit;			/* ops a thread may do in all: its slots, where each serves once, and then
					 * there is no warm-up; else UINT64_MAX */
	struct slots slots;
	char acks[TARGET_PATH_MAX];	/* of an audit (audit.h) */
	uint8_t mode, gap, line;	/* MODE_*, GAP_*, LINE_* or LINE_AS_IS */
	/* The schedule, in ticks of the timer. */
	int tsc;
	double hz;
	uint32_t windows;
	uint64_t window, window_max, warmup, warmup_max, ops;
	uint64_t ahead;			/* ops between making lines cold and the op; 0: those of a batch */
	uint8_t settle;			/* warm up until steady, not only for `warmup` */
	uint8_t counting;		/* events are open: its times do not count */
	struct event_list events;
	uint32_t threads;
	uint16_t cpu[JOB_THREADS_MAX];
	int node[JOB_THREADS_MAX];	/* of that CPU, -1 unknown */
	/* The best that this point's repeats so far had there.  Not other points': another number
	 * of threads, or wider instructions, have another turbo. */
	struct pace pace[JOB_THREADS_MAX];
};

struct sample {
	uint32_t window, thread;
	uint8_t mode, drained;
	uint32_t taint;			/* mask of enum taint (taint.h) */
	uint64_t ops, ticks;		/* of whole stretches within the time common to all threads; 0: there is none */
	uint64_t kept_ops, kept_ticks;	/* of those in which the thread was not disturbed, see cut.h */
	uint32_t stretches, disturbed, stalled;	/* 0 stretches: the kernel sleeps, or no rseq: not known */
	uint64_t wall_ns, lost_ns;	/* the thread's whole window; in which it did not have its CPU */
	uint64_t cpu_ns;		/* of the thread's whole window */
};

/* Where a worker's time goes, one after the other: opening the target (prefault), what threads
 * need, warm-up, windows (measured, and what lies between them), read-back, closing the target. */
enum spent { SPENT_OPEN, SPENT_SETUP, SPENT_WARMUP, SPENT_WINDOWS, SPENT_CHECK, SPENT_CLOSE, SPENTS };

/* The answer: this header, then nsample samples, nbin[0] + nbin[1] bins, nevent counts, npace
 * paces, nplaced counts of single places. */
struct outcome {
	uint32_t self;			/* sizeof(struct outcome); 0: the worker never got that far */
	int rc;				/* 0 or -errno */
	char why[512];
	uint32_t quantum, floor[2];	/* ticks: of the clock; median of the empty op, issue and drained */
	uint64_t skew;			/* ticks: latest start - deadline, the worst window */
	uint64_t checked;		/* slots read back and found right */
	struct expected expected;	/* over all windows and threads */
	uint64_t offset, page_seen;
	uint32_t taints_seen;		/* mask of the taints that can be seen on this machine */
	uint32_t taints_apply;		/* of those that say something of this kernel */
	uint32_t flags;			/* mask of 1 << summary_flag (flag.h) */
	uint64_t spent_ns[SPENTS];
	double undisturbed;		/* share of its threads' time in windows that was not lost */
	double headline_ns;		/* what the adaptive stop looks at */
	uint32_t nsample, nbin[2], nevent, npace, nplaced;
};

#endif
