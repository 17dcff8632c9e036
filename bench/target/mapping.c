/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include "mapping.h"
#include "text.h"
#include "why.h"

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif
#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE 25
#endif
#ifndef MAP_HUGE_SHIFT
#define MAP_HUGE_SHIFT 26
#endif

enum { PAGE = 4096 };
static const uint64_t M2 = 2ull << 20, G1 = 1ull << 30;

/* Address space for len bytes whose first one is `colour` above a multiple of 2^n = step. */
static int
reserve(struct mapping *m, size_t len, uint64_t step, uint64_t colour)
{
	uintptr_t at;

	m->map_len = len + 2 * step;
	m->map = mmap(NULL, m->map_len, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (m->map == MAP_FAILED) {
		m->map = NULL;
		return -errno;
	}
	at = ((uintptr_t)m->map + step - 1) / step * step + colour;
	m->base = (char *)m->map + (at - (uintptr_t)m->map);
	return 0;
}

void
mapping_drop(struct mapping *m)
{
	if (m->map)
		munmap(m->map, m->map_len);
	*m = (struct mapping){ 0 };
}

static int
map_failed(struct mapping *m, int err, bool map_sync, char *why, size_t whylen)
{
	mapping_drop(m);
	if (err == EOPNOTSUPP && map_sync)
		return why_set(why, whylen, ENOTSUP, "MAP_SYNC was refused");
	return why_set(why, whylen, err, "mmap: %s", strerror(err));
}

int
mapping_file(struct mapping *m, int fd, uint64_t off, size_t len, uint64_t page_size, bool map_sync,
	     char *why, size_t whylen)
{
	const uint64_t step = page_size > M2 ? page_size : M2;
	const uint64_t colour = off % step + (page_size < M2 ? M2 / 2 : 0);
	const int flags = map_sync ? MAP_SHARED_VALIDATE | MAP_SYNC : MAP_SHARED;
	void *p;
	int rc;

	*m = (struct mapping){ .flags = flags };
	rc = reserve(m, len, step, colour % step);
	if (rc < 0)
		return map_failed(m, -rc, false, why, whylen);
	p = mmap(m->base, len, PROT_READ | PROT_WRITE, flags | MAP_FIXED, fd, (off_t)off);
	return p == MAP_FAILED ? map_failed(m, errno, map_sync, why, whylen) : 0;
}

/* hugetlb pages are reserved by mmap: all of them or an error. */
static bool
map_hugetlb(struct mapping *m, size_t len, uint64_t page_size)
{
	int shift = __builtin_ctzll(page_size);

	m->map_len = (len + page_size - 1) / page_size * page_size;
	m->flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB | shift << MAP_HUGE_SHIFT;
	m->map = mmap(NULL, m->map_len, PROT_READ | PROT_WRITE, m->flags, -1, 0);
	if (m->map == MAP_FAILED) {
		*m = (struct mapping){ 0 };
		return false;
	}
	m->base = m->map;
	return true;
}

int
mapping_memory(struct mapping *m, uint64_t skip, size_t len, uint64_t page_size, char *why, size_t whylen)
{
	const bool huge = page_size >= M2;
	void *p;
	int rc;

	*m = (struct mapping){ 0 };
	if (huge && map_hugetlb(m, len, page_size))
		return 0;
	if (page_size >= G1)
		return why_set(why, whylen, ENOTSUP, "no 1G pages are free; reserve some: "
			       "echo %llu >/sys/kernel/mm/hugepages/hugepages-1048576kB/nr_hugepages",
			       (unsigned long long)((len + G1 - 1) / G1));
	rc = reserve(m, skip + len, M2, huge ? 0 : PAGE);
	if (rc < 0)
		return map_failed(m, -rc, false, why, whylen);
	m->base += skip;
	m->flags = MAP_PRIVATE | MAP_ANONYMOUS;
	p = mmap(m->base, len, PROT_READ | PROT_WRITE, m->flags | MAP_FIXED, -1, 0);
	if (p == MAP_FAILED)
		return map_failed(m, errno, false, why, whylen);
	/* EINVAL: a kernel without transparent huge pages, which is what is wanted for 4K. */
	if (madvise(m->base, len, huge ? MADV_HUGEPAGE : MADV_NOHUGEPAGE) && (huge || errno != EINVAL))
		return map_failed(m, errno, false, why, whylen);
	return 0;
}

static uint64_t
faults(void)
{
	struct rusage r;

	getrusage(RUSAGE_THREAD, &r);
	return (uint64_t)r.ru_minflt + (uint64_t)r.ru_majflt;
}

static int
populate(char *base, size_t len)
{
	int rc;

	do
		rc = madvise(base, len, MADV_POPULATE_WRITE);
	while (rc && (errno == EINTR || errno == EAGAIN));
	if (rc == 0 || errno != EINVAL)
		return rc ? -errno : 0;
	/* Before 5.14: a store to each page that leaves the content alone. */
	for (size_t i = 0; i < len; i += PAGE)
		__atomic_fetch_or(base + i, 0, __ATOMIC_RELAXED);
	return 0;
}

/* A part of a mapping, and the faults it took. */
struct part { char *base; size_t len; uint64_t faults; int rc; pthread_t thread; };

static void *
populate_part(void *arg)
{
	struct part *p = arg;
	const uint64_t before = faults();

	p->rc = populate(p->base, p->len);
	p->faults = faults() - before;
	return NULL;
}

/* To zero 256 MiB takes one CPU half of a short repeat: memory is taken on all there are. */
#define PARTS     8
#define PART_LEAST (32ull << 20)

static unsigned
parts_of(const struct mapping *m, size_t len)
{
	cpu_set_t may;
	unsigned n = m->flags & MAP_ANONYMOUS && sched_getaffinity(0, sizeof may, &may) == 0 ? (unsigned)CPU_COUNT(&may) : 1;

	n = n < PARTS ? n : PARTS;
	return len < 2 * PART_LEAST ? 1 : n < len / PART_LEAST ? n : (unsigned)(len / PART_LEAST);
}

/* The first failure, and the faults of all parts. */
static int
populate_all(const struct mapping *m, size_t len, uint64_t *faults_of_all)
{
	const unsigned n = parts_of(m, len);
	const size_t each = (len / n + M2 - 1) / M2 * M2;
	struct part part[PARTS];
	int rc = 0;

	for (unsigned k = n; k-- > 0;) {
		const size_t from = k * each < len ? k * each : len;

		part[k] = (struct part){ .base = m->base + from, .len = k + 1 < n && len - from > each ? each : len - from };
		if (k == 0 || pthread_create(&part[k].thread, NULL, populate_part, &part[k]) != 0) {
			part[k].thread = 0;
			populate_part(&part[k]);
		}
	}
	*faults_of_all = 0;
	for (unsigned k = 0; k < n; k++) {
		if (part[k].thread)
			pthread_join(part[k].thread, NULL);
		rc = rc ? rc : part[k].rc;
		*faults_of_all += part[k].faults;
	}
	return rc;
}

int
mapping_prefault(struct mapping *m, size_t len, bool count, char *why, size_t whylen)
{
	uint64_t n;
	int rc = populate_all(m, len, &n);

	if (rc == -EFAULT)
		return why_set(why, whylen, EFAULT, "prefault: the device or its file system failed "
			       "(no space left for a hole, or a fault at the end)");
	if (rc == -EHWPOISON)
		return why_set(why, whylen, EHWPOISON, "prefault: the range holds poisoned memory (badblocks)");
	if (rc < 0)
		return why_set(why, whylen, -rc, "prefault: %s", strerror(-rc));
	if (!count)
		return 0;
	/* A 2M fault at each end and a few of our own are allowed; in between it is neither. */
	m->page_seen = n == 0 ? 0 : n >= len / PAGE * 9 / 10 ? PAGE :
		       n <= len / G1 + 4 && len >= G1 ? G1 : n <= len / M2 * 5 / 4 + 4 ? M2 : 0;
	return 0;
}

struct huge { uint64_t thp, tlb; };	/* bytes of transparent huge pages, of hugetlb ones */

/* Of /proc/self/smaps, which walks through every page, over the areas inside [base, base + len). */
static struct huge
huge_pages(const char *base, size_t len)
{
	FILE *f = fopen("/proc/self/smaps", "re");
	const uintptr_t from = (uintptr_t)base, to = from + len;
	unsigned long a, b, kb;
	struct huge h = { 0, 0 };
	bool inside = false;
	char line[512], buf[1 << 16];

	if (!f)
		return h;
	/* By itself stdio asks for 1 KiB a call here. */
	setvbuf(f, buf, _IOFBF, sizeof buf);
	while (fgets(line, sizeof line, f)) {
		if (sscanf(line, "%lx-%lx ", &a, &b) == 2)
			inside = a < to && b > from;
		else if (inside && sscanf(line, "AnonHugePages: %lu kB", &kb) == 1)
			h.thp += (uint64_t)kb << 10;
		else if (inside && sscanf(line, "Private_Hugetlb: %lu kB", &kb) == 1)
			h.tlb += (uint64_t)kb << 10;
	}
	fclose(f);
	return h;
}

int
mapping_check_memory(struct mapping *m, size_t len, uint64_t page_size, char *why, size_t whylen)
{
	char text[TEXT_NUM], got[TEXT_NUM];
	struct huge h;

	if (m->page_seen == page_size)
		return 0;
	h = huge_pages(m->base, len);
	if (page_size >= M2 && h.tlb == 0 && h.thp < len) {
		/* 6.1 and later can make them on demand. */
		madvise(m->base, len, MADV_COLLAPSE);
		h = huge_pages(m->base, len);
	}
	m->page_seen = h.tlb >= len ? page_size : h.thp >= len ? M2 : h.thp == 0 && h.tlb == 0 ? PAGE : 0;
	if (m->page_seen == page_size)
		return 0;
	return why_set(why, whylen, ENOTSUP, "asked for pages of %s, got %s of them in huge pages; "
		       "memory is fragmented or /sys/kernel/mm/transparent_hugepage/enabled says never; page_size: 4K always works",
		       text_put_size(text, page_size), text_put_size(got, h.thp));
}
