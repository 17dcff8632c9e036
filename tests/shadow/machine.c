/* SPDX-License-Identifier: BSD-2-Clause */
/* machine.c -- the cache, the write pending queue and the media of machine.h. */
#include <stdlib.h>
#include <string.h>
#include "kernel.h"
#include "machine.h"

struct machine m;
const char *const event_names[EV_COUNT] = {
	"store8", "store64", "nt8", "nt16", "nt32", "nt64", "movdir64b",
	"clflush", "clflushopt", "clwb", "sfence", "load",
	"msync", "fsync", "fdatasync", "pwrite", "pwritev2", "pread", "openat", "close", "pmem",
};

static const unsigned event_needs[EV_COUNT] = {
	[EV_NT32] = CAP_AVX, [EV_NT64] = CAP_AVX512, [EV_MOVDIR64B] = CAP_MOVDIR64B,
	[EV_CLFLUSH] = CAP_CLFLUSH, [EV_CLFLUSHOPT] = CAP_CLFLUSHOPT, [EV_CLWB] = CAP_CLWB,
};

void
machine_reset(void)
{
	char *mem = m.mem;

	for (int k = 0; k < m.nfiles; k++) {
		free(m.files[k].mem);
		free(m.files[k].media);
	}
	memset(&m, 0, sizeof(m));
	m.mem = mem ? mem : aligned_alloc(SHARE_OFF, 4 * MEM_LEN);
	if (!m.mem)
		abort();
	m.media = m.mem + MEM_LEN;
	m.under_way = m.media + MEM_LEN;
	m.blank = m.under_way + MEM_LEN;
	for (size_t k = 0; !mem && k < MEM_LEN; k++)
		m.blank[k] = (char)(k * 0x9e3779b1u >> 24);
	memcpy(m.mem, m.blank, MEM_LEN);
	memcpy(m.media, m.blank, MEM_LEN);
}

void
machine_count_anew(void)
{
	memset(m.events, 0, sizeof(m.events));
	memset(m.flushes, 0, sizeof(m.flushes));
	memset(m.loaded, 0, sizeof(m.loaded));
	m.stored = m.faults = m.max_dirty = m.syscalls = 0;
}

void
machine_need(unsigned cap, const char *what)
{
	if (cap & ~m.needs)
		fail("needs", "%s without asking for the capability", what);
}

int64_t
machine_off(const void *p, size_t n, const char *what)
{
	uintptr_t at = (uintptr_t)p, lo = (uintptr_t)m.mem + SHARE_OFF;

	machine_need(CAP_MAP, what);
	if (at >= lo && at + n <= lo + SHARE_LEN)
		return (int64_t)(at - (uintptr_t)m.mem);
	fail("outside", "%s outside the thread's share", what);
	return -1;
}

void
machine_fault(size_t off, size_t len)
{
	for (size_t k = off / m.page; k <= (off + len - 1) / m.page; k++)
		if (!m.mapped[k])
			m.mapped[k] = 1, m.faults++;
}

static void
set_dirty(size_t line, int to)
{
	m.ndirty += (uint64_t)to - m.dirty[line];
	m.dirty[line] = (uint8_t)to;
}

void
machine_touch(size_t off, size_t len)
{
	for (size_t k = off / LINE; k <= (off + len - 1) / LINE; k++)
		set_dirty(k, 1);
	m.stored += len;
}

void
machine_store(void *p, const void *s, size_t n, enum event e)
{
	int64_t off = machine_off(p, n, event_names[e]);
	size_t line = (size_t)off / LINE;
	const char *from = s;

	m.events[e]++;
	machine_need(event_needs[e], event_names[e]);
	if (off < 0)
		return;
	if (!(m.own_words && n == 8) && (from < m.src || from + n > m.src + m.src_len)) {
		fail("source", "a store from outside the source ring");
		return;
	}
	if (off % (int64_t)n)
		fail("outside", "%s not aligned", event_names[e]);
	memcpy(p, s, n);
	machine_fault((size_t)off, n);
	if (e == EV_STORE8 || e == EV_STORE64) {
		machine_touch((size_t)off, n);
		return;
	}
	m.stored += n;
	if (!m.flying[line])
		memcpy(m.under_way + line * LINE, m.media + line * LINE, LINE);
	m.flying[line] = 1;
	memcpy(m.under_way + off, s, n);
}

void
machine_flush(void *p, enum event e)
{
	int64_t off = machine_off(p, 1, event_names[e]);
	size_t line = (size_t)off / LINE;

	m.events[e]++;
	machine_need(event_needs[e], event_names[e]);
	if (off < 0)
		return;
	machine_fault((size_t)off, 1);
	m.flushes[line]++;
	if (!m.dirty[line])
		return;
	if (m.ndirty > m.max_dirty)
		m.max_dirty = m.ndirty;
	memcpy(m.under_way + line * LINE, m.mem + line * LINE, LINE);
	m.flying[line] = 1;
	set_dirty(line, 0);
}

void
machine_fence(void)
{
	m.events[EV_SFENCE]++;
	if (m.cut)
		m.cut();
	for (size_t k = SHARE_OFF / LINE; k < (SHARE_OFF + SHARE_LEN) / LINE; k++)
		if (m.flying[k]) {
			memcpy(m.media + k * LINE, m.under_way + k * LINE, LINE);
			m.flying[k] = 0;
		}
}

/* The memory controller takes eight aligned bytes at once, and no more (FACTS 7). */
void
machine_power_cut(uint64_t seed)
{
	uint64_t x = seed * 0x9e3779b97f4a7c15u;

	for (size_t at = SHARE_OFF; at < SHARE_OFF + SHARE_LEN; at += 8) {
		const size_t line = at / LINE;
		const char *from = m.flying[line] ? m.under_way : m.dirty[line] ? m.mem : NULL;

		x ^= x << 13, x ^= x >> 7, x ^= x << 17;
		if (from && (seed == 1 || (seed && x >> 40 & 1)))
			memcpy(m.media + at, from + at, 8);
	}
	memcpy(m.mem, m.media, MEM_LEN);
	memset(m.dirty, 0, sizeof(m.dirty));
	memset(m.flying, 0, sizeof(m.flying));
	m.ndirty = 0;
}

static struct machine saved;
static char saved_bytes[3][SHARE_LEN];

void
machine_save(void)
{
	const char *const part[] = { m.mem, m.media, m.under_way };

	saved = m;
	for (int k = 0; k < 3; k++)
		memcpy(saved_bytes[k], part[k] + SHARE_OFF, SHARE_LEN);
}

void
machine_restore(void)
{
	char *const part[] = { m.mem, m.media, m.under_way };

	m = saved;
	for (int k = 0; k < 3; k++)
		memcpy(part[k] + SHARE_OFF, saved_bytes[k], SHARE_LEN);
}

uint64_t
machine_load(const void *p, size_t n)
{
	int64_t off = machine_off(p, n, "load");
	uint64_t v = 0;

	m.events[EV_LOAD]++;
	if (off < 0)
		return 0;
	machine_fault((size_t)off, n);
	m.loaded[off / LINE] |= (uint8_t)(n == LINE ? 0xff : 1 << off / 8 % 8);
	memcpy(&v, p, sizeof(v));
	return v;
}

void
machine_persist(size_t off, size_t len)
{
	memcpy(m.media + off, m.mem + off, len);
	for (size_t k = off / LINE; k * LINE < off + len; k++)
		set_dirty(k, 0);
}

void
machine_protect(size_t off, size_t len)
{
	for (size_t k = off / m.page; k * m.page < off + len; k++)
		m.mapped[k] = 0;
}
