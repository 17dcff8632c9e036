/* SPDX-License-Identifier: BSD-2-Clause */
#include "reps.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "counted.h"
#include "intake.h"
#include "replace.h"
#include "row.h"
#include "stats.h"
#include "why.h"

struct reps {
	struct intake in;
	struct counted counted;
	struct row row;
	double *scratch;		/* one number a window */
	size_t nscratch;
	bool *still;			/* by point: its ops move nothing, so it has no bandwidth */
};

static void
put_named(void *arg, const char *metric, double value)
{
	struct reps *w = arg;

	if (!isfinite(value))
		return;
	row_u64(&w->row, "point", w->in.run->point[w->in.repeat->at].id);
	row_u64(&w->row, "rep", w->in.repeat->rep);
	row_u64(&w->row, "block", w->in.repeat->block);
	row_text(&w->row, "metric", metric);
	row_double(&w->row, "value", value);
	row_text(&w->row, "clean", intake_clean(&w->in) ? "1" : "0");
	row_end(&w->row);
}

static void
put(struct reps *w, enum metric_id m, double value)
{
	put_named(w, metrics[m].name, value);
}

/* The median over the throughput windows of what `of` makes of each; NaN without any. */
static double
over_windows(struct reps *w, double (*of)(const struct intake_window *))
{
	size_t n = 0;

	for (size_t i = 0; i < w->in.nwindow; i++)
		if (w->in.window[i].threads > 0)
			w->scratch[n++] = of(&w->in.window[i]);
	stats_sort(w->scratch, n);
	return stats_sorted_median(w->scratch, n);
}

static double
time_per_op(const struct intake_window *x)
{
	return x->time / x->threads;
}

static double
whole_time(const struct intake_window *x)
{
	return x->whole / x->threads;
}

/* The share of the ops that latencies are of; NaN: none, or not known. */
static double
disturbed_ops(const struct intake *in)
{
	const double ops = in->ops[STAMP_ISSUE] + in->ops[STAMP_DRAINED];

	return ops > 0 ? 1 - (in->kept_ops[STAMP_ISSUE] + in->kept_ops[STAMP_DRAINED]) / ops : NAN;
}

static double
time_for_all(const struct intake_window *x)
{
	return 1 / x->rate;
}

static double
time_per_byte(const struct intake_window *x)
{
	return x->bytes > 0 ? x->ops / x->rate / x->bytes : NAN;
}

static void
put_latencies(struct reps *w, enum stamp s, double ns)
{
	const struct intake *in = &w->in;
	const uint64_t unit = in->run->point[in->repeat->at].unit;
	const double quantum = isnan(in->repeat->quantum) ? 0 : in->repeat->quantum;

	if (in->nbin[s] == 0 || in->count[s] == 0)
		return;
	for (enum latency l = 0; l < LATENCY_MEAN; l++) {
		enum metric_id m = metric_latency(s, l);
		double q = metrics[m].quantile;

		/* The median is every repeat's number, however few its ops: leaving the slow ones
		 * out would choose the fast. */
		if (l == LATENCY_P50)
			put(w, m, ns * hist_bins_median(in->bin[s], in->nbin[s], in->count[s], quantum));
		else if (hist_supports(in->count[s], q))
			put(w, m, ns * hist_bins_percentile(in->bin[s], in->nbin[s], in->count[s], q));
	}
	put(w, metric_latency(s, LATENCY_MEAN), ns * (double)unit * in->ticks[s] / in->ops[s]);
	put(w, metric_latency(s, LATENCY_MIN), ns * in->bin[s][0].lo);
	put(w, metric_latency(s, LATENCY_MAX), ns * in->bin[s][in->nbin[s] - 1].hi);
}

/* Rates are turned from times, so that they say the same.  The one throughput window of a latency
 * point is there for the time an op takes, no more. */
