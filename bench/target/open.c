/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include "files.h"
#include "keys.h"
#include "mapping.h"
#include "mem.h"
#include "owned.h"
#include "rng.h"
#include "target.h"
#include "text.h"
#include "why.h"

enum { OPEN_PAGE = 4096, FILE_CAPS = CAP_MAP | CAP_FD | CAP_SYNC };

static bool
open_needs(const struct open_spec *s, unsigned caps)
{
	return s->kernel->needs & caps;
}

/* A random aligned offset such that `total` bytes fit behind it. */
static int
choose_offset(struct opened *o, const struct open_spec *s, uint64_t total, char *why, size_t whylen)
{
	uint64_t align = s->page_size > OPEN_PAGE ? s->page_size : OPEN_PAGE, room;
	uint64_t seed = s->seed;
	char a[TEXT_NUM], b[TEXT_NUM];

	if (o->ref.align > align)
		align = o->ref.align;
	/* RWF_ATOMIC writes lie at multiples of their length; a share is a power of two of them. */
	if (s->kernel->does & DOES_ATOMIC_WRITE && s->bytes > align)
		align = s->bytes;
	if (total > o->ref.size)
		return why_set(why, whylen, ENOSPC, "%u threads need %s, the target has %s", s->threads,
			       text_put_size(a, total), text_put_size(b, o->ref.size));
	room = (o->ref.size - total) / align + 1;
	/* The part of a device begins where the config says: that is aligned, see the probe. */
	o->offset = rng_next(&seed) % room * align;
	return 0;
}

/* The mapping is what all threads share, `stride` apart.  0. */
static int
open_adopt(struct opened *o, const struct mapping *m, uint64_t stride)
{
	o->map = m->map;
	o->map_len = m->map_len;
	o->page_seen = m->page_seen;
	o->map_flags = m->flags;
	for (uint32_t t = 0; t < o->threads; t++)
		o->thread[t].base = m->base + t * stride;
	return 0;
}

/* Its ops leave their pages clean and protected: as such they must be found on the first visit
 * too. */
static bool
syncs_mapping(const struct kernel *k)
{
	return k->does & DOES_KERNEL_SYNC || (k->needs & CAP_SYNC && k->moves == MOVES_NOTHING);
}

static int
sync_all(const struct mapping *m, size_t len, char *why, size_t whylen)
{
	return msync(m->base, len, MS_SYNC) == 0 ? 0 :
	       why_set(why, whylen, errno, "msync of the prefaulted mapping: %s", strerror(errno));
}

/* A mapping of a shared file or a device: one for all threads. */
static int
map_shared(struct opened *o, const struct open_spec *s, uint64_t stride, char *why, size_t whylen)
{
	const bool dax = o->ref.caps & CAP_DAX;
	const size_t len = stride * s->threads;
	struct mapping m;
	char text[TEXT_NUM], got[TEXT_NUM];
	int rc;

	rc = mapping_file(&m, o->thread[0].fd, o->thread[0].off, len, s->page_size, s->map_sync, why, whylen);
	if (rc < 0)
		return rc;
	if (!s->kernel->consumes)
		rc = mapping_prefault(&m, len, dax, why, whylen);
	if (rc == 0 && !s->kernel->consumes && syncs_mapping(s->kernel))
		rc = sync_all(&m, len, why, whylen);
	if (!dax)
		m.page_seen = OPEN_PAGE;
	else if (o->ref.kind == KIND_DEVDAX && s->kernel->consumes)
		m.page_seen = o->ref.align;	/* its faults never fall back */
	if (rc == 0 && m.page_seen != s->page_size && !s->kernel->consumes)
		rc = why_set(why, whylen, ENOTSUP, "asked for pages of %s, the faults say %s; "
			     "ask for 4K, or make the file system with 2M stripes (mkfs.ext4 -E stride=512, "
			     "mkfs.xfs -d su=2m,sw=1)", text_put_size(text, s->page_size),
			     m.page_seen ? text_put_size(got, m.page_seen) : "a mixture");
	if (rc < 0)
		mapping_drop(&m);
	return rc < 0 ? rc : open_adopt(o, &m, stride);
}

