/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * premature -- a control of the laboratory: says what fdatasync says, and syncs an op when
 * the next one comes.  A power cut takes what was written last.
 */
#include "fdwrite.h"

static int
premature_run(const struct work *w, uint64_t i, uint64_t end)
{
	int rc = 0;

	for (; i < end && rc == 0; i++)
		rc = fdatasync(w->fd) < 0 ? -errno : fdwrite_run(w, i, i + 1, NULL);
	return rc;
}

const struct kernel kernel_premature = {
	KERNEL_HEADER,
	.name = "premature",
	.doc = "fdatasync, then pwrite: acknowledged before it is synced",
	.needs = CAP_FD | CAP_SYNC,
	.does = DOES_FD_SYNC,
	.moves = MOVES_WRITES,
	.expect = two_syscalls,
	.run = premature_run,
};
