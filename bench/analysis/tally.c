/* SPDX-License-Identifier: BSD-2-Clause */
#include "tally.h"

#include <stdlib.h>
#include <string.h>

/* An element of the anonymous row type: by count, then by text. */
static int
by_points(const void *a, const void *b)
{
	const __typeof__(((struct tally *)0)->row[0]) *x = a, *y = b;

	if (x->points != y->points)
		return x->points > y->points ? -1 : 1;
	return strcmp(x->reason, y->reason);
}

void
tally_points(struct tally *t, const struct run *run, enum run_state state)
{
	*t = (struct tally){ 0 };
	for (size_t i = 0; i < run->npoint; i++) {
		const struct run_point *p = &run->point[i];
		size_t k = 0;

		if (p->state != state)
			continue;
		t->total++;
		while (k < t->n && strcmp(t->row[k].reason, p->reason) != 0)
			k++;
		if (k == TALLY_MAX) {
			t->more++;
			continue;
		}
		if (k == t->n)
			t->row[t->n++].reason = p->reason;
		t->row[k].points++;
	}
	qsort(t->row, t->n, sizeof(t->row[0]), by_points);
}