static int
put_repeat(struct reps *w)
{
	const struct run_point *p = &w->in.run->point[w->in.repeat->at];
	const bool rates = strcmp(p->mode, "latency") != 0;
	double hz = w->in.run->hz, ns = 1e9 / hz;

	if (w->nscratch < w->in.nwindow) {
		double *more = realloc(w->scratch, w->in.nwindow * sizeof(*more));

		if (more == NULL)
			return -ENOMEM;
		w->scratch = more;
		w->nscratch = w->in.nwindow;
	}
	put(w, METRIC_TIME, ns * over_windows(w, time_per_op));
	if (rates)
		put(w, METRIC_RATE, hz / over_windows(w, time_for_all));
	if (rates && !w->still[w->in.repeat->at])
		put(w, METRIC_BANDWIDTH, 1 / (ns * over_windows(w, time_per_byte)));
	put_latencies(w, STAMP_DRAINED, ns);
	put_latencies(w, STAMP_ISSUE, ns);
	put(w, METRIC_WHOLE, w->in.time[1] >= 0 ? ns * over_windows(w, whole_time) : NAN);
	put(w, METRIC_KEPT, w->in.time[0] > 0 ? w->in.time[1] / w->in.time[0] : NAN);
	put(w, METRIC_DISTURBED_OPS, disturbed_ops(&w->in));
	if (p->unit > 1)
		put(w, METRIC_UNIT, ns * (double)p->unit * over_windows(w, time_per_op));
	put(w, METRIC_FLOOR_ISSUE, ns * w->in.repeat->floor[STAMP_ISSUE]);
	put(w, METRIC_FLOOR_DRAINED, ns * w->in.repeat->floor[STAMP_DRAINED]);
	return 0;
}

/* Its times do not count. */
static int
put_counts(struct reps *w)
{
	const struct intake *in = &w->in;
	const struct counted_use use = {
		.ops = in->all_ops, .seconds = intake_seconds(in),
		.bytes = w->still[in->repeat->at] ? 0 : in->all_bytes,
	};
	int err = counted_take(&w->counted, in->repeat);

	if (err == 0)
		counted_each(&w->counted, &use, put_named, w);
	return err;
}

static int
print(struct reps *w, const struct run *run, FILE *f)
{
	int err = intake_open(&w->in, run), got;

	if (err == 0)
		err = counted_open(&w->counted, run);
	w->in.counting = true;
	w->still = calloc(run->npoint + 1, sizeof(*w->still));
	if (w->still == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < run->npoint; i++)
		w->still[i] = strcmp(run_field(run, &run->point[i], "moves"), "nothing") == 0;
	if (err < 0)
		return err;
	w->row = row_in(f, TABLE_REPS, 0);
	table_header(f, TABLE_REPS, NULL, 0);
	while ((got = intake_next(&w->in)) > 0 && err == 0)
		err = w->in.repeat->timed ? put_repeat(w) : put_counts(w);
	return got < 0 ? got : err < 0 ? err : w->row.rc;
}

int
reps_print(const struct run *run, FILE *f, char *why, size_t len)
{
	struct reps w = { .counted.csv.fd = -1 };
	int err = print(&w, run, f);

	if (err < 0)
		why_set(why, len, EINVAL, "%s/%s", run->dir,
			*w.counted.csv.error ? w.counted.csv.error : intake_error(&w.in, err));
	intake_close(&w.in);
	counted_close(&w.counted);
	free(w.scratch);
	free(w.still);
	return err;
}

int
reps_make(const struct run *run, char *why, size_t len)
{
	struct replace file;
	int err, printed = 0;

	if (!run->journal || run->nrepeat == 0)
		return 0;
	err = replace_open(&file, run->fd, "reps.csv");
	if (err == 0) {
		printed = reps_print(run, file.file, why, len);
		err = replace_close(&file, printed);
	}
	if (err < 0 && printed == 0)
		why_set(why, len, -err, "%s/reps.csv: %s", run->dir, strerror(-err));
	return err;
}
