/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdio.h>
#include "nearest.h"

void
nearest_start(struct nearest *n, const char *word)
{
	n->best[0] = 0;
	guess_start(&n->guess, word);
}

int
nearest_entry(const struct sysdir *d, const char *name, void *arg)
{
	struct nearest *n = arg;

	(void)d;
	guess_try(&n->guess, name);
	if (n->guess.best == name) {
		snprintf(n->best, sizeof n->best, "%s", name);
		n->guess.best = n->best;
	}
	return 0;
}
