/* SPDX-License-Identifier: BSD-2-Clause */
#include "cputime.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "csv.h"
#include "why.h"

enum { S_MODE, S_STAMP, S_OPS, S_CPU, S_COLUMNS };
static const char *const sample_column[] = { "mode", "stamp", "ops", "cpu_ns", NULL };

static int
kind_of(const struct csv *c, const int *col)
{
	if (strcmp(c->field[col[S_MODE]], "latency") != 0)
		return STAMPS;
	return strcmp(c->field[col[S_STAMP]], stamp_name[STAMP_DRAINED]) == 0 ? STAMP_DRAINED : STAMP_ISSUE;
}

/* The rows up to the end that the journal gives for this repeat. */
static int
read_repeat(struct csv *c, const int *col, const struct run_repeat *r, struct cputime_repeat *out)
{
	double ops[STAMPS + 1] = { 0 }, cpu[STAMPS + 1] = { 0 };
	int got;

	c->limit = r->samples_end;
	while ((got = csv_next(c)) > 0) {
		uint64_t n, ns;
		int k = kind_of(c, col);

		if (!*c->field[col[S_CPU]])
			continue;
		if (csv_u64(c, col[S_OPS], &n) < 0 || csv_u64(c, col[S_CPU], &ns) < 0)
			return -EINVAL;
		ops[k] += (double)n;
		cpu[k] += (double)ns;
	}
	*out = (struct cputime_repeat){ .at = r->at, .rep = r->rep };
	for (int k = 0; k <= STAMPS; k++)
		out->ns[k] = ops[k] > 0 && cpu[k] > 0 ? cpu[k] / ops[k] : NAN;
	return got;
}

static int
by_repeat(const void *a, const void *b)
{
	const struct cputime_repeat *x = a, *y = b;

	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	return (x->rep > y->rep) - (x->rep < y->rep);
}

static int
read_samples(struct cputime *t, const struct run *run, struct csv *c)
{
	int col[S_COLUMNS], err = csv_open(c, run->fd, "samples.csv");

	if (err == -ENOENT)
		return 0;
	if (err == 0)
		err = csv_columns(c, sample_column, col);
	for (size_t i = 0; i < run->nrepeat && err == 0; i++) {
		const struct run_repeat *r = &run->repeat[i];

		err = read_repeat(c, col, r, &t->v[t->n]);
		t->n += r->timed && r->ok;
	}
	return err;
}

int
cputime_load(struct cputime *t, const struct run *run, char *why, size_t len)
{
	struct csv c = { .fd = -1 };
	int err;

	*t = (struct cputime){ .v = malloc((run->nrepeat + 1) * sizeof *t->v) };
	if (t->v == NULL)
		return why_set(why, len, ENOMEM, "%s: out of memory", run->dir);
	err = read_samples(t, run, &c);
	if (err < 0)
		why_set(why, len, -err, "%s/%s", run->dir, c.error);
	csv_close(&c);
	if (t->n > 0)
		qsort(t->v, t->n, sizeof *t->v, by_repeat);
	if (err < 0)
		cputime_free(t);
	return err;
}

void
cputime_free(struct cputime *t)
{
	free(t->v);
	*t = (struct cputime){ 0 };
}

double
cputime_of(const struct cputime *t, uint32_t at, uint32_t rep, enum metric_id m)
{
	const struct cputime_repeat key = { .at = at, .rep = rep };
	const struct cputime_repeat *r = t->n ? bsearch(&key, t->v, t->n, sizeof *t->v, by_repeat) : NULL;

	return r ? r->ns[metrics[m].latency ? (int)metrics[m].stamp : STAMPS] : NAN;
}
