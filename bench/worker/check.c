/* SPDX-License-Identifier: BSD-2-Clause */
/* Reading back what the ops of one thread wrote: member_check of member.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
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
	ssize_t n;

	if (m->work.base)
		return m->work.base + slot * m->work.size;
	n = m->crew->kernel->files ? read_file(m, slot)
	  : pread(m->work.fd, m->work.buf, m->work.size, (off_t)(m->work.off + slot * m->work.size));
	if (n == (ssize_t)m->work.size)
		return m->work.buf;
	snprintf(why, whylen, "read-back of slot %llu: %s", (unsigned long long)slot,
		 n >= 0 ? "short read" : strerror(m->crew->kernel->files ? (int)-n : errno));
	return NULL;
}

/* Where in the block the first wrong word is, and whether an older op's bytes stand there. */
static void
describe(const struct member *m, uint64_t i, size_t at, uint32_t epoch, const char *p,
	 char *why, size_t whylen)
{
	int older = 0;

	for (uint32_t e = 0; e < epoch && !older; e++)
		for (uint64_t b = 0; b <= m->work.src_mask && !older; b++)
			older = stamp_check((struct author){ m->crew->job->open.seed, m->index, e }, b, p,
					    m->work.size) == 0;
	snprintf(why, whylen, "read-back: op %llu (slot %llu) is wrong at byte %zu: %s",
		 (unsigned long long)i, (unsigned long long)slots_at(m->work.slots, i), at - 1,
		 older ? "an earlier window's data stand there" : "not a block of this thread and repeat");
}

void
member_check(struct member *m)
{
	const uint64_t end = m->window.i, slots = m->work.slots.mask + 1;
	uint64_t most = CHECK_BYTES / m->work.size, i;
	size_t e = 0;
	char why[256];

	if (m->crew->kernel->moves != MOVES_WRITES || end == 0)
		return;
	if (!m->work.base && most > CHECK_CALLS)
		most = CHECK_CALLS;
	if (most > slots)
		most = slots;
	for (i = end > most ? end - most : 0; i < end; i++) {
		const char *p = slot_bytes(m, slots_at(m->work.slots, i), why, sizeof why);
		size_t at;

		while (e + 1 < m->nepoch && m->epoch[e + 1].first <= i)
			e++;
		if (p) {
			struct author s = { m->crew->job->open.seed, m->index, m->epoch[e].number };

			at = stamp_check(s, slots_block(m->work.slots, i) & m->work.src_mask, p, m->work.size);
			if (at)
				describe(m, i, at, s.epoch, p, why, sizeof why);
		}
		if (!p || at) {
			crew_fail(m->crew, m->index, -EILSEQ, why);
			return;
		}
		m->checked++;
	}
}
