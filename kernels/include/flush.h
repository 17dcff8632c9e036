/* SPDX-License-Identifier: BSD-2-Clause */
/* flush.h -- the kernels that store, write lines back by one instruction, and fence. */
#ifndef FLUSH_H
#define FLUSH_H

#include "mapped.h"

enum { ORDER_LINE, ORDER_OP };

static const struct choice flush_orders[] = {
	{ .name = "line", .value = ORDER_LINE },
	{ .name = "op", .value = ORDER_OP },
	{ 0 },
};
static const struct param flush_params[] = {
	PARAM_FENCE,
	{ .name = "order", .doc = "line: flush each line as it is stored; op: store all, then flush all",
	  .off = offsetof(struct mapped_opts, how), .def = ORDER_LINE, .choices = flush_orders },
	{ 0 },
};

static always_inline int
flush_run(const struct work *w, uint64_t i, uint64_t end, void (*flush)(void *))
{
	const struct mapped_opts *o = w->opts;

	if (o->how == ORDER_OP)
		return mapped_run(w, i, end, FENCED | FLUSH_LATE, store_word, store_line, flush);
	return mapped_run(w, i, end, FENCED, store_word, store_line, flush);
}

#endif
