/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <numa.h>
#include <numaif.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>
#include "mem.h"

enum { SAMPLES = 64 };

void *
mem_alloc(size_t len, int node)
{
	void *p = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		return NULL;
	/* Faulted in faster; whether it can be is nobody's business. */
	if (len >= 2 << 20)
		madvise(p, len, MADV_HUGEPAGE);
	if (mem_bind(p, len, node) == 0) {
		/* A store to each page, for kernels before 5.14 too. */
		for (size_t i = 0; i < len; i += 4096)
			((volatile char *)p)[i] = 0;
		return p;
	}
	munmap(p, len);
	return NULL;
}

void
mem_free(void *p, size_t len)
{
	if (p)
		munmap(p, len);
}

int
mem_bind(void *p, size_t len, int node)
{
	struct bitmask *mask;
	long rc;

	if (node < 0)
		return 0;
	if (numa_available() < 0)
		return node == 0 ? 0 : -ENODEV;
	if (node > numa_max_node())
		return -ENODEV;
	mask = numa_allocate_nodemask();
	if (!mask)
		return -ENOMEM;
	numa_bitmask_setbit(mask, (unsigned)node);
	rc = mbind(p, len, MPOL_BIND, mask->maskp, mask->size + 1, 0);
	if (rc)
		rc = -errno;
	numa_bitmask_free(mask);
	return (int)rc;
}

int
mem_node(const void *p, size_t len)
{
	const size_t page = (size_t)sysconf(_SC_PAGESIZE), pages = len / page;
	const size_t n = pages < SAMPLES ? pages : SAMPLES;
	void *at[SAMPLES];
	int status[SAMPLES];

	if (n == 0)
		return -EINVAL;
	for (size_t i = 0; i < n; i++) {
		at[i] = (char *)(uintptr_t)p + i * (pages / n) * page;
		status[i] = -ENOENT;
	}
	if (move_pages(0, n, at, NULL, status, 0))
		return -errno;
	for (size_t i = 0; i < n; i++) {
		if (status[i] < 0)
			return status[i];
		if (status[i] != status[0])
			return -EXDEV;
	}
	return status[0];
}

static int64_t
available(void)
{
	FILE *f = fopen("/proc/meminfo", "re");
	char line[128];
	long long kb = -1;

	if (!f)
		return -1;
	while (fgets(line, sizeof line, f) && sscanf(line, "MemAvailable: %lld kB", &kb) != 1)
		continue;
	fclose(f);
	return kb < 0 ? -1 : kb * 1024;
}

int64_t
mem_node_free(int node)
{
	long long free_bytes;

	if (node < 0 || (numa_available() < 0 && node == 0))
		return available();
	if (numa_available() < 0 || numa_node_size64(node, &free_bytes) < 0)
		return -1;
	/* MemFree leaves out the page cache, which gives way. */
	return numa_max_node() == 0 ? available() : free_bytes;
}
