/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * preempt.h -- was this thread preempted, migrated or signalled meanwhile?  A store and a load, no
 * system call.
 *
 * On its way back to a thread that it had taken off its CPU, or given a signal, the kernel clears
 * rseq_cs (rseq(2)), unless the thread stands within the section described there.  Ours describes
 * one that nobody is ever in.  glibc registers the area, from 2.35 on with Linux 4.18.
 */
#ifndef PREEMPT_H
#define PREEMPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/rseq.h>

/* The word before the abort handler must be the signature; nothing is ever run there. */
static const struct { uint32_t signature, handler; } preempt_abort = { RSEQ_SIG, 0 };

struct preempt {
	volatile uint64_t *cs;		/* this thread's rseq_cs; NULL: not known here */
	_Alignas(32) struct rseq_cs section;
};

/* For the calling thread. */
static inline void
preempt_open(struct preempt *p)
{
	char *area = (char *)__builtin_thread_pointer() + __rseq_offset;

	p->cs = __rseq_size ? (void *)(area + offsetof(struct rseq, rseq_cs)) : NULL;
	p->section = (struct rseq_cs){
		.start_ip = (uintptr_t)&preempt_abort.signature, .post_commit_offset = 1,
		.abort_ip = (uintptr_t)&preempt_abort.handler,
	};
}

static inline void
preempt_watch(const struct preempt *p)
{
	if (p->cs)
		*p->cs = (uintptr_t)&p->section;
	__asm__ volatile("" ::: "memory");
}

/* Since the last preempt_watch(). */
static inline bool
preempt_seen(const struct preempt *p)
{
	__asm__ volatile("" ::: "memory");
	return p->cs && *p->cs == 0;
}

/* Before p goes away. */
static inline void
preempt_close(const struct preempt *p)
{
	if (p->cs)
		*p->cs = 0;
}

#endif
