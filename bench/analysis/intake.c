/* SPDX-License-Identifier: BSD-2-Clause */
#include "intake.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "rule.h"

enum { S_POINT, S_REP, S_WINDOW, S_MODE, S_STAMP, S_OPS, S_BYTES, S_TICKS, S_TAINT, S_CPU, S_KEPT_OPS, S_KEPT_TICKS };
static const char *const sample_column[] = {
	"point", "rep", "window", "mode", "stamp", "ops", "bytes", "ticks", "taint", NULL,
};
enum { H_POINT, H_REP, H_STAMP, H_LO, H_HI, H_COUNT };
static const char *const hist_column[] = {
	"point", "rep", "stamp", "lo_ticks", "hi_ticks", "count", NULL,
};

enum { WINDOWS_MAX = 1 << 20 };

/* v of n elements gets room for one more. */
static int
room(void *v, size_t n, size_t *size, size_t each)
{
	void **p = v;
	size_t want = *size ? *size * 2 : 64;

	if (n >= *size) {
		void *q = realloc(*p, want * each);

		if (q == NULL)
			return -ENOMEM;
		*p = q;
		*size = want;
	}
	return 0;
}

static int
stamp_of(struct csv *c, int col)
{
	const int s = stamp_parse(c->field[col]);

	return s >= 0 ? s : csv_fail(c, "stamp is '%.32s', not issue or drained", c->field[col]);
}

/* The rows of a repeat name it; anything else means that journal and file do not fit. */
static int
same_repeat(const struct run *run, const struct run_repeat *want, struct csv *c, int point, int rep)
{
	uint64_t p, r;

	if (csv_u64(c, point, &p) < 0 || csv_u64(c, rep, &r) < 0)
		return -EINVAL;
	if (p != run->point[want->at].id || r != want->rep)
		return csv_fail(c, "point %llu repeat %llu where the journal has %u and %u",
				(unsigned long long)p, (unsigned long long)r,
				run->point[want->at].id, want->rep);
	return 0;
}

static int
take_sample(struct intake *in, const struct run_repeat *want)
{
	struct csv *c = &in->samples;
	const int *col = in->scol;
	const char *taint = c->field[col[S_TAINT]];
	uint64_t n, ops, bytes, ticks, cpu = 0, kept_ops = 0, kept_ticks = 0;
	bool known;
	double ns;
	struct intake_window *win;
	int s;

	if (same_repeat(in->run, want, c, col[S_POINT], col[S_REP]) < 0 ||
	    csv_u64(c, col[S_WINDOW], &n) < 0 || csv_u64(c, col[S_OPS], &ops) < 0 ||
	    csv_u64(c, col[S_BYTES], &bytes) < 0 || csv_u64(c, col[S_TICKS], &ticks) < 0)
		return -EINVAL;
	if (n >= WINDOWS_MAX)
		return csv_fail(c, "window %llu", (unsigned long long)n);
	while (in->nwindow <= n) {
		if (room(&in->window, in->nwindow, &in->window_size, sizeof(*win)) < 0)
			return -ENOMEM;
		in->window[in->nwindow++] = (struct intake_window){ 0 };
	}
	win = &in->window[n];
	win->taint |= (unsigned)strtoul(taint, NULL, 10);
	if (!win->tainted && *taint && strcmp(taint, "0") != 0) {
		win->tainted = true;
		in->tainted++;
	}
	if (ops == 0 || ticks == 0)
		return 0;
	known = col[S_KEPT_OPS] >= 0 && col[S_KEPT_TICKS] >= 0 && *c->field[col[S_KEPT_OPS]];
	if (known && (csv_u64(c, col[S_KEPT_OPS], &kept_ops) < 0 || csv_u64(c, col[S_KEPT_TICKS], &kept_ticks) < 0))
		return -EINVAL;
	in->all_ops += (double)ops;
	in->all_bytes += (double)bytes;
	ns = (double)ticks * 1e9 / in->run->hz;
	win->rows++;
	/* Latencies do not add up to their window: what lies between them is CPU time. */
	if (strcmp(c->field[col[S_MODE]], "latency") == 0) {
		if (col[S_CPU] >= 0 && csv_u64(c, col[S_CPU], &cpu) == 0 && (double)cpu > ns)
			ns = (double)cpu;
		win->ns += ns;
		s = stamp_of(c, col[S_STAMP]);
		if (s < 0)
			return s;
		in->ops[s] += (double)ops;
		in->ticks[s] += (double)ticks;
		in->kept_ops[s] += known ? (double)kept_ops : NAN;
		return 0;
	}
	win->ns += ns;
	win->threads++;
	win->rate += 1 / op_ticks(ops, ticks, kept_ops, kept_ticks);
	win->time += op_ticks(ops, ticks, kept_ops, kept_ticks);
	win->whole += (double)ticks / (double)ops;
	in->time[0] += (double)ticks;
	in->time[1] += known ? (double)kept_ticks : NAN;
	win->ops += (double)ops;
	win->bytes += (double)bytes;
	return 0;
}

