/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * run-bench-worker: a program that is a worker and nothing else.  run-bench needs twenty shared
 * libraries, each of which costs every repeat of every point some tenths of a millisecond; this one
 * needs those that measure.
 */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include "worker.h"

int
main(void)
{
	return worker_main();
}

/*
 * libpmem brings eight libraries more, and looks at all namespaces: here its functions are these,
 * and the first call, one off the record, loads it.  run-bench, which started us, could not run
 * without it.
 */
typeof(void (const void *, size_t)) pmem_persist;
typeof(void *(void *, const void *, size_t)) pmem_memcpy_persist;

static typeof(pmem_persist) first_persist, *persist = first_persist;
static typeof(pmem_memcpy_persist) first_memcpy, *memcpy_persist = first_memcpy;

static void *
late(const char *name)
{
	void *lib = dlopen("libpmem.so.1", RTLD_NOW), *at = lib ? dlsym(lib, name) : NULL;

	if (at)
		return at;
	fprintf(stderr, "run-bench-worker: %s\n", dlerror());
	abort();
}

static void
first_persist(const void *p, size_t n)
{
	persist = late("pmem_persist");
	persist(p, n);
}

static void *
first_memcpy(void *to, const void *from, size_t n)
{
	memcpy_persist = late("pmem_memcpy_persist");
	return memcpy_persist(to, from, n);
}

void
pmem_persist(const void *p, size_t n)
{
	persist(p, n);
}

void *
pmem_memcpy_persist(void *to, const void *from, size_t n)
{
	return memcpy_persist(to, from, n);
}
