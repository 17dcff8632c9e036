/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * msync -- store, then msync(2). MS_SYNC flushes whole page-cache or DAX entries (4 KiB or
 * 2 MiB) and protects them again, so that the next store faults. What is asked for decides
 * how far the kernel walks, what is dirty how much it flushes: `dirty` ops are stored before
 * they are synced, each by a call of its own or all by one over the whole share.
 *
 * asm: movaps
 * imports: msync __errno_location
 */
#include "mapsync.h"

struct msync_opts { uint64_t dirty, range; };
enum { RANGE_OP, RANGE_SHARE };

static const struct choice ranges[] = {
	{ .name = "op", .value = RANGE_OP },
	{ .name = "share", .value = RANGE_SHARE },
	{ 0 },
};
static const struct param params[] = {
	{ .name = "dirty", .doc = "ops stored before they are synced",
	  .off = offsetof(struct msync_opts, dirty), .def = 1, .min = 1, .max = 4096, .pow2 = 1 },
	{ .name = "range", .doc = "op: an msync of each op's pages; share: one of all that is mapped",
	  .off = offsetof(struct msync_opts, range), .def = RANGE_OP, .choices = ranges },
	{ 0 },
};

/* Ops [i, end) of one unit. */
static int
msync_unit(const struct work *w, uint64_t i, uint64_t end, uint64_t range)
{
	int rc = 0;

	for (uint64_t k = i; k < end; k++)
		mapsync_store(w, k);
	if (range == RANGE_SHARE)
		return msync_range(w, w->base, w->len, MS_SYNC);
	for (; i < end && !rc; i++)
		rc = msync_range(w, work_addr(w, w->slots, i), w->size, MS_SYNC);
	return rc;
}

static int
msync_run(const struct work *w, uint64_t i, uint64_t end)
{
	const struct msync_opts *o = w->opts;

	while (i < end) {
		const uint64_t next = (i | (o->dirty - 1)) + 1, stop = next < end ? next : end;
		int rc = msync_unit(w, i, stop, o->range);

		if (rc)
			return rc;
		i = stop;
	}
	return 0;
}

static uint64_t
msync_unit_ops(const void *opts)
{
	return ((const struct msync_opts *)opts)->dirty;
}

/* Ops of a unit may share pages, and fill few where they are small. */
static void
msync_expect(const struct facts *f, const void *opts, struct expect *e)
{
	const struct msync_opts *o = opts;
	struct facts all = *f;

	all.size *= f->unit < f->slots ? f->unit : f->slots;
	mapsync_expect(&all, opts, e);
	e->faults_max = pages_max(f) * (double)f->unit;
	e->syscalls_min = e->syscalls_max = o->range == RANGE_SHARE ? 1 : (double)o->dirty;
}

const struct kernel kernel_msync = {
	KERNEL_HEADER,
	.name = "msync",
	.doc = "stores, msync(MS_SYNC) of the pages of the op, or of all; durable",
	.needs = CAP_MAP | CAP_SYNC,
	.does = DOES_KERNEL_SYNC,
	.moves = MOVES_WRITES,
	.params = params,
	.expect = msync_expect,
	.unit = msync_unit_ops,
	.opts_size = sizeof(struct msync_opts),
	.run = msync_run,
};
