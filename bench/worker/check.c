/* SPDX-License-Identifier: BSD-2-Clause */
/* Reading back what the ops of one thread wrote: member_check of member.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "member.h"
#include "stamp.h"

/* The latest slots are read back, at most so many bytes and calls: more would take longer than
 * the measurement. */
#define CHECK_BYTES (64u << 20)
#define CHECK_CALLS 16384u

static ssize_t
read_file(const struct member *m, uint64_t slot)
{
	char name[SLOT_FILE_MAX];
	int fd = openat(m->work.dir, slot_file(name, m->work.off, slot), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	ssize_t n;

	if (fd < 0)
		return -errno;
	n = pread(fd, m->work.buf, m->work.size, 0);
	n = n < 0 ? -errno : n;
	close(fd);
	return n;
}

/* The bytes of a slot, or NULL with the reason in why. */
static const char *
slot_bytes(const struct member *m, uint64_t slot, char *why, size_t whylen)
{
	const struct kernel *k = m->crew->kernel;
	ssize_t n;

	if (k->find) {
		const int rc = k->find(&m->work, slot, m->work.buf);

		if (rc == 0)
			return m->work.buf;
		snprintf(why, whylen, "read-back of slot %llu: %s", (unsigned long long)slot,
			 strerror(-rc));
		return NULL;
	}
	if (m->work.base)
		return m->work.base + slot * m->work.size;
	n = k->files ? read_file(m, slot)
	  : pread(m->work.fd, m->work.buf, m->work.size, (off_t)(m->work.off + slot * m->work.size));
	if (n == (ssize_t)m->work.size)
		return m->work.buf;
	snprintf(why, whylen, "read-back of slot %llu: %s", (unsigned long long)slot,
		 n >= 0 ? "short read" : strerror(k->files ? (int)-n : errno));
	return NULL;
}

static const struct epoch *
epoch_of(const struct member *m, uint64_t i)
{
	const struct epoch *e = m->epoch + m->nepoch - 1;

	while (e > m->epoch && e->first > i)
		e--;
	return e;
}

/* What op i of epoch e wrote. */
static struct imprint
stamp_of(const struct member *m, const struct epoch *e, uint64_t i)
{
	const struct work *w = &m->work;

	return e->by_op ? (struct imprint){ i, slots_at(w->slots, i) } :
			  (struct imprint){ slots_block(w->slots, i) & w->src_mask, STAMP_ANYWHERE };
}

static bool
holds(const struct member *m, const struct epoch *e, struct imprint of, const char *p)
{
	return stamp_check((struct author){ m->crew->job->open.seed, m->index, e->number }, of, p, m->work.size) == 0;
}

/* Whether an earlier op's block stands there in place of that of op i.  -1: none's of this thread. */
static int64_t
whose(const struct member *m, uint64_t i, const char *p)
{
	const uint64_t pass = m->work.slots.mask + 1;
	const struct epoch *own = epoch_of(m, i);

	/* The slot's own op of the pass before is the likeliest. */
	if (i >= own->first + pass && holds(m, own, stamp_of(m, own, i - pass), p))
		return (int64_t)(i - pass);
	for (size_t e = m->nepoch; e-- > 0;) {
		const struct epoch *at = &m->epoch[e];
		const uint64_t last = e + 1 < m->nepoch ? at[1].first : m->window.i;
		/* Of a ring any op will do, of single ops those of the last passes. */
		const uint64_t from = at->by_op ? (last > at->first + 2 * pass ? last - 2 * pass : at->first) : at->first;
		const uint64_t end = !at->by_op && last > from + m->work.src_mask + 1 ? from + m->work.src_mask + 1 : last;

		for (uint64_t k = from; k < end; k++)
			if (k != i && holds(m, at, stamp_of(m, at, k), p))
				return (int64_t)k;
	}
	return -1;
}

/* Where in the block the first wrong word is, and what stands there. */
static void
describe(const struct member *m, uint64_t i, size_t at, const struct epoch *e, const char *p, char *why, size_t whylen)
{
	const uint64_t slot = slots_at(m->work.slots, i);
	const int64_t op = whose(m, i, p);
	int n = snprintf(why, whylen, "read-back: op %llu (slot %llu) is wrong at byte %zu: ",
			 (unsigned long long)i, (unsigned long long)slot, at - 1);

	if (n < 0 || (size_t)n >= whylen)
		return;
	if (op >= 0 && (uint64_t)op < e->first)
		snprintf(why + n, whylen - (size_t)n, "an earlier window's data stand there");
	else if (op >= 0 && slots_at(m->work.slots, (uint64_t)op) != slot)
		snprintf(why + n, whylen - (size_t)n, "the intact block of op %lld stands there, whose slot is %llu",
			 (long long)op, (unsigned long long)slots_at(m->work.slots, (uint64_t)op));
	else if (op >= 0)
		snprintf(why + n, whylen - (size_t)n, "the block of an earlier pass stands there");
	else
		snprintf(why + n, whylen - (size_t)n, "not a block of this thread and repeat");
}

/*
 * Ops first to first + n in about the order of their addresses: in that of the ops, where patterns
 * are random, each would wait for a translation of its own.  Ops are sorted into NEAR regions.
 * NULL: no memory, or nothing is mapped; as they come, then.
 */
#define NEAR_BITS 10
#define NEAR (1u << NEAR_BITS)

static uint32_t *
by_address(const struct member *m, uint64_t first, uint64_t n)
{
	const struct slots s = m->work.slots;
	const unsigned shift = s.bits > NEAR_BITS ? s.bits - NEAR_BITS : 0;
	uint32_t *order = m->work.base ? malloc(n * sizeof *order) : NULL, at[NEAR + 1] = { 0 };

	if (!order)
		return NULL;
	for (uint64_t k = 0; k < n; k++)
		at[(slots_at(s, first + k) >> shift) + 1]++;
	for (uint32_t b = 1; b < NEAR; b++)
		at[b + 1] += at[b];
	for (uint64_t k = 0; k < n; k++)
		order[at[slots_at(s, first + k) >> shift]++] = (uint32_t)k;
	return order;
}

/* Whether op i's slot holds what it wrote; else the thread has failed. */
static bool
check_op(struct member *m, uint64_t i)
{
	const struct epoch *e = epoch_of(m, i);
	char why[256];
	const char *p = slot_bytes(m, slots_at(m->work.slots, i), why, sizeof why);
	const size_t at = p ? stamp_check((struct author){ m->crew->job->open.seed, m->index, e->number },
					  stamp_of(m, e, i), p, m->work.size) : 0;

	if (at)
		describe(m, i, at, e, p, why, sizeof why);
	if (!p || at)
		crew_fail(m->crew, m->index, -EILSEQ, why);
	return p && !at;
}

/* What later checks need is fetched meanwhile.  Inline, or gcc takes it for a function without
 * effect and leaves the call out. */
#define FETCH_AHEAD 16
static inline __attribute__((always_inline)) void
fetch(const struct member *m, uint64_t i)
{
	if (m->work.base && !m->work.pm)
		__builtin_prefetch(m->work.base + slots_at(m->work.slots, i) * m->work.size);
}

void
member_check(struct member *m)
{
	const uint64_t end = m->window.i, slots = m->work.slots.mask + 1;
	uint64_t n = CHECK_BYTES / m->work.size, first;
	uint32_t *order;

	if (m->crew->kernel->moves != MOVES_WRITES || end == 0)
		return;
	if (!m->work.base && n > CHECK_CALLS)
		n = CHECK_CALLS;
	n = n > slots ? slots : n;
	n = n > end ? end : n;
	first = end - n;
	order = by_address(m, first, n);
	for (uint64_t k = 0; k < n; k++) {
		if (k + FETCH_AHEAD < n)
			fetch(m, first + (order ? order[k + FETCH_AHEAD] : k + FETCH_AHEAD));
		if (!check_op(m, first + (order ? order[k] : k)))
			break;
		m->checked++;
	}
	free(order);
}
