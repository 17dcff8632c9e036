/* SPDX-License-Identifier: BSD-2-Clause */
/* open_memory.c -- target_open() of dram: each thread's share on its node. */
#include <errno.h>
#include <string.h>
#include "mapping.h"
#include "mem.h"
#include "open.h"
#include "why.h"

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

int
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
		rc = mapping_prefault(&m, len, false, why, whylen);
		if (rc == 0)
			rc = mapping_check_memory(&m, len, page, why, whylen);
		if (rc == 0)
			rc = check_nodes(o, s, &m, stride, why, whylen);
	}
	if (rc < 0)
		mapping_drop(&m);
	return rc < 0 ? rc : open_adopt(o, &m, stride);
}