static int
oflags(const struct open_spec *s)
{
	return s->kernel->oflags | (s->o_sync ? O_SYNC : 0);
}

static int
open_device(struct opened *o, const struct open_spec *s, uint64_t stride, char *why, size_t whylen)
{
	for (uint32_t t = 0; t < s->threads; t++) {
		int fd = grant_open(&o->ref.grant, o->ref.path, oflags(s), why, whylen);

		if (fd < 0)
			return fd;
		o->thread[t].fd = fd;
		o->thread[t].off = o->ref.offset + o->offset + t * stride;
	}
	if (!open_needs(s, CAP_MAP))
		return 0;
	/* The driver maps a misaligned offset at 0 and says nothing (FACTS 5). */
	if (o->ref.kind == KIND_DEVDAX && (o->thread[0].off | stride * s->threads) % o->ref.align)
		return why_set(why, whylen, EINVAL, "%s: offset and length must be multiples of its align",
			       o->ref.path);
	return map_shared(o, s, stride, why, whylen);
}

/* One mapping per thread, of its own file, untouched. */
static int
map_fresh(struct opened *o, const struct open_spec *s, uint64_t stride, uint32_t t, char *why, size_t whylen)
{
	struct mapping m;
	int rc = mapping_file(&m, o->thread[t].fd, 0, stride, s->page_size, s->map_sync, why, whylen);

	if (rc < 0)
		return rc;
	o->thread[t].base = m.base;
	o->thread[t].map = m.map;
	o->thread[t].map_len = m.map_len;
	o->map_flags = m.flags;
	return 0;
}

/* Everything one thread has of its own in a directory target. */
static int
open_share(struct opened *o, const struct open_spec *s, uint64_t stride, uint32_t t, char *why, size_t whylen)
{
	const struct kernel *k = s->kernel;
	struct share *share = &o->thread[t];
	int fd;

	share->off = k->consumes && !k->files ? 0 : o->offset + t * stride;
	if (open_needs(s, CAP_DIR)) {
		fd = share->dir = files_slots(o->dir, t, why, whylen);
		if (fd < 0)
			return fd;
	}
	if (k->files || !open_needs(s, FILE_CAPS))
		return 0;
	fd = k->consumes ? files_fresh(o->dir, &o->ref, s, stride, t, oflags(s), why, whylen) :
			   files_open(o->dir, &o->ref, s, oflags(s), why, whylen);
	share->fd = fd;
	if (fd < 0)
		return fd;
	return open_needs(s, CAP_MAP) && k->consumes ? map_fresh(o, s, stride, t, why, whylen) : 0;
}

static int
open_directory(struct opened *o, const struct open_spec *s, uint64_t stride, char *why, size_t whylen)
{
	const struct kernel *k = s->kernel;
	int rc = 0;

	o->dir = owned_open(o->ref.path, o->ref.dir_dev, o->ref.dir_ino, why, whylen);
	if (o->dir < 0)
		return o->dir;
	if (!k->files && !k->consumes && open_needs(s, FILE_CAPS))
		rc = files_shared(o->dir, &o->ref, s, why, whylen);
	for (uint32_t t = 0; rc == 0 && t < s->threads; t++)
		rc = open_share(o, s, stride, t, why, whylen);
	if (rc == 0 && open_needs(s, CAP_MAP) && !k->consumes)
		rc = map_shared(o, s, stride, why, whylen);
	return rc;
}

/* The node of each share; pages too large for a share each have one node for all. */
static int
node_of(const struct opened *o, const struct open_spec *s, uint32_t t)
{
	return o->ref.node >= 0 ? o->ref.node : s->node ? s->node[t] : -1;
}

static int
bind_shares(const struct opened *o, const struct open_spec *s, const struct mapping *m, size_t len,
	    uint64_t stride, char *why, size_t whylen)
{
	const bool whole = s->page_size > stride;

	for (uint32_t t = 0; t < s->threads; t++) {
		const int node = node_of(o, s, t);
		int rc = 0;

		if (!whole)
			rc = mem_bind(m->base + t * stride, stride, node);
		else if (t == 0)
			rc = mem_bind(m->base, len, node);
		else if (node != node_of(o, s, 0))
			rc = -ENOTSUP;
		if (rc < 0)
			return why_set(why, whylen, -rc, "memory on node %d: %s", node, strerror(-rc));
	}
	return 0;
}

