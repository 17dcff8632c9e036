/* SPDX-License-Identifier: BSD-2-Clause */
/* prepare_needs.c -- what the benches of a config ask of a target: room, sectors, pages. */
#include <string.h>
#include "prepare_config.h"

#define M (1ull << 20)

/* Does a bench use the i-th target? */
static bool
uses(const struct bench *b, size_t i)
{
	for (size_t k = 0; k < b->axis[AXIS_TARGET].n; k++)
		if (b->axis[AXIS_TARGET].v[k].num == i)
			return true;
	return false;
}

/* Bytes of a namespace for a directory target's files: one for each preparation and size of pages,
 * one more that is just being made, the page structs, the file system's own. */
static uint64_t
room_for_files(const struct config *c, size_t i, bool xfs)
{
	const struct target_spec *t = &c->target[i];
	unsigned files = 0, n = 1;
	uint64_t bytes;

	for (size_t k = 0; k < c->nbench; k++) {
		const struct axis *prep = &c->bench[k].axis[AXIS_PREPARATION], *page = &c->bench[k].axis[AXIS_PAGE_SIZE];

		for (size_t p = 0; uses(&c->bench[k], i) && p < prep->n; p++)
			for (size_t s = 0; s < page->n; s++) {
				const uint64_t of = page->v[s].num ? page->v[s].num : t->page_size;

				files |= 1u << (prep->v[p].num * 2 + (of == 0 || of >= 2 * M));
			}
	}
	for (; files; files &= files - 1)
		n++;
	bytes = t->size * n / 8 * 9 + (xfs ? 128 : 64) * M;
	/* mkfs.xfs makes none under 300M. */
	return xfs && bytes < 384 * M ? 384 * M : bytes;
}

/* Of a device the part that is used and what the mode takes for itself; 0: a fair share. */
static uint64_t
room_for_part(const struct target_spec *t)
{
	const uint64_t end = t->offset + t->length;

	return !t->length ? 0 : t->kind == KIND_RAW ? end : end / 32 * 33 + 16 * M;
}

uint64_t
prepare_sector(const struct config *c, size_t i)
{
	for (size_t k = 0; k < c->nbench; k++) {
		const struct axis *kernel = &c->bench[k].axis[AXIS_KERNEL], *size = &c->bench[k].axis[AXIS_SIZE];
		bool sectors = false;

		for (size_t j = 0; uses(&c->bench[k], i) && j < kernel->n; j++)
			sectors |= c->kernels.v[kernel->v[j].num]->needs & CAP_BLOCK;
		for (size_t j = 0; sectors && j < size->n; j++)
			if (size->v[j].num % 4096)
				return 512;
	}
	return 4096;
}

uint64_t
prepare_page(const struct config *c, size_t i)
{
	uint64_t one = c->target[i].page_size;

	for (size_t k = 0; k < c->nbench; k++) {
		const struct axis *page = &c->bench[k].axis[AXIS_PAGE_SIZE];

		for (size_t j = 0; uses(&c->bench[k], i) && j < page->n; j++) {
			if (one && page->v[j].num && page->v[j].num != one)
				return 2 * M;
			one = page->v[j].num ? page->v[j].num : one;
		}
	}
	return one ? one : 2 * M;
}

uint64_t
prepare_room(const struct config *c, size_t i, const char *fs)
{
	return fs[0] ? room_for_files(c, i, strcmp(fs, "xfs") == 0) : room_for_part(&c->target[i]);
}
