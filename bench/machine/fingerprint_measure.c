/* SPDX-License-Identifier: BSD-2-Clause */
/* The times of fingerprint.h. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include "fingerprint.h"
#include "isa.h"
#include "kernel.h"
#include "keys.h"

/* Small batches, the median of each, the least of those: a neighbour delays some of them, not
 * all. */
#define BATCHES 64
#define LINES   32
#define PAGE    4096			/* one line in each of as many pages: no prefetcher crosses one */

struct measuring {
	struct fingerprint *print;
	const struct topo *topo;
	int tsc;
	unsigned caps;
	char *buf;
};

/* The one of batch b in page k; the pages' order is that of an odd step. */
static char *
line(const struct measuring *m, unsigned b, unsigned k)
{
	const unsigned page = k * 13 % LINES;

	return m->buf + page * PAGE + (b * 29 + page * 7) % (PAGE / LINE) * LINE;
}

static int
ascending(const void *a, const void *b)
{
	const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

static void
least(uint32_t *best, uint32_t v[LINES])
{
	qsort(v, LINES, sizeof *v, ascending);
	if (*best == 0 || v[LINES / 2] < *best)
		*best = v[LINES / 2] ? v[LINES / 2] : 1;
}

static void
dirty(const struct measuring *m, unsigned b)
{
	static const _Alignas(LINE) char from[LINE];

	for (unsigned k = 0; k < LINES; k++)
		store_line(line(m, b, k), from);
	drain();
}

/* One after the other: the fences in the stamps let no load begin before the one before has
 * ended. */
static void
reload(const struct measuring *m, unsigned b, uint32_t v[LINES])
{
	for (unsigned k = 0; k < LINES; k++) {
		const uint64_t a = stamp_start(m->tsc);

		load_word(line(m, b, k));
		v[k] = (uint32_t)(stamp_drained(m->tsc) - a);
	}
}

static always_inline void
one(const struct measuring *m, struct flushes *out, void (*flush)(void *))
{
	uint32_t first[LINES], again[LINES], back[LINES];

	for (unsigned b = 0; b < BATCHES; b++) {
		dirty(m, b);
		for (unsigned k = 0; k < LINES; k++) {
			char *p = line(m, b, k);
			const uint64_t t0 = stamp_start(m->tsc);

			flush(p);
			first[k] = (uint32_t)(stamp_drained(m->tsc) - t0);
		}
		reload(m, b, back);
		dirty(m, b);
		for (unsigned k = 0; k < LINES; k++)
			flush(line(m, b, k));
		drain();
		for (unsigned k = 0; k < LINES; k++) {
			char *p = line(m, b, k);
			const uint64_t t0 = stamp_start(m->tsc);

			flush(p);
			again[k] = (uint32_t)(stamp_drained(m->tsc) - t0);
		}
		least(&out->first, first);
		least(&out->reload, back);
		least(&out->again, again);
	}
}

static void
measure(const struct measuring *m)
{
	struct fingerprint *f = m->print;
	uint32_t v[LINES];

	for (unsigned b = 0; b < BATCHES; b++) {
		dirty(m, b);
		reload(m, b, v);
		least(&f->cached, v);
	}
	if (m->caps & CAP_CLFLUSH)
		one(m, &f->of[FINGER_CLFLUSH], clflush);
	if (m->caps & CAP_CLFLUSHOPT)
		one(m, &f->of[FINGER_CLFLUSHOPT], clflushopt);
	if (m->caps & CAP_CLWB)
		one(m, &f->of[FINGER_CLWB], clwb);
}

/* In a thread of its own, so that the caller stays unbound. */
static void *
on_one_cpu(void *arg)
{
	struct measuring *m = arg;
	uint16_t cpu;

	if (topo_place(m->topo, &(struct placement){ .place = PLACE_LOCAL, .node = -1 }, 1, &cpu) < 1 ||
	    topo_bind_here(cpu) < 0)
		return NULL;
	m->buf = mmap(NULL, LINES * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (m->buf == MAP_FAILED)
		return NULL;
	memset(m->buf, 1, LINES * PAGE);
	measure(m);
	munmap(m->buf, LINES * PAGE);
	return NULL;
}

void
fingerprint_measure(struct fingerprint *f, int tsc, const struct topo *topo, unsigned caps)
{
	struct measuring m = { .print = f, .topo = topo, .tsc = tsc, .caps = caps };
	pthread_t thread;

	*f = (struct fingerprint){ .emulated = cpu_emulated() };
	if (pthread_create(&thread, NULL, on_one_cpu, &m) == 0)
		pthread_join(thread, NULL);
}
