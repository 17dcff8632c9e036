/* SPDX-License-Identifier: BSD-2-Clause */
/* pmdkenv -- fails unless the one PMEM_* variable of its process is PMEM_NO_FLUSH=0. */
#include <errno.h>
#include <string.h>
#include <unistd.h>
#include "kernel.h"

static int
pmdkenv_setup(struct work *w)
{
	int others = 0, flushes = 0;

	(void)w;
	for (char **e = environ; *e; e++)
		if (!strcmp(*e, "PMEM_NO_FLUSH=0"))
			flushes++;
		else if (!strncmp(*e, "PMEM_", 5))
			others++;
	return flushes == 1 && others == 0 ? 0 : -EBADMSG;
}

static int
pmdkenv_run(const struct work *w, uint64_t i, uint64_t end)
{
	(void)w, (void)i, (void)end;
	return 0;
}

const struct kernel kernel_pmdkenv = {
	KERNEL_HEADER, .name = "pmdkenv", .doc = "looks at its environment", .moves = MOVES_NOTHING, .control = CONTROL_YES,
	.setup = pmdkenv_setup, .run = pmdkenv_run,
};