static int
take_bin(struct intake *in, const struct run_repeat *want)
{
	struct csv *c = &in->hist;
	const int *col = in->hcol;
	uint64_t lo, hi, count;
	struct hist_bin *b;
	int s;

	if (same_repeat(in->run, want, c, col[H_POINT], col[H_REP]) < 0)
		return -EINVAL;
	s = stamp_of(c, col[H_STAMP]);
	if (s < 0 || csv_u64(c, col[H_LO], &lo) < 0 || csv_u64(c, col[H_HI], &hi) < 0 ||
	    csv_u64(c, col[H_COUNT], &count) < 0)
		return -EINVAL;
	if (lo > hi || hi > UINT32_MAX || (in->nbin[s] && in->bin[s][in->nbin[s] - 1].hi >= lo))
		return csv_fail(c, "buckets do not ascend");
	if (room(&in->bin[s], in->nbin[s], &in->bin_size[s], sizeof(*b)) < 0)
		return -ENOMEM;
	in->bin[s][in->nbin[s]++] = (struct hist_bin){ (uint32_t)lo, (uint32_t)hi, count };
	in->count[s] += count;
	return 0;
}

/* Rows up to `end`, the length that the journal gives. */
static int
take(struct intake *in, struct csv *c, uint64_t end, const struct run_repeat *want,
     int (*row)(struct intake *, const struct run_repeat *))
{
	int got, err;

	c->limit = end;
	while ((got = csv_next(c)) > 0)
		if ((err = row(in, want)) < 0)
			return err;
	if (got == 0 && c->offset < end && end > 0)
		return csv_fail(c, "the journal says %llu bytes, whole rows end at %llu",
				(unsigned long long)end, (unsigned long long)c->offset);
	return got;
}

int
intake_open(struct intake *in, const struct run *run)
{
	int err;

	*in = (struct intake){ .run = run, .samples.fd = -1, .hist.fd = -1 };
	if ((err = csv_open(&in->samples, run->fd, "samples.csv")) < 0 ||
	    (err = csv_open(&in->hist, run->fd, "hist.csv")) < 0 ||
	    (err = csv_columns(&in->samples, sample_column, in->scol)) < 0)
		return err;
	in->scol[S_CPU] = csv_column(&in->samples, "cpu_ns");
	in->scol[S_KEPT_OPS] = csv_column(&in->samples, "kept_ops");
	in->scol[S_KEPT_TICKS] = csv_column(&in->samples, "kept_ticks");
	return csv_columns(&in->hist, hist_column, in->hcol);
}

static int
read_one(struct intake *in, const struct run_repeat *r)
{
	int err;

	in->repeat = r;
	in->nwindow = in->tainted = 0;
	in->all_ops = in->all_bytes = in->time[0] = in->time[1] = 0;
	for (int s = 0; s < STAMPS; s++) {
		in->nbin[s] = in->count[s] = 0;
		in->ops[s] = in->ticks[s] = in->kept_ops[s] = 0;
	}
	err = take(in, &in->samples, r->samples_end, r, take_sample);
	return err < 0 ? err : take(in, &in->hist, r->hist_end, r, take_bin);
}

int
intake_next(struct intake *in)
{
	while (in->next < in->run->nrepeat) {
		const struct run_repeat *r = &in->run->repeat[in->next++];
		int err = read_one(in, r);

		if (err < 0)
			return err;
		if (r->ok && (r->timed || in->counting))
			return 1;
	}
	return 0;
}

bool
intake_clean(const struct intake *in)
{
	return isnan(in->repeat->undisturbed) ? repeat_untainted(in->nwindow, in->tainted) :
	       repeat_clean(in->repeat->undisturbed);
}

double
intake_seconds(const struct intake *in)
{
	double ns = 0;

	for (size_t i = 0; i < in->nwindow; i++)
		if (in->window[i].rows > 0)
			ns += in->window[i].ns / in->window[i].rows;
	return ns / 1e9;
}

const char *
intake_error(const struct intake *in, int err)
{
	return *in->samples.error ? in->samples.error : *in->hist.error ? in->hist.error : strerror(-err);
}

void
intake_close(struct intake *in)
{
	csv_close(&in->samples);
	csv_close(&in->hist);
	free(in->window);
	for (int s = 0; s < STAMPS; s++)
		free(in->bin[s]);
}
