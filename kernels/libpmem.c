/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * libpmem -- the same by PMDK's libpmem, which chooses its instructions itself: an
 * independent implementation to stand beside ours. By itself it leaves out the flush
 * where all regions are eADR, or where PMEM_NO_FLUSH=1 says so; the harness starts its
 * workers with PMEM_NO_FLUSH=0 and without the other PMEM_* variables, so that it
 * flushes always, as `does` says. Built without libpmem.h it needs what nobody has.
 *
 * asm: -
 * imports: pmem_persist pmem_memcpy_persist
 */
#include <errno.h>
#include "mapsync.h"

enum { CALL_PERSIST, CALL_MEMCPY };

static const struct choice calls[] = {
	{ .name = "persist", .value = CALL_PERSIST, .drops = DOES_NT },
	{ .name = "memcpy", .value = CALL_MEMCPY },
	{ 0 },
};
static const struct param params[] = {
	{ .name = "call", .doc = "persist: stores, pmem_persist; memcpy: pmem_memcpy_persist",
	  .off = offsetof(struct mapped_opts, how), .def = CALL_PERSIST, .choices = calls },
	{ 0 },
};

#if __has_include(<libpmem.h>)
#include <libpmem.h>

#define BUILT_NEEDS 0

static int
libpmem_run(const struct work *w, uint64_t i, uint64_t end)
{
	const int copy = ((const struct mapped_opts *)w->opts)->how == CALL_MEMCPY;

	for (; i < end; i++)
		if (copy)
			pmem_memcpy_persist(work_addr(w, w->slots, i), work_src(w, i), w->size);
		else
			pmem_persist(mapsync_store(w, i), w->size);
	return 0;
}
#else
#define BUILT_NEEDS CAP_LIBPMEM		/* which no harness grants */

static int
libpmem_run(const struct work *w, uint64_t i, uint64_t end)
{
	(void)w, (void)i, (void)end;
	return -ENOSYS;
}
#endif

const struct kernel kernel_libpmem = {
	KERNEL_HEADER,
	.name = "libpmem",
	.doc = "PMDK's pmem_persist or pmem_memcpy_persist, its choice of instructions; durable where the mapping is",
	.needs = CAP_MAP | BUILT_NEEDS,
	.does = DOES_USER_FLUSH | DOES_NT,
	.moves = MOVES_WRITES,
	.params = params,
	.expect = mapped_expect,
	.opts_size = sizeof(struct mapped_opts),
	.run = libpmem_run,
};
