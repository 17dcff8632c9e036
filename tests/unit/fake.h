/* SPDX-License-Identifier: BSD-2-Clause */
/* fake.h -- kernels, targets and a machine for tests of config and plan: they run nothing. */
#ifndef FAKE_H
#define FAKE_H

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "plan.h"

struct fake_opts { uint64_t fence, order, width, sync; };

static const struct choice fake_order[] = { { .name = "line", .value = 0 }, { .name = "op", .value = 1 }, { 0 } };
static const struct choice fake_width[] = {
	{ .name = "8", .value = 8 }, { .name = "16", .value = 16 },
	{ .name = "64", .value = 64, .needs = CAP_AVX512 }, { 0 },
};
static const struct choice fake_sync[] = {
	{ .name = "on", .value = 1 }, { .name = "off", .value = 0, .drops = DOES_FD_SYNC }, { 0 },
};
static const struct param fake_clwb_params[] = {
	{ .name = "fence", .doc = "ops per SFENCE", .off = offsetof(struct fake_opts, fence),
	  .def = 1, .min = 1, .max = 4096, .pow2 = 1 },
	{ .name = "order", .doc = "order", .off = offsetof(struct fake_opts, order), .choices = fake_order },
	{ 0 },
};
static const struct param fake_nt_params[] = {
	{ .name = "fence", .doc = "ops per SFENCE", .off = offsetof(struct fake_opts, fence),
	  .def = 1, .min = 1, .max = 64, .pow2 = 1 },
	{ .name = "width", .doc = "bytes a store", .off = offsetof(struct fake_opts, width), .def = 16, .choices = fake_width },
	{ 0 },
};
static const struct param fake_sector_params[] = {
	{ .name = "sync", .doc = "RWF_DSYNC", .off = offsetof(struct fake_opts, sync), .def = 1, .choices = fake_sync },
	{ 0 },
};

#define FAKE(id, text, ...) \
	static const struct kernel fake_##id = { KERNEL_HEADER, .name = text, .doc = text, \
		.opts_size = sizeof(struct fake_opts), __VA_ARGS__ }
FAKE(null, "null", .moves = MOVES_NOTHING, .control = CONTROL_FLOOR);
FAKE(store, "store", .needs = CAP_MAP, .moves = MOVES_WRITES, .control = CONTROL_YES);
FAKE(clwb, "clwb", .needs = CAP_MAP | CAP_CLWB, .does = DOES_USER_FLUSH, .moves = MOVES_WRITES, .params = fake_clwb_params);
FAKE(ntstore, "ntstore", .needs = CAP_MAP, .does = DOES_NT, .moves = MOVES_WRITES, .params = fake_nt_params);
FAKE(strict, "strict", .needs = CAP_MAP | CAP_MAP_SYNC, .does = DOES_NT, .moves = MOVES_WRITES);
FAKE(wide, "wide", .needs = CAP_MAP | CAP_MOVDIR64B, .does = DOES_NT, .moves = MOVES_WRITES, .granule = 64);
FAKE(msync, "msync", .needs = CAP_MAP | CAP_SYNC, .does = DOES_KERNEL_SYNC, .moves = MOVES_WRITES);
FAKE(flushed, "flushed", .needs = CAP_MAP, .does = DOES_USER_FLUSH, .moves = MOVES_WRITES, .control = CONTROL_YES);
FAKE(load, "load", .needs = CAP_MAP, .moves = MOVES_READS);
FAKE(touch, "touch", .needs = CAP_MAP, .does = DOES_USER_FLUSH, .moves = MOVES_WRITES, .consumes = 1);
FAKE(pwrite, "pwrite", .needs = CAP_FD, .moves = MOVES_WRITES, .control = CONTROL_YES, .granule = 1);
FAKE(osync, "osync", .needs = CAP_FD | CAP_SYNC, .does = DOES_FD_SYNC, .moves = MOVES_WRITES, .oflags = O_SYNC);
FAKE(append, "append", .needs = CAP_FD | CAP_SYNC | CAP_DIR, .does = DOES_FD_SYNC, .moves = MOVES_WRITES, .consumes = 1);
FAKE(create, "create", .needs = CAP_DIR | CAP_SYNC, .does = DOES_FD_SYNC, .moves = MOVES_WRITES, .consumes = 1, .files = 1);
FAKE(sector, "sector", .needs = CAP_FD | CAP_BLOCK, .does = DOES_FD_SYNC | DOES_ATOMIC_SECTOR, .moves = MOVES_WRITES,
     .oflags = O_DIRECT, .granule = 512, .params = fake_sector_params);
