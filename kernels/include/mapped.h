/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mapped.h -- the loop of the kernels that store to, flush or read a mapping.
 *
 * A kernel hands mapped_run() the instructions of its strategy as constant
 * arguments; all is inlined, so that the loop holds those instructions, the
 * address arithmetic and nothing else.  Size and pattern are looked at once a
 * call.  Invariants are locals: a flush's memory operand may alias *w.
 */
#ifndef MAPPED_H
#define MAPPED_H

#include "isa.h"
#include "kernel.h"

/* The opts of every kernel of this family; `how` is its order, width or instr. */
struct mapped_opts { uint64_t fence, how; };

#define PARAM_FENCE { \
	.name = "fence", .doc = "ops per SFENCE", .off = offsetof(struct mapped_opts, fence), \
	.def = 1, .min = 1, .max = 4096, .pow2 = 1 }

/* The unit of kernels with PARAM_FENCE. */
static inline uint64_t
fence_unit(const void *opts)
{
	return ((const struct mapped_opts *)opts)->fence;
}

enum {
	FENCED     = 1 << 0,		/* SFENCE every mapped_opts.fence ops, and at the end */
	FLUSH_LATE = 1 << 1,		/* flush when all of the op is stored, not line by line */
};
enum pattern { PATTERN_ANY, PATTERN_SEQ, PATTERN_STRIDED, PATTERN_RANDOM };

/* Below LINE an op is words, and may lie across two lines. */
static always_inline void
mapped_small(char *p, const char *src, size_t size,
	     void (*word)(void *, const void *), void (*flush)(void *))
{
	if (word)
		for (size_t k = 0; k < size; k += 8)
			word(p + k, src + k);
	if (flush)
		for (char *q = p - ((uintptr_t)p & (LINE - 1)); q < p + size; q += LINE)
			flush(q);
}

static always_inline void
mapped_op(char *p, const char *src, size_t size, int flags,
	  void (*line)(void *, const void *), void (*flush)(void *))
{
	char *const stop = p + size, *q = p;

	do {
		if (line)
			line(q, src);
		if (flush && !(flags & FLUSH_LATE))
			flush(q);
		src += LINE;
	} while ((q += LINE) < stop);
	if (!flush || !(flags & FLUSH_LATE))
		return;
	q = p;
	do
		flush(q);
	while ((q += LINE) < stop);
}

static always_inline int
mapped_loop(const struct work *w, uint64_t i, uint64_t end, int flags, enum pattern pattern,
	    void (*word)(void *, const void *), void (*line)(void *, const void *),
	    void (*flush)(void *))
{
	struct slots slots = w->slots;
	char *const base = w->base;
	const char *const ring = w->src;
	const uint64_t ring_mask = w->src_mask;
	const size_t size = w->size;
	const uint64_t fence_mask =
		flags & FENCED ? ((const struct mapped_opts *)w->opts)->fence - 1 : 0;

	if (pattern != PATTERN_ANY)
		slots.random = pattern == PATTERN_RANDOM;
	while (i < end) {
		/* slots_block() of a whole pass over the slots. */
		const uint64_t pass = i >> slots.bits, next = (pass + 1) << slots.bits;

		for (const uint64_t stop = next < end ? next : end; i < stop; i++) {
			uint64_t slot = pattern == PATTERN_SEQ ? i & slots.mask : slots_at(slots, i);
			char *p = base + slot * size;
			const char *src = ring + ((i + pass) & ring_mask) * size;

			if (pattern == PATTERN_ANY)
				mapped_small(p, src, size, word, flush);
			else
				mapped_op(p, src, size, flags, line, flush);
			if (flags & FENCED && ((i + 1) & fence_mask) == 0)
				sfence();
		}
	}
	if (flags & FENCED && end & fence_mask)
		sfence();
	return 0;
}

/* Ops [i, end): `word` or `line` each 8 or 64 bytes of an op, `flush` each of
 * its lines; NULL leaves that out.  Without `word` and `flush` the granule is LINE. */
static always_inline int
mapped_run(const struct work *w, uint64_t i, uint64_t end, int flags,
	   void (*word)(void *, const void *), void (*line)(void *, const void *),
	   void (*flush)(void *))
{
	if ((word || flush) && w->size < LINE)
		return mapped_loop(w, i, end, flags, PATTERN_ANY, word, line, flush);
	if (w->slots.random)
		return mapped_loop(w, i, end, flags, PATTERN_RANDOM, word, line, flush);
	if (w->slots.rot)
		return mapped_loop(w, i, end, flags, PATTERN_STRIDED, word, line, flush);
	return mapped_loop(w, i, end, flags, PATTERN_SEQ, word, line, flush);
}

/* The pages that an op lies in: at least, and at most when slots lie across pages. */
static inline double
pages_min(const struct facts *f)
{
	return (double)((f->size + f->page - 1) / f->page);
}

static inline double
pages_max(const struct facts *f)
{
	return pages_min(f) + (f->size % f->page != 0 && f->page % f->size != 0);
}

/* No syscall, and no fault once the pages are there: for kernels that store ... */
static inline void
mapped_expect(const struct facts *f, const void *opts, struct expect *e)
{
	(void)opts;
	*e = (struct expect){ 0 };
	if (f->fresh) {
		e->faults_min = (double)(f->size * f->unit) / (double)f->page;
		e->faults_max = pages_max(f) * (double)f->unit;
	}
}

/* ... and that only read: one fault may map the pages around it too. */
static inline void
readonly_expect(const struct facts *f, const void *opts, struct expect *e)
{
	mapped_expect(f, opts, e);
	e->faults_min = 0;
}

#endif