static int
check_nodes(const struct opened *o, const struct open_spec *s, const struct mapping *m, uint64_t stride,
	    char *why, size_t whylen)
{
	for (uint32_t t = 0; t < s->threads; t++) {
		const int node = node_of(o, s, t);
		const int got = node < 0 ? node : mem_node(m->base + t * stride, stride);

		/* Without move_pages(2) (a sandbox) the binding has to be believed. */
		if (got != node && got != -EPERM && got != -ENOSYS)
			return why_set(why, whylen, ENOTSUP, "memory was asked on node %d, "
				       "the kernel put it elsewhere", node);
	}
	return 0;
}

/* dram: map, bind, prefault, verify. */
static int
open_memory(struct opened *o, const struct open_spec *s, uint64_t stride, char *why, size_t whylen)
{
	const uint64_t page = s->page_size ? s->page_size : OPEN_PAGE;
	const size_t len = (stride * s->threads + page - 1) / page * page;
	struct mapping m;
	int rc;

	if (!open_needs(s, CAP_MAP))
		return 0;
	rc = mapping_memory(&m, o->offset, len, page, why, whylen);
	if (rc < 0)
		return rc;
	rc = bind_shares(o, s, &m, len, stride, why, whylen);
	if (rc == 0 && !s->kernel->consumes) {
		rc = mapping_prefault(&m, len, true, why, whylen);
		if (rc == 0)
			rc = mapping_check_memory(&m, len, page, why, whylen);
		if (rc == 0)
			rc = check_nodes(o, s, &m, stride, why, whylen);
	}
	if (rc < 0)
		mapping_drop(&m);
	return rc < 0 ? rc : open_adopt(o, &m, stride);
}

int
target_open(const struct target_ref *ref, const struct open_spec *spec, struct opened *o,
	    char *why, size_t whylen)
{
	struct open_spec asked = *spec, *const s = &asked;
	uint64_t stride;
	int rc;

	if (s->page_size == 0 && open_needs(s, CAP_MAP))
		s->page_size = ref->kind == KIND_DEVDAX ? ref->align : OPEN_PAGE;
	stride = target_stride(s->bytes, s->page_size);

	*o = (struct opened){ .dir = -1, .ref = *ref, .kernel = s->kernel };
	o->thread = calloc(s->threads, sizeof *o->thread);
	if (!o->thread)
		return why_set(why, whylen, ENOMEM, "out of memory");
	o->threads = s->threads;
	for (uint32_t t = 0; t < s->threads; t++)
		o->thread[t] = (struct share){ .fd = -1, .dir = -1 };
	rc = choose_offset(o, s, stride * s->threads, why, whylen);
	if (rc == 0)
		rc = ref->kind == KIND_DRAM ? open_memory(o, s, stride, why, whylen) :
		     ref->kind == KIND_FILE || ref->kind == KIND_FSDAX ? open_directory(o, s, stride, why, whylen) :
		     open_device(o, s, stride, why, whylen);
	if (rc < 0)
		target_close(o);
	return rc;
}

static void
close_share(struct opened *o, uint32_t t)
{
	struct share *share = &o->thread[t];

	if (share->map)
		munmap(share->map, share->map_len);
	if (share->fd >= 0)
		close(share->fd);
	if (share->dir >= 0)
		close(share->dir);
	if (o->dir >= 0 && (o->kernel->consumes || share->dir >= 0))
		files_drop(o->dir, t);
}

void
target_close(struct opened *o)
{
	if (o->map)
		munmap(o->map, o->map_len);
	/* All threads' descriptors are of one file, or of files that go away. */
	if (o->threads && o->thread[0].fd >= 0 && !o->kernel->consumes && o->ref.kind != KIND_DEVDAX)
		fdatasync(o->thread[0].fd);
	for (uint32_t t = 0; t < o->threads; t++)
		close_share(o, t);
	if (o->dir >= 0)
		close(o->dir);
	free(o->thread);
	*o = (struct opened){ .dir = -1 };
}
