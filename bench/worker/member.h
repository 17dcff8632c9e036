/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * member.h -- one thread of a crew: its buffers, its share, its windows.
 */
#ifndef MEMBER_H
#define MEMBER_H

#include <pthread.h>
#include <stdatomic.h>
#include "crew.h"
#include "disturb.h"
#include "window.h"

/* From op `first` on blocks carried this epoch; by_op: each was filled for its op. */
struct epoch { uint64_t first; uint32_t number; bool by_op; };

struct member {
	struct crew *crew;
	pthread_t thread;
	uint32_t index;
	struct work work;
	struct window window;
	struct hist hist[2];
	struct epoch *epoch;
	size_t nepoch, epoch_cap;
	uint64_t skew;			/* of this window: start - deadline */
	uint64_t checked;
	struct expect expect;		/* of one unit */
	bool expects;			/* the kernel says */
	uint64_t faults;		/* seen in this window */
	struct sample now;		/* the window just measured */
	uint32_t from, to;		/* of its latencies those that count */
	bool sleeps;			/* the kernel, by design: its stretches say nothing */
	struct disturb *disturb;
	struct pace pace;		/* the best it saw */
	bool count;			/* this window is counted */
	struct counters *own, *system;	/* NULL but in counting repeats; system: thread 0 */
	struct counter_value counted[EVENTS_MAX], idle[EVENTS_MAX];	/* idle: before the first window */
	void *ring, *buf, *state;	/* node-local, what work points to */
	size_t ring_len, buf_len, lat_len;
};

struct crew {
	const struct job *job;
	const struct kernel *kernel;
	const struct opened *open;
	struct crew_result *result;
	struct member *member;
	pthread_barrier_t meet;
	_Atomic uint64_t begin;		/* the tick at which the next window starts */
	_Atomic uint32_t arrived;
	atomic_bool wish, more;		/* what crew_agree() is asked and answers */
	atomic_bool unsteady;		/* a thread's ops did not come to cost the same */
	atomic_bool used_up;		/* a thread has no slot left */
	atomic_bool apart;		/* of this window a thread has no time that is common to all */
	atomic_int rc;			/* the first failure */
};

/* Note a failure (the first one wins) with a message. */
void crew_fail(struct crew *, uint32_t thread, int rc, const char *what);
/* All threads meet; that one of them wishes it, and that nobody failed, is the answer for all. */
bool crew_agree(struct member *, bool wish);

int  member_setup(struct member *);	/* bind, allocate on the node, kernel setup */
void member_teardown(struct member *);
/* Measure one window together with all others; fills m->window and m->now.  false for all of
 * them: somebody failed. */
bool member_window(struct member *, const struct window_spec *, uint32_t number);
/* What of the window just measured counts, into m->now, from and to; all threads have ended theirs.
 * false: nothing, the threads had no time in common. */
bool member_cut(struct member *);
/* Windows off the record until time is up and, where asked, costs are steady.  Returns how
 * many there were. */
uint32_t member_warm_up(struct member *);
/* What this window's ops are expected to take, and took. */
struct expected_ops member_expected(const struct member *);
/* Counts of its windows, idle ones not included. */
void member_counts(struct member *);
/* Read back the last op of each slot of this thread. */
void member_check(struct member *);

#endif
