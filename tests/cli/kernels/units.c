/* SPDX-License-Identifier: BSD-2-Clause */
/* units -- stores, and refuses ranges that are not whole units. */
#include <errno.h>
#include "mapped.h"

static const struct param params[] = { PARAM_FENCE, { 0 } };

static int
units_run(const struct work *w, uint64_t i, uint64_t end)
{
	const uint64_t unit = fence_unit(w->opts);

	if (i % unit || end % unit)
		return -EINVAL;
	return mapped_run(w, i, end, FENCED, store_word, store_line, NULL);
}

const struct kernel kernel_units = {
	KERNEL_HEADER, .name = "units", .doc = "wants whole units", .needs = CAP_MAP, .moves = MOVES_WRITES,
	.control = CONTROL_YES, .params = params, .opts_size = sizeof(struct mapped_opts), .unit = fence_unit,
	.run = units_run,
};
