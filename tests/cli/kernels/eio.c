/* SPDX-License-Identifier: BSD-2-Clause */
/* eio -- the device fails at op `at`. */
#include <errno.h>
#include "isa.h"
#include "kernel.h"

struct opts { uint64_t at; };

static const struct param params[] = {
	{ .name = "at", .doc = "the op that fails", .off = offsetof(struct opts, at), .def = 50, .max = 1ull << 40 },
	{ 0 },
};

static int
eio_run(const struct work *w, uint64_t i, uint64_t end)
{
	const uint64_t at = ((const struct opts *)w->opts)->at;

	for (; i < end; i++) {
		if (i == at)
			return -EIO;
		use(i);
	}
	return 0;
}

const struct kernel kernel_eio = {
	KERNEL_HEADER, .name = "eio", .doc = "fails with EIO", .moves = MOVES_NOTHING, .control = CONTROL_YES, .params = params,
	.opts_size = sizeof(struct opts), .run = eio_run,
};
