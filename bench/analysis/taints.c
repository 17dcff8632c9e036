/* SPDX-License-Identifier: BSD-2-Clause */
#include "taints.h"

#include <errno.h>
#include <string.h>

#include "csv.h"
#include "why.h"

static void
find_available(struct taints *t, const struct run *run)
{
	const json_t *list = run_json(run, "taints.available");

	t->known = json_is_array(list);
	t->available = taints_parse(list);
}

static void
add(struct taints *t, uint64_t mask)
{
	t->windows++;
	t->tainted += mask != 0;
	for (int k = 0; k < TAINT_COUNT; k++)
		t->by[k] += mask >> k & 1;
}

/* The rows of a window stand together, one a thread. */
static int
repeat(struct taints *t, struct csv *c, const int *col, const struct run_repeat *r)
{
	uint64_t window, taint, last = UINT64_MAX, mask = 0;
	int got;

	c->limit = r->samples_end;
	while ((got = csv_next(c)) > 0) {
		if (csv_u64(c, col[0], &window) < 0 || csv_u64(c, col[1], &taint) < 0)
			return -EINVAL;
		if (!r->timed || !r->ok)
			continue;
		if (last != UINT64_MAX && window != last) {
			add(t, mask);
			mask = 0;
		}
		last = window;
		mask |= taint;
	}
	if (last != UINT64_MAX)
		add(t, mask);
	return got;
}

int
taints_count(struct taints *t, const struct run *run, char *why, size_t len)
{
	static const char *const names[] = { "window", "taint", NULL };
	struct csv c;
	int col[2], err;

	*t = (struct taints){ 0 };
	find_available(t, run);
	err = csv_open(&c, run->fd, "samples.csv");
	if (err == 0)
		err = csv_columns(&c, names, col);
	for (size_t i = 0; i < run->nrepeat && err == 0; i++)
		err = repeat(t, &c, col, &run->repeat[i]);
	if (err == -ENOENT)
		err = 0;
	if (err < 0)
		why_set(why, len, -err, "%s/%s", run->dir, c.error);
	csv_close(&c);
	return err;
}