FAKE(atomic, "atomic", .needs = CAP_FD | CAP_ATOMIC, .does = DOES_FD_SYNC | DOES_ATOMIC_WRITE, .moves = MOVES_WRITES,
     .oflags = O_DIRECT, .granule = 512);

/* Lays out its share: twice its slots, and a page. */
static inline size_t
fake_pm_size(const struct facts *f, const void *opts)
{
	(void)opts;
	return 2 * f->size * f->slots + 4096;
}
static inline int
fake_find(const struct work *w, uint64_t slot, void *buf)
{
	(void)w, (void)slot, (void)buf;
	return 0;
}
FAKE(laidout, "laidout", .needs = CAP_MAP, .does = DOES_NT, .moves = MOVES_WRITES, .pm_size = fake_pm_size, .find = fake_find);

static const struct kernel *const fake_table[] = {
	&fake_append, &fake_atomic, &fake_clwb, &fake_create, &fake_flushed, &fake_laidout, &fake_load, &fake_msync, &fake_ntstore,
	&fake_null, &fake_osync, &fake_pwrite, &fake_sector, &fake_store, &fake_strict, &fake_touch, &fake_wide,
};
static const struct kernels fake_kernels = { fake_table, sizeof(fake_table) / sizeof(fake_table[0]) };

/* What probing a target of this kind would find. */
static inline struct facts_target
fake_facts(enum target_kind kind, uint64_t size)
{
	struct facts_target f = { .present = true, .size = size, .page_size = 4096, .page_sizes = 1 << 12, .node = -1,
				  .dax_write_cache = -1, .align = 4096, .medium = MEDIUM_PMEM };
	const unsigned file = CAP_MAP | CAP_FD | CAP_SYNC | CAP_DIR, block = CAP_FD | CAP_SYNC | CAP_BLOCK | CAP_ROOT;

	switch (kind) {
	case KIND_DRAM:
		f.caps = CAP_MAP;
		f.medium = MEDIUM_DRAM;
		f.page_sizes |= 1 << 21;
		break;
	case KIND_FILE:
		f.caps = file;
		f.medium = MEDIUM_DISK;
		f.page_cache = true;
		f.sector = 512;
		strcpy(f.no_map_sync, "not a DAX file");
		break;
	case KIND_FSDAX:
		f.caps = file | CAP_DAX | CAP_MAP_SYNC;
		f.domain = DOMAIN_MEMORY_CONTROLLER;
		f.page_sizes |= 1 << 21;
		f.dax_write_cache = 1;
		break;
	case KIND_DEVDAX:
		f.caps = CAP_MAP | CAP_DAX | CAP_DEVDAX | CAP_MAP_SYNC;
		f.domain = DOMAIN_MEMORY_CONTROLLER;
		f.page_sizes = 1 << 21;
		f.page_size = f.align = 1 << 21;
		break;
	case KIND_SECTOR:
		f.caps = block;
		f.domain = DOMAIN_MEMORY_CONTROLLER;
		f.atomic_sector = true;
		f.sector = 4096;
		break;
	case KIND_RAW:
	case KIND_LOOP:
	default:
		f.caps = block;
		f.volatile_cache = true;
		f.sector = 512;
		break;
	}
	return f;
}

static const struct machine fake_machine = {
	.caps = CAP_CLWB | CAP_CLFLUSH | CAP_CLFLUSHOPT | CAP_AVX, .cpus = 8,
};

#endif
